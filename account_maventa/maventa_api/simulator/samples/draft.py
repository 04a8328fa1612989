"""What a sample says, before it is written in a format.

Amounts are positive in a credit note; each format turns them as it has to.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from .parties import BUYER, Sender

CENT = Decimal("0.01")
ZERO = Decimal(0)
STANDARD = Decimal("25.5")


def money(value: Decimal | str | int) -> Decimal:
    return Decimal(value).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class DraftRow:
    """One row; without ``net`` it is text, or a heading over ``parts``.

    ``parts`` are sub-rows; ``parts_count`` says that their amounts are part of the
    document's, not a repetition of the row's.
    """

    name: str
    net: Decimal | None = None
    rate: Decimal = STANDARD
    code: str = "S"
    quantity: Decimal = Decimal(1)
    price: Decimal | None = None
    base: Decimal = Decimal(1)
    unit: str = "kpl"
    unit_code: str = "C62"
    texts: tuple[str, ...] = ()
    article: str = ""
    ean: str = ""
    order: str = ""
    order_position: str = ""
    discount_percent: Decimal | None = None
    discount: Decimal = ZERO
    charge: Decimal = ZERO
    period: tuple[datetime.date, datetime.date] | None = None
    parts: tuple[DraftRow, ...] = ()
    parts_count: bool = False

    @property
    def unit_price(self) -> Decimal:
        if self.price is not None:
            return self.price
        before = (self.net or ZERO) + self.discount - self.charge
        return before * self.base / self.quantity if self.quantity else before


@dataclass(frozen=True)
class Allowed:
    """A discount or charge of the document."""

    amount: Decimal
    is_charge: bool = False
    reason: str = "Alennus"
    rate: Decimal = STANDARD
    code: str = "S"

    @property
    def signed(self) -> Decimal:
        return self.amount if self.is_charge else -self.amount


@dataclass(frozen=True)
class Style:
    """How a sender writes Finvoice; the defaults are as the guidelines have it."""

    version: str = "3.0"
    encoding: str = "iso-8859-15"
    declared: str = "ISO-8859-15"  # empty: no declaration at all
    mark: bytes = b""  # a byte order mark
    has_frame: bool = False
    has_doctype: bool = False
    prices_with_vat: bool = False  # no amount without VAT in the rows
    positive_credit: bool = False
    hidden_base: bool = False  # a price per hundred that does not say so
    lower_case: bool = False
    repeats: int = 1  # how often the document is in the file


@dataclass(frozen=True)
class Draft:
    """One document."""

    key: str
    title: str
    number: str
    seller: Sender
    rows: tuple[DraftRow, ...]
    buyer: Sender = BUYER
    kind: str = "INV01"
    kind_un: str = "380"
    origin_code: str = "Original"
    date: datetime.date = datetime.date(2026, 3, 2)
    due: datetime.date | None = datetime.date(2026, 3, 16)
    currency: str = "EUR"
    allowed: tuple[Allowed, ...] = ()
    round_off: Decimal = ZERO
    paid: Decimal = ZERO
    reference: str = ""
    order: str = ""
    buyer_reference: str = ""
    original: str = ""
    texts: tuple[str, ...] = ()
    terms: str = ""
    cash_discount: Decimal | None = None
    exempt_reason: str = ""
    payee: Sender | None = None
    other_iban: str = ""  # instead of the seller's
    vat_off: Decimal = ZERO  # a wrong sum: what the head's VAT is off by
    has_lines: bool = True  # a scan has none
    links: tuple[tuple[str, str], ...] = ()
    source_format: str = "FINVOICE30"
    origin: str = "EXTERNAL"
    has_image: bool = True
    files: tuple[tuple[str, str, bytes], ...] = field(default=(), repr=False)
    style: Style = Style()

    @property
    def is_credit(self) -> bool:
        return self.kind == "INV02"

    def priced(self) -> Iterator[DraftRow]:
        """Yield the rows whose amounts are part of the document's."""
        for row in self.rows:
            if row.net is not None:
                yield row
            if row.parts_count:
                yield from row.parts

    @property
    def groups(self) -> dict[tuple[str, Decimal], tuple[Decimal, Decimal]]:
        """Base and VAT per code and rate."""
        bases: dict[tuple[str, Decimal], Decimal] = {}
        for row in self.priced():
            key = (row.code, row.rate)
            bases[key] = bases.get(key, ZERO) + (row.net or ZERO)
        for one in self.allowed:
            key = (one.code, one.rate)
            bases[key] = bases.get(key, ZERO) + one.signed
        return {key: (base, money(base * key[1] / 100)) for key, base in bases.items()}

    @property
    def rows_net(self) -> Decimal:
        return sum((row.net or ZERO for row in self.priced()), ZERO)

    @property
    def net(self) -> Decimal:
        return sum((base for base, _vat in self.groups.values()), ZERO)

    @property
    def vat(self) -> Decimal:
        return sum((vat for _base, vat in self.groups.values()), ZERO) + self.vat_off

    @property
    def total(self) -> Decimal:
        return self.net + self.vat

    @property
    def payable(self) -> Decimal:
        return self.total - self.paid + self.round_off

    @property
    def iban(self) -> str:
        return self.other_iban or (self.payee or self.seller).iban
