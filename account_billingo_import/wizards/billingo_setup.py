"""The way in after the installation: from a company to the first entries as drafts.

Nothing is presumed: the user chooses company, use and environment. Nothing is posted
before the user has seen the summary and decided.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..guards import guarded

FIRST_BATCH = 200  # documents that are booked while the user waits
JOURNALS = {
    "customer": ("sale", "BLGK"),
    "supplier": ("purchase", "BLGS"),
    "spending": ("purchase", "BLGC"),
}


@guarded()
class BillingoSetup(models.TransientModel):
    _name = "billingo.setup"
    _description = "Set up Billingo"
    _check_company_auto = True

    # STATE DIAGRAM
    # * company --> use --> key --> journal --> summary; each step can go back
    step = fields.Selection(
        [
            ("company", "Company"),
            ("use", "Documents"),
            ("key", "API key"),
            ("journal", "Journal"),
            ("summary", "First documents"),
        ],
        default="company",
        required=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    country_code = fields.Char(
        related="company_id.account_fiscal_country_id.code", related_sudo=False
    )
    chart = fields.Selection(related="company_id.chart_template", related_sudo=False)
    is_ready = fields.Boolean(compute="_compute_company")
    company_text = fields.Text(compute="_compute_company")
    mode = fields.Selection(lambda self: self._choices("mode"), "Use")
    environment = fields.Selection(lambda self: self._choices("environment"))
    api_key = fields.Char("API key", groups="base.group_system")
    connection_id = fields.Many2one(
        "billingo.connection", readonly=True, check_company=True
    )
    checked_text = fields.Char(readonly=True)
    start_date = fields.Date(
        "Issued from",
        default=lambda self: fields.Date.start_of(fields.Date.today(), "year"),
    )
    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain="[('company_id', '=', company_id), "
        "('type', '=', mode == 'customer' and 'sale' or 'purchase')]",
    )
    account_id = fields.Many2one(
        "account.account",
        "Income or expense account",
        check_company=True,
        domain="[('company_ids', 'in', company_id)]",
    )
    advance_account_id = fields.Many2one(
        "account.account",
        "Advance account",
        check_company=True,
        domain="[('company_ids', 'in', company_id)]",
    )
    summary_text = fields.Text(readonly=True)
    line_ids = fields.One2many("billingo.setup.line", "setup_id", readonly=True)

    # === COMPUTES === #

    @api.depends("company_id")
    def _compute_company(self):
        for setup in self:
            missing = setup._missing_of_company()
            setup.is_ready = not missing
            setup.company_text = "\n".join(missing)

    # === ACTIONS === #

    def action_load_chart(self):
        """Load the Hungarian chart of accounts into a company without entries."""
        self._check_step("company")
        company = self.company_id
        if company.account_fiscal_country_id.code != "HU":
            raise UserError(
                self.env._("Enter Hungary as the country of the company first.")
            )
        if company.root_id._existing_accounting():
            raise UserError(
                self.env._(
                    "%s has entries already. Choose its chart in the accounting "
                    "settings.",
                    company.name,
                )
            )
        self.env["account.chart.template"].try_loading(
            "hu", company=company, install_demo=False
        )
        return self._reopen()

    def action_open_company(self):
        """Open the company, to complete it."""
        self.ensure_one()
        return self.company_id._get_records_action()

    def action_company_done(self):
        """Go on with this company."""
        self._check_step("company")
        if not self.is_ready:
            raise UserError(self.company_text)
        return self._reopen(step="use")

    def action_customer(self):
        """Choose the card: our own invoices."""
        return self._choose("customer")

    def action_supplier(self):
        """Choose the card: a supplier's account."""
        return self._choose("supplier")

    def action_spending(self):
        """Choose the card: our spendings."""
        return self._choose("spending")

    def action_check_key(self):
        """Create the connection, and check the key at Billingo."""
        self._check_step("key")
        if not self.environment or not (self.api_key or self.connection_id):
            raise UserError(self.env._("Choose an environment, and enter the API key."))
        connection = self._connection()
        answer = connection.action_check()
        if not connection.checked_at:
            text = connection.error or answer["params"]["message"]
            return self._reopen(checked_text=text)
        return self._reopen(
            step="journal",
            checked_text=answer["params"]["message"],
            account_id=connection.account_id.id,
            advance_account_id=connection.advance_account_id.id,
        )

    def action_create_journal(self):
        """Create a journal of its own for these documents."""
        self._check_step("journal")
        return self._reopen(journal_id=self._create_journal().id)

    def action_fetch(self):
        """Fetch the first documents, and book them as drafts."""
        self._check_step("journal")
        if not self.journal_id:
            raise UserError(self.env._("Choose or create a journal."))
        connection = self.connection_id
        connection.write(
            {
                "start_date": self.start_date,
                "journal_id": self.journal_id.id,
                "account_id": self.account_id.id,
                "advance_account_id": self.advance_account_id.id,
                "is_auto_post": False,
            }
        )
        failure = connection.action_activate()
        if failure is not True:
            return self._reopen(checked_text=connection.error)
        return self._fetch_and_show()

    def action_refresh(self):
        """Book more of what was fetched, and renew the summary."""
        self._check_step("summary")
        return self._fetch_and_show()

    def action_post(self):
        """Post the drafts without a question, and post automatically from now on."""
        self._check_step("summary")
        connection = self.connection_id
        connection.is_auto_post = True
        drafts = self._documents().filtered(
            lambda x: x.move_id.state == "draft" and not x._is_open()
        )
        drafts.move_id.sorted(lambda x: (x.invoice_date, x.id))._post(soft=False)
        return connection.action_open_documents()

    def action_keep_drafts(self):
        """Leave the drafts, and let later entries be drafts, too."""
        self._check_step("summary")
        return self.connection_id.action_open_documents()

    def action_back(self):
        """Return to the step before."""
        self.ensure_one()
        steps = [code for code, _label in self._fields["step"].selection]
        return self._reopen(step=steps[max(steps.index(self.step) - 1, 0)])

    # === HELPERS === #

    def _check_step(self, step):
        self.ensure_one()
        self.env["billingo.connection"].check_access("create")
        if self.step != step:
            raise UserError(self.env._("This step is done. Reload the page."))

    @api.model
    def _choices(self, name):
        field = self.env["billingo.connection"]._fields[name]
        return field._description_selection(self.env)

    def _missing_of_company(self):
        """Return what the company needs before it can be connected, as texts."""
        company = self.company_id
        requirements = (
            (
                company.account_fiscal_country_id.code == "HU",
                self.env._("The country of the company is not Hungary."),
            ),
            (
                company.parent_ids[::-1].filtered("vat"),
                self.env._("The company has no tax number."),
            ),
            (
                company.chart_template == "hu",
                self.env._("The Hungarian chart of accounts is not loaded."),
            ),
            (
                company.currency_id.name == "HUF",
                self.env._("The currency of the company is not the forint."),
            ),
        )
        return [text for is_met, text in requirements if not is_met]

    def _choose(self, mode):
        self._check_step("use")
        values = {"mode": mode, "step": "key"}
        if self.connection_id.mode != mode:
            values |= {"connection_id": False, "journal_id": False}
        return self._reopen(**values)

    def _connection(self):
        """Return the connection, created or changed as entered."""
        values = {
            "company_id": self.company_id.id,
            "mode": self.mode,
            "environment": self.environment,
            "start_date": self.start_date,
            "is_auto_post": False,
        }
        if self.api_key:
            values["api_key"] = self.api_key
        connection = self.connection_id
        if connection:
            connection.write(values)
        else:
            labels = dict(self._fields["mode"]._description_selection(self.env))
            connection = connection.create(
                {"name": labels[self.mode], "user_id": self.env.user.id, **values}
            )
        # The key stays on the connection alone.
        self.write({"connection_id": connection.id, "api_key": False})
        return connection

    def _create_journal(self):
        kind, code = JOURNALS[self.mode]
        names = {
            "customer": self.env._("Billingo invoices"),
            "supplier": self.env._("Billingo bills"),
            "spending": self.env._("Billingo spendings"),
        }
        journals = self.env["account.journal"].with_company(self.company_id)
        same = [("company_id", "=", self.company_id.id)]
        taken = set(
            journals.with_context(active_test=False).search(same).mapped("code")
        )
        codes = [code, *(f"{code[:4]}{x}" for x in range(2, 100))]
        ordinary = journals.search([*same, ("type", "=", kind)], limit=1)
        return journals.create(
            {
                "name": names[self.mode],
                "code": next(x for x in codes if x not in taken),
                "type": kind,
                "company_id": self.company_id.id,
                "default_account_id": self.account_id.id
                or ordinary.default_account_id.id,
            }
        )

    def _fetch_and_show(self):
        connection = self.connection_id
        if not connection.last_success_at:
            connection.action_fetch()
        waiting = self.env["billingo.document"].search(
            [("connection_id", "=", connection.id), ("state", "=", "fetched")],
            limit=FIRST_BATCH,
            order="invoice_date, is_amendment, id",
        )
        # Together, as the job does; PDFs follow in the background.
        processor = connection.sudo().env["billingo.processor"]
        for batch in processor._batches(waiting.sudo()):
            processor._process_batch(batch)
        return self._reopen(
            step="summary",
            summary_text=self._summary(),
            line_ids=[Command.clear(), *map(Command.create, self._rows())],
        )

    def _documents(self):
        return self.env["billingo.document"].search(
            [("connection_id", "=", self.connection_id.id), ("move_id", "!=", False)]
        )

    def _summary(self):
        connection = self.connection_id
        connection.invalidate_recordset()
        documents = self._documents().filtered(lambda x: x.state == "processed")
        texts = [
            self.env._("Booked as drafts: %s", len(documents)),
            self.env._(
                "… of these with a question, which stay drafts: %s",
                len(documents.filtered(lambda x: x._is_open())),
            ),
            self.env._("Already recorded: %s", connection.count_recorded),
            self.env._("With errors: %s", connection.count_errors),
            self.env._("Still to process: %s", connection.count_fetched),
        ]
        if connection.error:
            texts.append(connection.error)
        return "\n".join(texts)

    def _rows(self):
        """Return what the drafts will post, by type, account and tax."""
        moves = self._documents().filtered(lambda x: x.state == "processed").move_id
        labels = dict(
            self.env["account.move"]
            ._fields["move_type"]
            ._description_selection(self.env)
        )
        lines = moves.line_ids.filtered(
            lambda x: x.display_type in ("product", "tax", "rounding")
        )
        groups = lines.grouped(
            lambda x: (x.move_type, x.account_id, x.tax_ids or x.tax_line_id)
        )
        return [
            {
                "move_type_text": labels[move_type],
                "account_id": account.id,
                "taxes": ", ".join(taxes.mapped("name")),
                "count": len(group.move_id),
                "balance": sum(group.mapped("balance")),
            }
            for (move_type, account, taxes), group in groups.items()
        ]

    def _reopen(self, **values):
        if values:
            self.write(values)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set up Billingo"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "current",
        }


@guarded()
class BillingoSetupLine(models.TransientModel):
    _name = "billingo.setup.line"
    _description = "What the first Billingo documents will post"
    _check_company_auto = True

    setup_id = fields.Many2one("billingo.setup", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="setup_id.company_id", related_sudo=False)
    currency_id = fields.Many2one(related="company_id.currency_id", related_sudo=False)
    move_type_text = fields.Char("Type")
    account_id = fields.Many2one("account.account", check_company=True)
    taxes = fields.Char()
    count = fields.Integer("Entries")
    balance = fields.Monetary(help="Debit minus credit.")
