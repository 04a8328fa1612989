"""Cancels an issued document, with a reason: number and ATCUD stay, and it is final.

The payment of an invoice-receipt (FR) is part of it, and is cancelled with it. Payments
of other documents stay, and are free to settle something else.
"""

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import SQL, formatLang

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
        # Who issues a credit note of the same document meanwhile begins anew.
        self.env["l10n_pt_atcud.correction_rules"].lock(move)
        problem = self._problem(move, reason)
        if problem:
            raise UserError(problem)
        before, payments = self._amounts(move), self._own_payments(move)
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
            l10n_pt_atcud_cancel_source_id=self.env.user._l10n_pt_atcud_source_id(),
        )
        self._cancel_payments(move, payments)
        self.env["l10n_pt_atcud.issued_content"].freeze_cancellation(move)
        move._message_log(
            body=self.env._("The document was cancelled. Reason: %s", reason)
        )

    @api.model
    def check(self, move):
        """Raise what speaks against the cancellation, before a reason is asked.

        :raise UserError: it is not issued, or cancelled already, or something that
            stands depends on it
        """
        problem = self._state_problem(move) or self._dependence_problem(move)
        if problem:
            raise UserError(problem)

    @api.model
    def consequence(self, move):
        """Return what becomes of the payments of a document, or ``""``."""
        if move._name != "account.move":
            return ""
        own, all_payments = self._own_payments(move), self._payments(move.sudo())
        texts = []
        if own:
            texts.append(
                self.env._(
                    "This payment is part of the invoice-receipt and is cancelled with "
                    "it: %s.",
                    self._named(own),
                )
            )
        if all_payments - own:
            texts.append(
                self.env._(
                    "This payment stays, and no longer settles the document: %s.",
                    self._named(all_payments - own),
                )
            )
        return " ".join(texts)

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
        return (
            self._state_problem(move)
            or self.reason_problem(reason)
            or self._dependence_problem(move)
        )

    def _state_problem(self, move):
        if move.state == "cancel":
            return self._already(move)
        if move.state != "posted" or not move.l10n_pt_atcud_value:
            return self.env._("Only issued documents are cancelled with a reason.")
        return None

    def _dependence_problem(self, move):
        """Return which corrections, receipts or bank transactions stand."""
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
        return self._credit_problem(move.sudo()) or self._bank_problem(move.sudo())

    def _credit_problem(self, move):
        """Return that credit notes deduct what this debit note has added."""
        corrected = move.debit_origin_id
        notes = corrected.reversal_move_ids.filtered(lambda one: one.state == "posted")
        added = corrected.debit_note_ids.filtered(lambda one: one.state == "posted")
        kept = corrected | (added - move)
        if len((notes | kept).currency_id) == 1:
            currency, name = corrected.currency_id, "amount_total"
        else:
            currency, name = corrected.company_currency_id, "amount_total_signed"
        credited, limit = (
            sum(abs(one[name]) for one in moves) for moves in (notes, kept)
        )
        if not notes or currency.compare_amounts(credited, limit) <= 0:
            return None
        return self.env._(
            "%(others)s would credit more than is invoiced without %(document)s. "
            "Cancel these first.",
            document=move.name,
            others=", ".join(notes.mapped("name")),
        )

    def _bank_problem(self, move):
        """Return that the payment of an invoice-receipt cannot be cancelled with it."""
        if move.l10n_pt_atcud_document_type != "FR":
            return None
        lines = move.line_ids
        partials = lines.matched_credit_ids | lines.matched_debit_ids
        entries = (partials.credit_move_id | partials.debit_move_id).move_id
        payments = self._payments(move)
        if entries.statement_line_id or payments.reconciled_statement_line_ids:
            return self.env._(
                "The payment of %s is reconciled with a bank transaction, and would be "
                "cancelled with it. Undo that reconciliation first.",
                move.name,
            )
        shared = payments.filtered(
            lambda one: one._l10n_pt_atcud_settled() - move.sudo()
        )
        if shared:
            return self.env._(
                "The payment %(payment)s of %(document)s settles other documents as "
                "well. Undo that reconciliation first.",
                payment=self._named(shared),
                document=move.name,
            )
        return None

    def _payments(self, move):
        """Return the payments that settle the document now."""
        payments = move.reconciled_payment_ids | move.matched_payment_ids
        return payments.filtered(lambda one: one.state not in ("canceled", "rejected"))

    def _own_payments(self, move):
        """Return the payments that are part of an invoice-receipt."""
        if move.l10n_pt_atcud_document_type != "FR":
            return self.env["account.payment"]
        return self._payments(move)

    def _named(self, payments):
        """Return number and amount of each payment."""
        return ", ".join(
            f"{one.name or one.memo or ''} "
            f"({formatLang(self.env, one.amount, currency_obj=one.currency_id)})"
            for one in payments
        )

    def _cancel_payments(self, move, payments):
        for payment in payments:
            payment.action_cancel()
            payment._message_log(
                body=self.env._("The payment was cancelled with %s.", move.name)
            )

    def _receipts(self, move):
        """Return the payments of the document whose receipts stand."""
        return self._payments(move).filtered(
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
