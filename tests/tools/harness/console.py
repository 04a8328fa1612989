"""What the user sees while ``./dev`` works: steps with their time, and problems."""

import errno
import sys
import time
from contextlib import contextmanager


class Problem(Exception):
    """Something that the user can act on; its text is one line and says what to do."""


@contextmanager
def step(text):
    """Print ``text`` now, and the seconds that the block took when it is over."""
    print(f"  {text} ...", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print(" not done", flush=True)
        raise
    print(f" {time.monotonic() - started:.1f}s", flush=True)


def say(text=""):
    """Print a line at once, also into a pipe."""
    print(text, flush=True)


def run(main, *arguments):
    """Call ``main`` and return its exit status; a problem becomes one line."""
    try:
        return main(*arguments) or 0
    except Problem as problem:
        return _complain(problem, 1)
    except KeyboardInterrupt:
        return _complain("interrupted", 130)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return _complain(no_space(error.filename), 1)


def no_space(where=None):
    """Return what to say when a disk is full."""
    place = f" at {where}" if where else ""
    return (
        f"no space is left on the disk{place}; free some (2 GB are needed), or name "
        "another folder in FISCAL_BRIDGES_CACHE"
    )


def _complain(text, status):
    sys.stdout.flush()
    print(f"dev: {text}", file=sys.stderr, flush=True)
    return status
