"""The four families of errors, chosen by what has to happen next.

``code`` is AT's code as text where AT gave one, otherwise one of ours in words;
``message`` holds AT's own words. Nothing is ever decided by the words.
"""

from __future__ import annotations


class SeriesError(Exception):
    """What the client raises, whatever went wrong between us and AT."""

    def __init__(self, message: str = "", *, code: str | None = None):
        super().__init__(message)
        self.message = message
        self.code = code


class RejectedError(SeriesError):
    """AT understood and said no: the data must change."""


class SetupError(SeriesError):
    """Credentials, certificates or permissions must change; never repeat by itself.

    ``tries_left``: how many wrong passwords AT still forgives, when it says so.
    """

    def __init__(self, message="", *, code=None, tries_left: int | None = None):
        super().__init__(message, code=code)
        self.tries_left = tries_left


class TemporaryError(SeriesError):
    """Nothing happened at AT; the same can be tried later.

    ``retry_after``: seconds to wait, when the other side says so.
    """

    def __init__(self, message="", *, code=None, retry_after: float | None = None):
        super().__init__(message, code=code)
        self.retry_after = retry_after


class UnknownOutcomeError(TemporaryError):
    """AT may have done what was asked: consult before asking again."""


ALREADY_REGISTERED = "4001"
START_DATE_PASSED = "4049"


def lost(changes: bool) -> type[TemporaryError]:
    """Return the family of an answer that tells nothing.

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
    if 1050 <= code <= 1059:  # AT failed while it looked at who we are, so before all
        return TemporaryError(message, code=text)
    if 4000 <= code <= 4999:
        return RejectedError(message, code=text)
    return lost(changes)(message, code=text)
