"""Spendings: an account's own costs, read as documents that suppliers issued.

The list has totals alone; the lines come with each spending, and from API 3.0.15 on
only. Without them, a spending is one line, if its VAT fits one Hungarian rate.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .messages import (
    Address,
    BankAccount,
    Document,
    DocumentItem,
    DocumentOrganization,
    DocumentPartner,
    DocumentSummary,
)
from .parsing import amount, day, lines, text
from .vat_codes import normalise_vat

RATES = (27, 18, 5)
NO_BUYER = DocumentPartner("", "", "", "", Address())


def parse_spending(raw: Any) -> Document:
    """Read a spending of GET /spendings or GET /spendings/{id}.

    ``type`` is ``invoice`` whatever the sign; a VAT that fits no single rate leaves
    the line's ``vat`` empty.
    """
    raw = raw if isinstance(raw, dict) else {}
    paid = day(raw.get("paid_at"))
    gross, vat = amount(raw.get("total_gross")), amount(raw.get("total_vat_amount"))
    vat = vat if vat is not None or gross is None else Decimal(0)
    local_gross = amount(raw.get("total_gross_local"))
    local_vat = amount(raw.get("total_vat_amount_local"))
    invoice_date = day(raw.get("invoice_date"))
    return Document(
        id=text(raw.get("id")),
        invoice_number=text(raw.get("invoice_number")),
        type="invoice",
        correction_type="",
        cancelled=False,
        block_id="",
        payment_status="paid" if paid else "outstanding",
        payment_method=text(raw.get("payment_method")),
        gross_total=gross,
        currency=text(raw.get("currency")),
        conversion_rate=amount(raw.get("conversion_rate")),
        invoice_date=invoice_date,
        fulfillment_date=day(raw.get("fulfillment_date")),
        due_date=day(raw.get("due_date")),
        organization=_seller(raw.get("partner")),
        document_partner=NO_BUYER,
        items=_items(raw, gross, vat),
        summary=DocumentSummary(
            net_amount=_less(gross, vat),
            vat_amount=vat,
            net_amount_local=_less(local_gross, local_vat),
            vat_amount_local=local_vat,
            gross_amount_local=local_gross,
        ),
        round="",
        order_number="",
        discount=Decimal(0),
        comment=lines(raw.get("comment")),
        language="",
        online_szamla_status="",
        related_documents=(),
        paid_date=paid,
        category=text(raw.get("category")),
        raw=raw,
    )


def _less(gross: Decimal | None, vat: Decimal | None) -> Decimal | None:
    return None if gross is None or vat is None else gross - vat


def _seller(raw: Any) -> DocumentOrganization:
    raw = raw if isinstance(raw, dict) else {}
    address = raw.get("address")
    address = address if isinstance(address, dict) else {"address": address}
    names = ("country_code", "post_code", "city", "address")
    return DocumentOrganization(
        name=text(raw.get("name")),
        tax_number=text(raw.get("tax_code")),
        eu_tax_number="",
        address=Address(**{name: text(address.get(name)) for name in names}),
        bank_account=BankAccount(
            account_number=text(raw.get("account_number")),
            account_number_iban=text(raw.get("iban")),
            swift=text(raw.get("swift")),
        ),
        group_member_tax_number=text(raw.get("group_member_tax_number")),
    )


def _items(
    raw: dict, gross: Decimal | None, vat: Decimal | None
) -> tuple[DocumentItem, ...]:
    found = raw.get("items")
    if isinstance(found, list) and found:
        return tuple(_item(item) for item in found if isinstance(item, dict))
    net = _less(gross, vat)
    if net is None or vat is None:
        return ()
    name = text(raw.get("comment")) or text(raw.get("category"))
    return (
        DocumentItem(
            name=name or text(raw.get("invoice_number")),
            quantity=Decimal(1),
            unit="",
            net_unit_amount=net,
            net_amount=net,
            vat_amount=vat,
            gross_amount=gross,
            vat=_rate(net, vat, text(raw.get("currency"))),
            entitlement="",
            comment="",
            is_whole_bill=True,
        ),
    )


def _item(raw: dict) -> DocumentItem:
    return DocumentItem(
        name=text(raw.get("name")),
        unit=text(raw.get("unit")),
        comment=lines(raw.get("comment")),
        quantity=amount(raw.get("quantity")),
        net_unit_amount=amount(raw.get("net_unit_price")),
        net_amount=amount(raw.get("net_price")),
        vat_amount=amount(raw.get("vat_amount")),
        gross_amount=amount(raw.get("gross_price")),
        vat=normalise_vat(text(raw.get("vat"))),
        entitlement="",
    )


def _rate(net: Decimal, vat: Decimal, currency: str) -> str:
    """Return the one rate that explains the VAT, or an empty text."""
    if not vat:
        return "0%"
    unit = Decimal(1) if currency == "HUF" else Decimal("0.01")
    fitting = [rate for rate in RATES if abs(net * rate / 100 - vat) <= unit]
    return f"{fitting[0]}%" if len(fitting) == 1 else ""
