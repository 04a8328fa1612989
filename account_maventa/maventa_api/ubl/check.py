"""What the official rules would refuse in a document: the native checks.

They cover what data of an ERP can get wrong; the official rule files (see
``official_rules``) know all the rest. Every problem names the rule that it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from .check_amounts import amount_problems, line_problems
from .check_parties import party_problems
from .check_rules import Problem, Severity
from .check_taxes import tax_problems
from .header import CREDIT_TYPES, CUSTOMIZATION, INVOICE_TYPES
from .parties import BUYER, SELLER
from .tree import (
    Element,
    amount,
    find,
    find_all,
    is_credit_note,
    lines,
    local,
    parse,
    text,
)

__all__ = ["PLACES", "Problem", "Severity", "problems_of"]

PROFILES = r"urn:fdc:peppol\.eu:2017:poacc:billing:[0-9]{2}:1\.0"
DATES = frozenset(
    "IssueDate DueDate PaymentDueDate TaxPointDate StartDate EndDate "
    "ActualDeliveryDate".split()
)

GERMAN_TYPES = frozenset({"326", "384"})  # for invoices within Germany

# The first part of ``Problem.place``; lines are "line 3"
PLACES = ("document", "seller", "buyer", "delivery", "payment", "line")


def problems_of(document: bytes | Element) -> tuple[Problem, ...]:
    """Return what is missing or wrong in a document for Peppol BIS Billing 3.

    :raise UblError: it is no invoice or credit note of UBL 2
    """
    root = parse(document)
    if not lines(root):  # nothing else can be right then
        no_lines = Problem("no_lines", "document", rule="BR-16")
        return (*_kind_problems(root), no_lines)
    found = [problem for check in CHECKS for problem in check(root)]
    return tuple(dict.fromkeys(found))


def _kind_problems(root: Element) -> Iterator[Problem]:
    if local(root) == "DebitNote":
        yield Problem("debit_note", "document", rule="BR-CL-01")
    if not text(root, "cbc:CustomizationID").startswith(CUSTOMIZATION):
        yield Problem(
            "not_peppol",
            "document",
            text(root, "cbc:CustomizationID"),
            "PEPPOL-EN16931-R004",
        )
    if not re.fullmatch(PROFILES, text(root, "cbc:ProfileID")):
        profile = text(root, "cbc:ProfileID")
        yield Problem("not_peppol", "document", profile, "PEPPOL-EN16931-R007")
    name = "CreditNoteTypeCode" if is_credit_note(root) else "InvoiceTypeCode"
    allowed = CREDIT_TYPES if is_credit_note(root) else INVOICE_TYPES
    if (code := text(root, f"cbc:{name}")) not in allowed:
        rule = "P0112" if code in GERMAN_TYPES else "P0100"
        yield Problem("type_code", "document", code, f"PEPPOL-EN16931-{rule}")
    required = {"ID": "BR-02", "IssueDate": "BR-03", "DocumentCurrencyCode": "BR-05"}
    for path, rule in required.items():
        if not text(root, f"cbc:{path}"):
            yield Problem("missing", "document", path, rule)


def _text_problems(root: Element) -> Iterator[Problem]:
    if len(find_all(root, "cbc:Note")) > 1:
        yield Problem("several_notes", "document", rule="PEPPOL-EN16931-R002")
    for node in root.iter("*"):
        if local(node) in DATES and not _is_date(text(node)):
            rule = "PEPPOL-EN16931-F001"
            yield Problem("date_malformed", "document", local(node), rule)
        if node is not root and not len(node) and not (node.text or "").strip():
            yield Problem(
                "empty_element", "document", local(node), "PEPPOL-EN16931-R008"
            )


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _reference_problems(root: Element) -> Iterator[Problem]:
    order = text(root, "cac:OrderReference/cbc:ID")
    if not order and not text(root, "cbc:BuyerReference"):
        yield Problem("reference_missing", "document", rule="PEPPOL-EN16931-R003")
    if order and order == text(root, "cbc:ID"):
        yield Problem("own_number_as_order", "document", order, "", Severity.WARNING)
    original = "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"
    if find(root, "cac:BillingReference") is not None and not text(root, original):
        yield Problem("original_missing", "document", rule="UBL-SR-07")
    elif is_credit_note(root) and not text(root, original):
        dutch = _country(root, SELLER) == "NL"
        severity = Severity.ERROR if dutch else Severity.WARNING
        yield Problem("original_missing", "document", "", "NL-R-001", severity)


def _payment_problems(root: Element) -> Iterator[Problem]:
    payable = amount(root, "cac:LegalMonetaryTotal/cbc:PayableAmount")
    if is_credit_note(root) or not payable or payable <= 0:
        return
    seller, buyer = _country(root, SELLER), _country(root, BUYER)
    means = find_all(root, "cac:PaymentMeans")
    if not any(text(node, "cac:PayeeFinancialAccount/cbc:ID") for node in means):
        # Only Dutch sellers must name one; without it nobody knows where to pay.
        severity = Severity.ERROR if seller == "NL" else Severity.WARNING
        yield Problem("account_missing", "payment", "", "NL-R-007", severity)
    due = text(root, "cbc:DueDate") or text(root, "cac:PaymentTerms/cbc:Note")
    if not due:
        yield Problem("due_date_missing", "payment", "", "BR-CO-25", Severity.WARNING)
    codes = {text(node, "cbc:PaymentMeansCode") for node in means}
    if seller == buyer == "NL":
        for code in codes - {"30", "48", "49", "57", "58", "59"}:
            yield Problem("payment_code", "payment", code, "NL-R-008")
    yield from _several_means(means, codes)


def _several_means(means: list[Element], codes: set[str]) -> Iterator[Problem]:
    if len(codes) > 1:
        codes_text = ", ".join(sorted(codes))
        yield Problem("payment_code", "payment", codes_text, "UBL-SR-47")
    references = {text(node, "cbc:PaymentID") for node in means} - {""}
    if len(references) > 1:
        value = ", ".join(sorted(references))
        yield Problem("payment_references", "payment", value, "UBL-SR-44")
    for node in means:
        account = text(node, "cac:PayeeFinancialAccount/cbc:ID")
        code = text(node, "cbc:PaymentMeansCode")
        if not code:
            yield Problem("payment_code", "payment", "", "BR-49")
        if code in ("30", "58") and not account:
            yield Problem("account_missing", "payment", code, "BR-61")


def _country(root: Element, party: str) -> str:
    return text(root, f"{party}/cac:PostalAddress/cac:Country/cbc:IdentificationCode")


CHECKS: tuple[Callable[[Element], Iterator[Problem]], ...] = (
    _kind_problems,
    party_problems,
    _reference_problems,
    _payment_problems,
    line_problems,
    tax_problems,
    amount_problems,
    _text_problems,
)
