"""What the document has to say, handed over beside the finished XML."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ..bank_accounts import Account
from ..party_identifiers import PartyIdentifiers
from ..vat_categories import VatCategory

F_TAX = "Godkänd för F-skatt"  # SE-R-005
BUSINESS_REGISTER = "Foretaksregisteret"  # NO-R-002


@dataclass(frozen=True)
class AddressValues:
    """The postal address of a party: its lines, and the code of its country."""

    streets: tuple[str, ...] = ()
    city: str = ""
    post_code: str = ""
    country: str = ""


@dataclass(frozen=True)
class PartyValues:
    """Seller or buyer. What is None stays as the builder wrote it.

    :param identifiers: the whole truth: a VAT number or legal id that is not in there
        goes; an electronic address of the builder stays if its scheme is current
    :param tax_statement: of sellers, ``F_TAX`` in Sweden, ``BUSINESS_REGISTER`` in
        Norway, where it is true
    :param name: the registered name, if the builder's is empty
    :param address: where the builder names another one (a branch): it replaces the
        builder's, and so does the name
    :param customer_number: of buyers; empty for none
    :param is_email_allowed: whether Maventa may find an e-mail address in the document
    """

    identifiers: PartyIdentifiers = field(default_factory=PartyIdentifiers)
    tax_statement: str = ""
    name: str = ""
    customer_number: str | None = None
    address: AddressValues | None = None
    is_email_allowed: bool = True


@dataclass(frozen=True)
class PaymentValues:
    """How it is paid.

    :param accounts: of the seller; the first one is preferred
    :param reference: RF or national reference, OCR or KID; a text where there is none
    :param terms: payment terms, cash discount and overdue interest, as one text; None
        leaves the builder's
    :param prepaid: what was paid in advance; None leaves the builder's
    """

    accounts: tuple[Account, ...] = ()
    reference: str = ""
    due_date: date | None = None
    terms: str | None = None
    prepaid: Decimal | None = None


@dataclass(frozen=True)
class EarlierInvoice:
    """An invoice for an advance that this one deducts (BG-3)."""

    number: str
    day: date | None = None


@dataclass(frozen=True)
class ReferenceValues:
    """References to other documents; they are the whole truth.

    :param order: the buyer's order number, never our own number
    :param buyer: the buyer's reference (BT-10)
    :param sales_order: the seller's order number (BT-14)
    :param original: number of the invoice that is credited or corrected
    :param advances: invoices for advances that this one deducts
    """

    order: str = ""
    buyer: str = ""
    sales_order: str = ""
    original: str = ""
    original_date: date | None = None
    contract: str = ""
    advances: tuple[EarlierInvoice, ...] = ()


@dataclass(frozen=True)
class DeliveryValues:
    """When and where to; without a day there is none in the document.

    A country that is empty stays as the builder wrote it.
    """

    day: date | None = None
    country: str = ""


@dataclass(frozen=True)
class LineValues:
    """One line, by its place in the document.

    :param vat: its category, if the tax has one
    :param name: what to call it if the builder found no name
    :param note: text lines that belong to it
    :param net: its booked amount without VAT, after its discount; None leaves the
        builder's
    """

    vat: VatCategory | None = None
    name: str = ""
    note: str = ""
    net: Decimal | None = None


@dataclass(frozen=True)
class AccountingVat:
    """The VAT in the currency of the books, where the document's is another."""

    currency: str
    amount: Decimal


@dataclass(frozen=True)
class DocumentValues:
    """All that is put right in a document. None leaves what the builder wrote.

    :param lines: in the document's order; lines that the builder adds at the end
        (deposits of bottles) need none
    :param note: the one free text of the document
    :param discount_reason: what a discount for early payment is called
    :param type_code: another than 380 and 381, for example 383 for a debit note
    """

    seller: PartyValues = field(default_factory=PartyValues)
    buyer: PartyValues = field(default_factory=PartyValues)
    references: ReferenceValues | None = None
    payment: PaymentValues | None = None
    delivery: DeliveryValues = field(default_factory=DeliveryValues)
    lines: tuple[LineValues, ...] = ()
    note: str | None = None
    accounting_vat: AccountingVat | None = None
    discount_reason: str = ""
    type_code: str = ""
