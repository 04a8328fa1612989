"""VAT categories of lines, discounts and charges, and the breakdown of the VAT."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from ..vat_categories import ZERO_RATED, VatCategory, reasons_of
from .header import main_total
from .tree import (
    CENT,
    Element,
    add,
    amount,
    ensure,
    find,
    find_all,
    is_charge,
    lines,
    money,
    plain,
    put,
    remove,
    text,
)
from .values import LineValues

LINE_CATEGORY = "cac:Item/cac:ClassifiedTaxCategory"

Key = tuple[str, Decimal]


@dataclass
class Group:
    """One group of the breakdown (BG-23)."""

    base: Decimal = Decimal(0)
    tax: Decimal | None = None  # as booked
    reasons: list[tuple[str, str]] = field(default_factory=list)
    default: tuple[str, str] | None = None  # of the seller's law


def categories(root: Element) -> set[str]:
    """Return the codes of the categories in lines, discounts and charges."""
    nodes = [find(line, LINE_CATEGORY) for line in lines(root)]
    nodes += [
        find(allowance, "cac:TaxCategory")
        for allowance in find_all(root, "cac:AllowanceCharge")
    ]
    return {text(node, "cbc:ID") for node in nodes if node is not None}


def put_line_category(line: Element, values: LineValues) -> None:
    """Write the category of a line; reasons stand in the breakdown alone."""
    given = values.vat
    if given is not None:
        remove(line, LINE_CATEGORY)
        node = ensure(line, LINE_CATEGORY)
        _write_category(node, given.code, given.rate)
        return
    for node in find_all(line, LINE_CATEGORY):
        _write_category(node, *key_of(node))
        for name in ("Name", "TaxExemptionReason", "TaxExemptionReasonCode"):
            remove(node, f"cbc:{name}")


def put_allowance_categories(root: Element) -> None:
    """Write the categories of discounts and charges on the whole document.

    Where all lines are outside the scope, they are as well (BR-O-13, BR-O-14).
    """
    of_lines = {text(line, f"{LINE_CATEGORY}/cbc:ID") for line in lines(root)}
    for allowance in find_all(root, "cac:AllowanceCharge"):
        for node in find_all(allowance, "cac:TaxCategory"):
            code, rate = key_of(node)
            code = "O" if of_lines == {"O"} else code
            _write_category(node, code, rate)
            for name in ("Name", "TaxExemptionReason", "TaxExemptionReasonCode"):
                remove(node, f"cbc:{name}")


def _write_category(node: Element, code: str, rate: Decimal) -> None:
    """Write code and rate: zero where there is no VAT, none where it has no place."""
    rate = Decimal(0) if code in ZERO_RATED else rate
    put(node, "cbc:ID", code)
    put(node, "cbc:Percent", plain(rate) if code != "O" else "")
    put(node, "cac:TaxScheme/cbc:ID", "VAT")


def key_of(node: Element | None) -> Key:
    """Return the group of a category: rates part only what is taxed."""
    code = text(node, "cbc:ID")
    rate = amount(node, "cbc:Percent") or Decimal(0)
    return code, Decimal(0) if code in ZERO_RATED else rate.normalize()


def put_breakdown(root: Element, values: tuple[LineValues, ...]) -> None:
    """Write one group for each category and rate that occurs, with its reason.

    The base is the sum of lines, discounts and charges (BR-AE-08, BR-E-08, BR-S-08,
    ...); the tax is the booked one; a category without VAT has one group (BR-E-01).
    """
    total = main_total(root)
    groups = groups_of(root)
    _take_booked(root, groups, values)
    remove(total, "cac:TaxSubtotal")
    currency = text(root, "cbc:DocumentCurrencyCode")
    vat = Decimal(0)
    for key, group in groups.items():
        tax = _tax(key, group)
        vat += tax
        _add_subtotal(total, currency, key, group, tax)
    put(total, "cbc:TaxAmount", money(vat), currencyID=currency)


def groups_of(root: Element) -> dict[Key, Group]:
    """Return the groups that lines, discounts and charges make, with their bases."""
    groups: dict[Key, Group] = {}
    for line in lines(root):
        key = key_of(find(line, LINE_CATEGORY))
        group = groups.setdefault(key, Group())
        group.base += amount(line, "cbc:LineExtensionAmount") or Decimal(0)
    for allowance in find_all(root, "cac:AllowanceCharge"):
        key = key_of(find(allowance, "cac:TaxCategory"))
        value = amount(allowance, "cbc:Amount") or Decimal(0)
        group = groups.setdefault(key, Group())
        group.base += value if is_charge(allowance) else -value
    return groups


def _take_booked(
    root: Element, groups: dict[Key, Group], values: tuple[LineValues, ...]
) -> None:
    """Take taxes and reasons of the builder's groups, and the caller's reasons.

    A group without a line is that of a charge, for which nobody gave a reason.
    """
    of_lines = {key_of(find(line, LINE_CATEGORY)) for line in lines(root)}
    for line in values:
        if line.vat is not None and (key := _key_of_value(line.vat)) in groups:
            groups[key].reasons.append((line.vat.reason, line.vat.reason_code))
            groups[key].default = line.vat.default_reason
    for found in find_all(main_total(root), "cac:TaxSubtotal"):
        node = find(found, "cac:TaxCategory")
        group = groups.get(key_of(node))
        if group is None:
            continue
        group.tax = (group.tax or Decimal(0)) + (
            amount(found, "cbc:TaxAmount") or Decimal(0)
        )
        if key_of(node) not in of_lines:
            continue
        if group.default not in (None, reasons_of(key_of(node)[0])):
            continue  # the builder knows the words of the Union alone
        reason = text(node, "cbc:TaxExemptionReason")
        group.reasons.append((reason, text(node, "cbc:TaxExemptionReasonCode")))


def _key_of_value(vat: VatCategory) -> Key:
    return vat.code, Decimal(0) if vat.code in ZERO_RATED else vat.rate.normalize()


def _tax(key: Key, group: Group) -> Decimal:
    code, rate = key
    if code in ZERO_RATED:
        return Decimal(0)
    if group.tax is not None:
        return group.tax.quantize(CENT, ROUND_HALF_UP)
    return (group.base * rate / 100).quantize(CENT, ROUND_HALF_UP)


def _add_subtotal(
    total: Element, currency: str, key: Key, group: Group, tax: Decimal
) -> None:
    node = add(total, "cac:TaxSubtotal")
    put(node, "cbc:TaxableAmount", money(group.base), currencyID=currency)
    put(node, "cbc:TaxAmount", money(tax), currencyID=currency)
    category = ensure(node, "cac:TaxCategory")
    _write_category(category, *key)
    text_of, code_of = _best_reason(key[0], group)
    put(category, "cbc:TaxExemptionReasonCode", code_of)
    put(category, "cbc:TaxExemptionReason", text_of)


def _best_reason(code: str, group: Group) -> tuple[str, str]:
    """Return the first reason that says more than the category itself."""
    default = reasons_of(code, default_reason=group.default)
    complete = (
        reasons_of(code, *reason, default_reason=group.default)
        for reason in group.reasons
        if any(reason)
    )
    return next((reason for reason in complete if reason != default), default)
