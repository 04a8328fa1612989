"""A series of documents as it is communicated to AT.

Life cycle: a draft is registered at AT under the connection that its company uses, and
gets its validation code; documents are issued in it until it is finalised. A series
without documents can be annulled soon after its registration. The data that was
communicated never changes.
"""

import datetime
import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tools import SQL

from ..at_series import (
    NewSeries,
    RejectedError,
    SetupError,
    TipoDoc,
    TipoSerie,
    is_valid_identifier,
    lisbon_date,
)
from ..exceptions import ConnectionProblem, SeriesProblem
from ..guards import guarded
from ..remote_text import as_html
from ..services.notification import notification
from ..services.password_prompt import prompts_for_password
from ..services.session_pool import session_pool
from ..services.text_patterns import escape_pattern
from .l10n_pt_atcud_connection import ENVIRONMENTS, TRIALS
from .number_field import EnteredNumber

# The types that a sales journal issues; series of others have no journal.
ISSUED_BY_JOURNALS = frozenset("FT FS FR NC ND".split())
# The types that number the customer payments of a bank, cash or credit card journal.
RECEIPT_TYPES = frozenset(("RG", "RC"))
PAYMENT_JOURNALS = ("bank", "cash", "credit")
CLOSINGS = [("finalise", "Finalise"), ("annul", "Annul")]

# Known to AT, or part of the documents' numbers: never changed afterwards.
_FROZEN = frozenset(
    "company_id journal_id document_type identifier kind first_number nif".split()
)
# Changed only by AT's answers.
_TECHNICAL = (
    "state validation_code connection_id environment nif software_number registered_on "
    "status_on result_code result_message closing last_number closing_reason "
    "numbered_until mismatch is_uncompared is_hidden_trial document_counter "
    "document_date signed_number signed_hash signed_entry signed_version signed_on "
    "lost_number".split()
)
# A mismatch is about these; a change of one makes it obsolete.
_REQUESTED = frozenset("identifier document_type kind first_number".split())
_NO_RESULT = {"result_code": False, "result_message": False}
# PostgreSQL's message about the unique index.
_TAKEN = re.compile(
    r"=\((?P<nif>.*), (?P<document_type>\w+), (?P<identifier>.+), "
    r"(?P<environment>\w*)\)"
)


