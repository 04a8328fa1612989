"""The dialog that selects the approver of an authentication."""

from odoo import fields, models

from ..guards import guarded


@guarded()
class MaventaAuthenticationWizard(models.TransientModel):
    _name = "maventa.authentication.wizard"
    _inherit = ["maventa.approver.mixin"]
    _description = "Authentication Request at Maventa"

    email = fields.Char(required=True)
    sent_to = fields.Char(related="account_id.auth_email", related_sudo=False)
    auth_state = fields.Char(related="account_id.auth_state", related_sudo=False)

    # === ACTIONS === #

    def action_send(self):
        """Have Maventa send the e-mail."""
        self.ensure_one()
        self._send_request(self.account_id._for_action())
        return self.account_id._check_result()
