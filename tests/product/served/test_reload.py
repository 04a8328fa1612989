"""The served Odoo reloads itself, as it does after a request that took too long."""

import os
import signal
import time

import requests
from harness import odoo_server

TIMEOUT = 60  # seconds
# A signal ends a server that still loads. The start of its last scheduler is the last
# thing that it does before it waits for signals; web pages are answered earlier.
READY = "cron0 started!"
OPTIONS = ("--max-cron-threads=1", "--log-handler=odoo.service.server:DEBUG")


def test_server_answers_again_after_a_reload(fixtures, tmp_path):
    with fixtures.database() as database:
        log = tmp_path / "odoo.log"
        port = odoo_server.free_port()
        with fixtures.server(database, port, log, *OPTIONS) as server:
            _until_ready(server, times=1)
            os.kill(server.process.pid, signal.SIGHUP)
            _until_ready(server, times=2)
            assert requests.get(f"{server.url}/web/health", timeout=TIMEOUT).ok


def _until_ready(server, times):
    deadline = time.monotonic() + TIMEOUT
    while (text := server.log.read_text()).count(READY) < times:
        assert server.process.poll() is None, text[-2000:]
        assert time.monotonic() < deadline, text[-2000:]
        time.sleep(0.1)
