from odoo import fields, models
from odoo.exceptions import AccessError

from .asked_password import asks_for_password


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
    l10n_pt_atcud_password_mode = fields.Selection(
        related="company_id.l10n_pt_atcud_password_mode", readonly=False
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
    l10n_pt_atcud_exchange_days = fields.Integer(
        related="company_id.l10n_pt_atcud_exchange_days", readonly=False
    )
    l10n_pt_atcud_connection = fields.Selection(
        related="company_id.l10n_pt_atcud_connection"
    )
    l10n_pt_atcud_connection_on = fields.Datetime(
        related="company_id.l10n_pt_atcud_connection_on"
    )
    l10n_pt_atcud_diagnosis = fields.Text(related="company_id.l10n_pt_atcud_diagnosis")

    # CRUD

    def execute(self):
        # EXTENDS 'base': not set_values(), which may still be rolled back, while AT
        # does not forget that it was asked
        result = super().execute()
        company = self.company_id
        if (
            company.account_fiscal_country_id.code == "PT"
            and company.l10n_pt_atcud_connection == "unchecked"
        ):
            taxpayer = company._l10n_pt_atcud_without_password()
            if taxpayer:
                return self.env["l10n_pt_atcud.password"]._ask(
                    taxpayer, self, "action_l10n_pt_atcud_check", otherwise=result
                )
            doubt = company._l10n_pt_atcud_password_doubt()
            if doubt:
                return self._l10n_pt_atcud_notify("warning", doubt)
            error = company._l10n_pt_atcud_check()
            if error:
                return self._l10n_pt_atcud_tell(error)
        return result

    # Actions

    @asks_for_password(lambda settings: settings.company_id)
    def action_l10n_pt_atcud_check(self):
        """Ask AT whether it lets this company in, and say what it answered."""
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Only administrators may check the connection to AT.")
            )
        return self._l10n_pt_atcud_tell(self.company_id._l10n_pt_atcud_check())

    # Private functions

    def _l10n_pt_atcud_tell(self, error):
        company = self.company_id
        if error:
            return self._l10n_pt_atcud_notify(
                "danger", company._l10n_pt_atcud_explain(error)
            )
        return self._l10n_pt_atcud_notify(
            "success", self.env._("AT lets %s in.", company.display_name)
        )

    def _l10n_pt_atcud_notify(self, kind, text):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "className": "text-prewrap",
                "title": self.env._("Connection to AT"),
                "message": text,
                "sticky": kind != "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
