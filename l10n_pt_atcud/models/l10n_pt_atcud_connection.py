"""A taxpayer's connection to one environment of AT: credentials, state, client.

Life cycle: it is made when an environment is chosen for a company, and never becomes
another one. A company that changes its environment or tax number points to another
record; the earlier one stays with the series that were communicated under it, which
are followed to their end with its credentials.
"""

import base64
import re
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError, ValidationError

from ..at_series import (
    PRODUCTION_ORIGIN,
    TEST_ORIGIN,
    Credentials,
    RejectedError,
    SeriesClient,
    SetupError,
    client_context,
    open_session,
    open_tls_session,
)
from ..at_series.simulator import Account, Simulator
from ..exceptions import ConnectionProblem
from ..guards import ensure_one, guarded
from ..remote_text import as_html
from ..services.notification import notification
from ..services.password_prompt import (
    discard_password,
    entered_password,
    prompts_for_password,
)
from ..services.session_pool import pooled_session
from ..services.stored_values import read_refusal
from .database_store import DatabaseStore

ENVIRONMENTS = [
    ("demo", "Demo"),
    ("test", "Test"),
    ("production", "Production"),
]
# Environment -> what stands before the numbers of its documents. Codes of these have no
# fiscal value, and their numbers are never those of real documents.
TRIALS = {"demo": "DEMO-", "test": "TEST-"}
BACK_OFF = (1, 1, 2, 4, 7)  # nights until the next try, by failures in a row
ALERT_FAILURES = 3
PASSWORD_MIN, PASSWORD_MAX = 8, 14  # characters, by the guides for users of the portal

_ORIGINS = {"test": TEST_ORIGIN, "production": PRODUCTION_ORIGIN}
# Odoo's test guard lets this host through, and nothing listens there for us.
_IN_PROCESS = "https://localhost"
_DEMO_PASSWORD = "demo"
# The subject of AT's public test certificate, which only the test service accepts.
_TEST_SUBJECT = "TesteWebservices"
# The state is about these; a change of one makes it unchecked.
_CREDENTIALS = frozenset(
    "username password password_mode client_certificate_id cipher_certificate_id"
    "".split()
)
_FIXED = frozenset(("company_id", "environment"))


