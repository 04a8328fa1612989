from odoo import api, fields, models

from ..maventa_api import COUNTRIES


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    maventa_environment = fields.Selection(
        related="company_id.maventa_environment", readonly=False, required=True
    )
    maventa_company_uuid = fields.Char(
        related="company_id.maventa_company_uuid", readonly=False
    )
    maventa_user_api_key = fields.Char(
        related="company_id.maventa_user_api_key", readonly=False
    )
    maventa_vendor_api_key = fields.Char(
        "Maventa Vendor Key",
        config_parameter="account_maventa.vendor_api_key",
        groups="base.group_system",
    )
    maventa_account_state = fields.Selection(related="company_id.maventa_account_state")
    maventa_account_name = fields.Char(related="company_id.maventa_account_name")
    maventa_auth_label = fields.Char(related="company_id.maventa_auth_label")
    maventa_auth_email = fields.Char(related="company_id.maventa_auth_email")
    maventa_problem = fields.Text(related="company_id.maventa_problem")
    maventa_admin_id = fields.Many2one(
        related="company_id.maventa_admin_id", readonly=False
    )
    maventa_enabled = fields.Boolean(
        related="company_id.maventa_enabled", readonly=False
    )
    maventa_status_to_transfer_id = fields.Many2one(
        related="company_id.maventa_status_to_transfer_id", readonly=False
    )
    maventa_status_after_transfer_id = fields.Many2one(
        related="company_id.maventa_status_after_transfer_id", readonly=False
    )
    maventa_status_after_error_id = fields.Many2one(
        related="company_id.maventa_status_after_error_id", readonly=False
    )
    maventa_on_posting = fields.Boolean(
        related="company_id.maventa_on_posting", readonly=False
    )
    maventa_format = fields.Selection(
        related="company_id.maventa_format", readonly=False, required=True
    )
    maventa_notify_emails = fields.Char(
        related="company_id.maventa_notify_emails", readonly=False
    )
    maventa_warn_days = fields.Integer(
        related="company_id.maventa_warn_days", readonly=False
    )
    maventa_send_pdf = fields.Boolean(
        related="company_id.maventa_send_pdf", readonly=False
    )
    maventa_send_email = fields.Boolean(
        related="company_id.maventa_send_email", readonly=False
    )
    maventa_print_enabled = fields.Boolean(related="company_id.maventa_print_enabled")
    maventa_print_own_pdf = fields.Boolean(related="company_id.maventa_print_own_pdf")
    maventa_print_asked_at = fields.Datetime(
        related="company_id.maventa_print_asked_at"
    )
    maventa_print_warning = fields.Text(compute="_compute_maventa_print_warning")
    maventa_is_account_company = fields.Boolean(
        compute="_compute_maventa_is_account_company"
    )
    maventa_simulator_is_inside = fields.Boolean(
        compute="_compute_maventa_simulator_is_inside"
    )

    # === COMPUTE === #

    @api.depends("company_id")
    def _compute_maventa_is_account_company(self):
        for settings in self:
            company = settings.company_id
            country = company.country_id.code
            settings.maventa_is_account_company = (
                company == company._maventa_account_company()
                # Elsewhere there is nothing to set, unless somebody did already.
                and (
                    not country
                    or country in COUNTRIES
                    or company.maventa_account_state != "none"
                )
            )

    @api.depends("maventa_send_email", "maventa_print_enabled")
    def _compute_maventa_print_warning(self):
        text = self.env._(
            "Maventa's print service is off, as far as Maventa has said: an invoice "
            "that cannot go electronically reaches nobody. Switch print on below, or "
            "send by e-mail."
        )
        for settings in self:
            known_off = (
                settings.maventa_print_asked_at and not settings.maventa_print_enabled
            )
            wanted = not settings.maventa_send_email
            settings.maventa_print_warning = known_off and wanted and text

    @api.depends("maventa_environment")
    def _compute_maventa_simulator_is_inside(self):
        parameters = self.env["ir.config_parameter"].sudo()
        outside = bool(parameters.get_param("account_maventa.simulator_url"))
        for settings in self:
            inside = settings.maventa_environment == "demo" and not outside
            settings.maventa_simulator_is_inside = inside

    # === ACTIONS === #

    def action_maventa_check(self):
        return self.company_id.action_maventa_check()

    def action_maventa_open_registration(self):
        return self.company_id.action_maventa_open_registration()

    def action_maventa_ask_for_authentication(self):
        return self.company_id.action_maventa_ask_for_authentication()

    def action_maventa_refresh_account(self):
        return self.company_id.action_maventa_refresh_account()

    def action_maventa_demo_account(self):
        return self.company_id.action_maventa_demo_account()

    def action_maventa_print_refresh(self):
        return self.company_id.action_maventa_print_refresh()

    def action_maventa_print_switch(self):
        return self.company_id.action_maventa_print_switch()

    def action_maventa_own_pdf_switch(self):
        return self.company_id.action_maventa_own_pdf_switch()
