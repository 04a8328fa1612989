"""What a received document is, by the code lists that Finvoice and UBL share.

Sources: UNTDID 1001 (document types) and 4461 (payment means), in the selection of
EN 16931.
"""

from __future__ import annotations

from enum import StrEnum


class DocumentKind(StrEnum):
    """What a document is for whoever receives it."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    INTEREST_NOTE = "interest_note"  # for a person
    COLLECTION = "collection"  # for a person
    REMINDER = "reminder"  # repeats a debt that is booked
    DIRECT_PAYMENT = "direct_payment"  # a copy of what was debited
    PRO_FORMA = "pro_forma"  # no bill
    SELF_BILLING = "self_billing"
    OTHER = "other"  # an order, a receipt, a test: no bill

    @property
    def is_bill(self) -> bool:
        """Whether it is booked as a bill or a refund."""
        return self in BILLS


BILLS = {
    DocumentKind.INVOICE,
    DocumentKind.CREDIT_NOTE,
    DocumentKind.DIRECT_PAYMENT,
}


UN_KINDS = {  # UNTDID 1001
    "380": DocumentKind.INVOICE,
    "381": DocumentKind.CREDIT_NOTE,
    "396": DocumentKind.CREDIT_NOTE,
    "384": DocumentKind.INVOICE,
    "386": DocumentKind.INVOICE,
    "393": DocumentKind.INVOICE,
    "325": DocumentKind.PRO_FORMA,
    "389": DocumentKind.SELF_BILLING,
    "261": DocumentKind.SELF_BILLING,
    "527": DocumentKind.SELF_BILLING,
}
# All that EN 16931 has as credit notes
CREDITS = set("81 83 261 262 296 308 381 396 420 458 502 503 532".split())
PREPAYMENT, FACTORED, CORRECTION = {"386"}, {"393", "396"}, {"384"}
# UNTDID 4461: by card, or collected by the seller (direct debit)
COLLECTED = {"48", "49", "54", "55", "59"}
