"""An Odoo process that calls functions for us, one after the other."""

import json
import pathlib
import socket
import subprocess
from contextlib import contextmanager, suppress

from . import processes
from .console import Problem

CALLS = pathlib.Path(__file__).with_name("odoo_calls.py")


class OdooWorker:
    """The near end of a process that :func:`working` started.

    :param connection: a file for requests and answers
    """

    def __init__(self, connection, process, log):
        self._connection = connection
        self._process = process
        self._log = log

    def call(self, function, **arguments):
        """Call a function of the script and return what it returned.

        :param arguments: JSON values
        :raise Problem: the process ended
        """
        answer = ""
        with suppress(ConnectionError):  # it ended, and there is no answer
            print(json.dumps([function, arguments]), file=self._connection, flush=True)
            answer = self._connection.readline()
        if not answer:
            raise Problem(f"Odoo stopped in {function}(); its log is {self._log}")
        return json.loads(answer)

    @property
    def memory(self):
        """The bytes of memory that the process has in use now."""
        fields = pathlib.Path(f"/proc/{self._process.pid}/status").read_text()
        [line] = [x for x in fields.splitlines() if x.startswith("RssAnon:")]
        return int(line.split()[1]) * 1024


@contextmanager
def working(toolchain, database, script, log):
    """Run ``script`` in Odoo's shell on ``database``; yield an :class:`OdooWorker`.

    :param log: path of the file to which Odoo's log is added
    """
    command = toolchain.odoo(
        *("shell", "-c", toolchain.configuration(), "-d", database, "--no-http")
    )
    near, far = socket.socketpair()
    with near, far, log.open("a") as file:
        options = {"stdout": file, "stderr": file, "env": toolchain.odoo_environment()}
        with processes.running(
            command,
            stdin=subprocess.PIPE,
            text=True,
            pass_fds=[far.fileno()],
            **options,
        ) as process:
            with process.stdin as shell:
                call = f"run_path({str(CALLS)!r})['serve']"
                shell.write("from runpy import run_path\n")
                shell.write(f"{call}(env, {str(script)!r}, {far.fileno()})\n")
            far.close()
            with near.makefile("rw") as connection:
                yield OdooWorker(connection, process, log)
