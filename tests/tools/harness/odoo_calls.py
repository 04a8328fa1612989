"""Calls functions of one script inside Odoo's shell, when another process asks."""

import json
import socket
from runpy import run_path


def serve(env, script, line):
    """Answer each line of JSON, ``[function, arguments]``, with a line of JSON.

    A function gets ``env`` and its arguments by name, and commits what shall stay.

    :param script: path of the file with the functions
    :param line: file descriptor of a socket to who asks; its end ends the work
    """
    functions = run_path(script)
    with socket.socket(fileno=line) as connection, connection.makefile("rw") as asked:
        for question in asked:
            name, arguments = json.loads(question)
            answer = functions[name](env, **arguments)
            env.cr.rollback()
            env.invalidate_all(flush=False)
            print(json.dumps(answer), file=asked, flush=True)
