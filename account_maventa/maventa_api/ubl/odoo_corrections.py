"""One call that puts a finished document right."""

from __future__ import annotations

from .header import put_currencies, put_kind, put_note, put_references, to_invoice
from .lines import pairs, put_document_allowance, put_line
from .parties import BUYER, SELLER, put_delivery, put_party
from .payment import put_payment
from .taxes import (
    categories,
    put_allowance_categories,
    put_breakdown,
    put_line_category,
)
from .totals import put_totals
from .tree import Element, dump, find_all, parse
from .values import DocumentValues


def put_right(document: bytes | Element, values: DocumentValues) -> bytes:
    """Return the document as Peppol BIS Billing 3 wants it.

    :param document: an invoice, credit note or debit note of UBL 2, as any builder of
        Odoo writes it; it is not changed
    :param values: what the document has to say
    :raise UblError: it is no such document, or the values do not fit its lines
    :return: an invoice or credit note; put right once more, it stays the same
    """
    root = to_invoice(parse(document))
    put_kind(root, values.type_code)
    put_note(root, values.note)
    put_references(root, values.references)
    for line, line_values in pairs(root, values.lines):
        put_line(root, line, line_values)
        put_line_category(line, line_values)
    for allowance in find_all(root, "cac:AllowanceCharge"):
        put_document_allowance(root, allowance, values.discount_reason)
    put_allowance_categories(root)
    found = categories(root)
    outside = found == {"O"}
    put_party(root, SELLER, values.seller, is_outside_scope=outside)
    put_party(root, BUYER, values.buyer, is_outside_scope=outside)
    put_delivery(root, values.delivery, found)
    put_payment(root, values.payment)
    put_currencies(root, values.accounting_vat)
    put_breakdown(root, values.lines)
    put_totals(root, values.payment.prepaid if values.payment else None)
    return dump(root)
