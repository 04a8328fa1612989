"""What a person decides about a received document, or is told: points and their kinds.

A point is ``{"code", "level", "values"}``: ``stop`` keeps the bill for a person,
``note`` only tells. The service that raises points of a kind declares it, once: what it
says, and how it is settled.
"""

from dataclasses import dataclass
from enum import Enum, auto

from odoo.tools import LazyTranslate
from odoo.tools.translate import LazyGettext

_lt = LazyTranslate(__name__)

CHECKED = _lt("Checked")  # what a person says who has looked
CONFIRM = "action_confirm_points"
KINDS = {}


class Asked(Enum):
    """When the decision about a point of a bill is due."""

    BEFORE_POSTING = auto()
    BY_POSTING = auto()  # posting is the decision: Odoo remembers tax and supplier
    UNTIL_PAID = auto()  # of the account to pay to: until then the bill names none


class Label:
    """What a point is about: its short name, for lists and activities."""

    ACCOUNT = _lt("Account to pay to")
    CONTENT = _lt("Content")
    CORRECTION = _lt("Correction")
    CREDIT_NOTE = _lt("Credit note")
    CURRENCY = _lt("Currency")
    DATE = _lt("Date")
    DOCUMENT_SUMS = _lt("Sums of the document")
    DUPLICATE = _lt("Possible duplicate")
    KIND = _lt("Kind of document")
    NOT_A_BILL = _lt("Not a bill")
    PAID = _lt("Already paid")
    PAYEE = _lt("Payee")
    PREPAYMENT = _lt("Prepayment")
    PUT_OFF = _lt("Not taken over")
    RATE = _lt("Currency rate")
    RECIPIENT = _lt("Recipient")
    REMINDER = _lt("Reminder")
    SCAN = _lt("Scan")
    SENDER = _lt("Sender")
    SERVICE_CHECKS = _lt("Maventa's checks")
    SERVICE_SUMS = _lt("Sums at Maventa")
    SUMS = _lt("Sums")
    SUPPLIER = _lt("Supplier")
    TAX = _lt("Tax")
    UNREADABLE = _lt("Unreadable")
    VAT = _lt("VAT")
    WITHDRAWN = _lt("Withdrawn")


@dataclass(frozen=True, eq=False)  # texts that are translated later do not compare
class Remedy:
    """A button of the banner.

    :param action: of the receipt
    :param otherwise: before the button of a second way out: when it is the right one
    """

    label: LazyGettext
    action: str
    otherwise: LazyGettext | None = None


@dataclass(frozen=True, eq=False)
class PointKind:
    """A kind of points that are settled by correcting the bill, or by a remedy.

    :param text: for the user, with the values of the point
    :param about: the values that a decision is about; one about others is another
    :param decision: what a person says who settles such a point
    :param remedies: the usual first, each a :class:`Remedy`
    :param remedies_of: the service whose ``_remedies(point)`` returns them instead
    :param joined: the value by which points of a bill are one text together
    :param lists_values: whether the values come after the text
    """

    code: str
    label: LazyGettext
    text: LazyGettext
    is_urgent: bool = False
    asked: Asked = Asked.BEFORE_POSTING
    about: tuple[str, ...] = ("id",)
    decision: LazyGettext = CHECKED
    remedies: tuple[Remedy, ...] = ()
    remedies_of: str = ""
    joined: str = ""
    lists_values: bool = False

    @property
    def is_confirmable(self):
        """Whether a person may settle it by having looked."""
        return False


class Question(PointKind):
    """A kind of points that a person may settle by having looked."""

    @property
    def is_confirmable(self):
        return True


def declare(*kinds):
    """Make kinds of points known, each once; return their codes."""
    for kind in kinds:
        if kind.code in KINDS:
            raise ValueError(f"declared twice: {kind.code}")
        KINDS[kind.code] = kind
    return tuple(kind.code for kind in kinds)


def kind_of(row):
    """Return the kind of a point; for an unknown code one that shows the code."""
    code = row["code"]
    text = _lt("The document says something odd: %s", code.removeprefix("reader_"))
    return KINDS.get(code) or PointKind(code, Label.CONTENT, text)


def point(code, level="stop", **values):
    """Return one point of a diagnosis."""
    texts = {name: str(value) for name, value in values.items()}
    return {"code": code, "level": level, "values": texts}


def decision_key(row):
    """Return what a decision about a point is kept as.

    One for each similar bill, supplier or tax; of sums of the bill and of Maventa's
    warnings, one for each as it was seen.
    """
    about = [row["values"].get(name) for name in kind_of(row).about]
    return ":".join([row["code"], *map(str, filter(None, about))])
