"""The dialog that selects the approver of an authentication."""

from odoo import fields, models


class MaventaAuthenticationWizard(models.TransientModel):
    _name = "maventa.authentication.wizard"
    _inherit = ["maventa.approver.mixin"]
    _description = "Authentication Request at Maventa"

    email = fields.Char(required=True)
    sent_to = fields.Char(related="account_id.auth_email")
    auth_state = fields.Char(related="account_id.auth_state")

    # === ACTIONS === #

    def action_send(self):
        """Have Maventa send the e-mail."""
        self.ensure_one()
        self._send_request(self.account_id._for_action())
        return self.account_id._check_result()