@guarded(
    *"company_id environment nif state state_since refusal".split(),
    *"reported_series reported_documents expiry_warnings".split(),
    *"tried_at succeeded_at failures failing_since failure next_try_at".split(),
)
class L10nPtAtcudConnection(models.Model):
    _name = "l10n_pt_atcud.connection"
    _description = "Connection to AT"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    nif = fields.Char(
        string="Tax Number", compute="_compute_nif", store=True, precompute=True
    )
    environment = fields.Selection(
        selection=ENVIRONMENTS, required=True, readonly=True, tracking=True
    )
    is_in_use = fields.Boolean(string="In Use", compute="_compute_is_in_use")
    username = fields.Char(
        string="Sub-user",
        copy=False,
        tracking=True,
        help="Tax number and sub-user number, for example 509987656/1.",
    )
    password = fields.Char(groups="base.group_system", copy=False)
    password_mode = fields.Selection(
        selection=[("stored", "Stored in Odoo"), ("prompted", "Requested each time")],
        default="stored",
        required=True,
    )
    client_certificate_id = fields.Many2one(
        comodel_name="certificate.certificate",
        groups="base.group_system",
        copy=False,
        help="The certificate, with its private key, that AT issued to the producer "
        "of the software.",
    )
    cipher_certificate_id = fields.Many2one(
        comodel_name="certificate.certificate",
        string="AT Public Key",
        groups="base.group_system",
        copy=False,
        help="AT's certificate (Chave Cifra Pública AT), for the encryption of "
        "passwords.",
    )

    # STATE DIAGRAM
    #
    #  unchecked <--> active
    #      ^  |         |
    #      |  '---------'--> refused
    #      '-------------------'
    #  unchecked, refused -> active: AT answered a request.
    #  unchecked, active -> refused: AT did not accept the credentials. Nothing more is
    #      sent, because too many wrong passwords suspend the sub-user.
    #  refused -> active: an administrator checked again, and AT accepted them.
    #  active, refused -> unchecked: user, password or a certificate changed.
    state = fields.Selection(
        selection=[
            ("unchecked", "Not checked yet"),
            ("active", "Active"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="unchecked",
        copy=False,
        tracking=True,
    )
    state_since = fields.Datetime(readonly=True, copy=False)
    # code, message and tries_left of the error that AT refused with
    refusal = fields.Json(readonly=True, copy=False)
    display_state = fields.Selection(
        selection=[
            ("not_configured", "Not configured"),
            ("demo", "Demo"),
            ("unchecked", "Not checked yet"),
            ("active", "Active"),
            ("refused", "Refused"),
        ],
        string="Connection",
        compute="_compute_display_state",
        compute_sudo=True,
    )
    display_since = fields.Datetime(
        string="Since", compute="_compute_display_state", compute_sudo=True
    )
    diagnosis = fields.Text(compute="_compute_display_state", compute_sudo=True)
    series_ids = fields.One2many(
        comodel_name="l10n_pt_atcud.series", inverse_name="connection_id"
    )
    # type/identifier of the series unknown to Odoo that were reported already
    reported_series = fields.Json(readonly=True, copy=False, groups="base.group_system")
    # kind/id of the documents with faults that were reported already
    reported_documents = fields.Json(
        readonly=True, copy=False, groups="base.group_system"
    )
    # certificate and its end -> the days before it for which a warning was given
    expiry_warnings = fields.Json(readonly=True, copy=False, groups="base.group_system")

    # The nightly check. Its try is written down before it calls: what was tried
    # longest ago comes first next time, whatever becomes of this try.
    tried_at = fields.Datetime("Last Try", readonly=True, copy=False)
    succeeded_at = fields.Datetime("Last Success", readonly=True, copy=False)
    failures = fields.Integer("Failures in a Row", readonly=True, copy=False)
    failing_since = fields.Datetime(readonly=True, copy=False)
    failure = fields.Text("Last Failure", readonly=True, copy=False)
    next_try_at = fields.Datetime("Not Before", readonly=True, copy=False)

    # === CONSTRAINTS === #

    _prompted_password = models.Constraint(
        "CHECK(password_mode = 'stored' OR COALESCE(password, '') = '')",
        "A password that is requested each time is not stored.",
    )

    @api.constrains("username")
    def _check_username(self):
        for connection in self:
            username, nif = connection.username, connection.nif
            if not username:
                continue
            if not re.fullmatch(r"\d{9}/\d{1,4}", username):
                raise ValidationError(
                    self.env._(
                        "The AT sub-user is the tax number, a slash and up to four "
                        "digits, for example 509987656/1."
                    )
                )
            if nif and username.partition("/")[0] != nif:
                raise ValidationError(
                    self.env._(
                        "The AT sub-user %(username)s belongs to another taxpayer than "
                        "the company %(company)s (%(nif)s).",
                        username=username,
                        company=connection.company_id.display_name,
                        nif=nif,
                    )
                )

    # === COMPUTES === #

    @api.depends("company_id.vat", "company_id.parent_id.vat")
    def _compute_nif(self):
        for connection in self:
            if not connection.nif or not connection._is_bound():
                company = connection.company_id
                connection.nif = company._l10n_pt_atcud_nif() if company else False

    @api.depends("nif", "company_id.l10n_pt_atcud_connection_id", "company_id.vat")
    def _compute_is_in_use(self):
        for connection in self:
            company = connection.company_id
            used = company._l10n_pt_atcud_connection() if company else company
            connection.is_in_use = bool(used) and used == connection

    @api.depends("environment", "nif")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["environment"]._description_selection(self.env))
        for connection in self:
            label = labels.get(connection.environment, "")
            connection.display_name = f"{label} {connection.nif or ''}".strip()

    @api.depends("environment", "nif", "state", "state_since", "refusal", *_CREDENTIALS)
    def _compute_display_state(self):
        known = self._fields["display_state"].get_values(self.env)
        for connection in self:
            problem = connection._setup_problem()
            error = problem or connection._stored_refusal()
            if problem and problem.kind in ("incomplete", "no_nif"):
                state = "not_configured"
            else:
                state = "refused" if error else connection.state
                if connection.environment == "demo" and not error:
                    state = "demo"  # never "active": nothing of it is AT's
            connection.display_state = state if state in known else "unchecked"
            connection.display_since = not problem and connection.state_since
            connection.diagnosis = error and connection._explain(error)

    # === OVERRIDES === #

    def write(self, vals):
        # EXTENDS 'base'
        if any(self._changes(connection, vals, _FIXED) for connection in self):
            raise UserError(
                self.env._(
                    "A connection keeps its company and environment. Choose another "
                    "environment in the settings instead."
                )
            )
        if vals.get("password_mode") == "prompted":
            vals = {**vals, "password": False}
        elif vals.get("password"):
            # The settings write field by field; what was in the form is dropped.
            prompted = self.filtered(
                lambda connection: connection.password_mode == "prompted"
            )
            if prompted:
                prompted.write({**vals, "password": False})
                return (self - prompted).write(vals)
        changed = self.filtered(
            lambda connection: self._changes(connection, vals, _CREDENTIALS)
        )
        result = super().write(vals)
        changed.sudo()._set_state("unchecked", since=False)
        return result

    # === ACTIONS === #

    @prompts_for_password(lambda connection: ensure_one(connection))
    def action_check(self):
        """Send AT a harmless request, and show what it answered."""
        self.ensure_one()
        self.check_access("write")
        error = self.env["l10n_pt_atcud.connection_check"].check(self)
        return self._notify_check(error)

    def action_check_documents(self):
        """List the posted documents whose ATCUD is missing, different or out of order.

        :return: a list of them, or a notification that there are none
        """
        self.ensure_one()
        self.env["account.move"].check_access("read")
        service = self.env["l10n_pt_atcud.issued_document_check"].sudo()
        faults = service.check(self.company_id)
        if not faults:
            return self._notify("success", self.env._("All documents are in order."))
        moves = self.env["account.move"].union(*faults.values())
        action = notification(
            "warning", self.env._("Connection to AT"), service.describe(faults)
        )
        action["params"]["next"] = {
            "type": "ir.actions.act_window",
            "name": self.env._("Documents that need attention"),
            "res_model": "account.move",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("id", "in", moves.ids)],
            "context": {"create": False},
        }
        return action

    # === HELPERS === #

    @api.model
    def _changes(self, connection, vals, names):
        """Return whether ``vals`` change one of the fields ``names``."""
        connection = connection.sudo()
        return any(
            connection._fields[name].convert_to_write(connection[name], connection)
            != vals[name]
            for name in names & vals.keys()
        )

    def _is_bound(self):
        """Return whether AT has heard of this taxpayer under this connection."""
        if self.username or self.state != "unchecked":
            return True
        series = self.env["l10n_pt_atcud.series"].sudo()
        return bool(
            series.with_context(active_test=False).search_count(
                [("connection_id", "in", self.ids), ("state", "!=", "draft")], limit=1
            )
        )

    def _make_client(self, series=None, *, checking=False):
        """Return a client of AT's service for this connection.

        Every exchange of the client is logged. This is the one place that reads
        secrets, and decides which service is called.

        :param series: the series that the request is about, for the log
        :param checking: the request finds out whether a refusal still holds
        :raise ConnectionProblem: something is missing or cannot be read, or AT has
            refused the connection and it was not checked since
        :raise SetupError: a certificate or key cannot be read
        """
        connection = self.sudo()
        if not connection:
            raise ConnectionProblem("not_configured")
        problem = connection._setup_problem() or connection._password_problem()
        # A password that is entered each time is a check each time.
        if not problem and not checking and connection.password_mode == "stored":
            problem = connection._stored_refusal()
        if problem:
            raise problem
        observe = partial(connection._log_exchange, series)
        if connection._is_simulated():
            return connection._demo_client(observe)
        if connection.environment != "demo":
            origin = _ORIGINS[connection.environment]
            return connection._remote_client(origin, observe)
        url = connection._parameter("simulator_url")
        if not url:
            return connection._demo_client(observe)
        authority = connection._parameter("simulator_authority")
        return connection._remote_client(url, observe, authority, loopback=True)

    def _demo_client(self, observe):
        """Return a client of the simulator in this process."""
        simulator = self._demo_simulator()
        credentials = Credentials(
            self._effective_username(),
            self._effective_password() or _DEMO_PASSWORD,
            simulator.cipher_certificate,
        )
        session = open_session(_IN_PROCESS, simulator=simulator)
        return SeriesClient(session, _IN_PROCESS, credentials, observe=observe)

    def _demo_simulator(self):
        """Return the simulator that answers in this process in Demo."""
        password = self.password or _DEMO_PASSWORD
        return Simulator(
            DatabaseStore(self.env.registry, "l10n_pt_atcud_simulator_state"),
            {self._effective_username(): Account(password)},
        )

    def _remote_client(self, origin, observe, authority=None, *, loopback=False):
        """Return a client at ``origin``, on the session of this action.

        :param authority: PEM of the only authority to trust, by default the system's
        :param loopback: refuse any origin that is not on this machine
        """

        def open_new_session():
            context = self._tls_context(authority)
            try:
                return open_tls_session(origin, context, loopback_only=loopback)
            except ValueError as error:
                raise ConnectionProblem("simulator_url", message=str(error)) from error

        certificate = self.client_certificate_id
        records = (certificate, certificate.private_key_id)
        versions = [(record.id, record.write_date) for record in records]
        key = (self.id, origin, authority, *versions)
        session, is_kept = pooled_session(key, open_new_session)
        return SeriesClient(
            session,
            origin,
            Credentials(
                self.username,
                self._effective_password(),
                _decoded(self.cipher_certificate_id, "pem_certificate"),
            ),
            observe=observe,
            keep_session=is_kept,
        )

    def _tls_context(self, authority=None):
        """Return the TLS context with the client certificate."""
        certificate = self.client_certificate_id
        key = certificate.private_key_id
        return client_context(
            _decoded(certificate, "pem_certificate"),
            _decoded(key, "pem_key"),
            password=key.password or None,
            authority=authority or None,
        )

    def _log_exchange(self, series, exchange):
        """Keep an exchange; it is committed with the outcome of the call."""
        self.env["l10n_pt_atcud.exchange"].sudo().create(
            {
                "connection_id": self.id,
                "series_id": series and series.id,
                "user_id": self.env.uid,
                "operation": exchange.operation,
                "address": exchange.address,
                "code": exchange.code,
                "status": exchange.status or 0,
                "seconds": exchange.seconds,
                "request": exchange.request,
                "answer": exchange.answer,
            }
        )

    def _parameter(self, name):
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param(f"l10n_pt_atcud.{name}")

    def _is_trial(self):
        """Return whether codes of this connection have no fiscal value."""
        return self.environment in TRIALS

    def _is_simulated(self):
        """Return whether the simulator in this process answers; it needs no keys."""
        return self.environment == "demo" and not self._parameter("simulator_url")

    def _effective_username(self):
        """Return the name of the sub-user; Demo needs none to be entered."""
        return self.username or f"{self.nif}/1"

    def _effective_password(self):
        """Return the password, stored or just entered, or ``""``."""
        if self.password_mode == "prompted":
            return entered_password(self)
        return self.password or ""

    # === HELPERS: PROBLEMS === #

    def _setup_problem(self):
        """Return why AT cannot be called at all, as a problem, or ``None``."""
        if not self.nif:
            return ConnectionProblem("no_nif")
        if self._is_simulated():
            return None
        client, cipher = self.client_certificate_id, self.cipher_certificate_id
        is_readable = client.pem_certificate and client.private_key_id.pem_key
        if client and not is_readable:
            # no key, or the password of the file is wrong
            message = client.loading_error or ""
            return ConnectionProblem("client_certificate", message=message)
        has_password = self.password or self.password_mode == "prompted"
        if not (
            self.username and has_password and is_readable and cipher.pem_certificate
        ):
            return ConnectionProblem("incomplete")
        if not self.username.startswith(f"{self.nif}/"):
            return ConnectionProblem("other_taxpayer")
        return self._certificate_problem()

    def _certificate_problem(self):
        client, cipher = self.client_certificate_id, self.cipher_certificate_id
        if not client.is_valid:
            return ConnectionProblem("client_certificate_expired")
        if not cipher.is_valid:
            return ConnectionProblem("cipher_key_expired")
        is_test = client.subject_common_name == _TEST_SUBJECT
        if self.environment == "production" and is_test:
            return ConnectionProblem("test_certificate")
        return None

    def _password_problem(self):
        """Return a problem when the password is requested and was not entered."""
        if self.password_mode == "prompted" and not entered_password(self):
            return ConnectionProblem("password_required")
        return None

    def _stored_refusal(self):
        """Return AT's refusal that still holds, or ``None``."""
        if self.state != "refused":
            return None
        return ConnectionProblem("refused", **read_refusal(self.refusal))

    def _without_password(self):
        """Return those of these connections whose password must be requested first.

        Where something else is missing, a password would not help.
        """
        return self.filtered(
            lambda connection: (
                not connection.sudo()._setup_problem()
                and connection.sudo()._password_problem()
            )
        )

    def _password_doubt(self):
        """Return why the stored password is probably not AT's, or ``None``.

        Each wrong password costs one of few tries, so none of an unusual length is
        sent without a person's decision.
        """
        connection = self.sudo()
        length = len(connection.password or "")
        if (
            connection._setup_problem()
            or connection._is_simulated()
            or PASSWORD_MIN <= length <= PASSWORD_MAX
        ):
            return None
        return self.env._(
            "AT's passwords have 8 to 14 characters, and this one has %s. It was "
            "saved, and nothing was sent to AT, where a wrong password costs one of "
            "few tries. If the password is right, check the connection.",
            length,
        )

    def _accepts_another_password(self, error):
        """Return whether a user may enter another password after this refusal."""
        return (
            self.password_mode == "prompted"
            and self.env["l10n_pt_atcud.messages"].is_about_password(error)
            and error.tries_left != 0
        )

    # === HELPERS: STATE === #

    def _record_answer(self, error):
        """Keep what an answer of AT says about the connection.

        :param error: the ``SeriesError`` of the call, or ``None``
        """
        for connection in self:
            state = connection._state_after(error)
            if state:
                is_refused = state == "refused"
                connection._set_state(state, error=error if is_refused else None)

    def _state_after(self, error):
        """Return the state that an answer of AT asks for, or ``None`` for no change."""
        if isinstance(error, SetupError):
            return "refused"
        # A fault of the envelope comes before AT looks at the credentials.
        answered = error is None or (
            isinstance(error, RejectedError) and error.code != "soap_client"
        )
        return "active" if answered and self.state != "active" else None

    def _discard_refused_password(self, error):
        if isinstance(error, SetupError):
            discard_password(self, error)

    def _set_state(self, state, *, error=None, since=True):
        if self:
            self.write(
                {
                    "state": state,
                    "state_since": since and fields.Datetime.now(),
                    "refusal": error
                    and {
                        "code": error.code,
                        "message": error.message,
                        "tries_left": error.tries_left,
                    },
                }
            )

    def _note_success(self):
        """Forget earlier failures of the nightly check."""
        self.write(
            {
                "succeeded_at": fields.Datetime.now(),
                "failures": 0,
                "failing_since": False,
                "failure": False,
                "next_try_at": False,
            }
        )

    def _note_failure(self, text):
        """Count a failure of the nightly check, wait longer each time, alert once."""
        now = fields.Datetime.now()
        nights = BACK_OFF[min(self.failures, len(BACK_OFF) - 1)]
        self.write(
            {
                "failures": self.failures + 1,
                "failing_since": self.failing_since or now,
                "failure": text,
                # Not quite a day: the job does not start at the same second.
                "next_try_at": now + timedelta(days=nights, hours=-4),
            }
        )
        if self.failures == ALERT_FAILURES:
            self._alert(
                self.env._(
                    "The nightly comparison with AT fails since %(day)s: %(text)s",
                    day=fields.Date.to_string(self.failing_since),
                    text=text,
                )
            )

    # === HELPERS: MESSAGES === #

    def _explain(self, error):
        """Return what is wrong with the connection and what to do about it."""
        return self.env["l10n_pt_atcud.messages"].explain(error, self.sudo())

    def _raise_for(self, error, company=None):
        """Raise an error that leads administrators to the settings, and names contacts.

        :param company: whose connection is missing, where there is none
        """
        text = self._explain(error)
        if not isinstance(error, (SetupError, ConnectionProblem)):
            raise UserError(text)
        if not self.env.user.has_group("base.group_system"):
            messages = self.env["l10n_pt_atcud.messages"]
            company = company or self.company_id
            text += "\n" + messages.contact_for_settings(company)
            raise UserError(text)
        if self and not self.is_in_use:
            action, label = (
                self.with_env(self.env(context={}))._get_records_action(),
                self.env._("Open the connection"),
            )
        else:
            action = self.env.ref("account.action_account_config").id
            label = self.env._("Open the AT settings")
        raise RedirectWarning(text, action, label)

    def _notify_check(self, error):
        """Return the notification about a check."""
        if error:
            return self._notify("danger", self._explain(error))
        text = self.env._("AT accepts the connection of %s.")
        return self._notify("success", text % self.company_id.display_name)

    def _notify(self, kind, text):
        return notification(kind, self.env._("Connection to AT"), text)

    def _alert(self, text):
        """Give an administrator of the company an activity about the connection.

        :param text: the note, text or markup
        """
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Connection to AT"),
            note=as_html(text),
            user_id=self._administrator().id,
        )

    def _administrator(self):
        """Return an administrator who may enter the company."""
        users = self.env["res.users"].sudo()
        domain = [
            ("all_group_ids", "in", self.env.ref("base.group_system").ids),
            ("company_ids", "in", self.company_id.ids),
            ("share", "=", False),
        ]
        return users.search(domain, order="id", limit=1) or self.env.ref(
            "base.user_admin"
        )


def _decoded(record, name):
    return base64.b64decode(record.with_context(bin_size=False)[name])
