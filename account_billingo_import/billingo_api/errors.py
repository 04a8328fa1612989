"""What can go wrong with Billingo, sorted by what has to happen next."""

from __future__ import annotations

from decimal import Decimal


class BillingoError(Exception):
    """Base of the four families.

    :ivar code: HTTP status as text, or a short word of our own
    :ivar message: Billingo's own message, may be empty
    :ivar trace_id: Billingo's own mark of a failure, to be quoted to its support
    """

    def __init__(
        self,
        message: str = "",
        *,
        code: str | None = None,
        trace_id: str | None = None,
    ):
        super().__init__(message or code or "")
        self.message = message
        self.code = code
        self.trace_id = trace_id

    @property
    def words(self) -> str:
        """Billingo's own message, under the name that callers used first."""
        return self.message


class RejectedError(BillingoError):
    """Billingo, or our own check of a document, says no: the data has to change."""


class SetupError(BillingoError):
    """Key, permission or subscription: an administrator has to act."""


class TemporaryError(BillingoError):
    """Nothing is wrong with us: try again later.

    :ivar retry_after: seconds that Billingo asks to wait, None when it does not say
    """

    def __init__(
        self,
        message: str = "",
        *,
        retry_after: float | None = None,
        code: str | None = None,
        trace_id: str | None = None,
    ):
        super().__init__(message, code=code, trace_id=trace_id)
        self.retry_after = retry_after


class UnknownOutcomeError(TemporaryError):
    """Sent, but unanswered: ask before repeating.

    Reading changes nothing at Billingo, so the client never raises it; a call that
    writes would.
    """


class MismatchError(RejectedError):
    """A document's own amounts contradict each other, or one is missing.

    :ivar code: ``line``, ``net``, ``vat``, ``total``, ``local``, ``rate``, ``missing``,
        ``no_vat`` (a rate, and no VAT on the line)
    :ivar where: the line's name or the field's
    :ivar stated: what the document says
    :ivar computed: what follows from its other figures
    """

    def __init__(
        self,
        code: str,
        where: str,
        stated: Decimal | int | float | None = None,
        computed: Decimal | int | float | None = None,
    ):
        super().__init__(f"{where}: {stated} / {computed}", code=code)
        self.where = where
        self.stated = stated
        self.computed = computed
