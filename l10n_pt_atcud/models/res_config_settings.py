"""The settings of the connection to AT that is in use, and of posting without one."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..guards import ensure_one, guarded
from ..services.password_prompt import prompts_for_password
from .l10n_pt_atcud_connection import ENVIRONMENTS


@guarded()
class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # Choosing another environment shows the connection of that one.
    l10n_pt_atcud_environment = fields.Selection(
        selection=ENVIRONMENTS,
        string="AT environment",
        compute="_compute_l10n_pt_atcud_environment",
        readonly=False,
        store=True,
    )
    l10n_pt_atcud_connection_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.connection",
        string="AT connection in use",
        compute="_compute_l10n_pt_atcud_connection_id",
    )
    l10n_pt_atcud_username = fields.Char(
        related="l10n_pt_atcud_connection_id.username", readonly=False
    )
    l10n_pt_atcud_password = fields.Char(
        related="l10n_pt_atcud_connection_id.password", readonly=False
    )
    l10n_pt_atcud_password_mode = fields.Selection(
        related="l10n_pt_atcud_connection_id.password_mode", readonly=False
    )
    l10n_pt_atcud_client_certificate_id = fields.Many2one(
        related="l10n_pt_atcud_connection_id.client_certificate_id", readonly=False
    )
    l10n_pt_atcud_cipher_certificate_id = fields.Many2one(
        related="l10n_pt_atcud_connection_id.cipher_certificate_id", readonly=False
    )
    l10n_pt_atcud_state = fields.Selection(
        selection=[
            ("not_configured", "Not configured"),
            ("demo", "Demo"),
            ("unchecked", "Not checked yet"),
            ("active", "Active"),
            ("refused", "Refused"),
        ],
        string="AT connection",
        compute="_compute_l10n_pt_atcud_state",
    )
    l10n_pt_atcud_since = fields.Datetime(
        related="l10n_pt_atcud_connection_id.display_since"
    )
    l10n_pt_atcud_diagnosis = fields.Text(
        related="l10n_pt_atcud_connection_id.diagnosis"
    )
    l10n_pt_atcud_software_number = fields.Char(
        related="company_id.l10n_pt_atcud_software_number", readonly=False
    )
    l10n_pt_atcud_without_series = fields.Selection(
        related="company_id.l10n_pt_atcud_without_series", readonly=False
    )
    l10n_pt_atcud_date_earlier = fields.Selection(
        related="company_id.l10n_pt_atcud_date_earlier", readonly=False
    )
    l10n_pt_atcud_date_later = fields.Selection(
        related="company_id.l10n_pt_atcud_date_later", readonly=False
    )
    l10n_pt_atcud_date_unregistered = fields.Selection(
        related="company_id.l10n_pt_atcud_date_unregistered", readonly=False
    )
    l10n_pt_atcud_document_rules = fields.Selection(
        related="company_id.l10n_pt_atcud_document_rules", readonly=False
    )
    l10n_pt_atcud_is_retailer = fields.Boolean(
        related="company_id.l10n_pt_atcud_is_retailer", readonly=False
    )
    l10n_pt_atcud_producer = fields.Char(
        related="company_id.l10n_pt_atcud_producer", readonly=False
    )
    l10n_pt_atcud_without_reason = fields.Selection(
        related="company_id.l10n_pt_atcud_without_reason", readonly=False
    )
    l10n_pt_atcud_exchange_days = fields.Integer(
        related="company_id.l10n_pt_atcud_exchange_days", readonly=False
    )

    # === COMPUTES === #

    @api.depends("company_id")
    def _compute_l10n_pt_atcud_environment(self):
        for settings in self:
            connection = settings.company_id._l10n_pt_atcud_connection()
            settings.l10n_pt_atcud_environment = connection.environment

    @api.depends("company_id", "l10n_pt_atcud_environment")
    def _compute_l10n_pt_atcud_connection_id(self):
        for settings in self:
            connection = settings.company_id._l10n_pt_atcud_connection()
            environment = settings.l10n_pt_atcud_environment
            if environment != connection.environment:
                company = settings.company_id
                connection = company._l10n_pt_atcud_find_connection(environment)
            settings.l10n_pt_atcud_connection_id = connection

    @api.depends("l10n_pt_atcud_connection_id.display_state")
    def _compute_l10n_pt_atcud_state(self):
        for settings in self:
            connection = settings.l10n_pt_atcud_connection_id
            settings.l10n_pt_atcud_state = connection.display_state or "not_configured"

    @api.onchange("l10n_pt_atcud_environment")
    def _onchange_l10n_pt_atcud_environment(self):
        if not self.l10n_pt_atcud_connection_id:
            self.l10n_pt_atcud_password_mode = "stored"

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': the related fields write to the connection that is chosen
        self.check_access("create")
        for vals in vals_list:
            if not vals.get("l10n_pt_atcud_password_mode"):
                vals.pop("l10n_pt_atcud_password_mode", None)
            environment = vals.get("l10n_pt_atcud_environment")
            company_id = vals.get("company_id") or self.env.company.id
            company = self.env["res.company"].browse(company_id)
            if environment:
                company._l10n_pt_atcud_use_environment(environment)
        return super().create(vals_list)

    def execute(self):
        # EXTENDS 'base': not set_values(), which may still be rolled back, while AT
        # keeps what was sent to it
        result = super().execute()
        connection = self.company_id._l10n_pt_atcud_connection()
        is_portuguese = self.company_id.account_fiscal_country_id.code == "PT"
        is_unchecked = connection.sudo().state == "unchecked"
        if connection.display_state not in ("unchecked", "demo") or not is_unchecked:
            return result
        if not is_portuguese:
            return result
        if connection._without_password():
            return self.env["l10n_pt_atcud.password_prompt"]._open_dialog(
                connection, self, "action_l10n_pt_atcud_check", otherwise=result
            )
        doubt = connection._password_doubt()
        if doubt:
            return connection._notify("warning", doubt)
        error = self.env["l10n_pt_atcud.connection_check"].check(connection)
        return connection._notify_check(error) if error else result

    # === ACTIONS === #

    @prompts_for_password(
        lambda settings: ensure_one(settings).company_id._l10n_pt_atcud_connection()
    )
    def action_l10n_pt_atcud_check(self):
        """Send AT a harmless request, and show what it answered."""
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Only administrators may check the connection to AT.")
            )
        connection = self.company_id._l10n_pt_atcud_connection()
        error = self.env["l10n_pt_atcud.connection_check"].check(connection)
        return connection._notify_check(error)
