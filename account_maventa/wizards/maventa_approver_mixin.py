"""Who receives the e-mail with the authentication, for the dialogs that send it."""

from odoo import api, fields, models

from ..maventa_api import Language


class MaventaApproverMixin(models.AbstractModel):
    _name = "maventa.approver.mixin"
    _description = "Approver of an Authentication at Maventa"

    account_id = fields.Many2one("maventa.account", required=True, readonly=True)
    company_id = fields.Many2one(related="account_id.company_id", related_sudo=False)
    approver_id = fields.Many2one(
        "res.users",
        "Authentication approver",
        required=True,
        default=lambda self: self.env.user,
        help="A person who is authorised to sign for the company. Maventa sends the "
        "e-mail with the authentication to this person, and to no other.",
    )
    email = fields.Char(
        "E-mail address for authentication",
        compute="_compute_from_approver",
        store=True,
        compute_sudo=False,
        precompute=True,
        readonly=False,
    )
    language = fields.Selection(
        [
            ("FI", "Finnish"),
            ("SE", "Swedish"),
            ("NO", "Norwegian"),
            ("NL", "Dutch"),
            ("EN", "English"),
        ],
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
        for dialog in self:
            dialog.email = dialog.approver_id.email
            dialog.language = Language.of(dialog.approver_id.lang or "").value

    # === HELPERS === #

    def _send_request(self, account):
        """Have Maventa send the e-mail to the approver."""
        service = self.env["maventa.authentication"]
        service._request(account, (self.email or "").strip(), Language(self.language))
