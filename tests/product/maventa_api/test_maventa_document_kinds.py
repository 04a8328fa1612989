"""Kinds of documents by the type codes of UNTDID 1001."""

import pytest
from maventa_api.document_kinds import DocumentKind, is_invoice_type, kind_of_type


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("380", DocumentKind.INVOICE),
        ("82", DocumentKind.INVOICE),
        ("381", DocumentKind.CREDIT_NOTE),
        ("532", DocumentKind.CREDIT_NOTE),
        ("261", DocumentKind.SELF_BILLING),
        ("389", DocumentKind.SELF_BILLING),
        ("325", DocumentKind.PRO_FORMA),
        ("71", None),
        ("", None),
    ],
)
def test_type_has_a_kind_if_it_is_known(code, kind):
    assert kind_of_type(code) is kind


def test_requests_notifications_and_unknown_types_are_no_invoices():
    for code in "71 102 130 218 219 751 817 999".split():
        assert not is_invoice_type(code)
    for code in ("", "380", "381", "383", "386", "877"):
        assert is_invoice_type(code)


def test_only_what_claims_money_and_is_no_bill_is_a_claim():
    claims = {kind for kind in DocumentKind if kind.is_claim}
    assert claims == {
        DocumentKind.INTEREST_NOTE,
        DocumentKind.COLLECTION,
        DocumentKind.REMINDER,
    }
    assert not any(kind.is_bill for kind in claims)
