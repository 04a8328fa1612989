"""The four families of errors, chosen by what has to happen next.

``code`` is AT's code as text where AT gave one, otherwise one of ours in snake case;
``message`` holds AT's own text. Nothing is ever decided by that text.
"""

from __future__ import annotations

from .text import clean_text

_LONGEST_CODE = 64
_LONGEST_MESSAGE = 4000


class SeriesError(Exception):
    """What the client raises, whatever went wrong between us and AT."""

    def __init__(self, message: str = "", *, code: str | None = None):
        self.message = clean_text(message, _LONGEST_MESSAGE)
        self.code = clean_text(code, _LONGEST_CODE) or None
        super().__init__(self.message)


class RejectedError(SeriesError):
    """The data must change.

    Either AT understood the request and refused it, or the request could not be
    written (codes ``missing_value`` and ``bad_request``), and then nothing was sent.
    """


# What AT says about the access of a sub-user, see :attr:`SetupError.access_problem`.
WRONG_PASSWORD = "wrong_password"
SUSPENDED = "suspended"
WRONG_PASSWORD_OR_SUSPENDED = "wrong_password_or_suspended"
_PASSWORD_REFUSED = "99"


class SetupError(SeriesError):
    """Credentials, certificates or permissions must change; never repeat by itself.

    ``tries_left``: how many wrong passwords AT still accepts; ``None`` when it does
    not say (AT writes -1 then, or leaves the element out).
    """

    def __init__(
        self,
        message: str = "",
        *,
        code: str | None = None,
        tries_left: int | None = None,
    ):
        super().__init__(message, code=code)
        self.tries_left = tries_left

    @property
    def access_problem(self) -> str | None:
        """Whether the password is wrong, the sub-user suspended, or either.

        Code 99 stands for both (e-Fatura manual of 2023, response codes: wrong
        password, suspended access and others); only the number of tries that are left
        tells them apart: a password that is counted as wrong leaves some, and a
        sub-user without any is suspended.

        :return: :data:`WRONG_PASSWORD`, :data:`SUSPENDED`,
            :data:`WRONG_PASSWORD_OR_SUSPENDED`, or ``None`` for another error
        """
        return access_problem(self.code, self.tries_left)


def access_problem(code: str | None, tries_left: int | None) -> str | None:
    """Return :attr:`SetupError.access_problem` of a code and the tries left."""
    if code != _PASSWORD_REFUSED:
        return None
    if tries_left is None:
        return WRONG_PASSWORD_OR_SUSPENDED
    return WRONG_PASSWORD if tries_left else SUSPENDED


class TemporaryError(SeriesError):
    """Nothing happened at AT; the same can be tried later.

    ``retry_after``: seconds to wait, when the other side says so.
    """

    def __init__(
        self,
        message: str = "",
        *,
        code: str | None = None,
        retry_after: float | None = None,
    ):
        super().__init__(message, code=code)
        self.retry_after = retry_after


class UnknownOutcomeError(TemporaryError):
    """AT may have done what was requested: consult before the next attempt."""


ALREADY_REGISTERED = "4001"
START_DATE_PASSED = "4049"


def lost(changes: bool) -> type[TemporaryError]:
    """Return the family of an answer that says nothing.

    :param changes: whether the operation changes something at AT
    """
    return UnknownOutcomeError if changes else TemporaryError


def error_from_code(
    code: int, message: str, *, changes: bool, tries_left: int | None = None
) -> SeriesError:
    """Return the error for a numeric code of AT.

    Sources: series manual, tables of sections 2.1.4 to 2.4.4 (4xxx, 5000); generic
    manual of self-billing series, 4.1.2 (104x to 12xx); e-Fatura manual, 2.2.4
    (1 to 99).
    """
    text = str(code)
    if 1 <= code <= 99 or 1040 <= code <= 1049 or 1100 <= code <= 1299:
        return SetupError(message, code=text, tries_left=tries_left)
    if 1050 <= code <= 1059:  # AT failed at the authentication, so before all else
        return TemporaryError(message, code=text)
    if 4000 <= code <= 4999:
        return RejectedError(message, code=text)
    return lost(changes)(message, code=text)
