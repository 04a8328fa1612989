"""One connection for all that is asked of AT in one action.

Keys, headers and commits are those of each series all the same: what is shared is
the TLS context with its certificates, and the connection while AT keeps it open.
"""

from contextlib import contextmanager
from contextvars import ContextVar

# what a session depends on -> session
_LINES = ContextVar("l10n_pt_atcud_lines", default=None)


@contextmanager
def lines_stay_open():
    """Keep the sessions that are opened while the block runs until it ends."""
    lines = {}
    token = _LINES.set(lines)
    try:
        yield
    finally:
        _LINES.reset(token)
        for session in lines.values():
            session.close()


def open_line(key, dial):
    """Return a session, and whether it is kept for the next one who asks.

    :param key: all that the session depends on
    :param dial: opens a session
    """
    lines = _LINES.get()
    if lines is None:
        return dial(), False
    if key not in lines:
        lines[key] = dial()
    return lines[key], True
