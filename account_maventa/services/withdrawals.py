"""Invoices that their sender withdraws: no bill is made, and theirs is held.

A withdrawal is kept as what is no bill, tied to the bill of its invoice as soon as
there is one: a draft is not posted, and a posted bill not paid, until a person decides.
"""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from ..guards import internal
from ..models.bare_number import bare
from ..models.comparing import inside
from ..models.point_kinds import (
    CONFIRM,
    Label,
    PointKind,
    Question,
    Remedy,
    decision_key,
    declare,
    point,
)
from ..models.receipt_state import ReceiptState

_lt = LazyTranslate(__name__)

WITHDRAWN, UNKNOWN = "withdrawn", "withdrawn_unknown"
CANCEL = Remedy(_lt("Cancel the bill"), "action_cancel_withdrawn")
CREDIT = Remedy(_lt("Credit the bill"), "action_reverse")
STANDS = _lt("It still stands")
MISTAKE = Remedy(STANDS, CONFIRM, _lt("Or the invoice was withdrawn by mistake:"))

declare(
    Question(
        WITHDRAWN,
        Label.WITHDRAWN,
        _lt(
            "The sender has withdrawn this invoice (%(number)s): do not pay it. If "
            "it is posted, credit it, or ask the supplier for a credit note."
        ),
        is_urgent=True,
        decision=STANDS,
        remedies_of="maventa.withdrawals",
    ),
    PointKind(
        UNKNOWN,
        Label.WITHDRAWN,
        _lt(
            "The sender withdraws the invoice %(number)s, of which there is no "
            "bill. If it comes or is entered later, its bill is held."
        ),
    ),
)


@internal
class MaventaWithdrawals(models.AbstractModel):
    _name = "maventa.withdrawals"
    _description = "Withdrawn Invoices"

    # === PUBLIC === #

    @api.model
    def _is_one(self, document):
        """Return whether a document withdraws an invoice; credit notes are booked."""
        return document.origin == "cancel" and not document.is_refund

    @api.model
    def _keep(self, receipt, document):
        """Keep a withdrawal; its own draft of an earlier reading is cancelled."""
        own = receipt.move_id
        sender = document.finvoice and document.finvoice.from_address
        matcher = self.env["maventa.supplier.matcher"]
        partner = matcher._known(receipt.company_id, document, sender).partner
        receipt.write(
            {
                "state": ReceiptState.NOT_A_BILL,
                "partner_id": partner.id,
                "number": document.number or receipt.number,
                "move_id": self._original(receipt, document, partner).id,
            }
        )
        receipt._tell("info", lambda env: env._("A withdrawal: no draft was made."))
        self._check(receipt)
        if own.state == "draft" and own != receipt.move_id:
            own.button_cancel()

    @api.model
    def _meet(self, moves):
        """Tie withdrawals that came before their invoices to the bills of these."""
        bills = moves.filtered(lambda row: row.ref and row.is_purchase_document(True))
        for move in bills:
            for receipt in self._early(move):
                document = self.env["maventa.bill.booking"]._document(receipt)
                if document and self._is_about(receipt, document, move):
                    inside(receipt).move_id = move
                    self._check(receipt)

    @api.model
    def _cancel(self, receipt):
        """Cancel the draft whose invoice is withdrawn.

        :raise UserError: there is none
        """
        move = receipt.move_id
        if not receipt._is_withdrawal() or move.state != "draft":
            raise UserError(self.env._("There is no draft of a withdrawn invoice."))
        move.button_cancel()

    @api.model
    def _settle(self, receipt, tell):
        """Record that the bill of a withdrawn invoice is cancelled or deleted."""
        receipt._tell("info", tell)
        receipt._set_points([{**row, "level": "note"} for row in receipt._points()])
        self.env["maventa.receipt.activities"]._close(receipt)

    @api.model
    def _check(self, receipt):
        """Say what is withdrawn, and whether a person has decided about it."""
        move = receipt.move_id
        row = point(UNKNOWN, number=receipt.number or "-")
        if move:
            row = point(WITHDRAWN, **row["values"], id=move.id, state=move.state)
        if decision_key(row) in receipt._decided_keys():
            row["level"] = "note"
        receipt._set_points([row])
        self.env["maventa.receipt.activities"]._follow(receipt)

    @api.model
    def _remedies(self, row):
        """Return the remedies: a draft is cancelled, a posted bill is credited."""
        is_posted = row["values"].get("state") == "posted"
        return (CREDIT if is_posted else CANCEL, MISTAKE)

    # === HELPERS === #

    def _original(self, receipt, document, partner):
        """Return the one bill of the withdrawn invoice, if it is there."""
        credited = self.env["maventa.credited.bills"]
        numbers = (document.number, *document.original_numbers)
        found = credited._named(receipt.company_id, partner, numbers)
        equal = found.filtered(lambda move: self._is_equal(document, move))
        for bills in (found, equal, equal.filtered(lambda x: x.state == "posted")):
            if len(bills) == 1:
                return bills
        return found.browse()

    def _early(self, move):
        """Return the withdrawals without a bill, of the company."""
        return self.env["maventa.receipt"].search(
            [
                ("company_id", "=", move.company_id.id),
                ("state", "=", ReceiptState.NOT_A_BILL),
                ("reason_code", "=", UNKNOWN),
                ("move_id", "=", False),
            ]
        )

    def _is_about(self, receipt, document, move):
        """Return whether a withdrawal is about a bill: its number, and its supplier.

        Of a supplier that was not known, sum and day instead.
        """
        numbers = {*map(bare, (document.number, *document.original_numbers))} - {""}
        if bare(move.ref) not in numbers:
            return False
        if receipt.partner_id:
            return receipt.partner_id.commercial_partner_id == (
                move.commercial_partner_id
            )
        return self._is_equal(document, move) and document.date == move.invoice_date

    def _is_equal(self, document, move):
        total = abs(document.figures.total or 0)
        return not move.currency_id.compare_amounts(float(total), move.amount_total)
