"""The settings page: the account in use, and the company's settings."""

from odoo import api, fields, models

from ..guards import guarded
from ..maventa_api import COUNTRIES
from .maventa_account import ENVIRONMENTS


@guarded()
class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    maventa_account_id = fields.Many2one(related="company_id.maventa_account_id")
    # These three select the account in use, and are set together. Each has a compute
    # method of its own: Odoo protects all fields of one method while it sets one.
    maventa_environment = fields.Selection(
        ENVIRONMENTS,
        compute="_compute_maventa_environment",
        inverse="_inverse_maventa_keys",
        readonly=False,
        help="Empty: Maventa is not configured. Demo: nothing leaves Odoo. Test: "
        "Maventa's test service. Production: real invoices are sent to real "
        "customers.",
    )
    maventa_company_uuid = fields.Char(
        "Maventa Company UUID",
        compute="_compute_maventa_company_uuid",
        inverse="_inverse_maventa_keys",
        readonly=False,
        groups="base.group_system",
    )
    maventa_user_api_key = fields.Char(
        "Maventa User API Key",
        compute="_compute_maventa_user_api_key",
        inverse="_inverse_maventa_keys",
        readonly=False,
        groups="base.group_system",
    )
    maventa_vendor_api_key = fields.Char(
        "Maventa Vendor Key",
        config_parameter="account_maventa.vendor_api_key",
        groups="base.group_system",
    )
    maventa_account_state = fields.Selection(related="maventa_account_id.state")
    maventa_account_name = fields.Char(related="maventa_account_id.remote_name")
    maventa_auth_label = fields.Char(related="maventa_account_id.auth_label")
    maventa_auth_email = fields.Char(related="maventa_account_id.auth_email")
    maventa_problem = fields.Text(related="maventa_account_id.problem")
    maventa_admin_id = fields.Many2one(
        related="maventa_account_id.admin_id", readonly=False
    )
    maventa_print_enabled = fields.Boolean(related="maventa_account_id.print_enabled")
    maventa_print_own_pdf = fields.Boolean(related="maventa_account_id.print_own_pdf")
    maventa_print_checked_at = fields.Datetime(
        related="maventa_account_id.print_checked_at"
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
    maventa_all_attachments = fields.Boolean(
        related="company_id.maventa_all_attachments", readonly=False
    )
    maventa_sender_comment = fields.Text(
        related="company_id.maventa_sender_comment", readonly=False
    )
    maventa_checklist = fields.Json(compute="_compute_maventa_checklist")
    maventa_always_own_pdf = fields.Boolean(compute="_compute_maventa_always_own_pdf")
    maventa_connected_count = fields.Integer(compute="_compute_maventa_connected_count")
    maventa_send_email = fields.Boolean(
        related="company_id.maventa_send_email", readonly=False
    )
    maventa_registered = fields.Selection(
        related="company_id.maventa_registered", readonly=False
    )
    maventa_overdue_percent = fields.Float(
        related="company_id.maventa_overdue_percent", readonly=False
    )
    maventa_check_rules = fields.Boolean(
        related="company_id.maventa_check_rules", readonly=False
    )
    maventa_receives = fields.Boolean(
        related="maventa_account_id.receives", readonly=False
    )
    maventa_receive_since = fields.Date(
        related="maventa_account_id.receive_since", readonly=False
    )
    maventa_receive_journal_id = fields.Many2one(
        related="maventa_account_id.receive_journal_id", readonly=False
    )
    maventa_receive_format = fields.Selection(
        related="maventa_account_id.receive_format", readonly=False
    )
    maventa_drafts_unreadable = fields.Boolean(
        related="maventa_account_id.drafts_unreadable", readonly=False
    )
    maventa_detects = fields.Boolean(
        related="maventa_account_id.detects", readonly=False
    )
    maventa_receive_problem = fields.Text(related="maventa_account_id.receive_problem")
    maventa_networks = fields.Char(related="maventa_account_id.networks")
    maventa_webhook_url = fields.Char(compute="_compute_maventa_webhook_url")
    maventa_currency_id = fields.Many2one(
        string="Currency of the limit", related="company_id.currency_id"
    )
    maventa_autopost = fields.Boolean(
        related="company_id.maventa_autopost", readonly=False
    )
    maventa_autopost_limit = fields.Monetary(
        related="company_id.maventa_autopost_limit",
        currency_field="maventa_currency_id",
        readonly=False,
    )
    maventa_rules_text = fields.Text(compute="_compute_maventa_rules_text")
    maventa_unclassified_text = fields.Text(
        compute="_compute_maventa_unclassified_text"
    )
    maventa_print_warning = fields.Text(compute="_compute_maventa_print_warning")
    maventa_is_account_company = fields.Boolean(
        compute="_compute_maventa_is_account_company"
    )
    maventa_has_own_simulator = fields.Boolean(
        compute="_compute_maventa_has_own_simulator"
    )

    # === COMPUTES === #

    @api.depends("company_id")
    def _compute_maventa_environment(self):
        for settings in self:
            account = settings.company_id.sudo().maventa_account_id
            settings.maventa_environment = account.environment

    @api.depends("company_id")
    def _compute_maventa_company_uuid(self):
        for settings in self:
            account = settings.company_id.sudo().maventa_account_id
            settings.maventa_company_uuid = account.company_uuid

    @api.depends("company_id")
    def _compute_maventa_user_api_key(self):
        for settings in self:
            account = settings.company_id.sudo().maventa_account_id
            settings.maventa_user_api_key = account.user_api_key

    def _inverse_maventa_keys(self):
        for settings in self:
            settings.company_id._maventa_configure(
                settings.maventa_environment,
                settings.maventa_company_uuid or "",
                settings.maventa_user_api_key or "",
            )

    @api.depends("company_id")
    def _compute_maventa_is_account_company(self):
        for settings in self:
            company = settings.company_id
            country = company.country_id.code
            settings.maventa_is_account_company = (
                company == company._maventa_account_company()
                # In other countries the settings are shown if there is an account.
                and (
                    not country
                    or country in COUNTRIES
                    or bool(company.sudo().maventa_account_id)
                )
            )

    @api.depends("company_id", "maventa_account_state")
    @api.depends_context("lang")
    def _compute_maventa_checklist(self):
        for settings in self:
            company = settings.company_id._origin
            checklist = self.env["maventa.go.live.checklist"]
            lines = checklist._lines(company) if company else ()
            settings.maventa_checklist = [
                {
                    "level": line.level,
                    "text": line.text,
                    "setting": line.setting,
                    "action": line.action
                    or (
                        line.record is not None
                        and line.record._get_records_action(name=line.text)
                    ),
                }
                for line in lines
            ]

    @api.depends("company_id")
    def _compute_maventa_always_own_pdf(self):
        """In the Netherlands Maventa always prints the PDF that it has received."""
        for settings in self:
            settings.maventa_always_own_pdf = settings.company_id.country_code == "NL"

    @api.depends("company_id")
    def _compute_maventa_connected_count(self):
        domain = [("company_in_use_ids", "!=", False)]
        self.maventa_connected_count = self.env["maventa.account"].search_count(domain)

    @api.depends("maventa_send_email", "maventa_print_enabled")
    def _compute_maventa_print_warning(self):
        text = self.env._(
            "According to Maventa, the print service is off: an invoice without an "
            "electronic channel cannot be delivered. Switch the print service on "
            "below, or send by e-mail."
        )
        for settings in self:
            known_off = (
                settings.maventa_print_checked_at and not settings.maventa_print_enabled
            )
            wanted = not settings.maventa_send_email
            settings.maventa_print_warning = known_off and wanted and text

    @api.depends("company_id")
    def _compute_maventa_unclassified_text(self):
        categories = self.env["maventa.vat.category"]
        for settings in self:
            taxes = categories._unclassified(settings.company_id)
            text = self.env._(
                "Taxes without a tax category: %s. Invoices with them are not "
                "transferred.",
                ", ".join(taxes.mapped("name")),
            )
            settings.maventa_unclassified_text = text if taxes else False

    @api.depends("company_id")
    def _compute_maventa_rules_text(self):
        text = self.env["maventa.official.rules"]._state_text()
        for settings in self:
            settings.maventa_rules_text = text

    @api.depends("company_id")
    def _compute_maventa_webhook_url(self):
        for settings in self:
            account = settings.company_id.sudo().maventa_account_id
            settings.maventa_webhook_url = account.webhook_id and account._bell_url()

    @api.depends("maventa_environment")
    def _compute_maventa_has_own_simulator(self):
        parameters = self.env["ir.config_parameter"].sudo()
        outside = bool(parameters.get_param("account_maventa.simulator_url"))
        for settings in self:
            inside = settings.maventa_environment == "demo" and not outside
            settings.maventa_has_own_simulator = inside

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base', which drops the values that the page only shows if it knows
        # the record that they are of. The account that is chosen here may be another
        # one: it keeps its own settings, or has the defaults.
        for vals in vals_list:
            company_id = vals.get("company_id") or self.env.company.id
            company = self.env["res.company"].browse(company_id)
            vals["maventa_account_id"] = company.sudo().maventa_account_id.id
        return super().create(vals_list)

    # === ACTIONS === #

    def action_maventa_unclassified_taxes(self):
        """List the taxes without a category, with proposals."""
        taxes = self.env["maventa.vat.category"]._unclassified(self.company_id)
        view = self.env.ref("account_maventa.account_tax_view_list_maventa")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Taxes without a category"),
            "res_model": "account.tax",
            "view_mode": "list,form",
            "views": [(view.id, "list"), (False, "form")],
            "domain": [("id", "in", taxes.ids)],
            "context": {"active_test": False},
        }

    def action_maventa_check(self):
        return self.company_id._maventa_account_in_use().action_check()

    def action_maventa_open_registration(self):
        return self.company_id._maventa_account_in_use().action_open_registration()

    def action_maventa_open_authentication(self):
        return self.company_id._maventa_account_in_use().action_open_authentication()

    def action_maventa_refresh_account(self):
        return self.company_id._maventa_account_in_use().action_refresh()

    def action_maventa_use_demo_account(self):
        return self.company_id._maventa_account_in_use().action_use_demo_account()

    def action_maventa_print_refresh(self):
        return self.company_id._maventa_account_in_use().action_print_refresh()

    def action_maventa_print_switch(self):
        return self.company_id._maventa_account_in_use().action_print_switch()

    def action_maventa_own_pdf_switch(self):
        return self.company_id._maventa_account_in_use().action_own_pdf_switch()

    def action_maventa_fetch_period(self):
        """Open the dialog that fetches a period."""
        account = self.company_id._maventa_account_in_use()
        return account._for_action()._open_dialog(
            "maventa.fetch.period", self.env._("Fetch a period")
        )

    def action_maventa_networks(self):
        return self.company_id._maventa_account_in_use().action_networks()

    def action_maventa_subscribe(self):
        return self.company_id._maventa_account_in_use().action_subscribe()

    def action_maventa_join_peppol(self):
        return self.company_id._maventa_account_in_use().action_join_peppol()

    def action_maventa_join_visma(self):
        return self.company_id._maventa_account_in_use().action_join_visma()
