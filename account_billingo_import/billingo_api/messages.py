"""What Billingo says, as frozen values with Billingo's own terms (OpenAPI 3.0.14)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .errors import TemporaryError


@dataclass(frozen=True)
class Subscription:
    expiration_date: date | None
    features: tuple[str, ...] = ()


@dataclass(frozen=True)
class OrganizationData:
    """The company behind an API key (GET /organization)."""

    tax_code: str
    subscription: Subscription


@dataclass(frozen=True)
class DocumentBlock:
    id: str
    name: str
    prefix: str
    type: str


@dataclass(frozen=True)
class Address:
    country_code: str = ""
    post_code: str = ""
    city: str = ""
    address: str = ""


@dataclass(frozen=True)
class BankAccount:
    name: str = ""
    account_number: str = ""
    account_number_iban: str = ""
    swift: str = ""


@dataclass(frozen=True)
class DocumentOrganization:
    """The seller as the document shows it."""

    name: str
    tax_number: str
    eu_tax_number: str
    address: Address
    bank_account: BankAccount
    cash_settled: bool = False
    group_member_tax_number: str = ""


@dataclass(frozen=True)
class DocumentPartner:
    """The buyer as the document shows it; ``partner`` changes later and is not read."""

    id: str
    name: str
    taxcode: str
    tax_type: str
    address: Address
    emails: tuple[str, ...] = ()
    phone: str = ""
    group_member_tax_number: str = ""


@dataclass(frozen=True)
class DocumentItem:
    name: str
    quantity: Decimal | None
    unit: str
    net_unit_amount: Decimal | None
    net_amount: Decimal | None
    vat_amount: Decimal | None
    gross_amount: Decimal | None
    vat: str
    entitlement: str
    comment: str
    sku: str = ""
    ean: str = ""
    # made from the totals of a spending that has no lines
    is_whole_bill: bool = False


@dataclass(frozen=True)
class VatRate:
    """One row of the invoice's own VAT table, which the VAT return is made of."""

    vat_name: str
    vat_percentage: Decimal | None  # a fraction: 0.27
    vat_rate_net_amount: Decimal | None
    vat_rate_vat_amount: Decimal | None
    vat_rate_vat_amount_local: Decimal | None
    vat_rate_gross_amount: Decimal | None


@dataclass(frozen=True)
class DocumentSummary:
    """Totals in the document's currency and, ``*_local``, in forint."""

    net_amount: Decimal | None
    vat_amount: Decimal | None
    net_amount_local: Decimal | None
    vat_amount_local: Decimal | None
    gross_amount_local: Decimal | None
    vat_rate_summary: tuple[VatRate, ...] = ()


@dataclass(frozen=True)
class DocumentAncestor:
    id: str
    invoice_number: str


@dataclass(frozen=True)
class Document:
    """One document; ``raw`` is what it was read from."""

    id: str
    invoice_number: str
    type: str
    correction_type: str
    cancelled: bool
    block_id: str
    payment_status: str
    payment_method: str
    gross_total: Decimal | None
    currency: str
    conversion_rate: Decimal | None
    invoice_date: date | None
    fulfillment_date: date | None
    due_date: date | None
    organization: DocumentOrganization
    document_partner: DocumentPartner
    items: tuple[DocumentItem, ...]
    summary: DocumentSummary
    round: str
    order_number: str
    discount: Decimal
    comment: str
    language: str
    online_szamla_status: str
    related_documents: tuple[DocumentAncestor, ...]
    paid_date: date | None = None  # only where something is paid
    without_financial_fulfillment: bool = False  # there is nothing to pay
    dont_send_to_nav_reason: str = ""
    category: str = ""  # of a spending
    raw: Mapping = field(repr=False, compare=False, default_factory=dict)


@dataclass(frozen=True)
class DocumentPage:
    """One page of a list: ``total`` counts the whole list, as far as it is known."""

    documents: tuple[Document, ...]
    total: int
    current_page: int
    last_page: int

    @property
    def digest(self) -> str:
        """Return a text that is the same for pages with the same documents."""
        ids = ",".join(document.id for document in self.documents)
        return hashlib.sha256(ids.encode()).hexdigest()

    def check_differs(self, digest: str | None) -> None:
        """Refuse a page that has the documents of the page before, and is not the last.

        :param digest: that of the page before, if there is one
        :raise TemporaryError: code ``endless_list``
        """
        if self.documents and self.current_page < self.last_page:
            if digest == self.digest:
                raise TemporaryError(code="endless_list")
