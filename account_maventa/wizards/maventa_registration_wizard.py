"""The dialog that opens a new account at Maventa."""

from odoo import fields, models


class MaventaRegistrationWizard(models.TransientModel):
    _name = "maventa.registration.wizard"
    _description = "Registration at Maventa"

    account_id = fields.Many2one("maventa.account", required=True, readonly=True)
    company_id = fields.Many2one(related="account_id.company_id")
    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        default=lambda self: self.env.user,
        help="Receives a user at Maventa, with the e-mail address of this user.",
    )

    # === ACTIONS === #

    def action_register(self):
        """Register the company, and check the new account."""
        self.ensure_one()
        account = self.account_id._for_action()
        if not self.env["maventa.registration"]._open_account(account, self.user_id):
            return account._toast("warning", account.problem, settings=True)
        self.env["maventa.authentication"]._check(account)
        text = self.env._(
            "%s has an account at Maventa now.", account.company_id.display_name
        )
        return account._toast("success", text, settings=True)
