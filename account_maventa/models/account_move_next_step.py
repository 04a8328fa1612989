from odoo import api, models

from .maventa_transfer import TROUBLED


class AccountMove(models.Model):
    """What to do about a transfer that failed, and the way there."""

    _inherit = "account.move"

    @api.depends("partner_id", "commercial_partner_id", "company_id")
    def _compute_alerts(self):
        # EXTENDS 'account'
        super()._compute_alerts()

    def _get_alerts(self):
        # EXTENDS 'account'
        alerts = super()._get_alerts()
        if "maventa_error" in alerts and self.maventa_state in TROUBLED:
            alert = alerts["maventa_error"]
            alert["message"] = f"{alert['message']}\n{self._maventa_next_step()}"
            alert |= self._maventa_way_to_trouble()
        return alerts

    def _maventa_next_step(self):
        status = self.maventa_account_company_id.sudo().maventa_status_to_transfer_id
        if self.maventa_state == "failed":
            return self.env._(
                'Use "Send another way" above; or correct the invoice, and set its '
                'status to "%s" again.',
                status.name or "",
            )
        return self.env._(
            'Correct it, and set its status to "%s" again.', status.name or ""
        )

    def _maventa_way_to_trouble(self):
        """Return the link to whoever lacks something now, if anybody does."""
        if self._maventa_buyer_problems():
            partner, text = self.partner_id, self.env._("Open the customer")
        elif self._maventa_seller_problems():
            partner = self.company_id.partner_id
            text = self.env._("Open your company's contact")
        else:
            return {}
        return {"action_text": text, "action": partner._get_records_action(name=text)}
