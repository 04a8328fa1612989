"""Nothing is left running, however a run ends."""

import signal
import subprocess
import sys

from harness import processes

# Starts a child as ./dev does, names it, and waits.
PARENT = """
import subprocess, sys
from harness import processes
child = processes.start([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
print(child.pid, flush=True)
child.wait()
"""
# Starts a grandchild, which holds our pipe open as long as it lives.
FAMILY = (
    "import subprocess; subprocess.Popen(['sleep', '600']); print('up', flush=True)"
)


def test_a_killed_run_takes_its_server_along():
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True
    ) as parent:
        child = int(parent.stdout.readline())
        with open(f"/proc/{child}/stat") as stat:
            assert stat.read().split()[3] == str(parent.pid)
        parent.send_signal(signal.SIGKILL)
        parent.stdout.read()  # ends when the child, which holds it as well, is gone


def test_the_whole_family_ends_with_the_block():
    pipe = {"stdout": subprocess.PIPE, "text": True}
    command = [sys.executable, "-c", f"{FAMILY}\ninput()"]
    with processes.running(command, stdin=subprocess.PIPE, **pipe) as process:
        assert process.stdout.readline() == "up\n"
    assert process.stdout.read() == ""  # at the end of the last holder
    assert process.returncode == -signal.SIGTERM
