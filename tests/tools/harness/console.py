"""Output of ``./dev``: steps with their time, signs of life, and problems."""

import errno
import sys
import threading
import time
from contextlib import contextmanager

INTERVAL = 15  # seconds between two signs of life


class Problem(Exception):
    """An error that the user can solve; its text is one line with the next step."""


@contextmanager
def step(text):
    """Print ``text`` at once, the seconds while it lasts, and those that it took."""
    _write(f"  {text} ...")
    started = time.monotonic()
    try:
        with heartbeat(lambda seconds: _write(f" {seconds:.0f}s ...")):
            yield
    except BaseException:
        _write(" interrupted or failed\n")
        raise
    _write(f" {time.monotonic() - started:.1f}s\n")


@contextmanager
def heartbeat(show):
    """Call ``show`` with the seconds so far, again and again during the block."""
    over = threading.Event()
    started = time.monotonic()

    def beat():
        while not over.wait(INTERVAL):
            show(time.monotonic() - started)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def still_running(text):
    """Return a heartbeat that prints ``text`` with the seconds, each on a line."""
    return heartbeat(lambda seconds: say(f"  {text}: running for {seconds:.0f}s"))


def _write(text):
    print(text, end="", flush=True)


def say(text=""):
    """Print a line at once, also into a file or pipe."""
    print(f"{text}\n", end="", flush=True)  # in one piece, also from several threads


def run(main, *arguments):
    """Call ``main`` and return its exit status; a problem becomes one line."""
    try:
        return main(*arguments) or 0
    except Problem as problem:
        return _print_error(problem, 1)
    except KeyboardInterrupt:
        return _print_error("interrupted", 130)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return _print_error(no_space(error.filename), 1)


def no_space(where=None):
    """Return the message for a full disk."""
    place = f" at {where}" if where else ""
    return (
        f"no space is left on the disk{place}; free some (2 GB are needed), or name "
        "another folder in FISCAL_BRIDGES_CACHE"
    )


def _print_error(text, status):
    sys.stdout.flush()
    print(f"dev: {text}", file=sys.stderr, flush=True)
    return status
