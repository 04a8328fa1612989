"""From Billingo's JSON to values, leniently.

The live service sends null where its specification promises text, and values
that no specification lists yet: neither may stop a company's bookkeeping.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Context, Decimal, InvalidOperation
from typing import Any

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
    VatRate,
)
from .vat_codes import normalise_vat

# PostgreSQL keeps neither NUL nor half of a pair of UTF-16; other control characters,
# and those that turn the direction of what stands around them, deceive the reader.
UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
LINE_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
DAY = re.compile(r"(\d{4}-\d\d-\d\d)([T ].*)?", re.ASCII | re.DOTALL)
DEEPEST = 32  # levels of nesting; a document has six
LARGEST = Decimal(10) ** 15
PAID = frozenset({"paid", "partially_paid"})
WIDE = Context(prec=60)
SMALLEST = Decimal("1e-12")  # finer digits are the noise of binary fractions


def text(value: Any) -> str:
    """Return one line of text; null, lists and objects are empty."""
    if isinstance(value, str) and value.isprintable() and "  " not in value:
        return value.strip()  # most are clean
    return " ".join(lines(value).split())


def lines(value: Any) -> str:
    """Return text that keeps its line breaks, as ``\\n``."""
    if value is None or isinstance(value, dict | list | bool):
        return ""
    found = UNWANTED.sub("", LINE_BREAK.sub("\n", str(value)).replace("\t", " "))
    return found.strip()


def amount(value: Any) -> Decimal | None:
    """Return an exact number, None when there is none; ``"5,5"`` is understood."""
    if value is None or isinstance(value, dict | list | bool):
        return None
    if isinstance(value, int):
        return Decimal(value) if abs(value) < LARGEST else None
    written = str(value).strip().replace(",", ".")
    if not NUMBER.fullmatch(written):
        return None
    try:
        number = Decimal(written)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= LARGEST:
        return None
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -12:
        return number.quantize(SMALLEST, context=WIDE)
    return number


def day(value: Any) -> date | None:
    """Return the date of ``YYYY-MM-DD``, also when a time follows."""
    found = DAY.fullmatch(text(value))
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def is_flat(value: Any) -> bool:
    """Return whether JSON is nested no deeper than any document needs."""
    level = [value]
    for _depth in range(DEEPEST):
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                below += one.values()
            elif isinstance(one, list):
                below += one
        if not below:
            return True
        level = below
    return False


def _object(value: Any) -> dict:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list:
    return value if isinstance(value, list) else []


def parse_organization(raw: Any) -> OrganizationData:
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


def parse_block(raw: Any) -> DocumentBlock:
    """Read one item of GET /document-blocks."""
    raw = _object(raw)
    return DocumentBlock(
        id=text(raw.get("id")),
        name=text(raw.get("name")),
        prefix=text(raw.get("prefix")),
        type=text(raw.get("type")),
    )


def _address(raw: Any) -> Address:
    raw = _object(raw)
    names = ("country_code", "post_code", "city", "address")
    return Address(**{name: text(raw.get(name)) for name in names})


def _bank_account(raw: Any) -> BankAccount:
    raw = _object(raw)
    names = ("name", "account_number", "account_number_iban", "swift")
    return BankAccount(**{name: text(raw.get(name)) for name in names})


def _organization(raw: Any) -> DocumentOrganization:
    raw = _object(raw)
    return DocumentOrganization(
        name=text(raw.get("name")),
        tax_number=text(raw.get("tax_number")),
        eu_tax_number=text(raw.get("eu_tax_number")),
        address=_address(raw.get("address")),
        bank_account=_bank_account(raw.get("bank_account")),
        cash_settled=raw.get("cash_settled") is True,
        group_member_tax_number=text(raw.get("group_member_tax_number")),
    )


def _partner(document: dict) -> DocumentPartner:
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


def _item(raw: Any) -> DocumentItem:
    raw = _object(raw)
    return DocumentItem(
        name=text(raw.get("name")),
        quantity=amount(raw.get("quantity")),
        unit=text(raw.get("unit")),
        net_unit_amount=amount(raw.get("net_unit_amount")),
        net_amount=amount(raw.get("net_amount")),
        vat_amount=amount(raw.get("vat_amount")),
        gross_amount=amount(raw.get("gross_amount")),
        vat=normalise_vat(text(raw.get("vat"))),
        entitlement=text(raw.get("entitlement")),
        comment=lines(raw.get("comment")),
        sku=text(raw.get("sku")),
        ean=text(raw.get("ean")),
    )


def _summary(raw: Any) -> DocumentSummary:
    raw = _object(raw)
    return DocumentSummary(
        net_amount=amount(raw.get("net_amount")),
        vat_amount=amount(raw.get("vat_amount")),
        net_amount_local=amount(raw.get("net_amount_local")),
        vat_amount_local=amount(raw.get("vat_amount_local")),
        gross_amount_local=amount(raw.get("gross_amount_local")),
        vat_rate_summary=tuple(map(_vat_rate, _list(raw.get("vat_rate_summary")))),
    )


def _vat_rate(raw: Any) -> VatRate:
    raw = _object(raw)
    return VatRate(
        vat_name=normalise_vat(text(raw.get("vat_name"))),
        vat_percentage=amount(raw.get("vat_percentage")),
        vat_rate_net_amount=amount(raw.get("vat_rate_net_amount")),
        vat_rate_vat_amount=amount(raw.get("vat_rate_vat_amount")),
        vat_rate_vat_amount_local=amount(raw.get("vat_rate_vat_amount_local")),
        vat_rate_gross_amount=amount(raw.get("vat_rate_gross_amount")),
    )


def _percent(raw: Any) -> Decimal:
    """Return the document's discount; more than all of it is none."""
    found = amount(_object(raw).get("value")) or Decimal(0)
    return found if 0 < found <= 100 else Decimal(0)


