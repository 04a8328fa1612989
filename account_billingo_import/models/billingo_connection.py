"""A connection: one Billingo account, and how its documents come into the books.

It belongs to one company; a company may have several. Environment and use are chosen
when it is created. Once it has documents, both stay: another account is another
connection.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..billingo_api import HOST, BillingoClient, parsing, spendings
from ..billingo_api.kinds import KINDS
from ..billingo_api.simulator import Simulator, samples
from ..billingo_api.transport import open_session
from ..guards import guarded
from .database_store import DatabaseStore
from .res_partner import tax_base

# Accounts of the Hungarian chart: income or expense, advances received or paid, and
# income from abroad.
CHART_ACCOUNTS = {
    "customer": ("l10n_hu_911", "l10n_hu_453", "l10n_hu_931"),
    "supplier": ("l10n_hu_811", "l10n_hu_354"),
    "spending": ("l10n_hu_811", "l10n_hu_354"),
}
SUBSCRIPTION_NOTICE = timedelta(days=14)
# After a change of one of these, documents that were passed over may be wanted.
WISHES = frozenset(
    {
        "start_date",
        "mode",
        "has_invoices",
        "has_advances",
        "has_proformas",
        "has_receipts",
        "block_ids",
    }
)
CREDENTIALS = frozenset({"api_key", "environment"})
IDENTITY = frozenset({"mode", "environment", "company_id"})

# A value of one of these releases the documents with this error.
RELEASED_BY = {
    "journal_id": "connection_incomplete",
    "account_id": "connection_incomplete",
    "advance_account_id": "connection_incomplete",
    "receipt_partner_id": "receipt_partner_missing",
}

IN_PROCESS = "https://localhost"  # the only https host that tests let through
DEMO_KEYS = {"supplier_key": "demo-supplier", "own_key": "demo-own"}
DEMO_SPACING = 0.02  # seconds between requests to a simulator
SIMULATOR_URL = "account_billingo_import.simulator_url"
PAGE_SIZE = "account_billingo_import.page_size"


@guarded(
    "tried_at",
    *"state organization_tax_number subscription_end checked_at error".split(),
    *"failures failing_since is_outage_notified last_success_at".split(),
    *"next_fetch_at fetched_until fetch_started_at fetch_from fetch_to".split(),
    *"fetch_changes fetch_page fetch_pages fetch_total fetch_shrunk".split(),
    *"fetch_rereads refetch_from refetch_to run_id gaps_started_at".split(),
    *"gaps_checked_at gaps_found".split(),
    *"error_source wait_until fetch_seen fetch_page_digest fetched_whole_at".split(),
)
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
            ("production", "Production"),
            ("test", "Test (a sandbox account at Billingo)"),
            ("demo", "Demo (a simulator with invented documents)"),
        ],
        required=True,
        tracking=True,
    )
    api_key = fields.Char("API key", groups="base.group_system", copy=False)
    mode = fields.Selection(
        [
            ("supplier", "Vendor bills from a supplier's Billingo account"),
            ("spending", "Vendor bills from the spendings of our own account"),
            ("customer", "Customer invoices from our own account"),
        ],
        "Use",
        required=True,
        tracking=True,
    )

    # What is fetched
    start_date = fields.Date(
        "Issued from",
        tracking=True,
        help="Documents issued on or after this date are fetched.",
    )
    has_invoices = fields.Boolean("Invoices", default=True)
    has_advances = fields.Boolean("Advance invoices", default=True)
    has_proformas = fields.Boolean(
        "Pro forma invoices", help="Pro forma invoices are stored but never booked."
    )
    has_receipts = fields.Boolean("Receipts", help="Includes stornos of receipts.")
    block_ids = fields.Many2many(
        "billingo.block",
        string="Blocks",
        check_company=True,
        domain="[('connection_id', '=', id)]",
        copy=False,
        help="Only documents of these blocks are fetched. Leave empty for all blocks. "
        "Checking the connection updates the list.",
    )

    # How it is booked
    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain="[('type', '=', mode == 'customer' and 'sale' or 'purchase')]",
        help="Use a separate journal: documents keep their Billingo numbers.",
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
        "Advance account",
        check_company=True,
        compute="_compute_advance_account_id",
        store=True,
        readonly=False,
    )
    foreign_account_id = fields.Many2one(
        "account.account",
        "Income account for foreign customers",
        check_company=True,
        compute="_compute_foreign_account_id",
        store=True,
        readonly=False,
    )
    has_predictions = fields.Boolean(
        "Use the usual account of a supplier",
        default=True,
        help="Where no rule applies, the account that Odoo predicts from earlier bills "
        "of the supplier is used, and noted on the entry.",
    )
    receipt_partner_id = fields.Many2one(
        "res.partner",
        "Partner for receipts",
        check_company=True,
        help="Used for receipts without a customer name. Only stornos of receipts "
        "require a partner.",
    )
    date_policy = fields.Selection(
        [("fulfillment", "Fulfilment date"), ("issue", "Issue date")],
        "Accounting date",
        default="fulfillment",
        required=True,
        tracking=True,
    )
    closed_policy = fields.Selection(
        [
            ("stop", "Stop and report an error"),
            ("first_open", "Book on the first open day and add a note"),
        ],
        "In a closed period",
        default="stop",
        required=True,
        tracking=True,
    )
    keeps_cost_month = fields.Boolean(
        "Keep costs in the month of fulfilment",
        help="An entry has one date, the day of its VAT. If that is in a later month "
        "than the fulfilment, two further entries move the cost or income there by an "
        "accrual.",
    )
    receipt_policy = fields.Selection(
        [
            ("ask", "Ask if the day is not known"),
            ("issue", "On the issue date (electronic invoices)"),
        ],
        "Bills are received",
        default="ask",
        required=True,
        tracking=True,
        help="Under reverse charge and for stornos, the day of receipt can decide the "
        "period. It is known for bills that the regular fetch brings.",
    )
    is_auto_post = fields.Boolean(
        "Post automatically",
        default=True,
        help="If disabled, entries remain drafts.",
    )
    has_payments = fields.Boolean(
        "Register payments",
        tracking=True,
        help="Payments recorded at Billingo are registered in Odoo. Leave this off if "
        "bank statements are imported.",
    )
    payment_journal_ids = fields.One2many(
        "billingo.payment.journal", "connection_id", "Payment journals"
    )
    # Followers get messages; each user chooses the kinds in the own preferences.
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
        help="Gets an activity when the connection is suspended or a document cannot "
        "be booked. Followers of the connection get messages. Each user chooses the "
        "kinds of messages in the own preferences.",
    )

    # What the last check found
    organization_tax_number = fields.Char(
        "Account's tax number",
        readonly=True,
        copy=False,
        help="Tax number of the company that owns the Billingo account, as found by "
        "the last check or in the documents. Once documents are stored, only a key of "
        "that company is accepted.",
    )
    subscription_end = fields.Date("Subscription until", readonly=True, copy=False)
    checked_at = fields.Datetime("Checked on", readonly=True, copy=False)

    # Trouble
    # The source of the text, see `billingo.messages`: readers differ in language.
    error_source = fields.Text(readonly=True, copy=False)
    error = fields.Text(compute="_compute_error", inverse="_inverse_error")
    # Billingo itself asked not to be called before.
    wait_until = fields.Datetime(
        "Billingo asks to wait until", readonly=True, copy=False
    )
    failures = fields.Integer("Failures in a row", readonly=True, copy=False)
    failing_since = fields.Datetime(readonly=True, copy=False)
    is_outage_notified = fields.Boolean(readonly=True, copy=False)
    alerts = fields.Json(compute="_compute_alerts")

    # Progress of fetching. A run reads the pages upwards, since new documents push the
    # others down: a document may then come twice, but none is missed. The position is
    # committed with each page, so that an interrupted run continues. `fetched_until`
    # moves only when the last page is stored.
    last_success_at = fields.Datetime("Last success", readonly=True, copy=False)
    # Written before a job calls: who was tried longest ago comes first next time.
    tried_at = fields.Datetime("Last try", readonly=True, copy=False)
    next_fetch_at = fields.Datetime("Not before", readonly=True, copy=False)
    fetched_until = fields.Datetime(readonly=True, copy=False)
    fetch_started_at = fields.Datetime(readonly=True, copy=False)
    fetch_from = fields.Date(readonly=True, copy=False)
    fetch_to = fields.Date(readonly=True, copy=False)
    fetch_changes = fields.Boolean(readonly=True, copy=False)
    fetch_page = fields.Integer("Next page", readonly=True, copy=False)
    fetch_pages = fields.Integer("Pages", readonly=True, copy=False)
    fetch_total = fields.Integer(readonly=True, copy=False)
    fetch_shrunk = fields.Boolean(readonly=True, copy=False)
    fetch_rereads = fields.Integer(readonly=True, copy=False)
    fetch_seen = fields.Integer(readonly=True, copy=False)
    fetch_page_digest = fields.Char(readonly=True, copy=False)
    # Once a week the last year is read again: it shows what Billingo has deleted.
    fetched_whole_at = fields.Datetime(readonly=True, copy=False)
    # A period that a user requested again, for the next run.
    refetch_from = fields.Date(readonly=True, copy=False)
    refetch_to = fields.Date(readonly=True, copy=False)
    fetch_progress = fields.Float("Progress", compute="_compute_fetch_progress")
    next_run_at = fields.Datetime("Next run", compute="_compute_next_run_at")
    run_id = fields.Many2one(
        "billingo.run", "Last run", readonly=True, copy=False, ondelete="set null"
    )
    run_ids = fields.One2many("billingo.run", "connection_id", "Fetch log")
    last_new = fields.Integer("New", related="run_id.count_new")
    last_known = fields.Integer("Already stored", related="run_id.count_known")
    last_unwanted = fields.Integer("Type not selected", related="run_id.count_kind")
    last_block = fields.Integer("Block not selected", related="run_id.count_block")
    last_early = fields.Integer(
        "Issued before the start date", related="run_id.count_early"
    )
    last_foreign = fields.Integer("Not addressed to us", related="run_id.count_foreign")

    # Documents
    document_ids = fields.One2many("billingo.document", "connection_id")
    count_documents = fields.Integer("Documents", compute="_compute_counts")
    count_fetched = fields.Integer("To process", compute="_compute_counts")
    count_processed = fields.Integer("Processed", compute="_compute_counts")
    count_skipped = fields.Integer("Skipped", compute="_compute_counts")
    count_recorded = fields.Integer("… already recorded", compute="_compute_counts")
    count_not_booked = fields.Integer("… pro forma", compute="_compute_counts")
    count_by_user = fields.Integer("… by a user", compute="_compute_counts")
    count_errors = fields.Integer("With errors", compute="_compute_counts")
    count_pdf_waiting = fields.Integer("PDFs to download", compute="_compute_counts")

    unstored_ids = fields.One2many(
        "billingo.unstored", "connection_id", "Documents not stored"
    )
    count_unstored = fields.Integer("Not stored", compute="_compute_count_unstored")

    # Comparison of numbers. An interrupted comparison continues: what it found so far
    # is stored in the gaps.
    gap_ids = fields.One2many("billingo.gap", "connection_id", "Missing numbers")
    count_gaps = fields.Integer("Numbers missing", compute="_compute_count_gaps")
    gaps_started_at = fields.Datetime(readonly=True, copy=False)
    gaps_checked_at = fields.Datetime("Numbers compared", readonly=True, copy=False)
    gaps_found = fields.Integer(readonly=True, copy=False)

    # === COMPUTES === #

    @api.depends("journal_id", "mode", "company_id")
    def _compute_account_id(self):
        for connection in self:
            default = connection.journal_id.default_account_id
            connection.account_id = default or connection._chart_account(0)

    @api.depends("mode", "company_id")
    def _compute_advance_account_id(self):
        for connection in self:
            connection.advance_account_id = connection._chart_account(1)

    @api.depends("mode", "company_id")
    def _compute_foreign_account_id(self):
        for connection in self:
            account = connection.mode == "customer" and connection._chart_account(2)
            connection.foreign_account_id = account

    @api.depends("error_source")
    @api.depends_context("lang")
    def _compute_error(self):
        for connection in self:
            source = connection.error_source
            connection.error = self.env["billingo.messages"]._text(source) or False

    def _inverse_error(self):
        for connection in self:
            connection.error_source = connection.error

    @api.depends(
        "state",
        "error_source",
        "environment",
        "subscription_end",
        "company_id.billingo_cash_from",
        "unstored_ids",
    )
    @api.depends_context("lang")
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
                        "Demo: no data leaves Odoo. Use the API key demo-supplier or "
                        "demo-own for one of the two invented accounts."
                    ),
                }
            if connection.count_unstored:
                alerts["unstored"] = {
                    "level": "warning",
                    "message": self.env._(
                        "Documents could not be stored: %s. Each run tries them again; "
                        "Fetch now tries all of them.",
                        connection.count_unstored,
                    ),
                    "action_text": self.env._("Open"),
                    "action": connection.action_open_unstored(),
                }
            if connection._misses_cash_accounting():
                alerts["cash"] = {
                    "level": "warning",
                    "message": self.env._(
                        "Invoices of this company say cash accounting. Enter since "
                        "when under Settings / Billingo: the VAT of its bills is then "
                        "deducted when it pays them."
                    ),
                }
            if connection._is_subscription_ending():
                alerts["subscription"] = {
                    "level": "warning",
                    "message": self.env._(
                        "The Billingo subscription ends on %s. Renew it to receive "
                        "documents after this date.",
                        connection.subscription_end,
                    ),
                }
            connection.alerts = alerts

    @api.depends("state", "next_fetch_at")
    def _compute_next_run_at(self):
        job = self.env.ref("account_billingo_import.ir_cron_billingo_fetch").sudo()
        for connection in self:
            times = (job.nextcall, connection.next_fetch_at or job.nextcall)
            is_on = connection.state == "active" and job.active
            # A failure causes an extra run before the next regular one.
            at = times[1] if connection.failures else max(times)
            connection.next_run_at = is_on and at

    @api.depends("fetch_page", "fetch_pages")
    def _compute_fetch_progress(self):
        for connection in self:
            done = connection.fetch_page - 1
            pages = connection.fetch_pages
            connection.fetch_progress = 100.0 * done / pages if pages > 0 < done else 0

    @api.depends(
        "document_ids.state", "document_ids.pdf_state", "document_ids.skip_reason"
    )
    def _compute_counts(self):
        groups = self.env["billingo.document"]._read_group(
            [("connection_id", "in", self.ids)],
            ["connection_id", "state", "pdf_state", "skip_reason"],
            ["__count"],
        )
        for connection in self:
            own = [
                (*rest, count) for owner, *rest, count in groups if owner == connection
            ]

            def count(state=None, pdf=None, reason=None, own=own):
                return sum(
                    number
                    for its_state, its_pdf, its_reason, number in own
                    if state in (None, its_state)
                    and pdf in (None, its_pdf)
                    and reason in (None, its_reason)
                )

            connection.count_documents = count()
            connection.count_fetched = count("fetched")
            connection.count_processed = count("processed")
            connection.count_skipped = count("skipped")
            connection.count_recorded = count(reason="recorded")
            connection.count_not_booked = count(reason="not_booked")
            connection.count_by_user = count(reason="user")
            connection.count_errors = count("error")
            connection.count_pdf_waiting = count(pdf="waiting")

    @api.depends("unstored_ids")
    def _compute_count_unstored(self):
        counts = self._counted("billingo.unstored")
        for connection in self:
            connection.count_unstored = counts.get(connection, 0)

    @api.depends("gap_ids.state")
    def _compute_count_gaps(self):
        counts = self._counted("billingo.gap", [("state", "!=", "unwanted")])
        for connection in self:
            connection.count_gaps = counts.get(connection, 0)

    def _counted(self, model, domain=()):
        """Return the number of records of a model for each connection."""
        domain = [("connection_id", "in", self.ids), *domain]
        groups = self.env[model]._read_group(domain, ["connection_id"], ["__count"])
        return dict(groups)

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        connections = super().create(vals_list)
        for company in connections.company_id:
            # The map belongs to the company, its taxes to the accountants.
            self.env["billingo.own.taxes"].sudo()._seed(company)
        connections.filtered("has_payments")._request_payments()
        # A first connection makes the menu visible.
        self.env.registry.clear_cache()
        return connections

    def write(self, vals):
        if WISHES & set(vals):
            # Documents that were passed over may be wanted now: start again.
            vals = {
                **vals,
                "fetched_until": False,
                "fetched_whole_at": False,
                "fetch_page": 0,
            }
        if CREDENTIALS & set(vals):
            # The last check was about another key.
            vals = {**vals, "checked_at": False, "subscription_end": False}
        self._check_identity(vals)
        result = super().write(vals)
        if CREDENTIALS & set(vals):
            self._forget_key()
        if vals.get("has_payments"):
            self._request_payments()
        codes = [code for name, code in RELEASED_BY.items() if vals.get(name)]
        if codes:
            self.env["billingo.document"]._release(
                [("connection_id", "in", self.ids), ("error_code", "in", codes)]
            )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_documents(self):
        if self._has_documents():
            raise UserError(
                self.env._(
                    "This connection has documents. Deactivate it instead of deleting "
                    "it."
                )
            )

    # === ACTIONS === #

    def action_check(self):
        """Check the key at Billingo; success ends a suspension."""
        self.ensure_one()
        self.check_access("write")
        return self.env["billingo.connection.check"]._check_by_hand(self.sudo())

    def action_activate(self):
        """Start fetching, or name what is missing."""
        for connection in self:
            connection.check_access("write")
            check = self.env["billingo.connection.check"]
            failure = check._activate(connection.sudo())
            if failure:
                return failure
        return True

    def action_deactivate(self):
        """Stop the scheduled jobs; documents can still be processed by hand."""
        self.check_access("write")
        return self.sudo().write({"state": "draft", "error": False})

    def action_fetch(self):
        """Fetch now for a few seconds; the scheduled job does the rest."""
        self.ensure_one()
        self.env["account.move"].check_access("create")
        connection = self.sudo()
        return connection.env["billingo.fetcher"]._fetch_by_hand(connection)

    def action_compare_numbers(self):
        """Look for missing numbers for a few seconds; the job does the rest."""
        self.ensure_one()
        self.env["account.move"].check_access("create")
        connection = self.sudo()
        return connection.env["billingo.gap.check"]._compare_by_hand(connection)

    def action_open_documents(self):
        """Open this connection's documents."""
        return self._own_records_action("action_billingo_document", context={})

    def action_open_runs(self):
        """Open the fetch log."""
        return self._own_records_action("action_billingo_run")

    def action_open_gaps(self):
        """Open the missing numbers."""
        return self._own_records_action("action_billingo_gap")

    def action_open_unstored(self):
        """Open the documents that could not be stored."""
        return self._own_records_action("action_billingo_unstored")

    def _own_records_action(self, name, **values):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"account_billingo_import.{name}"
        )
        return {**action, "domain": [("connection_id", "=", self.id)], **values}

    # === CLIENT === #

    def _client(self):
        """Return a client of this connection's account, to be used in a ``with``.

        This is the only place that reads key and environment, and the only one that
        tests replace.

        :raise UserError: the system parameter with the simulator's address is wrong
        """
        self.ensure_one()
        connection = self.sudo()
        is_demo = connection.environment == "demo"
        simulator, origin = None, HOST
        if is_demo and connection._is_simulated_here():
            origin, simulator = IN_PROCESS, connection._own_simulator()
        elif is_demo:
            origin = connection._parameter(SIMULATOR_URL)
        try:
            session = open_session(origin, simulator=simulator, loopback_only=is_demo)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "Invalid simulator URL: %(origin)s. In Demo it must be an address "
                    "of this machine. Correct the system parameter %(parameter)s, or "
                    "delete it to use the simulator in Odoo.",
                    origin=origin,
                    parameter=SIMULATOR_URL,
                )
            ) from error
        options = {"spacing": DEMO_SPACING} if is_demo else {}
        size = connection._parameter(PAGE_SIZE) or ""
        if size.isdigit():
            options["page_size"] = int(size)
        return BillingoClient(
            session,
            origin,
            connection.api_key or "",
            user_agent="Odoo account_billingo_import 19.0",
            **options,
        )

    def _read_list(self, client, page, **filters):
        """Read a page of the list that this connection is for.

        :return: a ``DocumentPage``
        """
        is_spending = self.mode == "spending"
        read = client.spendings if is_spending else client.documents
        return read(page, **filters)

    def _parse(self, raw):
        """Return what that list has as the protocol package's ``Document``."""
        is_spending = self.mode == "spending"
        parse = spendings.parse_spending if is_spending else parsing.parse_document
        return parse(raw)

    def _parameter(self, name):
        return self.env["ir.config_parameter"].sudo().get_param(name)

    def _is_simulated_here(self):
        return not self._parameter(SIMULATOR_URL)

    def _own_simulator(self):
        """Return the simulator in this process, with two accounts for the company."""
        company = self.company_id
        store = DatabaseStore(
            self.env.registry, "billingo_simulator_state", f"{company.id}:"
        )
        simulator = Simulator(store)
        if not simulator.accounts.exists(DEMO_KEYS["own_key"]):
            party = samples.Party(
                company.name,
                company.vat or "",
                company.zip or "",
                company.city or "",
                company.street or "",
                id=company.id,
            )
            samples.fill(simulator, company=party, with_regimes=True, **DEMO_KEYS)
        return simulator

    # === HELPERS === #

    def _chart_account(self, which):
        chart = self.env["account.chart.template"].with_company(self.company_id)
        xmlids = CHART_ACCOUNTS.get(self.mode)
        return xmlids and chart.ref(xmlids[which], raise_if_not_found=False)

    def _is_subscription_ending(self):
        today = fields.Date.context_today(self)
        end = self.subscription_end
        return bool(end) and end <= today + SUBSCRIPTION_NOTICE

    def _misses_cash_accounting(self):
        """Tell whether own invoices say cash accounting, and the company does not."""
        if self.company_id.billingo_cash_from or not self.company_id:
            return False
        domain = [
            ("company_id", "=", self.company_id.id),
            ("connection_id.mode", "=", "customer"),
            ("regime_codes", "like", "cash_accounting"),
        ]
        return bool(self.env["billingo.document"].sudo().search_count(domain, limit=1))

    def _check_identity(self, vals):
        """Refuse another account for documents that are stored already."""
        names = IDENTITY & set(vals)
        for connection in self.filtered(lambda x: names and x._has_documents()):
            for name in names:
                field = self._fields[name]
                now = field.convert_to_write(connection[name], connection)
                if vals[name] != now:
                    raise UserError(
                        self.env._(
                            '"%(field)s" of %(connection)s cannot be changed because '
                            "the connection has documents. Create another connection.",
                            connection=connection.name,
                            field=field._description_string(self.env),
                        )
                    )

    def _has_documents(self, domain=()):
        """Tell whether there are any, of a domain, without reading them."""
        stored = [("connection_id", "in", self.ids), *domain]
        return bool(self.env["billingo.document"].sudo().search_count(stored, limit=1))

    def _forget_key(self):
        """Forget the last key's company, unless its documents are stored."""
        connections = self.sudo()
        for connection in connections.filtered(lambda x: not x._has_documents()):
            connection.organization_tax_number = False
        connections.filtered(lambda x: x.state == "draft").error = False

    def _wanted_kinds(self):
        """Return the codes of the kinds of documents that this connection takes."""
        if self.mode == "spending":
            return {"invoice"}
        return {
            kind.code
            for kind in KINDS.values()
            if any(self[f"has_{group}"] for group in kind.wanted_with)
        }

    def _taxpayer(self):
        """Return the company, or the parent of a branch without a tax number."""
        line = self.company_id.sudo().parent_ids[::-1]
        return line.filtered("vat")[:1] or self.company_id

    def _own_tax_bases(self):
        """Return the eight-digit numbers that documents may use for the company."""
        company = self._taxpayer()
        bases = {tax_base(company.vat), tax_base(company.l10n_hu_group_vat)}
        return bases - {""}

    def _own_tax_base(self):
        """Return the number that only this company has, not its VAT group.

        Empty where there is none, as when the company's number is the group's.
        """
        company = self._taxpayer()
        own = tax_base(company.vat)
        return own if own != tax_base(company.l10n_hu_group_vat) else ""

    def _payment_journal(self, method):
        """Return the journal for a method, else the one for all other methods."""
        rows = self.payment_journal_ids
        row = rows.filtered(lambda x: x.method == method) or rows.filtered(
            lambda x: not x.method
        )
        return row[:1].journal_id

    def _request_payments(self):
        """Have payments read of what was booked before, too."""
        self.sudo().document_ids._request_payments()

    def _trigger_jobs(self):
        for name in ("fetch", "process"):
            cron = self.env.ref(f"account_billingo_import.ir_cron_billingo_{name}")
            cron.sudo()._trigger()
