"""The dialog that opens a new account at Maventa."""

from odoo import api, fields, models

from ..guards import guarded
from ..maventa_api import Language
from .maventa_authentication_wizard import LANGUAGES


@guarded()
class MaventaRegistrationWizard(models.TransientModel):
    _name = "maventa.registration.wizard"
    _description = "Registration at Maventa"

    account_id = fields.Many2one("maventa.account", required=True, readonly=True)
    company_id = fields.Many2one(related="account_id.company_id", related_sudo=False)
    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        default=lambda self: self.env.user,
        help="Receives a user at Maventa, with the e-mail address of this user.",
    )
    approver_id = fields.Many2one(
        "res.users",
        "Authentication approver",
        compute="_compute_approver_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="A person who is authorised to sign for the company. Maventa sends the "
        "e-mail with the authentication to this person, and to no other.",
    )
    email = fields.Char(
        "E-mail address for authentication",
        compute="_compute_from_approver",
        store=True,
        precompute=True,
        readonly=False,
    )
    language = fields.Selection(
        LANGUAGES,
        "Language of the e-mail",
        compute="_compute_from_approver",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )

    # === COMPUTES === #

    @api.depends("user_id")
    def _compute_approver_id(self):
        for wizard in self:
            wizard.approver_id = wizard.user_id

    @api.depends("approver_id")
    def _compute_from_approver(self):
        for wizard in self:
            wizard.email = wizard.approver_id.email
            wizard.language = Language.of(wizard.approver_id.lang or "").value

    # === ACTIONS === #

    def action_register(self):
        """Register the company, and have Maventa send one e-mail to the approver."""
        self.ensure_one()
        account = self.account_id._for_action()
        if not self.env["maventa.registration"]._open_account(account, self.user_id):
            return account._toast("warning", account.problem, settings=True)
        service = self.env["maventa.authentication"]
        service._check(account)
        if account.state == "unverified" and not account._is_authentication_requested():
            email = (self.email or "").strip()
            service._request(account, email, Language(self.language))
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
        return account._toast("success", text, settings=True)
