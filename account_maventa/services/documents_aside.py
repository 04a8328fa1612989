"""Received documents without a bill: what is none, and what cannot be read."""

from odoo import api, models
from odoo.tools import LazyTranslate

from ..guards import internal
from ..maventa_api.document_kinds import DocumentKind
from ..models.point_kinds import Label, PointKind, Remedy, declare, point
from ..models.receipt_state import ReceiptState

_lt = LazyTranslate(__name__)

# What people call the kinds that are no bills
KIND_NAMES = {
    DocumentKind.INTEREST_NOTE: _lt("interest note"),
    DocumentKind.COLLECTION: _lt("collection notice"),
    DocumentKind.REMINDER: _lt("reminder"),
    DocumentKind.PRO_FORMA: _lt("pro forma invoice"),
    DocumentKind.SELF_BILLING: _lt("invoice of the buyer itself"),
    DocumentKind.OTHER: _lt("another kind of document"),
}

declare(
    PointKind(
        "kind",
        Label.NOT_A_BILL,
        _lt("Not a bill: %(kind)s (%(type)s)"),
    ),
    PointKind(
        "kind_claim",
        Label.NOT_A_BILL,
        _lt(
            "Not a bill: %(kind)s (%(type)s). If it claims what no other bill does, "
            "as interest or a fee, book it as a bill."
        ),
    ),
    PointKind(
        "unreadable",
        Label.UNREADABLE,
        _lt(
            "Odoo cannot read the invoice (%(kind)s). Enter the bill by hand from "
            "the picture, or ask the sender for another format."
        ),
    ),
    PointKind(
        "unreadable_slow",
        Label.UNREADABLE,
        _lt(
            "The server has ended several tries to fetch and book this invoice, "
            "because it takes too long. Read it again when the server has a longer "
            "time limit, or enter the bill by hand from the sender's copy."
        ),
        remedies=(Remedy(_lt("Read again"), "action_read_again"),),
    ),
)


@internal
class MaventaDocumentsAside(models.AbstractModel):
    _name = "maventa.documents.aside"
    _description = "Received Documents without a Bill"

    # === PUBLIC === #

    @api.model
    def _keep(self, receipt, document):
        """Keep what is no bill: a reminder repeats a debt, an order is none."""
        values = {"kind": document.kind.value, "type": document.type_code or "-"}
        own = receipt.move_id  # of an earlier reading
        receipt.write({"state": ReceiptState.NOT_A_BILL, "move_id": False})
        if own.state == "draft":
            own.button_cancel()
        code = "kind_claim" if document.kind.is_claim else "kind"
        receipt._set_points([point(code, **values)])
        receipt._tell("info", lambda env: env._("Not a bill: no draft was made."))
        self.env["maventa.receipt.activities"]._follow(receipt)

    @api.model
    def _set_too_slow(self, receipt):
        """Keep what takes longer to read than the server lets a worker run."""
        self._set_unreadable(receipt, "too_slow", "unreadable_slow")

    @api.model
    def _set_unreadable(self, receipt, kind, code="unreadable"):
        """Keep what cannot be read; by the setting, an empty draft shows its files."""
        account = receipt.account_id
        receipt.write({"state": ReceiptState.UNREADABLE})
        if account.drafts_unreadable:
            journal = account._purchase_journal()
            self.env["maventa.bill.builder"]._empty(receipt, journal)
        if receipt.move_id:
            self.env["maventa.bill.booking"]._show_files(receipt)
        receipt._set_points([point(code, kind=kind)])
        receipt._tell("warning", lambda env: env._("The document cannot be read."))
        self.env["maventa.receipt.activities"]._follow(receipt)
