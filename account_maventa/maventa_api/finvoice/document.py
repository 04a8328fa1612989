"""What a Finvoice says, as frozen values.

Amounts are ``Decimal`` in the document's currency and carry the sign that is
written: in a credit note quantities and amounts are negative, prices are not.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from .texts import clean


@dataclass(frozen=True)
class Party:
    """Seller or buyer; ``ovt`` is the Finnish e-invoice address.

    ``tax_statement``: of sellers, what their registration is called (BT-32).
    """

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
    tax_statement: str = ""

    @property
    def has_address(self) -> bool:
        """Whether there is enough for an address: street, town and post code."""
        parts = (*self.streets[:1], self.city, self.post_code)
        return len(parts) == 3 and all(len(clean(part)) > 1 for part in parts)


@dataclass(frozen=True)
class Mailbox:
    """An e-invoice address: its EAS ``scheme`` (0216, 9918, ...), its operator."""

    address: str
    operator: str
    scheme: str = ""


@dataclass(frozen=True)
class Message:
    """From whom to whom the document travels; ``identifier`` is there once ever.

    ``has_envelope`` puts the same data into a SOAP frame before the document.
    ``is_en16931`` has operators check the content by the European standard.
    """

    identifier: str  # 2 to 48 characters
    timestamp: dt.datetime  # with its zone
    sender: Mailbox
    receiver: Mailbox
    has_envelope: bool = False
    is_en16931: bool = False


@dataclass(frozen=True)
class Account:
    """Where the money is to go; the BIC may be unknown."""

    iban: str
    bic: str = ""


@dataclass(frozen=True)
class Original:
    """The invoice that a credit note is about, or one for an advance."""

    number: str
    date: dt.date | None = None


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
class Allowance:
    """A discount, or a charge, of the document as a whole, without VAT.

    ``amount`` is positive in an invoice and negative in a credit note.
    """

    amount: Decimal
    is_charge: bool
    vat_code: str
    vat_rate: Decimal | None
    reason: str = ""
    reason_code: str = ""  # UNTDID 5189 for discounts, 7161 for charges

    @property
    def key(self) -> tuple[str, Decimal | None]:
        return self.vat_code, self.vat_rate

    @property
    def signed(self) -> Decimal:
        """The share in the document's net amount."""
        return self.amount if self.is_charge else -self.amount


@dataclass(frozen=True)
class CashDiscount:
    """What is taken off for payment until ``date``; the amount includes VAT.

    ``base`` is what the percentage is taken of: the total with VAT, or without it.
    """

    date: dt.date
    percent: Decimal
    amount: Decimal
    base: Decimal


@dataclass(frozen=True)
class Row:
    """One line. Without a quantity it is a heading or a remark: text alone.

    ``price`` is that of ``base_quantity`` units, without VAT and before the discount;
    ``discount`` a percentage; ``net`` the line's amount without VAT.
    """

    name: str
    texts: tuple[str, ...] = ()
    article: str = ""
    gtin: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    unit_code: str = ""
    price: Decimal = Decimal(0)
    base_quantity: Decimal = Decimal(1)
    discount: Decimal = Decimal(0)
    discount_amount: Decimal = Decimal(0)
    net: Decimal = Decimal(0)
    vat_code: str = ""
    vat_rate: Decimal | None = None


@dataclass(frozen=True)
class Document:
    """An invoice (total of zero or more) or a credit note (total below zero)."""

    number: str
    date: dt.date
    due_date: dt.date
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
    advances: tuple[Original, ...] = ()  # invoices whose advances are deducted
    reference: str = ""
    buyer_reference: str = ""
    seller_reference: str = ""
    delivery: Party | None = None
    delivery_date: dt.date | None = None
    terms: str = ""
    texts: tuple[str, ...] = ()
    message: Message | None = None
    payment_instruction: str = ""  # of a consumer's bank, 35 characters
    allowances: tuple[Allowance, ...] = ()
    order: str = ""  # the buyer's purchase order
    customer_number: str = ""
    agreement: str = ""
    project: str = ""
    cash_discount: CashDiscount | None = None
    overdue_text: str = ""
    overdue_percent: Decimal | None = None

    @property
    def payable(self) -> Decimal:
        return self.total - self.paid + self.round_off

    @property
    def is_credit_note(self) -> bool:
        return self.total < 0
