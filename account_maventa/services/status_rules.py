"""Which status an invoice may have for Maventa, and what a user is asked before."""

from odoo import api, models

from ..exceptions import TransferProblem
from ..guards import internal
from ..models.transfer_state import CARRIED, HELD, TransferState

SENT_BY_PEPPOL = ("to_send", "processing", "done")


@internal
class MaventaStatusRules(models.AbstractModel):
    """Reasons and questions are texts for the user; nothing is written."""

    _name = "maventa.status.rules"
    _description = "Rules for Maventa Statuses"

    # === PUBLIC === #

    @api.model
    def _refusal(self, move, status=None):
        """Return why the invoice cannot have a status, or nothing.

        :param status: by default the transfer status
        """
        move.ensure_one()
        company = move.maventa_account_company_id.sudo()
        status = status or company.maventa_status_to_transfer_id
        if move.move_type not in ("out_invoice", "out_refund"):
            return self.env._(
                "only customer invoices and credit notes can be sent by Maventa."
            )
        if move.state != "posted":
            return self.env._("only posted documents have a Maventa status.")
        if status.company_id != company:
            return self.env._(
                'the status "%s" belongs to another company.', status.name
            )
        if status != company.maventa_status_to_transfer_id:
            return None
        return self._twice(move)

    @api.model
    def _no_go(self, move):
        """Return why the invoice cannot be transferred now, or nothing."""
        company = move.maventa_account_company_id.sudo()
        if not company.maventa_status_to_transfer_id:
            return self.env._("Maventa is not configured for this company.")
        return self._refusal(move)

    @api.model
    def _obstacle(self, move):
        """Return why nothing of the invoice's company is transferred now, or nothing.

        Invoices in the transfer status wait for what is missing.
        """
        company = move.maventa_account_company_id.sudo()
        account = company.maventa_account_id
        if not account:
            kind = "not_configured"
        elif not company.maventa_enabled:
            kind = "switched_off"
        elif account.state != "verified":
            kind = "not_verified"
        else:
            return None
        problem = TransferProblem(kind, company=company.display_name)
        text = self.env["maventa.messages"]._explain(problem, account)
        return account.problem if kind == "not_verified" and account.problem else text

    @api.model
    def _unsent_original(self, move):
        """Return what is odd about a credit note of an invoice not sent, or nothing."""
        original = move.reversed_entry_id
        if (
            move.move_type != "out_refund"
            or not original
            or original.is_move_sent
            or original._maventa_is_carried()
            or move._maventa_is_carried()
        ):
            return None
        return self.env._(
            "As far as Odoo knows, the customer has not received %s, which this credit "
            "note is about. Send both, or none of them.",
            original.display_name,
        )

    @api.model
    def _is_sent_otherwise(self, move):
        """Return whether Odoo has sent the invoice another way.

        What only counts as sent by its Maventa status was not.
        """
        return self._peppol_state(move) in SENT_BY_PEPPOL or (
            move.is_move_sent and not move.maventa_counts_as_sent
        )

    @api.model
    def _is_question(self, move):
        """Return whether a confirmation is all that a transfer lacks."""
        return (
            move.state == "posted"
            and move.maventa_state not in CARRIED
            and not self._waits_for_peppol(move)
            and not move.maventa_is_confirmed
            and self._is_sent_otherwise(move)
        )

    @api.model
    def _question(self, move, status):
        """Return what to ask a user before the invoice gets a status, or nothing."""
        company = move.maventa_account_company_id.sudo()
        if status == company.maventa_status_to_transfer_id:
            if move.maventa_state not in CARRIED and self._is_sent_otherwise(move):
                return self.env._(
                    "The customer has received %s another way already (e-mail, Peppol "
                    "or print). If Maventa sends it, too, the customer receives it "
                    "twice. Transfer it?",
                    move.name,
                )
            return False
        if move.maventa_state == TransferState.QUEUED:
            return self.env._(
                "%s waits for its transfer to Maventa. With this status it is taken "
                "out and not sent. Take it out?",
                move.name,
            )
        if status == company.maventa_status_after_transfer_id and (
            move.maventa_state not in CARRIED
        ):
            return self.env._(
                "%s was not transferred to Maventa. With this status it counts as "
                "transferred, and nothing is sent. Set the status?",
                move.name,
            )
        if move.maventa_state in HELD and move.maventa_status_id != status:
            return self.env._(
                "Maventa has %s. Another status changes nothing at Maventa. Set the "
                "status?",
                move.name,
            )
        return False

    # === HELPERS === #

    def _twice(self, move):
        """Return why a transfer would bring the invoice a second time, or nothing."""
        if move.maventa_state in CARRIED:
            return self.env._(
                "Maventa already has it, and it is not sent twice. To send it once "
                'more, use "Send again as new" on the invoice.'
            )
        if self._waits_for_peppol(move):
            return self.env._("Odoo's own Peppol is sending it already.")
        if not move.maventa_is_confirmed and self._is_sent_otherwise(move):
            return self.env._(
                "the customer has received it another way already (e-mail, Peppol or "
                'print). If Maventa has to send it, too, use "Transfer anyway".'
            )
        return None

    def _waits_for_peppol(self, move):
        return self._peppol_state(move) == "to_send"

    def _peppol_state(self, move):
        # 'account_peppol' is no dependency, but may be installed.
        return "peppol_move_state" in move._fields and move.peppol_move_state