@guarded(*_TECHNICAL)
class L10nPtAtcudSeries(models.Model):
    _name = "l10n_pt_atcud.series"
    _description = "AT series"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"
    _rec_names_search = ["identifier", "validation_code"]
    _check_company_auto = True
    # As for journals: what belongs to a company serves its branches.
    _check_company_domain = models.check_company_domain_parent_of

    active = fields.Boolean(
        default=True,
        help="An archived series stays as it is at AT, but is no longer proposed.",
    )
    sequence = fields.Integer(
        default=10,
        help="Where no series is used by default, the first suitable one of the "
        "journal is proposed on new documents.",
    )
    is_default = fields.Boolean(
        string="Use by default",
        copy=False,
        help="This series is proposed on new documents of its journal and type. A "
        "journal has one default series per type.",
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain=[("type", "in", ("sale", "bank", "cash", "credit"))],
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    nif = fields.Char(
        string="Tax Number", compute="_compute_nif", store=True, precompute=True
    )
    connection_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.connection",
        string="AT connection",
        compute="_compute_connection_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The series is registered under this connection, and stays with it.",
    )
    environment = fields.Selection(
        selection=ENVIRONMENTS,
        compute="_compute_environment",
        store=True,
        precompute=True,
    )
    document_type = fields.Selection(
        selection=[
            ("FT", "FT - Invoice"),
            ("FS", "FS - Simplified invoice"),
            ("FR", "FR - Invoice-receipt"),
            ("ND", "ND - Debit note"),
            ("NC", "NC - Credit note"),
            ("GR", "GR - Delivery note"),
            ("GT", "GT - Transport guide"),
            ("GA", "GA - Own assets movement guide"),
            ("GC", "GC - Consignment note"),
            ("GD", "GD - Return note"),
            ("CM", "CM - Table consultation"),
            ("CC", "CC - Consignment credit"),
            ("FC", "FC - Consignment invoice"),
            ("FO", "FO - Work sheet"),
            ("NE", "NE - Order note"),
            ("OU", "OU - Other"),
            ("OR", "OR - Quotation"),
            ("PF", "PF - Pro forma"),
            ("RP", "RP - Premium or premium receipt"),
            ("RE", "RE - Reversal of premium or premium receipt"),
            ("CS", "CS - Allocation to co-insurers"),
            ("LD", "LD - Allocation to a leading co-insurer"),
            ("RA", "RA - Accepted reinsurance"),
            ("RC", "RC - Receipt (VAT cash scheme)"),
            ("RG", "RG - Receipt"),
        ],
        required=True,
        default="FT",
        tracking=True,
    )
    identifier = fields.Char(
        string="Series",
        required=True,
        copy=False,
        tracking=True,
        help="Letters without accents and digits, with single dots, hyphens or "
        "underscores between them; at most 35 characters. It can never be used again.",
    )
    kind = fields.Selection(
        selection=[
            ("normal", "Normal"),
            ("training", "Training"),
            ("recovery", "Recovery"),
        ],
        required=True,
        default="normal",
        tracking=True,
    )
    is_cash_scheme = fields.Boolean(
        string="VAT cash scheme",
        copy=False,
        tracking=True,
        help="Only documents whose VAT is due when it is paid are issued in the "
        "series: the law wants a series of their own (DL 71/2013, article 6).",
    )
    first_number = EnteredNumber(
        compute="_compute_first_number",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        help="Where the journal already has documents with such numbers, the next "
        "number.",
    )
    numbered_until = EnteredNumber(
        string="Last Number Elsewhere",
        readonly=True,
        copy=False,
        help="The last number that another program issued in this series. Odoo "
        "continues after it.",
    )
    start_date = fields.Date(
        string="Expected Start",
        required=True,
        default=lambda self: lisbon_date(),
        copy=False,
        tracking=True,
        help="The expected first day of use, not before the day of the registration.",
    )
    predecessor_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series",
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        help="From its expected start on, this series is proposed instead of its "
        "predecessor; on documents with an earlier date, the predecessor is.",
    )

    # STATE DIAGRAM
    #
    #  draft --> pending --> registered --> closing --> finalised
    #    ^         |  ^  |       ^           |  ^  |
    #    |         |  '--'       |           |  '--'---> annulled
    #    '---------'             '-----------'
    #  draft -> pending: written down and committed before the request.
    #  pending -> registered: AT agreed, or knows the series exactly as requested.
    #  pending -> draft: AT refused, or was not reached at all.
    #  pending -> pending: the answer was lost; the next attempt consults AT first.
    #  registered -> closing: written down and committed before the request; nothing is
    #      posted any more.
    #  closing -> finalised: AT knows that its last document was issued.
    #  closing -> annulled: AT knows that it was a mistake and never used.
    #  closing -> registered: AT refused, or was not reached at all.
    #  closing -> closing: the answer was lost; the next attempt consults AT first.
    state = fields.Selection(
        selection=[
            ("draft", "To register"),
            ("pending", "To be confirmed"),
            ("registered", "Registered"),
            ("closing", "Being closed"),
            ("finalised", "Finalised"),
            ("annulled", "Annulled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    validation_code = fields.Char(readonly=True, copy=False, tracking=True)
    is_uncompared = fields.Boolean(
        string="Entered by hand, not compared",
        readonly=True,
        copy=False,
        tracking=True,
        help="The code was entered by hand while AT could not be asked. It is compared "
        "with AT's register as soon as AT can be asked.",
    )
    # the state, and whether it is known from AT
    status = fields.Char(compute="_compute_status")
    # archived because another environment is in use than the trial it belongs to
    is_hidden_trial = fields.Boolean(readonly=True, copy=False)
    software_number = fields.Integer(
        string="Software Certificate Number", readonly=True, copy=False
    )
    registered_on = fields.Date(readonly=True, copy=False)
    status_on = fields.Datetime(string="Status Since", readonly=True, copy=False)
    result_code = fields.Char(string="AT Code", readonly=True, copy=False)
    result_message = fields.Char(string="AT Message", readonly=True, copy=False)
    # AT's element -> [at AT, as requested], and the last number that AT knows
    mismatch = fields.Json(readonly=True, copy=False)
    closing = fields.Selection(
        selection=CLOSINGS, string="Requested Closing", readonly=True, copy=False
    )
    last_number = fields.Integer(readonly=True, copy=False)
    closing_reason = fields.Text(string="Reason", readonly=True, copy=False)
    # Of documents that are no invoices: the last number, and the latest date.
    document_counter = fields.Integer(readonly=True, copy=False)
    document_date = fields.Date(readonly=True, copy=False)
    # The last signed document: what the next one is chained on.
    signed_number = fields.Integer(readonly=True, copy=False)
    signed_hash = fields.Char(readonly=True, copy=False)
    signed_entry = fields.Char(readonly=True, copy=False)
    signed_version = fields.Integer(readonly=True, copy=False)
    signed_on = fields.Datetime(readonly=True, copy=False)
    # The last number that a witness knows and the database has lost, or 0.
    lost_number = fields.Integer(readonly=True, copy=False)
    move_ids = fields.One2many(
        comodel_name="account.move", inverse_name="l10n_pt_atcud_series_id"
    )
    move_count = fields.Integer(string="Documents", compute="_compute_move_count")
    is_used = fields.Boolean(
        compute="_compute_is_used",
        help="A document was issued in the series, here or elsewhere.",
    )
    may_get_journal = fields.Boolean(compute="_compute_may_get_journal")
    trial_remark = fields.Char(compute="_compute_trial_remark")

    # === CONSTRAINTS === #

    _validation_code_uniq = models.UniqueIndex(
        "(nif, environment, validation_code) WHERE validation_code IS NOT NULL",
        "Another series of this taxpayer has this validation code.",
    )
    # AT ignores upper and lower case. What was registered for a try in Demo or Test
    # does not block the real registration.
    _identifier_uniq = models.UniqueIndex(
        "(nif, document_type, lower(identifier), coalesce(environment, ''))",
        "This taxpayer already has a series with this identifier for this document "
        "type, maybe in another company, or archived. AT never allows an identifier to "
        "be used again, not even that of an annulled or finalised series. Choose "
        "another one.",
    )
    _first_number_positive = models.Constraint(
        "CHECK(first_number >= 1)", "The first number of a series is at least 1."
    )
    _numbered_until_positive = models.Constraint(
        "CHECK(numbered_until >= 0)", "The last number elsewhere is at least 0."
    )

    @api.constrains("identifier")
    def _check_identifier(self):
        for series in self:
            if not is_valid_identifier(series.identifier):
                raise ValidationError(
                    self.env._(
                        "AT does not accept the series identifier “%s”. Use at most 35 "
                        "letters without accents and digits, with single dots, hyphens "
                        "or underscores between them, not beginning with AT.",
                        series.identifier,
                    )
                )

    @api.constrains("journal_id", "document_type")
    def _check_journal_id(self):
        for series in self.filtered("journal_id"):
            if series.document_type in RECEIPT_TYPES:
                if series.journal_id.type not in PAYMENT_JOURNALS:
                    raise ValidationError(
                        self.env._(
                            "The series %s is of receipts: choose a bank, cash or "
                            "credit card journal.",
                            series.display_name,
                        )
                    )
                continue
            if series.journal_id.type != "sale":
                raise ValidationError(
                    self.env._("AT series number the documents of sales journals.")
                )
            if series.document_type not in ISSUED_BY_JOURNALS:
                types = self._fields["document_type"]._description_selection(self.env)
                raise ValidationError(
                    self.env._(
                        "Odoo's journals do not issue documents of type %(type)s. "
                        "Leave the journal of the series %(series)s empty: the series "
                        "can be registered and kept here for the program that issues "
                        "its documents.",
                        type=dict(types)[series.document_type],
                        series=series.display_name,
                    )
                )

    @api.constrains("journal_id", "document_type")
    def _check_journal_is_chosen(self):
        for series in self:
            if (
                series.state == "draft"
                and not series.journal_id
                and series._is_issued_by_journals(series.document_type)
                and series._find_journal()
            ):
                raise ValidationError(
                    self.env._(
                        "Odoo issues documents of type %(type)s. Choose the journal "
                        "of the series %(series)s.",
                        type=series.document_type,
                        series=series.display_name,
                    )
                )

    @api.constrains("is_default", "kind")
    def _check_is_default(self):
        for series in self:
            if series.is_default and series.kind != "normal":
                raise ValidationError(
                    self.env._(
                        "Only a normal series is used by default, and %s is none.",
                        series.display_name,
                    )
                )

    @api.constrains("predecessor_id")
    def _check_predecessor_id(self):
        if self._has_cycle("predecessor_id"):
            raise ValidationError(
                self.env._("A series cannot be its own predecessor, even indirectly.")
            )

    # === COMPUTES === #

    @api.depends("state", "is_uncompared")
    @api.depends_context("lang")
    def _compute_status(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for series in self:
            is_open = series.state == "registered" and series.is_uncompared
            series.status = (
                self.env._("Not compared") if is_open else labels.get(series.state)
            )

    @api.depends("document_type")
    def _compute_journal_id(self):
        """Propose the company's first sales journal for types that Odoo issues."""
        for series in self:
            is_issued_here = series._is_issued_by_journals(series.document_type)
            if series.state != "draft":
                continue
            if series.document_type in RECEIPT_TYPES:
                if series.journal_id.type not in PAYMENT_JOURNALS:
                    series.journal_id = False
            elif not is_issued_here:
                series.journal_id = False
            elif not series.journal_id:
                series.journal_id = series._find_journal()

    @api.depends("journal_id")
    def _compute_company_id(self):
        for series in self:
            series.company_id = (
                series.journal_id.company_id or series.company_id or self.env.company
            )

    @api.depends("company_id.vat", "company_id.parent_id.vat")
    def _compute_nif(self):
        for series in self:
            if series.state == "draft" or not series.nif:
                series.nif = series.company_id._l10n_pt_atcud_nif()

    @api.depends("company_id")
    def _compute_connection_id(self):
        for series in self:
            if series.state == "draft" or not series.connection_id:
                series.connection_id = series._current_connection()

    @api.depends("connection_id.environment")
    def _compute_environment(self):
        for series in self:
            series.environment = series.sudo().connection_id.environment

    @api.depends("journal_id", "document_type", "identifier", "environment")
    def _compute_first_number(self):
        for series in self:
            if series.state == "draft":
                issued = series._find_numbered()
                series.first_number = issued + 1 if issued else series.first_number or 1

    @api.depends("document_type", "identifier", "environment")
    def _compute_display_name(self):
        """As on its documents: the series of a trial is never taken for a real one."""
        for series in self:
            series.display_name = series._number_prefix().removesuffix("/")

    def _search_display_name(self, operator, value):
        # EXTENDS 'base': a series is found by all that it shows
        if operator not in ("=", "ilike", "=ilike", "in") or not value:
            return super()._search_display_name(operator, value)
        texts = [value] if isinstance(value, str) else value
        return self.env["l10n_pt_atcud.series_search"].domain(operator, texts)

    @api.depends("state")
    def _compute_may_get_journal(self):
        """As it is stored: a journal that is being chosen in a form changes nothing."""
        for series in self:
            stored = series._origin or series
            series.may_get_journal = (
                series.state == "draft" or stored._may_get_journal()
            )

    def _compute_move_count(self):
        counts = dict(
            self.env["account.move"]._read_group(
                [("l10n_pt_atcud_series_id", "in", self.ids)],
                ["l10n_pt_atcud_series_id"],
                ["__count"],
            )
        )
        mixin = self.env["l10n_pt_atcud.document.mixin"]
        for name in mixin._l10n_pt_atcud_models():
            issued = self.env[name]._read_group(
                [
                    ("l10n_pt_atcud_series_id", "in", self.ids),
                    ("l10n_pt_atcud_value", "!=", False),
                ],
                ["l10n_pt_atcud_series_id"],
                ["__count"],
            )
            for series, count in issued:
                counts[series] = counts.get(series, 0) + count
        for series in self:
            series.move_count = counts.get(series, 0)

    def _compute_is_used(self):
        issued = self.env["account.move"].sudo()
        groups = issued._read_group(
            [
                ("l10n_pt_atcud_series_id", "in", self.ids),
                ("l10n_pt_atcud_value", "!=", False),
            ],
            ["l10n_pt_atcud_series_id"],
        )
        used = self.browse([series.id for (series,) in groups])
        for series in self:
            is_numbered = series.numbered_until or series.document_counter
            series.is_used = bool(is_numbered) or series in used

    @api.depends("environment")
    @api.depends_context("lang")
    def _compute_trial_remark(self):
        trial = self.env["l10n_pt_atcud.demo_documents"]
        for series in self:
            series.trial_remark = trial.notice(series.environment)

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        for series in records.filtered("is_default"):
            series._replace_default()
        records._offer_to_drafts()
        return records

    def write(self, vals):
        self._check_frozen(vals)
        result = super().write(vals)
        if vals.get("is_default"):
            for series in self:
                series._replace_default()
        if {"active", "journal_id", "document_type", "state"} & vals.keys():
            self._offer_to_drafts()
        if _REQUESTED & vals.keys():
            outdated = self.filtered("mismatch").sudo()
            if outdated:
                outdated.write({"mismatch": False, **_NO_RESULT})
        return result

    def unlink(self):
        drafts = self._draft_moves([("l10n_pt_atcud_series_id", "in", self.ids)])
        drafts.l10n_pt_atcud_series_id = False
        result = super().unlink()
        self.env.add_to_compute(drafts._fields["l10n_pt_atcud_series_id"], drafts)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        for series in self:
            if series.state != "draft":
                raise UserError(
                    self.env._(
                        "The series %s was communicated to AT and cannot be deleted.",
                        series.display_name,
                    )
                )

    @api.model
    def _sql_error_to_message(self, exc):
        # EXTENDS 'base': name the series that has the identifier
        taken = None
        if exc.diag.constraint_name == f"{self._table}_identifier_uniq":
            key = _TAKEN.search(exc.diag.message_detail or "")
            # Where two were created together, neither exists any more.
            taken = key and self._find_by_name(**key.groupdict())
        if not taken:
            return super()._sql_error_to_message(exc)
        taken = taken.with_env(self.env(su=False))
        return self.env["l10n_pt_atcud.messages"].explain_taken(taken)

    # === ACTIONS === #

    @prompts_for_password(lambda series: series._unregistered()._connections())
    def action_register(self):
        """Register from a form or a list, and show the result of each series.

        What succeeded stays, and what failed can be tried again. After an error of
        the connection the others are not tried: it would be the same for all.
        """
        self._check_may_register()
        if not self:
            raise UserError(self.env._("There is no series to register."))
        with session_pool():
            results = self.env["l10n_pt_atcud.series_registration"].register_all(self)
        if len(results) == 1:
            ((series, error),) = results.items()
            if isinstance(error, (SetupError, ConnectionProblem)):
                series._raise_for(error)
        lines = [
            f"{series.display_name}: "
            f"{series._explain(error) if error else series.validation_code}"
            for series, error in results.items()
        ]
        kind = "danger" if any(results.values()) else "success"
        return self._open_question() or notification(
            kind, self.env._("AT series"), "\n".join(lines)
        )

    @prompts_for_password(lambda series: series._unregistered()._connections())
    def action_register_from_document(self):
        """Register from a document's banner.

        :return: ``True``; the banner goes and the document stays open. Or the dialog
            that shows a difference
        :raise RedirectWarning: leads to the series or to the settings
        """
        self.ensure_one()
        self._check_may_register()
        error = self.env["l10n_pt_atcud.series_registration"].register(self)
        question = self._open_question()
        if error and not question:
            self._raise_for(error)
        return question or True

    @prompts_for_password(lambda series: series._connections())
    def action_compare(self):
        """Compare these series with AT's register, and take over what changed there."""
        self._check_may_register()
        lines = self.env["l10n_pt_atcud.series_comparison"].compare_now(self)
        return notification("info", self.env._("AT series"), "\n".join(lines))

    @prompts_for_password(lambda series: series._connections())
    def action_resume_closing(self):
        """Ask AT for the result of a closing whose answer was lost, and continue it."""
        self.ensure_one()
        self.check_access("write")
        error = self.env["l10n_pt_atcud.series_closing"].close(self)
        if error:
            self._raise_for(error)
        return True

    def action_finalise(self):
        """Open the dialog that finalises the series with its last number."""
        return self._open_closing("finalise", self.env._("Finalise the series"))

    def action_annul(self):
        """Open the dialog that annuls the series, with a declaration."""
        return self._open_closing("annul", self.env._("Annul the series"))

    def action_enter_code(self):
        """Open the dialog for a validation code that was obtained on AT's portal."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter a validation code"),
            "res_model": "l10n_pt_atcud.series.code",
            "view_mode": "form",
            "target": "new",
            "context": {"default_series_id": self.id},
        }

    def action_mismatch(self):
        """Open the dialog that shows AT's data beside what was requested."""
        self.ensure_one()
        wizard = self.env["l10n_pt_atcud.series.mismatch"].create(
            {"series_id": self.id}
        )
        name = self.env._("AT has a different series with this identifier")
        return {**wizard._get_records_action(name=name), "target": "new"}

    def action_next_year(self):
        """Open the dialog that proposes next year's series.

        :return: the dialog; for all series where none are selected
        """
        series = self or self.search([("state", "=", "registered")])
        wizard = self.env["l10n_pt_atcud.series.next_year"]._propose(series)
        name = self.env._("Next year's series")
        return {**wizard._get_records_action(name=name), "target": "new"}

    def action_import(self):
        """Open the dialog that imports series from AT, for the current company."""
        journals = self.env["account.journal"]
        domain = [*journals._check_company_domain(self.env.company)]
        journal = journals.search([*domain, ("type", "=", "sale")], limit=1)
        return journal.action_l10n_pt_atcud_import()

    def action_move_counter(self):
        """Open the dialog that moves the counter of the series forward."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move the counter forward"),
            "res_model": "l10n_pt_atcud.series.counter",
            "view_mode": "form",
            "target": "new",
            "context": {"default_series_id": self.id},
        }

    def action_report(self):
        """Open the dialog of the report of all numbers, for these series."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report per series"),
            "res_model": "l10n_pt_atcud.series.report",
            "view_mode": "form",
            "target": "new",
            "context": {"default_series_ids": self.ids},
        }

    def action_open_moves(self):
        """Open the documents of the series."""
        mixin = self.env["l10n_pt_atcud.document.mixin"]
        for documents in mixin._l10n_pt_atcud_documents(self) if len(self) == 1 else ():
            if documents:
                name = self.env._("Documents")
                return documents._get_records_action(name=name)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Documents"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("l10n_pt_atcud_series_id", "in", self.ids)],
            "context": {"create": False},
        }

    def action_open_exchanges(self):
        """Open the log of requests to AT about the series."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Exchanges with AT"),
            "res_model": "l10n_pt_atcud.exchange",
            "view_mode": "list,form",
            "domain": [("series_id", "in", self.ids)],
        }

    # === HELPERS === #

    def _current_connection(self):
        """Return the connection that the company of this series uses now, or none."""
        company = self.company_id or self.env.company
        return company._l10n_pt_atcud_connection()

    def _connections(self):
        """Return the connections that requests about these series use."""
        connections = self.env["l10n_pt_atcud.connection"]
        for series in self:
            connections |= series._connection()
        return connections

    def _connection(self):
        """Return the connection to use: a draft's is that of its company."""
        if self.state == "draft":
            return self._current_connection()
        return self.connection_id

    def _is_current(self):
        """Return whether documents of the taxpayer are issued in the series now."""
        series = self.sudo()
        return (
            series.connection_id
            == series.company_id._l10n_pt_atcud_issuing_connection()
            and series.nif == series.company_id._l10n_pt_atcud_nif()
        )

    def _is_trial(self):
        """Return whether the codes of the series have no fiscal value."""
        self.ensure_one()
        return self.environment in TRIALS

    def _unregistered(self):
        return self.filtered(lambda series: series.state in ("draft", "pending"))

    def _check_may_register(self):
        """Raise unless the user may post documents, which needs the code."""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(
            "account.group_account_invoice"
        ):
            raise AccessError(
                self.env._("Only users with invoicing rights may register AT series.")
            )

    def _check_frozen(self, vals):
        frozen = _FROZEN & vals.keys()
        if not self.env.su and "start_date" in vals:
            frozen |= {"start_date"}
        self._check_cash_scheme(vals)
        for series in self if frozen else ():
            if frozen == {"journal_id"} and series._may_get_journal():
                continue
            if series.state != "draft" and any(
                series._fields[name].convert_to_write(series[name], series)
                != vals[name]
                for name in frozen
            ):
                raise UserError(
                    self.env._(
                        "The series %s was communicated to AT and cannot be changed.",
                        series.display_name,
                    )
                )

    def _check_cash_scheme(self, vals):
        """Raise when a series with documents becomes one of another scheme."""
        for series in self if "is_cash_scheme" in vals else ():
            is_change = series.is_cash_scheme != bool(vals["is_cash_scheme"])
            if is_change and series._find_last_number():
                raise UserError(
                    self.env._(
                        "Documents are issued in the series %s, so it stays in or out "
                        "of the VAT cash scheme. Register another series.",
                        series.display_name,
                    )
                )

    def _may_get_journal(self):
        """Return whether a series that was registered without a journal is unused."""
        return (
            not self.journal_id
            and self.state in ("pending", "registered")
            and not self._find_last_number()
        )

    def _find_journal(self):
        """Return the first sales journal of the company, or none."""
        journals = self.env["account.journal"]
        company = self.company_id or self.env.company
        return journals.search(
            [
                *journals._check_company_domain(company),
                ("type", "=", "sale"),
                ("country_code", "=", "PT"),
            ],
            limit=1,
        )

    def _replace_default(self):
        """Let this series be the only default of its journal, type and environment."""
        others = self.search(
            [
                ("id", "!=", self.id),
                ("is_default", "=", True),
                ("journal_id", "=", self.journal_id.id),
                ("document_type", "=", self.document_type),
                ("environment", "=", self.environment),
                ("is_cash_scheme", "=", self.is_cash_scheme),
            ]
        )
        others.is_default = False

    def _offer_to_drafts(self):
        """Let drafts choose again that have no series, or one of these."""
        drafts = self._draft_moves(
            [
                "|",
                ("l10n_pt_atcud_series_id", "in", self.ids),
                "&",
                ("l10n_pt_atcud_series_id", "=", False),
                ("journal_id", "in", self.journal_id.ids),
            ]
        )
        self.env.add_to_compute(drafts._fields["l10n_pt_atcud_series_id"], drafts)

    def _draft_moves(self, domain):
        """Return the documents that were never issued, of all companies."""
        moves = self.env["account.move"].sudo()
        return moves.search(
            [("state", "=", "draft"), ("posted_before", "=", False), *domain]
        )

    def _block_closing(self, alone=None):
        """Keep these series from being closed before this transaction ends.

        Many may hold this lock at once. A transaction that closes the series is
        refused meanwhile; one that has not seen a change of the series fails and is
        repeated by Odoo.

        :param alone: of these, the series in which nobody else may post meanwhile
        """
        for series in self.sorted("id"):
            is_alone = alone is not None and series in alone
            mode = SQL("NO KEY UPDATE") if is_alone else SQL("SHARE")
            self.env.cr.execute(
                SQL(
                    "SELECT FROM l10n_pt_atcud_series WHERE id = %s FOR %s",
                    series.id,
                    mode,
                )
            )

    # === HELPERS: NUMBERS === #

    def _number_prefix(self):
        """Return what stands before the number of a document: ``FT A2026/``.

        In a trial it is ``DEMO-FT A2026/``: such a document is never taken for a real
        one, and leaves the numbers of the real series free.
        """
        self.ensure_one()
        trial = TRIALS.get(self.environment, "")
        return f"{trial}{self.document_type} {self.identifier or ''}/"

    def _move_counter(self, last_number, reason):
        """Continue after ``last_number``: AT or paper knows more numbers than Odoo.

        :raise UserError: the number is not ahead, or the reason is missing
        """
        self.check_access("write")
        self.env["l10n_pt_atcud.remote_call"].lock(self)
        reason = " ".join((reason or "").split())
        if not reason:
            raise UserError(self.env._("Enter the reason for moving the counter."))
        if self.signed_hash:
            raise UserError(
                self.env._(
                    "The documents of %s are signed in a chain, which has no gaps. "
                    "Finalise the series, register a new one, and enter the lost "
                    "documents in a recovery series.",
                    self.display_name,
                )
            )
        known = self._find_last_number()
        if self.state != "registered" or last_number <= max(
            known, self.first_number - 1
        ):
            raise UserError(
                self.env._(
                    "The counter of %(series)s can only be moved forward while the "
                    "series is registered. Its last number is %(number)s.",
                    series=self.display_name,
                    number=known,
                )
            )
        self.sudo().numbered_until = last_number
        self.env["account.move"]._get_sequence_cache().clear()
        self.message_post(
            body=self.env._(
                "The counter was moved from %(before)s to %(after)s: the next document "
                "gets the number %(next)s. Reason: %(reason)s",
                before=known,
                after=last_number,
                next=last_number + 1,
                reason=reason,
            )
        )

    def _start_number(self):
        """Return the first number that Odoo gives in this series."""
        return max(self.first_number, self.numbered_until + 1)

    def _has_gap_before(self, number):
        """Return whether the number before one of an invoice is in no document."""
        if number == self._start_number():
            return False
        return (
            not self.env["account.move"]
            .sudo()
            .search_count(
                [
                    ("l10n_pt_atcud_series_id", "=", self.id),
                    ("sequence_number", "=", number - 1),
                ],
                limit=1,
            )
        )

    def _is_numbered_elsewhere(self):
        """Return whether nothing in Odoo issues the documents of this series."""
        return not self.journal_id and not self.document_counter

    def _find_numbered(self):
        """Return the highest number issued in the journal with this series' prefix.

        A number that only stands on a draft does not count.
        """
        if not (self.journal_id and self.document_type and self.identifier):
            return 0
        moves = self.env["account.move"]
        moves.flush_model(
            ["journal_id", "posted_before", "sequence_prefix", "sequence_number"]
        )
        ((number,),) = self.env.execute_query(
            SQL(
                """
                SELECT max(sequence_number) FROM account_move
                 WHERE journal_id = %s AND lower(sequence_prefix) = lower(%s)
                   AND posted_before
                """,
                self.journal_id._origin.id,
                self._number_prefix(),
            )
        )
        return number or 0

    def _find_last_number(self):
        """Return the highest number that was issued, cancelled or not, or 0."""
        moves = self.env["account.move"]
        moves.flush_model(
            ["l10n_pt_atcud_series_id", "l10n_pt_atcud_value", "sequence_number"]
        )
        ((number,),) = self.env.execute_query(
            SQL(
                """
                SELECT max(sequence_number) FROM account_move
                 WHERE l10n_pt_atcud_series_id = %s
                   AND l10n_pt_atcud_value IS NOT NULL
                """,
                self._origin.id or 0,
            )
        )
        return max(number or 0, self.numbered_until, self.document_counter)

    def _annulment_deadline(self):
        """Return the last day, in Lisbon, on which AT lets the series be annulled.

        ``None`` where the day of the registration is unknown; AT decides then.
        """
        if not self.registered_on:
            return None
        return self.registered_on + datetime.timedelta(days=1)

    # === HELPERS: AT === #

    def _new_series(self):
        """Return the series in the terms of AT's service."""
        return NewSeries(
            serie=self.identifier,
            tipo_doc=TipoDoc(self.document_type),
            num_inicial_seq=self.first_number,
            data_inicio_prev_utiliz=self.start_date,
            tipo_serie=TipoSerie[self.kind.upper()],
            num_cert_sw_fatur=self.software_number,
        )

    @api.model
    def _is_issued_by_journals(self, document_type):
        """Return whether sales journals issue documents of this type."""
        return document_type in ISSUED_BY_JOURNALS

    def _find_by_name(self, nif, environment, document_type, identifier):
        """Return a taxpayer's series by its identifier, in any case, or none."""
        series = self.sudo().with_context(active_test=False)
        return series.search(
            [
                ("nif", "=", nif),
                ("environment", "=", environment or False),
                ("document_type", "=", document_type),
                ("identifier", "=ilike", escape_pattern(identifier)),
            ],
            limit=1,
        )

    def _find_successor(self, identifier):
        """Return the series of this type and taxpayer with ``identifier``, or none."""
        self.ensure_one()
        return self._find_by_name(
            self.nif, self.environment, self.document_type, identifier
        )

    # === HELPERS: MESSAGES === #

    def _explain(self, error):
        """Return what happened and what to do, with AT's own message quoted."""
        connection = self.sudo()._connection()
        return self.env["l10n_pt_atcud.messages"].explain(error, connection, self)

    def _raise_for(self, error):
        """Raise an error that leads to the series or to the settings."""
        if isinstance(error, (SetupError, ConnectionProblem)):
            self._connection()._raise_for(error, self.company_id)
        text = self._explain(error)
        is_refusal = isinstance(error, (RejectedError, SeriesProblem))
        if is_refusal and not self.has_access("write"):
            messages = self.env["l10n_pt_atcud.messages"]
            text += "\n" + messages.contact_for_series(self.company_id)
        raise RedirectWarning(
            text,
            self.with_env(self.env(context={}))._get_records_action(),
            self.env._("Open the series"),
        )

    def _open_question(self):
        """Return the dialog about a difference if the user may decide, or ``None``."""
        if len(self) == 1 and self.mismatch and self.result_code == "different":
            return self.action_mismatch() if self.has_access("write") else None
        return None

    def _open_closing(self, closing, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "l10n_pt_atcud.series.close",
            "view_mode": "form",
            "target": "new",
            "context": {"default_series_id": self.id, "default_closing": closing},
        }

    def _schedule_warning(self, text):
        """Give the user who created the series an activity about it."""
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("AT series"),
            note=as_html(text),
            user_id=self._responsible().id,
        )

    def _responsible(self):
        """Return the user who created the series, or else an administrator."""
        creator = self.create_uid
        if not creator.active or not creator._is_internal() or creator._is_superuser():
            return self.connection_id._administrator()
        return creator
