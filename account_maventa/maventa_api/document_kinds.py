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

    @property
    def is_claim(self) -> bool:
        """Whether a person may book it as a bill: it claims money, and is no bill."""
        return self in CLAIMS


BILLS = {
    DocumentKind.INVOICE,
    DocumentKind.CREDIT_NOTE,
    DocumentKind.DIRECT_PAYMENT,
}
CLAIMS = {
    DocumentKind.INTEREST_NOTE,
    DocumentKind.COLLECTION,
    DocumentKind.REMINDER,
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
# Invoices by other names: debit notes, of metered services, of freight, of building ...
INVOICES = set(
    "80 82 84 295 325 326 331 380 382 383 384 385 386 388 389 390 393 394 395 527 575 "
    "623 780 870 875 876 877".split()
)
PREPAYMENT, FACTORED, CORRECTION = {"386"}, {"393", "396"}, {"384"}
# UNTDID 4461: by card, or collected by the seller (direct debit)
COLLECTED = {"48", "49", "54", "55", "59"}


def kind_of_type(code: str) -> DocumentKind | None:
    """Return the kind of a type of UNTDID 1001, or None for an unknown one."""
    if code in CREDITS:
        return UN_KINDS.get(code, DocumentKind.CREDIT_NOTE)
    return UN_KINDS.get(code, DocumentKind.INVOICE if code in INVOICES else None)


def is_invoice_type(code: str) -> bool:
    """Tell whether a type is that of an invoice, and not a request or notification.

    VAT is deducted by an invoice alone; of requests for payment (71, 218 ...),
    notifications (102, 817), data for the books (751) and unknown types nobody knows
    whether they are one.
    """
    return not code or code in INVOICES | CREDITS
