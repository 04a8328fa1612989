"""Programs that ``./dev`` starts, and how they are stopped."""

import os
import signal
import subprocess
import threading
from contextlib import contextmanager

from .console import Problem, no_space

GRACE_SECONDS = 15  # between SIGTERM and SIGKILL


class Registry:
    """The running programs that this process started, to stop all of them at once."""

    def __init__(self):
        self._lock = threading.Lock()
        self._processes = set()
        self._stopped = False

    def add(self, command, options):
        """Start a program.

        :raise KeyboardInterrupt: everything was stopped
        """
        with self._lock:
            self.check()
            process = subprocess.Popen(command, **options)
            self._processes.add(process)
        return process

    def check(self):
        """Raise KeyboardInterrupt when everything was stopped."""
        if self._stopped:
            raise KeyboardInterrupt

    def remove(self, process):
        """Forget a program that has ended."""
        with self._lock:
            self._processes.discard(process)

    def stop_all(self):
        """Stop all programs; none can be started any more."""
        with self._lock:
            self._stopped = True
            processes = tuple(self._processes)
        for process in processes:
            stop(process)


registry = Registry()


def output(command, problem, **options):
    """Run ``command`` to its end and return its output.

    :param problem: message for the user when it fails; its error line is added
    :raise Problem: it is missing, or failed
    """
    try:
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            **options,
        )
    except FileNotFoundError as error:
        raise Problem(f"{problem} ({command[0]} is missing)") from error
    if done.returncode:
        raise Problem(_explain(problem, done.stderr or done.stdout))
    return done.stdout


def _explain(problem, text):
    if "No space left on device" in text:
        return no_space()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [x for x in lines if x.lower().startswith(("e:", "error", "fatal"))]
    last = (errors or lines or ["without output"])[-1]
    return f"{problem} ({last[:200]})"


@contextmanager
def running(command, **options):
    """Start ``command``; stop it, with all that it started, after the block.

    It is stopped as well when this process is killed.

    :return: the process
    """
    process = start(command, **options)
    try:
        yield process
    finally:
        stop(process)


def start(command, **options):
    """Start ``command`` in a process group of its own."""
    return registry.add(
        ["setpriv", "--pdeathsig", "TERM", *(str(part) for part in command)],
        {"stdin": subprocess.DEVNULL, **options, "start_new_session": True},
    )


def stop(process):
    """Stop the process group of ``process``: SIGTERM, then SIGKILL."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    process.wait()
    registry.remove(process)


def unwind_on_signals():
    """Let Ctrl-C or SIGTERM raise KeyboardInterrupt once; clean-up is not disturbed."""
    _handle(_unwind)


def _unwind(_number, _frame):
    _handle(signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def on_signals(callback):
    """Let Ctrl-C or SIGTERM call ``callback`` during the block, and raise nothing.

    An exception that a signal raises in the main thread may leave a lock of the
    threading module taken for ever, so with threads a callback is needed.

    :param callback: safe at any moment, as ``SimpleQueue.put`` is
    """
    received = []

    def receive(number, _frame):
        received.append(number)
        callback()

    before = _handle(receive)
    try:
        yield
    finally:
        _handle(signal.SIG_IGN if received else before)


def _handle(handler):
    """Set the handler of both signals; return the earlier one."""
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.signal(number, handler)
    return before


def foreground(command, **options):
    """Run ``command`` at the user's terminal and return its exit status.

    Ctrl-C reaches it as well, and it is given the time to clean up.
    """
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", *map(str, command)], **options
    )
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGTERM)
        return process.wait()
