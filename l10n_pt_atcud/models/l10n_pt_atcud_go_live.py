"""The go-live assistant of a company: from no environment to a test print.

Life cycle: one record per company, made when the assistant is opened first. It only
remembers the step and the choices; credentials belong to the connection, and series
are series. So it can be left at any step and resumed.
"""

import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError

from ..at_series import is_valid_identifier, lisbon_date
from ..guards import guarded
from ..services.password_prompt import prompts_for_password
from .l10n_pt_atcud_connection import ENVIRONMENTS

_TICKED = ("FT", "NC")  # what every company issues
_OFFERED = ("FT", "FR", "FS", "NC", "ND", "RG", "RC")


@guarded(*"company_id step connection_id test_print test_print_name".split())
class L10nPtAtcudGoLive(models.Model):
    _name = "l10n_pt_atcud.go_live"
    _description = "AT: go-live assistant"
    _rec_name = "company_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.company._l10n_pt_atcud_taxpayer(),
    )

    # STATE DIAGRAM
    #
    #  environment <-> certificate <-> user <-> series <-> register <-> print -> done
    #       '------------------------------------------'
    #  Without the web service (codes from the portal), and where the simulator in this
    #  process answers, there is neither a certificate nor a user to enter.
    step = fields.Selection(
        selection=[
            ("environment", "Environment"),
            ("certificate", "Certificate"),
            ("user", "Sub-user"),
            ("series", "Series"),
            ("register", "Registration"),
            ("print", "Test print"),
            ("done", "Done"),
        ],
        required=True,
        readonly=True,
        default="environment",
    )
    environment = fields.Selection(
        selection=ENVIRONMENTS, required=True, default="production"
    )
    way = fields.Selection(
        selection=[
            ("service", "Odoo registers the series with AT"),
            ("portal", "Series are registered on AT's portal, codes are typed in"),
        ],
        string="Registration by",
        required=True,
        default="service",
    )
    connection_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.connection",
        string="AT connection",
        readonly=True,
        ondelete="restrict",
    )
    username = fields.Char(related="connection_id.username", readonly=False)
    password_mode = fields.Selection(
        related="connection_id.password_mode", readonly=False
    )
    password = fields.Char(
        related="connection_id.password", readonly=False, groups="base.group_system"
    )
    client_certificate_id = fields.Many2one(
        related="connection_id.client_certificate_id",
        readonly=False,
        groups="base.group_system",
    )
    cipher_certificate_id = fields.Many2one(
        related="connection_id.cipher_certificate_id",
        readonly=False,
        groups="base.group_system",
    )
    display_state = fields.Selection(related="connection_id.display_state")
    diagnosis = fields.Text(related="connection_id.diagnosis")
    is_administrator = fields.Boolean(compute="_compute_is_administrator")
    contact = fields.Char(compute="_compute_is_administrator")
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        check_company=True,
        domain=[("type", "=", "sale")],
        default=lambda self: self._default_journal(),
        ondelete="set null",
    )
    identifier = fields.Char(
        string="Name of the series",
        default=lambda self: f"A{lisbon_date().year}",
        help="One name serves several types of documents. Letters without accents and "
        "digits, for example A2026. It can never be used again.",
    )
    line_ids = fields.One2many(
        comodel_name="l10n_pt_atcud.go_live.line",
        inverse_name="go_live_id",
        default=lambda self: [
            fields.Command.create({"document_type": name, "is_ticked": name in _TICKED})
            for name in _OFFERED
        ],
    )
    ticked_line_ids = fields.One2many(
        comodel_name="l10n_pt_atcud.go_live.line",
        compute="_compute_ticked_line_ids",
    )
    test_print = fields.Binary(readonly=True, copy=False)
    test_print_name = fields.Char(readonly=True, copy=False)
    trial_remark = fields.Char(compute="_compute_trial_remark")

    # === CONSTRAINTS === #

    _company_uniq = models.UniqueIndex("(company_id)")

    # === COMPUTES === #

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_is_administrator(self):
        messages = self.env["l10n_pt_atcud.messages"]
        for assistant in self:
            assistant.is_administrator = self.env.user.has_group("base.group_system")
            assistant.contact = messages.contact_for_settings(assistant.company_id)

    @api.depends("line_ids.is_ticked")
    def _compute_ticked_line_ids(self):
        for assistant in self:
            assistant.ticked_line_ids = assistant.line_ids.filtered("is_ticked")

    @api.depends("environment")
    @api.depends_context("lang")
    def _compute_trial_remark(self):
        trial = self.env["l10n_pt_atcud.demo_documents"]
        for assistant in self:
            assistant.trial_remark = trial.notice(assistant.environment)

    # === ACTIONS === #

    @api.model
    def action_open(self):
        """Open the assistant of the current company where it was left."""
        self.check_access("create")
        company = self.env.company._l10n_pt_atcud_taxpayer()
        assistant = self.search([("company_id", "=", company.id)], limit=1)
        if not assistant:
            # its technical fields are not the user's to write
            assistant = self.sudo().create({"company_id": company.id})
            assistant = assistant.sudo(self.env.su)
        name = self.env._("Go live with AT series")
        return assistant._get_records_action(name=name)

    def action_back(self):
        """Go back one step; nothing is undone."""
        self.ensure_one()
        steps = self._steps()
        self._remember(step=steps[max(steps.index(self.step) - 1, 0)])

    def action_next(self):
        """Go on with the next step, where this one is complete."""
        self.ensure_one()
        complete = getattr(self, f"_complete_{self.step}", None)
        if complete:
            complete()
        self._advance()

    @prompts_for_password(lambda assistant: assistant.connection_id)
    def action_check(self):
        """Send AT a harmless request; go on if it accepts the connection."""
        self.ensure_one()
        self._check_administrator()
        error = self.env["l10n_pt_atcud.connection_check"].check(self.connection_id)
        if not error:
            self._advance()
        return self.connection_id._notify_check(error)

    @prompts_for_password(lambda assistant: assistant.line_ids.series_id._connections())
    def action_register(self):
        """Register all series that the company has ticked; what succeeds stays."""
        self.ensure_one()
        return self._ticked_series()._unregistered().action_register()

    def action_test_print(self):
        """Print a document that is not issued, to look at."""
        self.ensure_one()
        series = self._printable_series()
        pdf = self.env["l10n_pt_atcud.test_print"].pdf(series)
        self._remember(
            test_print=base64.b64encode(pdf),
            test_print_name=f"{series.display_name}.pdf",
        )

    def action_again(self):
        """Begin with the first step again, for example for another environment."""
        self.ensure_one()
        self._remember(step="environment")

    # === HELPERS === #

    def _default_journal(self):
        journals = self.env["account.journal"]
        company = self.env.company._l10n_pt_atcud_taxpayer()
        domain = [*journals._check_company_domain(company), ("type", "=", "sale")]
        return journals.search(domain, limit=1)

    def _steps(self):
        """Return the steps of the way that was chosen."""
        steps = [name for name, _label in self._fields["step"].selection]
        connection = self.connection_id.sudo()
        if self.way == "portal" or (connection and connection._is_simulated()):
            steps.remove("certificate")
            steps.remove("user")
        return steps

    def _advance(self):
        steps = self._steps()
        place = min(steps.index(self.step) + 1, len(steps) - 1)
        self._remember(step=steps[place])

    def _remember(self, **values):
        """Write technical fields, for a user who may write the assistant."""
        self.check_access("write")
        self.sudo().write(values)

    def _check_administrator(self):
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Only administrators may set up the connection to AT.")
            )

    def _complete_environment(self):
        if not self.company_id._l10n_pt_atcud_nif():
            raise RedirectWarning(
                self.env._("The company has no valid Portuguese tax number."),
                self.company_id._get_records_action(),
                self.env._("Open the company"),
            )
        if self.way == "portal" and self.environment != "production":
            raise UserError(
                self.env._(
                    "Codes from AT's portal are real. Choose Production for them."
                )
            )
        company = self.company_id
        connection = company._l10n_pt_atcud_obtain_connection(self.environment)
        self._remember(connection_id=connection.id)

    def _complete_certificate(self):
        self._check_administrator()
        connection = self.connection_id.sudo()
        if not (connection.client_certificate_id and connection.cipher_certificate_id):
            raise UserError(
                self.env._(
                    "AT's web service needs both the client certificate and AT's "
                    "public key. Without them, go back and choose the registration on "
                    "AT's portal."
                )
            )

    def _complete_user(self):
        if self.connection_id.display_state not in ("active", "demo"):
            raise UserError(
                self.env._("Check the connection first. AT has not accepted it yet.")
            )

    def _complete_series(self):
        """Use the environment from now on, and create the series that are ticked."""
        lines = self.line_ids.filtered("is_ticked")
        if not lines:
            raise UserError(self.env._("Tick the types of documents that you issue."))
        if not is_valid_identifier(self.identifier or ""):
            raise UserError(self.env._("Enter a valid name of the series, e.g. A2026."))
        if self.company_id._l10n_pt_atcud_connection() != self.connection_id:
            self.env["l10n_pt_atcud.series"].check_access("create")
            self.company_id._l10n_pt_atcud_use_environment(self.environment)
        for line in lines:
            line._find_or_create_series()

    def _complete_register(self):
        if "registered" not in self._ticked_series().mapped("state"):
            raise UserError(self.env._("No series is registered yet."))

    def _ticked_series(self):
        return self.line_ids.filtered("is_ticked").series_id

    def _printable_series(self):
        """Return the series whose test print says the most: that of invoices."""
        registered = self._ticked_series().filtered(
            lambda series: series.state == "registered" and series.journal_id
        )
        series = registered.filtered(lambda one: one.document_type == "FT")[:1]
        series = series or registered.filtered(lambda one: one.document_type != "NC")
        if not series:
            raise UserError(
                self.env._("Register a series of invoices before the test print.")
            )
        return series[0]
