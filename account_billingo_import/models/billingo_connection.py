from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# Of the Hungarian chart: income or expense, and advances received or given.
CHART_ACCOUNTS = {
    "customer": ("l10n_hu_911", "l10n_hu_453"),
    "supplier": ("l10n_hu_811", "l10n_hu_354"),
    "spending": ("l10n_hu_811", "l10n_hu_354"),
}


SUBSCRIPTION_NOTICE = timedelta(days=14)


class BillingoConnection(models.Model):
    _name = "billingo.connection"
    _description = "Billingo connection"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "company_id, name, id"

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    # STATE DIAGRAM
    # * draft --[activate]--> active --[deactivate]--> draft
    # * active --(401, 402, 403, or a key of another company)--> suspended
    # * suspended --[check succeeds, activate]--> active
    # * suspended --[deactivate]--> draft
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("suspended", "Suspended")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    environment = fields.Selection(
        [
            ("demo", "Demo (a simulator with invented documents)"),
            ("test", "Test (a sandbox account of Billingo)"),
            ("production", "Production"),
        ],
        default="demo",
        required=True,
        tracking=True,
    )
    api_key = fields.Char("API key", groups="base.group_system", copy=False)
    mode = fields.Selection(
        [
            ("supplier", "Vendor bills: a supplier's Billingo account"),
            ("spending", "Vendor bills: the spendings of our own Billingo account"),
            ("customer", "Customer invoices: our own Billingo account"),
        ],
        "The documents are",
        default="supplier",
        required=True,
        tracking=True,
    )
    start_date = fields.Date(
        "From issue date",
        tracking=True,
        help="Documents issued on this day or later are fetched.",
    )
    has_invoices = fields.Boolean("Invoices", default=True)
    has_advances = fields.Boolean("Advance invoices", default=True)
    has_proformas = fields.Boolean("Pro forma invoices", help="Kept, never booked.")
    block_ids = fields.Many2many(
        "billingo.block",
        string="Blocks",
        domain="[('connection_id', '=', id)]",
        copy=False,
        help="Only documents of these blocks are fetched. Empty: of all blocks. Check "
        "brings the list from Billingo.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain="[('type', '=', mode == 'customer' and 'sale' or 'purchase')]",
        help="Best a journal of its own: Billingo's numbers are kept.",
    )
    account_id = fields.Many2one(
        "account.account",
        "Income or expense account",
        check_company=True,
        compute="_compute_account_id",
        store=True,
        readonly=False,
    )
    advance_account_id = fields.Many2one(
        "account.account",
        "Account for advances",
        check_company=True,
        compute="_compute_advance_account_id",
        store=True,
        readonly=False,
    )
    date_policy = fields.Selection(
        [("fulfillment", "Day of fulfilment"), ("issue", "Day of issue")],
        "Accounting date",
        default="fulfillment",
        required=True,
        tracking=True,
    )
    closed_policy = fields.Selection(
        [
            ("stop", "Stop, and say so"),
            ("first_open", "Book on the first open day, and say so"),
        ],
        "In a closed period",
        default="stop",
        required=True,
        tracking=True,
    )
    is_auto_post = fields.Boolean(
        "Post at once", default=True, help="Otherwise entries wait as drafts."
    )
    organization_tax_number = fields.Char(
        "Tax number",
        readonly=True,
        copy=False,
        help="Of the company whose Billingo account this is, as the last check or the "
        "documents have it. Once there are documents, only a key of that company will "
        "do.",
    )
    subscription_end = fields.Date("Subscription until", readonly=True, copy=False)
    checked_at = fields.Datetime("Checked on", readonly=True, copy=False)
    error = fields.Text(readonly=True, copy=False)
    alerts = fields.Json(compute="_compute_alerts")
    document_ids = fields.One2many("billingo.document", "connection_id")

    @api.depends("journal_id", "mode", "company_id")
    def _compute_account_id(self):
        for connection in self:
            default = connection.journal_id.default_account_id
            connection.account_id = default or connection._chart_account(0)

    @api.depends("mode", "company_id")
    def _compute_advance_account_id(self):
        for connection in self:
            connection.advance_account_id = connection._chart_account(1)

    def _chart_account(self, which):
        chart = self.env["account.chart.template"].with_company(self.company_id)
        xmlid = CHART_ACCOUNTS[self.mode][which]
        return chart.ref(xmlid, raise_if_not_found=False)

    @api.depends("state", "error", "environment", "subscription_end")
    def _compute_alerts(self):
        for connection in self:
            alerts = {}
            if connection.error:
                alerts["error"] = {
                    "level": "danger" if connection.state == "suspended" else "warning",
                    "message": connection.error,
                }
            if connection.environment == "demo" and connection._is_simulated_here():
                alerts["demo"] = {
                    "level": "info",
                    "message": self.env._(
                        "Demo: nothing leaves Odoo. Two invented accounts answer to "
                        "the API keys demo-supplier and demo-own."
                    ),
                }
            if connection._subscription_alert():
                alerts["subscription"] = connection._subscription_alert()
            connection.alerts = alerts

    def _subscription_alert(self):
        """Warn before Billingo stops answering; whether it does, it says itself."""
        end, today = self.subscription_end, fields.Date.context_today(self)
        if not end or end > today + SUBSCRIPTION_NOTICE:
            return None
        return {
            "level": "warning",
            "message": self.env._(
                "The Billingo subscription runs until %s. Renew it, or no documents "
                "arrive after that day.",
                end,
            ),
        }

    @api.model_create_multi
    def create(self, vals_list):
        connections = super().create(vals_list)
        for company in connections.company_id:
            # The map belongs to the company, its taxes to the accountants.
            self.env["billingo.tax.map"].sudo()._seed(company)
        # A first connection brings the menu where it did not show.
        self.env.registry.clear_cache()
        return connections

    def write(self, vals):
        if {
            "start_date",
            "mode",
            "has_invoices",
            "has_advances",
            "has_proformas",
            "block_ids",
        } & set(vals):
            # What was passed over before may be wanted now: read from the start.
            vals = {**vals, "fetched_until": False, "fetch_page": 0}
        if {"api_key", "environment"} & set(vals):
            # What the last key said of itself is nothing that the new one said.
            vals = {**vals, "checked_at": False, "subscription_end": False}
        self._check_frozen(vals)
        result = super().write(vals)
        if {"api_key", "environment"} & set(vals):
            self._forget_key()
        return result

    def _check_frozen(self, vals):
        """What says whose documents these are stays, once there are some."""
        names = {"mode", "environment", "company_id"} & set(vals)
        for connection in self.filtered(lambda x: names and x._has_documents()):
            for name in names:
                field = self._fields[name]
                now = field.convert_to_write(connection[name], connection)
                if vals[name] != now:
                    raise UserError(
                        self.env._(
                            "%(connection)s has documents already, so that "
                            '"%(field)s" cannot change. Make another connection.',
                            connection=connection.name,
                            field=field._description_string(self.env),
                        )
                    )

    def _has_documents(self):
        """Tell whether there are any, without reading ten thousand of them."""
        mine = [("connection_id", "in", self.ids)]
        return bool(self.env["billingo.document"].sudo().search_count(mine, limit=1))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_documents(self):
        if self._has_documents():
            raise UserError(
                self.env._(
                    "This connection has documents. Switch it off instead of "
                    "deleting it."
                )
            )