def parse_document(raw: Any) -> Document:
    """Read a document as lists and GET /documents/{id} have it."""
    raw = _object(raw)
    settings = _object(raw.get("settings"))
    status = text(raw.get("payment_status"))
    return Document(
        id=text(raw.get("id")),
        invoice_number=text(raw.get("invoice_number")),
        type=text(raw.get("type")),
        correction_type=text(raw.get("correction_type")),
        block_id=text(raw.get("block_id")),
        payment_status=status,
        payment_method=text(raw.get("payment_method")),
        currency=text(raw.get("currency")),
        comment=lines(raw.get("comment")),
        language=text(raw.get("language")),
        online_szamla_status=text(raw.get("online_szamla_status")),
        cancelled=raw.get("cancelled") is True,
        gross_total=amount(raw.get("gross_total")),
        conversion_rate=amount(raw.get("conversion_rate")),
        invoice_date=day(raw.get("invoice_date")),
        fulfillment_date=day(raw.get("fulfillment_date")),
        due_date=day(raw.get("due_date")),
        # Of an unpaid document Billingo gives the day of the question (sheet 2.1).
        paid_date=day(raw.get("paid_date")) if status in PAID else None,
        organization=_organization(raw.get("organization")),
        document_partner=_partner(raw),
        items=tuple(map(_item, _list(raw.get("items")))),
        summary=_summary(raw.get("summary")),
        round=text(settings.get("round")),
        order_number=text(settings.get("order_number")),
        without_financial_fulfillment=(
            settings.get("without_financial_fulfillment") is True
        ),
        dont_send_to_nav_reason=text(settings.get("dont_send_to_nav_reason")),
        discount=_percent(raw.get("discount")),
        related_documents=tuple(
            DocumentAncestor(text(other.get("id")), text(other.get("invoice_number")))
            for other in map(_object, _list(raw.get("related_documents")))
        ),
        raw=raw,
    )
