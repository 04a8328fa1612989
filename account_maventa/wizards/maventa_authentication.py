from odoo import api, fields, models

from ..maventa_api import Language


class MaventaAuthentication(models.TransientModel):
    _name = "maventa.authentication"
    _description = "Authentication Request by Maventa"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    approver_id = fields.Many2one(
        "res.users",
        "Authentication approver",
        required=True,
        default=lambda self: self.env.user,
        help="A person who may sign for the company.",
    )
    email = fields.Char(
        "E-mail address for authentication",
        compute="_compute_from_approver",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
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
        precompute=True,
        readonly=False,
        required=True,
    )

    @api.depends("approver_id")
    def _compute_from_approver(self):
        for wizard in self:
            wizard.email = wizard.approver_id.email
            wizard.language = Language.of(wizard.approver_id.lang or "").value

    def action_send(self):
        """Have Maventa send the e-mail."""
        self.ensure_one()
        company = self.company_id
        company.check_access("write")
        company._maventa_request_authentication(
            self.email.strip(), Language(self.language)
        )
        return company._maventa_open_settings(company._maventa_check_result())
