"""The dialog that selects the approver of an authentication."""

from odoo import api, fields, models

from ..guards import guarded
from ..maventa_api import Language

LANGUAGES = [
    ("FI", "Finnish"),
    ("SE", "Swedish"),
    ("NO", "Norwegian"),
    ("NL", "Dutch"),
    ("EN", "English"),
]


@guarded()
class MaventaAuthenticationWizard(models.TransientModel):
    _name = "maventa.authentication.wizard"
    _description = "Authentication Request at Maventa"

    account_id = fields.Many2one("maventa.account", required=True, readonly=True)
    company_id = fields.Many2one(related="account_id.company_id", related_sudo=False)
    sent_to = fields.Char(related="account_id.auth_email", related_sudo=False)
    auth_state = fields.Char(related="account_id.auth_state", related_sudo=False)
    approver_id = fields.Many2one(
        "res.users",
        "Authentication approver",
        required=True,
        default=lambda self: self.env.user,
        help="A person who is authorised to sign for the company.",
    )
    email = fields.Char(
        "E-mail address for authentication",
        compute="_compute_from_approver",
        store=True,
        compute_sudo=False,
        precompute=True,
        readonly=False,
        required=True,
    )
    language = fields.Selection(
        LANGUAGES,
        "Language of the e-mail",
        compute="_compute_from_approver",
        store=True,
        compute_sudo=False,
        precompute=True,
        readonly=False,
        required=True,
    )

    # === COMPUTES === #

    @api.depends("approver_id")
    def _compute_from_approver(self):
        for wizard in self:
            wizard.email = wizard.approver_id.email
            wizard.language = Language.of(wizard.approver_id.lang or "").value

    # === ACTIONS === #

    def action_send(self):
        """Have Maventa send the e-mail."""
        self.ensure_one()
        account = self.account_id._for_action()
        language = Language(self.language)
        service = self.env["maventa.authentication"]
        service._request(account, self.email.strip(), language)
        return self.account_id._check_result(settings=True)
