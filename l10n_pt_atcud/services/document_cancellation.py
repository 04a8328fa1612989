"""Cancels an issued document, with a reason: number and ATCUD stay, and it is final."""

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import SQL

from ..guards import internal

# SAF-T (PT) has so much room for the reason of a change of status.
REASON_LENGTH = 50


@internal
class L10nPtAtcudDocumentCancellation(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.document_cancellation"
    _description = "AT: cancellation of issued documents"

    # === PUBLIC === #

    @api.model
    def cancel(self, move, reason):
        """Cancel an issued document for ever.

        :raise UserError: the reason is missing or too long, or a credit or debit note
            or a receipt of the document stands
        """
        move.check_access("write")
        reason = " ".join((reason or "").split())
        self._lock(move)
        problem = self._problem(move, reason)
        if problem:
            raise UserError(problem)
        before = self._amounts(move)
        self.env["l10n_pt_atcud.immutability"].cancelling(move).button_cancel()
        if self._amounts(move) != before:
            raise UserError(
                self.env._(
                    "The amounts of %s would change. It was not cancelled.", move.name
                )
            )
        move._l10n_pt_atcud_write_protected(
            l10n_pt_atcud_cancel_reason=reason,
            l10n_pt_atcud_cancelled_on=fields.Datetime.now(),
            l10n_pt_atcud_cancelled_by_id=self.env.user,
        )
        self.env["l10n_pt_atcud.issued_content"].freeze_cancellation(move)
        move._message_log(
            body=self.env._("The document was cancelled. Reason: %s", reason)
        )

    @api.model
    def reason_problem(self, reason):
        """Return what is wrong with the reason of a cancellation, or ``None``."""
        if not reason:
            return self.env._("Enter the reason of the cancellation.")
        if len(reason) > REASON_LENGTH:
            return self.env._(
                "The reason of a cancellation has at most %s characters.",
                REASON_LENGTH,
            )
        return None

    @api.model
    def refusal(self, move):
        """Return the error for a missing reason; it leads to the dialog."""
        if move.state == "cancel":
            return UserError(self._already(move))
        message = self.env._(
            "%s is issued and carries an ATCUD. Cancelling it needs a reason, and is "
            "final.",
            move.name,
        )
        if not self.env["l10n_pt_atcud.posting_series_check"].can_redirect():
            return UserError(message)
        action = move.action_l10n_pt_atcud_cancel()
        return RedirectWarning(message, action, self.env._("Cancel with a reason"))

    # === HELPERS === #

    def _problem(self, move, reason):
        """Return what speaks against the cancellation, or ``None``."""
        if move.state == "cancel":
            return self._already(move)
        if move.state != "posted" or not move.l10n_pt_atcud_value:
            return self.env._("Only issued documents are cancelled with a reason.")
        unfit = self.reason_problem(reason)
        if unfit:
            return unfit
        corrections = move.sudo().reversal_move_ids | move.sudo().debit_note_ids
        standing = corrections.filtered(lambda one: one.state == "posted")
        receipts = self._receipts(move.sudo())
        numbers = standing.mapped("name") + receipts.mapped("l10n_pt_atcud_number")
        if numbers:
            return self.env._(
                "%(document)s is named by %(others)s and cannot be cancelled. Cancel "
                "these first.",
                document=move.name,
                others=", ".join(numbers),
            )
        return None

    def _receipts(self, move):
        """Return the payments of the document whose receipts stand."""
        payments = move.reconciled_payment_ids | move.matched_payment_ids
        return payments.filtered(
            lambda one: one.l10n_pt_atcud_value and not one.l10n_pt_atcud_cancelled_on
        )

    def _already(self, move):
        return self.env._("%s is already cancelled. This is final.", move.name)

    def _lock(self, move):
        """Wait for who works on the document; its state is read anew afterwards."""
        move.flush_recordset()
        self.env.execute_query(
            SQL("SELECT id FROM account_move WHERE id = %s FOR NO KEY UPDATE", move.id)
        )

    def _amounts(self, move):
        """Return all that a cancellation must leave alone."""
        names = (
            "account_id name quantity price_unit discount balance amount_currency "
            "tax_base_amount"
        ).split()
        lines = move.line_ids.filtered(lambda line: line.display_type != "cogs")
        return (
            move.name,
            move.l10n_pt_atcud_value,
            move.amount_untaxed,
            move.amount_total,
            move.invoice_date,
            {line.id: [line[name] for name in names] for line in lines},
        )
