"""Programs that ``./dev`` starts, and how they end."""

import os
import signal
import subprocess
import threading
from contextlib import contextmanager

from .console import Problem, no_space

GRACE = 15  # seconds between asking a program to end and ending it


class Family:
    """What was started and still runs, so that all of it can be ended at once."""

    def __init__(self):
        self._lock = threading.Lock()
        self._members = set()
        self._over = False

    def add(self, command, options):
        """Start a program, unless all is over."""
        with self._lock:
            if self._over:
                raise KeyboardInterrupt
            process = subprocess.Popen(command, **options)
            self._members.add(process)
        return process

    def remove(self, process):
        """Forget a program that ended."""
        with self._lock:
            self._members.discard(process)

    def end(self):
        """End everything; from now on nothing starts any more."""
        with self._lock:
            self._over = True
            members = tuple(self._members)
        for process in members:
            stop(process)


family = Family()


def output(command, problem, **options):
    """Run ``command`` to its end and return what it printed.

    :param problem: what to tell the user when it fails, its last words are added
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
        raise Problem(f"{problem} ({command[0]} is not there)") from error
    if done.returncode:
        raise Problem(_explain(problem, done.stderr or done.stdout))
    return done.stdout


def _explain(problem, words):
    if "No space left on device" in words:
        return no_space()
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    telling = [x for x in lines if x.lower().startswith(("e:", "error", "fatal"))]
    last = (telling or lines or ["it said nothing"])[-1]
    return f"{problem} ({last[:200]})"


@contextmanager
def running(command, **options):
    """Start ``command`` and end it, with all that it started, after the block.

    It also ends when this process dies without a word.

    :return: the process
    """
    process = start(command, **options)
    try:
        yield process
    finally:
        stop(process)


def start(command, **options):
    """Start ``command`` in a process group of its own."""
    return family.add(
        ["setpriv", "--pdeathsig", "TERM", *(str(part) for part in command)],
        {"stdin": subprocess.DEVNULL, **options, "start_new_session": True},
    )


def stop(process):
    """End the process group of ``process``, kindly first."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            continue
    process.wait()
    family.remove(process)


def unwind_on_signals():
    """Let Ctrl-C or SIGTERM unwind this process once, so that it cleans up in peace."""
    _handle(_unwind)


def _unwind(_number, _frame):
    _handle(signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def signals_told(tell):
    """Let Ctrl-C or SIGTERM call ``tell`` during the block, and raise nothing.

    An exception that a signal raises in the main thread may leave a lock of the
    threading module taken for ever; with threads about, it has to be told.

    :param tell: safe to be called at any moment, as ``SimpleQueue.put`` is
    """
    heard = []

    def hear(number, _frame):
        heard.append(number)
        tell()

    before = _handle(hear)
    try:
        yield
    finally:
        _handle(signal.SIG_IGN if heard else before)


def _handle(handler):
    """Set what the two signals do, and return what they did."""
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
