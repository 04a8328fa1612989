"""A real Odoo server on loopback."""

import socket
import time
from contextlib import contextmanager

import requests

from . import processes
from .console import Problem, step

PATIENCE = 180  # seconds for the first answer


def free_port():
    """Return a port that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def refuse_busy(port):
    """Raise a problem when somebody listens on ``port``."""
    try:
        with socket.create_server(("127.0.0.1", port)):
            pass
    except OSError as error:
        raise Problem(
            f"port {port} is in use ({error.strerror}); end the program that uses "
            f"it, or choose another: ./dev serve --port {port + 1}"
        ) from error


@contextmanager
def serving(workshop, database, port, log):
    """Run Odoo's server on 127.0.0.1 during the block; yield its address.

    :param log: path of the file for its log
    """
    url = f"http://127.0.0.1:{port}"
    command = workshop.odoo(
        *("-c", workshop.configuration(), "-d", database, "--db-filter", database),
        *("--http-port", str(port), "--log-handler=py.warnings:ERROR"),
    )
    environment = workshop.odoo_environment()
    with (
        log.open("a") as file,
        processes.running(
            command, env=environment, stdout=file, stderr=file
        ) as process,
    ):
        with step("start Odoo's server"):
            _wait(process, url, log)
        yield url


def _wait(process, url, log):
    """Return when the server answers."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if requests.get(f"{url}/web/health", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise Problem(f"Odoo's server does not come up; its log is {log}")
