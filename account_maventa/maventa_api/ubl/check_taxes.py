"""Native checks of VAT categories and of the breakdown."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ..vat_categories import CATEGORY_OF_CODE, ZERO_RATED, is_known_code
from .check_rules import Problem
from .header import main_total
from .parties import BUYER, SELLER
from .taxes import LINE_CATEGORY, Key, categories, groups_of, key_of
from .tree import Element, amount, find, find_all, lines, text

KNOWN = frozenset("AE L M E S Z G O K B".split())
SWEDISH_RATES = {Decimal(25), Decimal(12), Decimal(6)}
PREFIX = {"K": "IC"}
UNIT = Decimal(1)


def tax_problems(root: Element) -> Iterator[Problem]:
    """Return what is wrong with categories, rates, reasons and the breakdown."""
    yield from _line_categories(root)
    yield from _rates(root)
    yield from _numbers(root)
    yield from _breakdown(root)
    found = categories(root)
    if "O" in found and len(found) > 1:
        yield Problem("outside_scope_mixed", "document", rule="BR-O-11")


def _line_categories(root: Element) -> Iterator[Problem]:
    for line in lines(root):
        place = f"line {text(line, 'cbc:ID')}"
        nodes = find_all(line, LINE_CATEGORY)
        if len(nodes) != 1:
            code = "tax_missing" if not nodes else "several_taxes"
            yield Problem(code, place, str(len(nodes)), "UBL-SR-48")
            continue
        yield from _category(nodes[0], place, "BR-CL-18")
    for allowance in find_all(root, "cac:AllowanceCharge"):
        for node in find_all(allowance, "cac:TaxCategory"):
            yield from _category(node, "document", "BR-CL-17")


def _category(node: Element, place: str, list_rule: str) -> Iterator[Problem]:
    """Return what is wrong with one category of a line, discount or charge.

    :param list_rule: id of the rule about the list of codes
    """
    code, rate = text(node, "cbc:ID"), amount(node, "cbc:Percent")
    if code not in KNOWN:
        yield Problem("tax_category", place, code, list_rule)
        return
    if text(node, "cac:TaxScheme/cbc:ID").upper() != "VAT":
        yield Problem("tax_category", place, code, "BR-CO-04")
    if code == "O":
        wrong = rate is not None
    elif code in ZERO_RATED:
        wrong = rate is None or bool(rate)
    else:
        wrong = rate is None or code == "S" and not rate
    if wrong:
        rule = f"BR-{PREFIX.get(code, code)}-05"
        yield Problem("tax_rate", place, f"{code} {rate}", rule)


def _rates(root: Element) -> Iterator[Problem]:
    """Return rates that no Swedish seller with a Swedish VAT number may charge."""
    code = "cac:PostalAddress/cac:Country/cbc:IdentificationCode"
    if text(root, f"{SELLER}/{code}") != "SE":
        return
    if not any(number.startswith("SE") for number in _vat_numbers(root, SELLER)):
        return
    for line in lines(root):
        node = find(line, LINE_CATEGORY)
        rate = amount(node, "cbc:Percent")
        if text(node, "cbc:ID") == "S" and rate not in SWEDISH_RATES:
            place = f"line {text(line, 'cbc:ID')}"
            yield Problem("swedish_rate", place, str(rate), "SE-R-006")


def _numbers(root: Element) -> Iterator[Problem]:
    """Return VAT numbers that a category wants and does not find."""
    seller, buyer = find(root, SELLER), find(root, BUYER)
    registered = text(seller, "cac:PartyTaxScheme/cbc:CompanyID")
    sellers, buyers = _vat_numbers(root, SELLER), _vat_numbers(root, BUYER)
    legal = text(buyer, "cac:PartyLegalEntity/cbc:CompanyID")
    for code in sorted(categories(root)):
        rule = f"BR-{PREFIX.get(code, code)}-02"
        needs_vat = code in ("G", "K")
        if code != "O" and not (sellers if needs_vat else registered):
            yield Problem("vat_number_missing", "seller", code, rule)
        if code == "K" and not buyers or code == "AE" and not (buyers or legal):
            yield Problem("vat_number_missing", "buyer", code, rule)
        if categories(root) == {"O"} and (sellers or buyers):
            yield Problem("vat_number_outside_scope", "document", code, rule)
        if code == "K":
            yield from _goods_to_the_union(root)


def _goods_to_the_union(root: Element) -> Iterator[Problem]:
    day = text(root, "cac:Delivery/cbc:ActualDeliveryDate")
    if not day and find(root, "cac:InvoicePeriod") is None:
        yield Problem("delivery_date_missing", "delivery", rule="BR-IC-11")
    path = "cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode"
    if not text(root, f"cac:Delivery/{path}"):
        yield Problem("country_missing", "delivery", rule="BR-IC-12")


def _vat_numbers(root: Element, party: str) -> list[str]:
    return [
        text(node, "cbc:CompanyID")
        for node in find_all(root, f"{party}/cac:PartyTaxScheme")
        if text(node, "cac:TaxScheme/cbc:ID").upper() == "VAT"
    ]


def _breakdown(root: Element) -> Iterator[Problem]:
    wanted = groups_of(root)
    seen: list[Key] = []
    for node in find_all(main_total(root), "cac:TaxSubtotal"):
        category = find(node, "cac:TaxCategory")
        key = key_of(category)
        seen.append(key)
        yield from _group_problems(node, category, key)
        base = amount(node, "cbc:TaxableAmount")
        if key in wanted and base is not None:
            off = abs(base - wanted[key].base)
            if off if key[0] in ZERO_RATED else off >= UNIT:
                rule = f"BR-{PREFIX.get(key[0], key[0])}-08"
                yield Problem("tax_base", "document", f"{key[0]} {base}", rule)
    for key in dict.fromkeys([*wanted, *seen]):
        if key[0] in KNOWN and (seen.count(key) != 1 or key not in wanted):
            rule = f"BR-{PREFIX.get(key[0], key[0])}-01"
            yield Problem("tax_groups", "document", f"{key[0]} {key[1]:f}", rule)


def _group_problems(
    node: Element, category: Element | None, key: Key
) -> Iterator[Problem]:
    code, rate = key
    yield from _reason_problems(category, code)
    if text(category, "cac:TaxScheme/cbc:ID").upper() != "VAT":
        yield Problem("tax_category", "document", code, "BR-47")
    said = amount(category, "cbc:Percent")
    if code != "O" and said is None:
        yield Problem("tax_rate", "document", code, "BR-48")
    if code in ZERO_RATED and said:
        yield Problem("tax_rate", "document", f"{code} {said}", "BR-CO-17")
    base = amount(node, "cbc:TaxableAmount")
    tax = amount(node, "cbc:TaxAmount")
    if base is None or tax is None:
        yield Problem("tax_amount", "document", code, "BR-45")
        return
    wanted = Decimal(0) if code in ZERO_RATED else base * rate / 100
    off = abs(tax - wanted)
    if off if code in ZERO_RATED else off >= UNIT:
        rule = f"BR-{PREFIX.get(code, code)}-09"
        yield Problem("tax_amount", "document", f"{code} {tax}", rule)


def _reason_problems(category: Element | None, code: str) -> Iterator[Problem]:
    """Return what is wrong with the reason for charging no VAT."""
    reason = text(category, "cbc:TaxExemptionReason")
    reason_code = text(category, "cbc:TaxExemptionReasonCode")
    rule = f"BR-{PREFIX.get(code, code)}-10"
    if code in ZERO_RATED - {"Z"} and not (reason or reason_code):
        yield Problem("exemption_reason_missing", "document", code, rule)
    if code in ("S", "Z") and (reason or reason_code):
        yield Problem("exemption_reason_unwanted", "document", code, rule)
    if CATEGORY_OF_CODE.get(reason_code.upper(), code) != code:
        rule = "PEPPOL-EN16931-P0104"
        yield Problem("exemption_reason_code", "document", reason_code, rule)
    if reason_code and not is_known_code(reason_code):
        yield Problem("exemption_reason_code", "document", reason_code, "BR-CL-22")
