"""A real Odoo server on loopback."""

import os
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from . import processes
from .console import Problem, say, step

TIMEOUT = 180  # seconds for the first answer


@dataclass(frozen=True)
class Server:
    """A running server, its address, and the path of its log."""

    url: str
    process: subprocess.Popen
    log: Path

    def until_interrupted(self):
        """Wait for Ctrl-C.

        :raise Problem: the server stopped by itself
        """
        try:
            status = self.process.wait()
        except KeyboardInterrupt:
            say("\nstopped")
            return
        raise Problem(f"Odoo's server stopped (status {status}); its log is {self.log}")


def free_port():
    """Return an unused port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def refuse_busy(port):
    """Raise a problem if ``port`` is used by another program."""
    try:
        with socket.create_server(("127.0.0.1", port)):
            pass
    except OSError as error:
        raise Problem(
            f"port {port} cannot be used ({os.strerror(error.errno)}); stop the "
            "program that uses it, or choose another port with --port"
        ) from error


@contextmanager
def serving(toolchain, database, port, log, *options):
    """Run Odoo's server on 127.0.0.1 during the block; yield a :class:`Server`.

    :param log: path of the file for its log
    :param options: more options of Odoo's command line
    """
    url = f"http://127.0.0.1:{port}"
    command = toolchain.odoo(
        *("-c", toolchain.configuration(), "-d", database, "--db-filter", database),
        *("--http-port", str(port), "--log-handler=py.warnings:ERROR", *options),
    )
    environment = toolchain.odoo_environment()
    with (
        log.open("a") as file,
        processes.running(
            command, env=environment, stdout=file, stderr=file
        ) as process,
    ):
        with step("start Odoo's server"):
            _wait(process, url, log)
        yield Server(url, process, log)


def _wait(process, url, log):
    """Return when the server answers."""
    deadline = time.monotonic() + TIMEOUT
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if requests.get(f"{url}/web/health", timeout=5).ok:
                return
        except requests.RequestException:
            pass  # not yet
        time.sleep(0.1)
    raise Problem(f"Odoo's server does not start; its log is {log}")
