"""The network connections of a process are found by its number."""

import os
import socket
import subprocess
import sys

from harness.sockets import local_ports


def test_connections_of_a_process_are_its_own():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
        subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE
        ) as other,
    ):
        port = client.getsockname()[1]
        assert port in local_ports(os.getpid())
        assert port not in local_ports(other.pid)
        other.stdin.close()
    assert port not in local_ports(os.getpid())


def test_ended_process_has_none():
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    assert local_ports(ended.pid) == set()
