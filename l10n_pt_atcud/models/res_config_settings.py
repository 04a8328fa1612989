from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    l10n_pt_atcud_environment = fields.Selection(
        related="company_id.l10n_pt_atcud_environment", readonly=False
    )
    l10n_pt_atcud_username = fields.Char(
        related="company_id.l10n_pt_atcud_username", readonly=False
    )
    l10n_pt_atcud_password = fields.Char(
        related="company_id.l10n_pt_atcud_password", readonly=False
    )
    l10n_pt_atcud_client_certificate_id = fields.Many2one(
        related="company_id.l10n_pt_atcud_client_certificate_id", readonly=False
    )
    l10n_pt_atcud_cipher_certificate_id = fields.Many2one(
        related="company_id.l10n_pt_atcud_cipher_certificate_id", readonly=False
    )
    l10n_pt_atcud_software_number = fields.Integer(
        related="company_id.l10n_pt_atcud_software_number", readonly=False
    )
