"""A password that is asked each time: kept for one action, in memory, and nowhere else.

Neither the context of an environment (which actions hand on to the browser) nor a
record (which is committed) ever holds it.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

_MARK = "l10n_pt_atcud_asks"
# company id -> password of its sub-user, and -> the error that AT refused it with
_AT_HAND = ContextVar("l10n_pt_atcud_passwords")


@contextmanager
def at_hand(passwords):
    """Keep ``passwords`` (company id -> password) while the block runs.

    :return: what AT refused so far, company id -> error
    """
    refusals = {}
    token = _AT_HAND.set((dict(passwords), refusals))
    try:
        yield refusals
    finally:
        _AT_HAND.reset(token)


def password_of(company):
    """Return the password that somebody has just entered for ``company``, or ""."""
    passwords, _refusals = _AT_HAND.get(({}, {}))
    return passwords.get(company.id, "")


def forget(company, error):
    """AT refused: a password is tried once, however long the action goes on."""
    passwords, refusals = _AT_HAND.get(({}, {}))
    if passwords.pop(company.id, None):
        refusals[company.id] = error


def asks_for_password(whose):
    """Let an action ask for AT's password first, where a company does not keep it.

    The action takes no arguments. It returns what opens the dialog; the dialog calls
    the same action again, with the password at hand.

    :param whose: from the records to the companies that AT is about to hear
    """

    def decorate(action):
        @wraps(action)
        def ask_first(records):
            taxpayers = whose(records)._l10n_pt_atcud_without_password()
            if taxpayers:
                dialog = records.env["l10n_pt_atcud.password"]
                return dialog._ask(taxpayers, records, action.__name__)
            return action(records)

        setattr(ask_first, _MARK, True)
        return ask_first

    return decorate


def is_asking(model, name):
    """Tell whether ``name`` is an action of ``model`` that may ask for a password."""
    return any(
        hasattr(vars(parent).get(name), _MARK)
        for parent in getattr(model, "__mro__", ())
    )
