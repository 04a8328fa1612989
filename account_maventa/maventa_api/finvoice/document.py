"""What a Finvoice says, as frozen values.

Amounts are ``Decimal`` in the document's currency and carry the sign that is
written: in a credit note quantities and amounts are negative, prices are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Party:
    """Seller or buyer; ``ovt`` is the Finnish e-invoice address."""

    name: str
    business_id: str = ""
    vat: str = ""
    ovt: str = ""
    streets: tuple[str, ...] = ()
    city: str = ""
    post_code: str = ""
    country: str = ""
    country_name: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Account:
    """Where the money is to go; the BIC may be unknown."""

    iban: str
    bic: str = ""


@dataclass(frozen=True)
class Original:
    """The invoice that a credit note is about."""

    number: str
    date: date | None = None


@dataclass(frozen=True)
class VatGroup:
    """One VAT code and rate (UNTDID 5305); ``rate`` is None for code O."""

    code: str
    rate: Decimal | None
    base: Decimal
    amount: Decimal
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True)
class Row:
    """One line. Without a quantity it is a heading or a remark: text alone.

    ``price`` is one unit's, without VAT and before the discount; ``discount`` a
    percentage; ``net`` the line's amount without VAT.
    """

    name: str
    texts: tuple[str, ...] = ()
    article: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    unit_code: str = ""
    price: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    discount_amount: Decimal = Decimal(0)
    net: Decimal = Decimal(0)
    vat_code: str = ""
    vat_rate: Decimal | None = None


@dataclass(frozen=True)
class Document:
    """An invoice (total of zero or more) or a credit note (total below zero)."""

    number: str
    date: date
    due_date: date
    currency: str
    seller: Party
    buyer: Party
    account: Account
    rows: tuple[Row, ...]
    vat_groups: tuple[VatGroup, ...]
    net: Decimal
    vat: Decimal
    total: Decimal  # with VAT, before rounding
    round_off: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    vat_in_euro: Decimal | None = None
    type_text: str = ""
    original: Original | None = None
    reference: str = ""
    buyer_reference: str = ""
    seller_reference: str = ""
    delivery_date: date | None = None
    terms: str = ""
    texts: tuple[str, ...] = ()

    @property
    def payable(self) -> Decimal:
        return self.total - self.paid + self.round_off

    @property
    def is_credit_note(self) -> bool:
        return self.total < 0
