"""No process outlives its run, however the run ends."""

import signal
import subprocess
import sys

from harness import processes

# Starts a child as ./dev does, prints its number, and waits.
PARENT = """
import subprocess, sys
from harness import processes
child = processes.start([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
print(child.pid, flush=True)
child.wait()
"""
# Starts a grandchild, which holds our pipe open as long as it lives.
GRANDCHILD = (
    "import subprocess; subprocess.Popen(['sleep', '600']); print('up', flush=True)"
)


def test_killed_run_stops_its_server():
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True
    ) as parent:
        child = int(parent.stdout.readline())
        with open(f"/proc/{child}/stat") as stat:
            assert stat.read().split()[3] == str(parent.pid)
        parent.send_signal(signal.SIGKILL)
        parent.stdout.read()  # ends when the child, which holds it as well, is gone


# More jobs than cores: the first one prints a line when it runs.
JOBS = """
from functools import partial
from harness import console, processes, suites
def job(script):
    with processes.running(["sh", "-c", script + "exec sleep 600"]) as process:
        process.wait()
jobs = [partial(job, script) for script in ("echo up; ", *[""] * 8)]
processes.unwind_on_signals()
raise SystemExit(console.run(suites.side_by_side, jobs))
"""


def test_ctrl_c_stops_all_jobs():
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", JOBS], **pipes) as parent:
        assert parent.stdout.readline() == "up\n"
        parent.send_signal(signal.SIGINT)
        try:
            output = parent.communicate(timeout=60)  # all ends of the pipes are closed
        finally:
            parent.kill()
    assert output == ("", "dev: interrupted\n")
    assert parent.returncode == 130


# The kernel may give the signal to any thread; only the main one acts on it.
OTHER_THREAD = """
import signal, threading
from harness import console, processes, suites
def job():
    with processes.running(["sleep", "600"]) as process:  # the main thread waits by now
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        process.wait()
processes.unwind_on_signals()
raise SystemExit(console.run(suites.side_by_side, [job]))
"""


def test_ctrl_c_is_handled_in_any_thread():
    done = subprocess.run(
        [sys.executable, "-c", OTHER_THREAD],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (130, "dev: interrupted\n")


def test_grandchild_is_stopped_with_the_block():
    pipe = {"stdout": subprocess.PIPE, "text": True}
    command = [sys.executable, "-c", f"{GRANDCHILD}\ninput()"]
    with processes.running(command, stdin=subprocess.PIPE, **pipe) as process:
        assert process.stdout.readline() == "up\n"
    assert process.stdout.read() == ""  # at the end of the last holder
    assert process.returncode == -signal.SIGTERM
