"""What a received Finvoice says, as frozen values.

Amounts are ``Decimal`` in the document's currency. In a credit note they are turned
so that the total is not negative, whichever way the sender wrote them: quantities
and amounts are what goes into a refund as it is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from ..advances import Advance, advances_in
from ..document_kinds import DocumentKind
from ..reverse_charge import reverse_charge_in
from ..totals import Figures, VatFigure
from .node import Problem

ZERO = Decimal(0)
# Codes of purchases in the Union, of goods and of services, that Finvoice had before
# it took those of EN 16931 (UNCL5305)
OLDER_CATEGORIES = {"ZEG": "K", "ZES": "AE"}


class NetSource(StrEnum):
    """Where the net amount of a row comes from."""

    STATED = "stated"  # written without VAT
    GROSS = "gross"  # written with VAT only
    COMPUTED = "computed"  # quantity times price
    NONE = "none"  # the row is text


@dataclass(frozen=True)
class IncomingParty:
    """Seller, buyer, sender, recipient, payee or place of delivery.

    ``address`` is the e-invoice address that the document itself names.
    """

    name: str = ""
    business_id: str = ""
    vat: str = ""
    address: str = ""
    streets: tuple[str, ...] = ()
    city: str = ""
    post_code: str = ""
    country: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    codes: tuple[str, ...] = ()
    business_scheme: str = ""  # the list of the business id, if it is written

    def __bool__(self) -> bool:
        return bool(self.name or self.business_id or self.vat or self.address)


@dataclass(frozen=True)
class IncomingAccount:
    """An account to pay to; ``is_iban`` only if its check digits hold.

    ``is_asked``: the payment's own; the others are those that the seller lists.
    """

    number: str
    bic: str = ""
    name: str = ""
    is_iban: bool = False
    is_asked: bool = False


@dataclass(frozen=True)
class IncomingVat:
    """One line of the VAT table as stated; None is what is not there."""

    code: str
    rate: Decimal | None
    base: Decimal | None
    amount: Decimal | None
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True)
class IncomingAllowance:
    """A discount or a charge of a row or of the document, without VAT."""

    amount: Decimal
    is_charge: bool = False
    percent: Decimal | None = None
    vat_code: str = ""
    vat_rate: Decimal | None = None
    reason: str = ""
    reason_code: str = ""

    @property
    def signed(self) -> Decimal:
        return self.amount if self.is_charge else -self.amount


@dataclass(frozen=True)
class IncomingRow:
    """One line. ``price`` is for ``base_quantity`` units, without VAT.

    ``net`` is the authority; it is None for a row that is text alone.
    """

    position: str = ""
    name: str = ""
    texts: tuple[str, ...] = ()
    article: str = ""
    buyer_article: str = ""
    ean: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    unit_code: str = ""
    price: Decimal | None = None
    base_quantity: Decimal = Decimal(1)
    allowances: tuple[IncomingAllowance, ...] = ()
    net: Decimal | None = None
    net_source: NetSource = NetSource.NONE
    vat_code: str = ""
    vat_rate: Decimal | None = None
    vat_amount: Decimal | None = None
    gross: Decimal | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    delivered: tuple[dt.date, ...] = ()
    order: str = ""
    order_position: str = ""
    delivery_note: str = ""
    buyer_reference: str = ""
    original_number: str = ""
    account_proposal: str = ""
    dimension: str = ""
    is_sub_row: bool = False

    @property
    def is_text(self) -> bool:
        return self.net is None


@dataclass(frozen=True)
class IncomingTotals:
    """The sums as stated; ``total`` is with VAT, before rounding and payments."""

    total: Decimal | None = None
    net: Decimal | None = None
    vat: Decimal | None = None
    rows: Decimal | None = None
    round_off: Decimal = ZERO
    paid: Decimal = ZERO
    payable: Decimal | None = None
    vat_in_euro: Decimal | None = None


@dataclass(frozen=True)
class IncomingReference:
    """A bank reference whose check digits hold, without blanks and as it was.

    ``kind`` is ``fi`` or ``rf``, or empty: then ``text`` is no reference.
    """

    text: str = ""
    kind: str = ""

    def __bool__(self) -> bool:
        return bool(self.kind)


@dataclass(frozen=True)
class IncomingTerms:
    """When and how to pay; ``due_dates`` has more than one for instalments."""

    due_dates: tuple[dt.date, ...] = ()
    texts: tuple[str, ...] = ()
    cash_discount_date: dt.date | None = None
    cash_discount_percent: Decimal | None = None
    cash_discount_amount: Decimal | None = None
    overdue_percent: Decimal | None = None
    overdue_amount: Decimal | None = None


@dataclass(frozen=True)
class IncomingFile:
    """A file that came in an attachment message; the hash of the message holds."""

    name: str
    mimetype: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class IncomingDocument:
    """One invoice or credit note, or what else came as a Finvoice."""

    index: int  # in its file, from 0
    data: bytes = field(repr=False)  # its own bytes, without the frame
    version: str
    kind: DocumentKind
    type_code: str
    type_code_un: str
    type_text: str
    origin: str  # original, copy, cancel
    is_refund: bool
    number: str
    date: dt.date | None
    due_date: dt.date | None
    currency: str
    seller: IncomingParty
    buyer: IncomingParty
    sender: IncomingParty
    recipient: IncomingParty
    payee: IncomingParty
    delivery: IncomingParty
    accounts: tuple[IncomingAccount, ...]  # that of the payment first
    reference: IncomingReference
    rows: tuple[IncomingRow, ...]
    sub_rows: tuple[IncomingRow, ...]  # that repeat what the rows say
    allowances: tuple[IncomingAllowance, ...]
    vat_groups: tuple[IncomingVat, ...]
    totals: IncomingTotals
    terms: IncomingTerms
    payment_status: str  # PAID, PARTLYPAID, NOTPAID or empty
    original_numbers: tuple[str, ...]
    original_days: tuple[dt.date, ...]  # of what it corrects
    period_start: dt.date | None
    period_end: dt.date | None
    delivery_date: dt.date | None
    order: str
    buyer_reference: str
    seller_reference: str
    customer_number: str
    agreement: str
    project: str
    account_proposal: str
    dimension: str
    is_factored: bool
    is_prepayment: bool
    is_invoice: bool  # by its type, and no request or notification
    is_correction: bool
    is_collected: bool  # by the seller: a direct debit, a card
    is_overdue_notice: bool  # a row is about payments that are late
    texts: tuple[str, ...]
    links: tuple[tuple[str, str], ...]  # name and URL: to show, not to fetch
    attachment_message: str
    attachments: tuple[IncomingFile, ...]
    message_id: str
    from_address: str
    from_operator: str
    to_address: str
    to_operator: str
    problems: tuple[Problem, ...]

    @property
    def priced_rows(self) -> tuple[IncomingRow, ...]:
        return tuple(row for row in self.rows if not row.is_text)

    @property
    def supply_days(self) -> tuple[dt.date, ...]:
        """The days of delivery that the document and its rows name, each one once."""
        of_rows = [
            day for row in self.rows for day in (row.start, row.end, *row.delivered)
        ]
        found = (self.delivery_date, self.period_start, self.period_end, *of_rows)
        return tuple(dict.fromkeys(filter(None, found)))

    @property
    def advances(self) -> tuple[Advance, ...]:
        """Text and net amount of what takes an earlier advance off."""
        return tuple(
            advances_in(
                [
                    *(((row.name, *row.texts), row.net) for row in self.rows),
                    *(((one.reason,), one.signed) for one in self.allowances),
                ]
            )
        )

    @property
    def is_paid(self) -> bool:
        """Whether the document itself says that nothing is left to pay."""
        paid, total = self.totals.paid, self.totals.total
        return (
            self.payment_status == "PAID"
            or self.kind is DocumentKind.DIRECT_PAYMENT
            or bool(paid and total is not None and paid >= total)
        )

    @property
    def reverse_charge(self) -> str:
        """The words that name a reverse charge: of the VAT table, texts or rows."""
        rows = [text for row in self.rows for text in (row.name, *row.texts)]
        table = [
            text for one in self.vat_groups for text in (one.reason, one.reason_code)
        ]
        return reverse_charge_in((*table, *self.texts, *self.terms.texts, *rows))

    @property
    def orders(self) -> tuple[str, ...]:
        """The order numbers of the document and of its rows, each one once."""
        found = [self.order, *(row.order for row in self.rows)]
        return tuple(dict.fromkeys(filter(None, found)))

    @property
    def figures(self) -> Figures:
        """The stated sums, for the totals check."""
        totals = self.totals
        return Figures(
            currency=self.currency,
            net=totals.net,
            vat=totals.vat,
            total=totals.total,
            payable=totals.payable,
            vat_groups=tuple(
                VatFigure(group.code, group.rate, group.base, group.amount)
                for group in self.vat_groups
            ),
        )


def category(code: str) -> str:
    """Return the VAT category of a code, as EN 16931 writes it."""
    code = code.upper()
    return OLDER_CATEGORIES.get(code, code)
