"""The served Odoo reloads itself, as it does after a request that took too long."""

import os
import signal
import time

import requests
from harness import odoo_server

TIMEOUT = 60  # seconds


def test_server_answers_again_after_a_reload(fixtures, tmp_path):
    with fixtures.database() as database:
        log = tmp_path / "odoo.log"
        port = odoo_server.free_port()
        with fixtures.server(database, port, log) as server:
            # The answer waits for the registry; a signal before it ends the server.
            assert requests.get(f"{server.url}/web/login", timeout=TIMEOUT).ok
            starts = _starts(log)
            os.kill(server.process.pid, signal.SIGHUP)
            deadline = time.monotonic() + TIMEOUT
            while _starts(log) == starts and time.monotonic() < deadline:
                assert server.process.poll() is None, log.read_text()[-2000:]
                time.sleep(0.1)
            assert _starts(log) > starts
            assert requests.get(f"{server.url}/web/health", timeout=TIMEOUT).ok


def _starts(log):
    return log.read_text().count("HTTP service (werkzeug) running")
