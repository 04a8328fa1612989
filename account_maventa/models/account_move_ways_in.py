from odoo import models
from odoo.exceptions import UserError

from .maventa_transfer import CARRIED


class AccountMove(models.Model):
    """Ways into the transfer status: by posting, by Odoo's dialog, once more."""

    _inherit = "account.move"

    def _post(self, soft=True):
        # EXTENDS 'account'
        posted = super()._post(soft=soft)
        for move in posted.filtered(lambda move: move._maventa_goes_when_posted()):
            company = move.maventa_account_company_id.sudo()
            move.maventa_status_id = company.maventa_status_to_transfer_id
        return posted

    # === ACTIONS === #

    def action_maventa_send_again(self):
        """Queue an invoice that Maventa has already; the user has confirmed it."""
        self.ensure_one()
        self.check_access("write")
        company = self.maventa_account_company_id.sudo()
        if not company.maventa_enabled:
            raise UserError(
                self.env._("The transfer to Maventa is switched off in the settings.")
            )
        if self.maventa_state not in ("accepted", "delivered"):
            raise UserError(
                self.env._(
                    "%s: Maventa does not have it, so there is nothing to send again.",
                    self.display_name,
                )
            )
        self._maventa_enqueue(again=True)
        self.maventa_status_id = company.maventa_status_to_transfer_id
        self._message_log(
            body=self.env._(
                "To be sent to Maventa again, as a new invoice, at the wish of %s.",
                self.env.user.name,
            )
        )
        return True

    def action_maventa_reroute(self):
        """Open the dialog for another way."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send another way"),
            "res_model": "maventa.reroute",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.id},
        }

    # === BUSINESS === #

    def _maventa_goes_when_posted(self):
        """Tell whether posting alone puts the invoice into the transfer status.

        A customer who has chosen another way of sending keeps it.
        """
        self.ensure_one()
        company = self.maventa_account_company_id.sudo()
        partner = self.commercial_partner_id.with_company(self.company_id)
        return (
            self.maventa_is_available
            and company.maventa_enabled
            and company.maventa_on_posting
            and partner.invoice_sending_method in (False, "maventa")
            and not self.maventa_status_id
            and not self._maventa_refusal()
        )

    def _maventa_send_by_status(self):
        """Put it into the transfer status, or say in the chatter why not."""
        if self._maventa_is_wanted():
            return
        company = self.maventa_account_company_id.sudo()
        if not company.maventa_enabled:
            reason = self.env._("the transfer to Maventa is switched off.")
        else:
            reason = self._maventa_refusal()
        if reason:
            self._message_log(body=self.env._("Not transferred to Maventa: %s", reason))
            return
        self.maventa_status_id = company.maventa_status_to_transfer_id

    def _maventa_is_carried(self):
        """Tell whether the customer gets it through Maventa, or soon will."""
        return any(
            transfer.state in (*CARRIED, "queued")
            for transfer in self.sudo().maventa_transfer_ids
        )
