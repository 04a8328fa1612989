"""How an invoice is paid: accounts, reference, due date, terms.

Sources: EN 16931 BG-16 and BG-17; OpenPEPPOL SE-R-007 to SE-R-012 (Bankgiro and
Plusgiro), DK-R-005, NL-R-007 and NL-R-008, UBL-SR-44, UBL-SR-46 and UBL-SR-47.
"""

from __future__ import annotations

from ..bank_accounts import Account, AccountKind, payment_id
from .parties import BUYER, SELLER
from .tree import Element, add, find_all, is_credit_note, put, remove, text
from .values import PaymentValues

CREDIT_TRANSFER, SEPA, NOT_DEFINED = "30", "58", "1"
BRANCHES = {
    AccountKind.BANKGIRO: "SE:BANKGIRO",
    AccountKind.PLUSGIRO: "SE:PLUSGIRO",
}


def put_payment(root: Element, values: PaymentValues | None) -> None:
    """Write how it is paid; a credit note is not paid to anybody's account.

    Odoo writes the buyer's account into credit notes: it goes, since nobody said that
    the money is to be sent there.
    """
    if is_credit_note(root):
        remove(root, "cac:PaymentMeans")
        if values is not None:
            _add_due_date_of_credit(root, values)
    elif values is not None:
        remove(root, "cac:PaymentMeans")
        for account in values.accounts or (None,):
            _add_means(root, account, values)
    else:
        _tidy(root)
    if values is not None:
        _put_terms(root, values)


def _add_means(root: Element, account: Account | None, values: PaymentValues) -> None:
    country = _country(root, SELLER)
    reference = payment_id(values.reference, country)
    if not account and country == "NL":
        return  # NL-R-008 knows no code for this; the account is missing
    if not account and not reference:
        return
    means = add(root, "cac:PaymentMeans")
    put(means, "cbc:PaymentMeansCode", _code(root, account))
    put(means, "cbc:PaymentID", reference)
    if account:
        _put_account(means, account)


def _add_due_date_of_credit(root: Element, values: PaymentValues) -> None:
    """Write the due date of a credit note (BT-9), which has its place among the means.

    Between Dutch parties no code says that nothing is known of the means (NL-R-008).
    """
    is_dutch = _country(root, SELLER) == _country(root, BUYER) == "NL"
    if not values.due_date or is_dutch:
        return
    means = add(root, "cac:PaymentMeans")
    put(means, "cbc:PaymentMeansCode", NOT_DEFINED)
    put(means, "cbc:PaymentDueDate", values.due_date.isoformat())


def _code(root: Element, account: Account | None) -> str:
    if account is None:
        return NOT_DEFINED
    if _country(root, SELLER) == _country(root, BUYER) == "DK":  # DK-R-005
        return SEPA if account.kind is AccountKind.IBAN else NOT_DEFINED
    return CREDIT_TRANSFER


def _put_account(means: Element, account: Account) -> None:
    path = "cac:PayeeFinancialAccount"
    put(means, f"{path}/cbc:ID", account.number)
    put(means, f"{path}/cbc:Name", account.holder)
    branch = BRANCHES.get(account.kind) or account.bic
    put(means, f"{path}/cac:FinancialInstitutionBranch/cbc:ID", branch)


def _tidy(root: Element) -> None:
    """Leave the builder's payment means, as the rules want their form."""
    for place, means in enumerate(find_all(root, "cac:PaymentMeans")):
        code = text(means, "cbc:PaymentMeansCode")
        put(means, "cbc:PaymentMeansCode", NOT_DEFINED if code == "ZZZ" else code)
        for name in ("cbc:PaymentDueDate", "cbc:InstructionID"):
            remove(means, name)
        if place and text(means, "cbc:PaymentID"):
            first = text(root, "cac:PaymentMeans/cbc:PaymentID")
            put(means, "cbc:PaymentID", first)
        branch = "cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch"
        put(means, f"{branch}/cbc:ID", text(means, f"{branch}/cbc:ID"))
        remove(means, f"{branch}/cac:FinancialInstitution")


def _put_terms(root: Element, values: PaymentValues) -> None:
    if values.due_date and not is_credit_note(root):
        put(root, "cbc:DueDate", values.due_date.isoformat())
    if values.terms is not None:
        remove(root, "cac:PaymentTerms")
        put(root, "cac:PaymentTerms/cbc:Note", values.terms.strip())


def _country(root: Element, party: str) -> str:
    path = f"{party}/cac:PostalAddress/cac:Country/cbc:IdentificationCode"
    return text(root, path).upper()
