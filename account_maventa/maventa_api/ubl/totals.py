"""The totals of a document, from its lines, discounts, charges and VAT."""

from __future__ import annotations

from decimal import Decimal

from lxml import etree

from .header import main_total
from .tree import (
    Element,
    amount,
    ensure,
    find_all,
    is_charge,
    lines,
    money,
    put,
    text,
)

TOTALS = "cac:LegalMonetaryTotal"
LARGEST_ROUNDING = Decimal("0.99")  # cash is rounded to one krona at most


def put_totals(root: Element, prepaid: Decimal | None = None) -> None:
    """Write the sums (BR-CO-10 to BR-CO-13, BR-CO-15); what is paid stays as booked.

    What is left between the sum and the amount to pay is the rounding of cash
    (BR-CO-16). A larger difference stays, for the checks to find.
    What Odoo sets a credit note off against is no payment that the customer has made.

    :param prepaid: what was paid in advance; None leaves what the builder took for it
    """
    totals = ensure(root, TOTALS)
    net = sum(
        (amount(line, "cbc:LineExtensionAmount") or Decimal(0) for line in lines(root)),
        Decimal(0),
    )
    allowances, charges = sum_of(root, False), sum_of(root, True)
    untaxed = net - allowances + charges
    vat = amount(main_total(root), "cbc:TaxAmount") or Decimal(0)
    sums = {
        "LineExtensionAmount": money(net),
        "TaxExclusiveAmount": money(untaxed),
        "TaxInclusiveAmount": money(untaxed + vat),
        "AllowanceTotalAmount": _unless_none(root, allowances, is_charge_wanted=False),
        "ChargeTotalAmount": _unless_none(root, charges, is_charge_wanted=True),
    }
    currency = text(root, "cbc:DocumentCurrencyCode")
    for name, value in sums.items():
        put(totals, f"cbc:{name}", value, currencyID=currency)
    if etree.QName(root).localname == "CreditNote":
        prepaid = Decimal(0)
    _put_payable(totals, untaxed + vat, currency, prepaid)


def _put_payable(
    totals: Element, total: Decimal, currency: str, given: Decimal | None
) -> None:
    settled = amount(totals, "cbc:PrepaidAmount") or Decimal(0)
    payable = amount(totals, "cbc:PayableAmount")
    whole = total if payable is None else payable + settled
    prepaid = settled if given is None else given
    payable, rounding = whole - prepaid, whole - total
    said = money(prepaid) if prepaid else ""
    put(totals, "cbc:PrepaidAmount", said, currencyID=currency)
    put(totals, "cbc:PayableAmount", money(payable), currencyID=currency)
    if abs(rounding) <= LARGEST_ROUNDING:
        said = money(rounding) if rounding else ""
        put(totals, "cbc:PayableRoundingAmount", said, currencyID=currency)


def sum_of(root: Element, is_charge_wanted: bool) -> Decimal:
    """Return the sum of charges, or of discounts, on the whole document."""
    return sum(
        (
            amount(node, "cbc:Amount") or Decimal(0)
            for node in find_all(root, "cac:AllowanceCharge")
            if is_charge(node) == is_charge_wanted
        ),
        Decimal(0),
    )


def _unless_none(root: Element, value: Decimal, *, is_charge_wanted: bool) -> str:
    """Return a sum, or nothing where there is nothing to sum up."""
    nodes = find_all(root, "cac:AllowanceCharge")
    exists = any(is_charge(node) == is_charge_wanted for node in nodes)
    return money(value) if exists else ""
