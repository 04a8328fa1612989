"""Native checks of lines and totals."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from .check_rules import Problem
from .header import main_total
from .lines import SLACK, base_quantity, gross_amount
from .totals import TOTALS, sum_of
from .tree import (
    CENT,
    Element,
    amount,
    find,
    find_all,
    is_charge,
    lines,
    quantity_name,
    text,
)

ZERO = Decimal(0)
# UNCL5189, as Peppol takes it
ALLOWANCE_CODES = frozenset(
    "41 42 60 62 63 64 65 66 67 68 70 71 88 95 100 102 103 104 105".split()
)


# A document's allowance or charge, and a line's; by (of the document, is a charge)
REASON_RULES = {
    (True, False): "BR-CO-21",
    (True, True): "BR-CO-22",
    (False, False): "BR-CO-23",
    (False, True): "BR-CO-24",
}


def line_problems(root: Element) -> Iterator[Problem]:
    """Return what is missing or wrong in the lines."""
    for line in lines(root):
        place = f"line {text(line, 'cbc:ID')}"
        if not text(line, "cbc:ID"):
            yield Problem("missing", "document", "line ID", "BR-21")
        if not text(line, "cac:Item/cbc:Name"):
            yield Problem("item_name_missing", place, rule="BR-25")
        if len(find_all(line, "cbc:Note")) > 1:
            yield Problem("several_notes", place, rule="UBL-SR-34")
        quantity = amount(line, quantity_name(root))
        price = amount(line, "cac:Price/cbc:PriceAmount")
        if quantity is None:
            yield Problem("quantity_missing", place, rule="BR-22")
        if price is None:
            yield Problem("price_missing", place, rule="BR-26")
        elif price < 0:
            yield Problem("price_negative", place, str(price), "BR-27")
        elif quantity is not None:
            yield from _product_problems(line, place, quantity * price)
        yield from _allowance_problems(line, place)
    yield from _allowance_problems(root, "document")


def _product_problems(line: Element, place: str, product: Decimal) -> Iterator[Problem]:
    total = amount(line, "cbc:LineExtensionAmount") or ZERO
    if abs(product / base_quantity(line) - gross_amount(line)) > SLACK:
        yield Problem("line_amount", place, str(total), "PEPPOL-EN16931-R120")
    if total != total.quantize(CENT):
        yield Problem("decimals", place, str(total), "BR-DEC-23")


def _allowance_problems(parent: Element, place: str) -> Iterator[Problem]:
    for node in find_all(parent, "cac:AllowanceCharge"):
        paths = ("cbc:AllowanceChargeReason", "cbc:AllowanceChargeReasonCode")
        if not any(text(node, path) for path in paths):
            rule = REASON_RULES[place == "document", is_charge(node)]
            yield Problem("allowance_reason_missing", place, rule=rule)
        code = text(node, paths[1])
        if code and not is_charge(node) and code not in ALLOWANCE_CODES:
            rule = "PEPPOL-EN16931-CL002"
            yield Problem("allowance_reason_code", place, code, rule)
        if place == "document" and find(node, "cac:TaxCategory") is None:
            yield Problem("tax_missing", place, text(node, paths[0]), "BR-32")


def amount_problems(root: Element) -> Iterator[Problem]:
    """Return sums that do not add up; values say the difference."""
    totals = find(root, TOTALS)
    if totals is None:
        yield Problem("missing", "document", "LegalMonetaryTotal", "BR-CO-15")
        return
    for rule, difference in _differences(root, totals):
        if difference:
            yield Problem("sum", "document", f"{difference:.2f}", rule)
    yield from _accounting_problems(root)


def _differences(root: Element, totals: Element) -> list[tuple[str, Decimal]]:
    """Return by how much each sum is off."""

    def said(name: str) -> Decimal:
        return amount(totals, f"cbc:{name}Amount") or ZERO

    net = sum((amount(x, "cbc:LineExtensionAmount") or ZERO for x in lines(root)), ZERO)
    allowances, charges = sum_of(root, False), sum_of(root, True)
    vat = amount(main_total(root), "cbc:TaxAmount") or ZERO
    parts = [amount(x, "cbc:TaxAmount") or ZERO for x in _subtotals(root)]
    due = said("TaxInclusive") - said("Prepaid") + said("PayableRounding")
    return [
        ("BR-CO-10", said("LineExtension") - net),
        ("BR-CO-11", said("AllowanceTotal") - allowances),
        ("BR-CO-12", said("ChargeTotal") - charges),
        ("BR-CO-13", said("TaxExclusive") - net + allowances - charges),
        ("BR-CO-14", vat - sum(parts, ZERO)),
        ("BR-CO-15", said("TaxInclusive") - said("TaxExclusive") - vat),
        ("BR-CO-16", said("Payable") - due),
    ]


def _subtotals(root: Element) -> list[Element]:
    return find_all(main_total(root), "cac:TaxSubtotal")


def _accounting_problems(root: Element) -> Iterator[Problem]:
    """Return what is wrong with the VAT in the currency of the books."""
    code = text(root, "cbc:TaxCurrencyCode")
    if code and code == text(root, "cbc:DocumentCurrencyCode"):
        yield Problem("accounting_currency", "document", code, "PEPPOL-EN16931-R005")
    bare = [
        total
        for total in find_all(root, "cac:TaxTotal")
        if find(total, "cac:TaxSubtotal") is None
    ]
    if len(bare) != (1 if code else 0):
        yield Problem("accounting_vat", "document", code, "PEPPOL-EN16931-R054")
