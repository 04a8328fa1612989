"""The dialog that opens a new account at Maventa."""

from odoo import api, fields, models

from ..guards import guarded


@guarded()
class MaventaRegistrationWizard(models.TransientModel):
    _name = "maventa.registration.wizard"
    _inherit = ["maventa.approver.mixin"]
    _description = "Registration at Maventa"

    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        default=lambda self: self.env.user,
        help="Receives a user at Maventa, with the e-mail address of this user.",
    )
    approver_id = fields.Many2one(
        default=None,
        compute="_compute_approver_id",
        store=True,
        compute_sudo=False,
        precompute=True,
        readonly=False,
    )

    # === COMPUTES === #

    @api.depends("user_id")
    def _compute_approver_id(self):
        for wizard in self:
            wizard.approver_id = wizard.user_id

    # === ACTIONS === #

    def action_register(self):
        """Register the company, and have Maventa send one e-mail to the approver."""
        self.ensure_one()
        account = self.account_id._for_action()
        if not self.env["maventa.registration"]._open_account(account, self.user_id):
            return account._toast("warning", account.problem)
        self.env["maventa.authentication"]._check(account)
        if account.state == "unverified" and not account._is_authentication_requested():
            self._send_request(account)
        company = account.company_id.display_name
        if account.state == "verified":
            text = self.env._("%s has a verified account at Maventa now.", company)
        else:
            text = self.env._(
                "%(company)s has an account at Maventa now. Maventa has sent an e-mail "
                "to %(email)s. Press Refresh after that person has signed.",
                company=company,
                email=account.auth_email,
            )
        return account._toast("success", text)
