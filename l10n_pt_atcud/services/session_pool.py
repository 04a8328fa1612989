"""One session for all requests to AT of one action.

Keys, headers and commits remain those of each series; what is shared is the TLS
context with its certificates, and the connection while AT keeps it open.
"""

from contextlib import contextmanager
from contextvars import ContextVar

# what a session depends on -> session
_POOL = ContextVar("l10n_pt_atcud_session_pool", default=None)


@contextmanager
def session_pool():
    """Keep the sessions that are opened while the block runs until it ends."""
    sessions = {}
    token = _POOL.set(sessions)
    try:
        yield
    finally:
        _POOL.reset(token)
        for session in sessions.values():
            session.close()


def pooled_session(key, open_session):
    """Return a session, and whether the pool keeps it for the next request.

    :param key: all that the session depends on
    :param open_session: called without arguments, returns a new session
    """
    sessions = _POOL.get()
    if sessions is None:
        return open_session(), False
    if key not in sessions:
        sessions[key] = open_session()
    return sessions[key], True
