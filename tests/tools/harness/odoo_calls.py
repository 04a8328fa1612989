"""Calls functions of a script inside Odoo's shell, for another process."""

import json
import socket
from runpy import run_path


def serve(env, script, line):
    """Answer each line of JSON, ``[function, arguments]``, with a line of JSON.

    A function gets an environment with a cursor of its own, which outlives no restart
    of the database, and its arguments by name; it commits its own changes.

    :param script: path of the file with the functions
    :param line: file descriptor of a socket to the other process, until it is closed
    """
    functions = run_path(script)
    with (
        socket.socket(fileno=line) as connection,
        connection.makefile("rw") as requests,
    ):
        for request in requests:
            name, arguments = json.loads(request)
            with env.registry.cursor() as cursor:
                answer = functions[name](env(cr=cursor), **arguments)
                cursor.rollback()
            print(json.dumps(answer), file=requests, flush=True)
