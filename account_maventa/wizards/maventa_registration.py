from odoo import fields, models


class MaventaRegistration(models.TransientModel):
    _name = "maventa.registration"
    _description = "Registration at Maventa"

    company_id = fields.Many2one("res.company", required=True)
    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        default=lambda self: self.env.user,
        help="Gets a user at Maventa, with the e-mail address of this user.",
    )

    def action_register(self):
        self.ensure_one()
        company = self.company_id
        return company._maventa_open_settings(company._maventa_register(self.user_id))
