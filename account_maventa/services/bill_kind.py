"""What kind of document a received bill is, and whether it is paid already."""

from odoo import api, models
from odoo.tools import LazyTranslate

from ..guards import internal
from ..models.point_kinds import Label, Question, declare, point

_lt = LazyTranslate(__name__)

declare(
    Question(
        "prepayment",
        Label.PREPAYMENT,
        _lt("This is a prepayment invoice."),
    ),
    Question(
        "correction",
        Label.CORRECTION,
        _lt(
            "This invoice corrects an earlier one (%(number)s). Check that not both "
            "are paid."
        ),
    ),
    Question(
        "collected",
        Label.PAID,
        _lt(
            "The seller collects the amount itself, by direct debit or card. Do not "
            "transfer it as well."
        ),
        is_urgent=True,
    ),
    Question(
        "paid",
        Label.PAID,
        _lt("The invoice says that it is paid already. Do not pay it again."),
        is_urgent=True,
    ),
    Question(
        "partly_paid",
        Label.PAID,
        _lt("The invoice says that %(amount)s is paid already. Pay only the rest."),
    ),
    Question(
        "scan",
        Label.SCAN,
        _lt("A scan: compare sums, number, dates and account with the picture."),
    ),
    Question(
        "type_doubtful",
        Label.KIND,
        _lt(
            "By its type (%(type)s) this is no invoice, but a request for payment, "
            "a reminder or a notification: by it no VAT may be deducted. Ask the "
            "sender for an invoice; or confirm that it is one: you are asked once "
            "for this supplier and type."
        ),
        about=("type",),
    ),
    Question(
        "cancelled",
        Label.CONTENT,
        _lt(
            "The credit note voids its invoice as a whole (%(number)s): what is not "
            "paid of that one is not to be paid."
        ),
    ),
)


@internal
class MaventaBillKind(models.AbstractModel):
    _name = "maventa.bill.kind"
    _description = "Kinds of Received Bills"

    # === PUBLIC === #

    @api.model
    def _points(self, receipt, document):
        """Yield what a person decides about the kind of a document, and payments."""
        yield from self._of_type(receipt, document)
        if document.is_prepayment:
            yield point("prepayment")
        if document.is_correction:
            numbers = ", ".join(document.original_numbers) or "-"
            yield point("correction", number=numbers)
        if document.is_collected and not document.is_paid:
            yield self._once(receipt, point("collected"))
        if document.is_paid:
            yield point("paid")
        elif document.paid:
            yield point("partly_paid", amount=document.paid)
        if receipt.origin == "SCAN":
            yield point("scan")
        if document.is_refund:
            credited = self.env["maventa.credited.bills"]
            yield from credited._points(receipt.move_id, document)

    # === HELPERS === #

    def _once(self, receipt, row):
        """Return a point as a note, where a person has decided so for the supplier.

        It still tells who pays bills (``bill_payments.py``).
        """
        checks = self.env["maventa.bill.checks"]
        is_decided = checks._is_decided_before(receipt, row)
        return {**row, "level": "note"} if is_decided else row

    def _of_type(self, receipt, document):
        """Tell what is no invoice, and which credit note voids a whole invoice."""
        move, type_code = receipt.move_id, document.type_code
        if document.finvoice and not document.is_invoice:
            type_code = document.finvoice.type_code_un
        is_claim = document.kind.is_claim and document.figures.vat
        if not document.is_invoice or is_claim:
            found = point("type_doubtful", type=type_code or "-")
            if not self.env["maventa.bill.checks"]._is_decided_before(receipt, found):
                yield found
        if document.origin == "cancel":
            whole = move.reversed_entry_id.amount_total == move.amount_total
            numbers = ", ".join(document.original_numbers) or "-"
            yield point("cancelled", "note" if whole else "stop", number=numbers)
