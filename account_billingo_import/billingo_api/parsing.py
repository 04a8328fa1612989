"""From Billingo's JSON to values, leniently.

The live service sends null where its specification promises text, and knows words
that no specification lists yet: neither may stop a company's bookkeeping.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from .messages import (
    Address,
    BankAccount,
    Document,
    DocumentAncestor,
    DocumentBlock,
    DocumentItem,
    DocumentOrganization,
    DocumentPartner,
    DocumentSummary,
    OrganizationData,
    Subscription,
)

# PostgreSQL keeps neither NUL nor half of a pair of UTF-16.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
LARGEST = Decimal(10) ** 15


def text(value) -> str:
    """Return text; null, lists and objects are empty."""
    if value is None or isinstance(value, dict | list | bool):
        return ""
    return UNSTORABLE.sub("", str(value)).strip()


def amount(value) -> Decimal | None:
    """Return an exact number, None when there is none; ``"5,5"`` is understood."""
    if value is None or isinstance(value, dict | list | bool):
        return None
    try:
        number = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < LARGEST else None


def day(value) -> date | None:
    """Return the date of ``YYYY-MM-DD``, also when a time follows."""
    try:
        return date.fromisoformat(text(value)[:10])
    except ValueError:
        return None


def _object(value) -> dict:
    return value if isinstance(value, dict) else {}


def _list(value) -> list:
    return value if isinstance(value, list) else []


def parse_organization(raw) -> OrganizationData:
    """Read the answer of GET /organization."""
    raw = _object(raw)
    subscription = _object(raw.get("subscription"))
    return OrganizationData(
        tax_code=text(raw.get("tax_code")),
        subscription=Subscription(
            expiration_date=day(subscription.get("expiration_date")),
            features=tuple(map(text, _list(subscription.get("features")))),
        ),
    )


def parse_block(raw) -> DocumentBlock:
    """Read one item of GET /document-blocks."""
    return DocumentBlock(
        id=text(raw.get("id")),
        name=text(raw.get("name")),
        prefix=text(raw.get("prefix")),
        type=text(raw.get("type")),
    )


def _address(raw) -> Address:
    raw = _object(raw)
    names = ("country_code", "post_code", "city", "address")
    return Address(**{name: text(raw.get(name)) for name in names})


def _bank_account(raw) -> BankAccount:
    raw = _object(raw)
    names = ("name", "account_number", "account_number_iban", "swift")
    return BankAccount(**{name: text(raw.get(name)) for name in names})


def _organization(raw) -> DocumentOrganization:
    raw = _object(raw)
    return DocumentOrganization(
        name=text(raw.get("name")),
        tax_number=text(raw.get("tax_number")),
        eu_tax_number=text(raw.get("eu_tax_number")),
        address=_address(raw.get("address")),
        bank_account=_bank_account(raw.get("bank_account")),
        cash_settled=raw.get("cash_settled") is True,
    )


def _partner(document) -> DocumentPartner:
    card = _object(document.get("partner"))
    raw = _object(document.get("document_partner")) or card
    # The snapshot lacks it. `taxcode` is then the number of the whole VAT group.
    member = text(raw.get("group_member_tax_number"))
    if not member and text(card.get("taxcode")) == text(raw.get("taxcode")):
        member = text(card.get("group_member_tax_number"))
    return DocumentPartner(
        id=text(raw.get("id")),
        name=text(raw.get("name")),
        taxcode=text(raw.get("taxcode")),
        tax_type=text(raw.get("tax_type")),
        address=_address(raw.get("address")),
        emails=tuple(filter(None, map(text, _list(raw.get("emails"))))),
        phone=text(raw.get("phone")),
        group_member_tax_number=member,
    )


def _item(raw) -> DocumentItem:
    raw = _object(raw)
    words = ("name", "unit", "vat", "entitlement", "comment")
    amounts = (
        "quantity",
        "net_unit_amount",
        "net_amount",
        "vat_amount",
        "gross_amount",
    )
    return DocumentItem(
        **{name: text(raw.get(name)) for name in words},
        **{name: amount(raw.get(name)) for name in amounts},
    )


def _summary(raw) -> DocumentSummary:
    raw = _object(raw)
    names = DocumentSummary.__dataclass_fields__
    return DocumentSummary(**{name: amount(raw.get(name)) for name in names})


def parse_document(raw) -> Document:
    """Read a document as lists and GET /documents/{id} have it."""
    raw = _object(raw)
    settings = _object(raw.get("settings"))
    words = (
        "invoice_number",
        "type",
        "correction_type",
        "block_id",
        "payment_status",
        "payment_method",
        "currency",
        "comment",
        "language",
        "online_szamla_status",
    )
    return Document(
        id=text(raw.get("id")),
        **{name: text(raw.get(name)) for name in words},
        cancelled=raw.get("cancelled") is True,
        gross_total=amount(raw.get("gross_total")),
        conversion_rate=amount(raw.get("conversion_rate")),
        invoice_date=day(raw.get("invoice_date")),
        fulfillment_date=day(raw.get("fulfillment_date")),
        due_date=day(raw.get("due_date")),
        organization=_organization(raw.get("organization")),
        document_partner=_partner(raw),
        items=tuple(map(_item, _list(raw.get("items")))),
        summary=_summary(raw.get("summary")),
        round=text(settings.get("round")),
        order_number=text(settings.get("order_number")),
        discount=amount(_object(raw.get("discount")).get("value")) or Decimal(0),
        related_documents=tuple(
            DocumentAncestor(
                text(other.get("id")),
                text(other.get("invoice_number")),
            )
            for other in map(_object, _list(raw.get("related_documents")))
        ),
        raw=raw,
    )
