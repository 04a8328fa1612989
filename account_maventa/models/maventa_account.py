"""The account of a company at Maventa.

Life cycle: the record is made when an administrator chooses an environment or enters
keys. ``company_id.maventa_account_id`` is the account in use. Another environment,
another company UUID or another tax number make another record. The earlier one stays,
and what was sent under it is followed to its end with its own keys.
"""

from datetime import timedelta
from uuid import UUID

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..exceptions import TransferProblem
from ..guards import guarded
from ..maventa_api import (
    ORIGINS,
    CompanyState,
    CompanyUnverifiedError,
    Credentials,
    MaventaClient,
    Registrar,
    RejectedError,
    SetupError,
    UnknownOutcomeError,
    open_session,
    same_business,
)
from ..maventa_api.simulator import Simulator
from ..maventa_api.simulator.holdings import VENDOR_API_KEY
from ..remote_text import as_html
from .database_store import DatabaseStore

# Nothing is looked up for this host in this process; Odoo's tests allow it.
SIMULATOR_ORIGIN = "https://localhost"
READ_SECONDS = 120  # Maventa needs long for a large invoice
BACK_OFF = (60, 300, 900, 3600)  # seconds, for the first, second, ... failure
OUTAGE = 3  # lost answers in a row that count as an outage
KEYS = ("company_uuid", "user_api_key")
# Maventa's codes for an authentication that has been requested
REQUESTED = ("PENDING", "SENT", "SIGNED")
ENVIRONMENTS = [("demo", "Demo"), ("test", "Test"), ("production", "Production")]


@guarded(
    *("tried_at", "succeeded_at"),
    *"state remote_name business_id vendor_linked registering_since".split(),
    *"auth_state auth_email auth_request_email checked_at problem".split(),
    *"paused_until failures print_enabled print_own_pdf print_checked_at".split(),
    *"registered_user_id bank_network".split(),
    *"received_until looked_back_at overlapped_at receive_tried_at".split(),
    *"receive_problem list_start list_page".split(),
    *"webhook_token webhook_id rung_at digest_on networks".split(),
)
class MaventaAccount(models.Model):
    """Keys, verification, trouble, pause and client of one account at Maventa."""

    _name = "maventa.account"
    _description = "Maventa Account"
    _check_company_auto = True
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, index=True)
    company_in_use_ids = fields.One2many("res.company", "maventa_account_id")
    is_in_use = fields.Boolean("In use", compute="_compute_is_in_use")
    environment = fields.Selection(
        ENVIRONMENTS,
        required=True,
        help="Demo: nothing leaves Odoo. Test: Maventa's test service. Production: "
        "real invoices are sent to real customers.",
    )
    company_uuid = fields.Char("Company UUID", groups="base.group_system", copy=False)
    user_api_key = fields.Char("User API key", groups="base.group_system", copy=False)
    # STATE DIAGRAM
    #   unchecked --check--> unverified --Maventa verifies--> verified
    #     any --keys refused--> refused --check--> unverified / verified
    #     verified --verification lapses--> unverified
    #     any --user API key changed--> unchecked
    # Nothing is sent unless the state is verified.
    state = fields.Selection(
        [
            ("unchecked", "Not checked"),
            ("unverified", "Waiting for authentication"),
            ("verified", "Verified"),
            ("refused", "Refused"),
        ],
        default="unchecked",
        required=True,
        readonly=True,
        copy=False,
    )
    remote_name = fields.Char("Account holder", readonly=True, copy=False)
    business_id = fields.Char("Business id at Maventa", readonly=True, copy=False)
    admin_id = fields.Many2one(
        "res.users",
        "Administrator",
        copy=False,
        help="Receives an activity when the transfers stop.",
    )
    vendor_linked = fields.Boolean("Linked to the vendor", readonly=True, copy=False)
    registering_since = fields.Datetime(readonly=True, copy=False)
    # The person whose key an interrupted registration has got
    registered_user_id = fields.Many2one("res.users", readonly=True, copy=False)
    auth_state = fields.Char("Authentication code", readonly=True, copy=False)
    auth_label = fields.Char("Authentication", compute="_compute_auth_label")
    auth_email = fields.Char("Authentication sent to", readonly=True, copy=False)
    # The intent: a request to this address may have been sent, the answer is missing.
    auth_request_email = fields.Char(readonly=True, copy=False)
    checked_at = fields.Datetime("Checked on", readonly=True, copy=False)
    problem = fields.Text("Last problem", readonly=True, copy=False)
    paused_until = fields.Datetime(readonly=True, copy=False)
    # Written before a job calls: who was tried longest ago comes first next time.
    tried_at = fields.Datetime("Last try", readonly=True, copy=False)
    succeeded_at = fields.Datetime("Last success", readonly=True, copy=False)
    failures = fields.Integer(readonly=True, copy=False)
    print_enabled = fields.Boolean(
        "Print service", readonly=True, copy=False, help="According to Maventa."
    )
    print_own_pdf = fields.Boolean(
        "Own PDF for print", readonly=True, copy=False, help="According to Maventa."
    )
    print_checked_at = fields.Datetime(
        "Print settings as of", readonly=True, copy=False
    )
    bank_network = fields.Selection(
        [
            ("none", "Not joined"),
            ("pending", "Requested"),
            ("active", "Active"),
            ("error", "Failed"),
        ],
        readonly=True,
        copy=False,
        help="The Finnish banks' network, according to Maventa.",
    )

    # === Receiving: a switch of its own === #

    receives = fields.Boolean(
        "Receive invoices",
        copy=False,
        help="On: Odoo fetches the e-invoices that the company receives at Maventa, "
        "and makes a draft bill of each.",
    )
    receive_since = fields.Date(
        "Receive from",
        copy=False,
        help="Invoices that Maventa received earlier are not fetched: another program "
        "may have booked them.",
    )
    receive_journal_id = fields.Many2one(
        "account.journal",
        "Purchase journal",
        copy=False,
        check_company=True,
        domain="[('type', '=', 'purchase')]",
        help="Empty: the first purchase journal of the company.",
    )
    receive_format = fields.Selection(
        [("FINVOICE30", "Finvoice 3.0"), ("PEPPOLBIS30", "Peppol BIS Billing 3")],
        "Preferred format",
        default="FINVOICE30",
        required=True,
        help="For invoices that were sent in another format than these two.",
    )
    drafts_unreadable = fields.Boolean(
        "Draft bill of an unreadable document",
        default=True,
        copy=False,
        help="On: an invoice that Odoo cannot read is an empty draft bill with the "
        "original and its picture, to be entered by hand. Off: it is only listed.",
    )
    detects = fields.Boolean(
        "Ask for Maventa's checks",
        copy=False,
        help="Maventa Detect, where it is switched on at Maventa: changed account, "
        "warning list, state of the supplier's business id and VAT number.",
    )
    # The latest arrival of a list that was read to its end
    received_until = fields.Datetime(readonly=True, copy=False)
    # A list that was not read to its end: from when on, and its next page
    list_start = fields.Datetime(readonly=True, copy=False)
    list_page = fields.Integer(readonly=True, copy=False)
    looked_back_at = fields.Datetime(readonly=True, copy=False)
    overlapped_at = fields.Datetime(readonly=True, copy=False)
    receive_tried_at = fields.Datetime("Last fetched on", readonly=True, copy=False)
    receive_problem = fields.Text(readonly=True, copy=False)
    webhook_token = fields.Char(readonly=True, copy=False, groups="base.group_system")
    webhook_id = fields.Char(readonly=True, copy=False, groups="base.group_system")
    rung_at = fields.Datetime(readonly=True, copy=False)
    digest_on = fields.Date(readonly=True, copy=False)
    networks = fields.Char("Receiving networks", readonly=True, copy=False)

    _identity_uniq = models.UniqueIndex(
        "(company_id, environment, company_uuid)",
        "The company already has this Maventa account.",
    )

    # === COMPUTES === #

    @api.depends("company_in_use_ids")
    def _compute_is_in_use(self):
        for account in self:
            account.is_in_use = bool(account.company_in_use_ids)

    @api.depends("remote_name", "company_id.name", "environment")
    @api.depends_context("lang")
    def _compute_display_name(self):
        field = self._fields["environment"]
        labels = dict(field._description_selection(self.env))
        for account in self:
            name = account.remote_name or account.company_id.name
            account.display_name = f"{name} ({labels.get(account.environment, '')})"

    @api.depends("auth_state", "state")
    @api.depends_context("lang")
    def _compute_auth_label(self):
        messages = self.env["maventa.messages"]
        for account in self:
            is_open = account.state != "verified"
            account.auth_label = is_open and messages._authentication(
                account.auth_state
            )

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._strip_keys(vals) for vals in vals_list])

    def write(self, vals):
        vals = self._strip_keys(vals)
        identity = {"company_id", "environment", "company_uuid"} & vals.keys()
        for account in self.sudo():
            changed = any(
                account._fields[name].convert_to_write(account[name], account)
                != (vals[name] or False)
                for name in identity
            )
            if changed and not (account._is_unused() or not account.company_uuid):
                raise UserError(
                    self.env._(
                        "The keys of another company or environment make another "
                        "account. Enter them in Settings, Maventa."
                    )
                )
        renewed = self.filtered(
            lambda account: any(
                account.sudo()[name] != vals[name] for name in {*KEYS} & vals.keys()
            )
        )
        result = super().write(vals)
        if renewed:
            renewed._reset()
        if vals.get("receives"):
            today = fields.Date.context_today(self)
            self.filtered(lambda row: not row.receive_since).receive_since = today
        return result

    # === ACTIONS === #

    def action_check(self):
        """Check the keys, compare the account with the company, and show the state."""
        account = self._for_action()
        identity = self.env["maventa.authentication"]._check(account)
        return self._next_step(identity)

    def action_refresh(self):
        """Show the progress of the authentication."""
        self.env["maventa.authentication"]._refresh(self._for_action())
        return self._check_result()

    def action_use_demo_account(self):
        """Open an account at the simulator in this database, and use it."""
        registration = self.env["maventa.registration"]
        account = registration._use_demo_account(self._for_action())
        identity = self.env["maventa.authentication"]._check(account)
        return account.with_env(self.env)._next_step(identity)

    def action_open_registration(self):
        """Open the dialog for a new account at Maventa."""
        self._for_action()
        return self._open_dialog(
            "maventa.registration.wizard", self.env._("Register at Maventa")
        )

    def action_open_authentication(self):
        """Open the dialog that selects the approver."""
        self._for_action()
        return self._open_authentication()

    def action_print_refresh(self):
        return self._update_print({})

    def action_print_switch(self):
        return self._update_print({"enabled": not self.print_enabled})

    def action_own_pdf_switch(self):
        return self._update_print({"use_own_pdf": not self.print_own_pdf})

    def action_networks(self):
        """Show in which networks Maventa receives for the company."""
        self.env["maventa.receiving.networks"]._refresh(self._for_action())
        return True

    def action_join_peppol(self):
        """Have Maventa receive for the company in Peppol."""
        self.env["maventa.receiving.networks"]._join(self._for_action(), "PEPPOL")
        return True

    def action_join_visma(self):
        """Switch receiving on at Maventa: address and directory entry."""
        self.env["maventa.receiving.networks"]._join(self._for_action(), "VISMA")
        return True

    def action_subscribe(self):
        """Have Maventa ring when something came, or stop it."""
        self.env["maventa.receiving.networks"]._switch_bell(self._for_action())
        return True

    def _for_action(self):
        """Return the account with all rights, for a user who may change it."""
        self.ensure_one()
        self.check_access("write")
        return self.sudo()

    def _update_print(self, values):
        self.env["maventa.print.service"]._update(self._for_action(), values)
        return True

    def _open_dialog(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_account_id": self.id},
        }

    def _open_authentication(self):
        return self._open_dialog(
            "maventa.authentication.wizard", self.env._("Send authentication request")
        )

    def _next_step(self, identity):
        """Return the dialog that selects the approver, if none is requested yet."""
        if self.state == "unverified" and not self._is_authentication_requested():
            return self._open_authentication()
        return self._check_result(identity)

    def _is_authentication_requested(self):
        return self.auth_state in REQUESTED

    def _check_result(self, identity=None):
        """Return the toast that shows the state of the account."""
        if self.state == "verified" and identity and not identity.wizard_done:
            return self._toast(
                "warning",
                self.env._(
                    "Connected and verified by Maventa. The first steps at Maventa are "
                    "not complete for this company: log in to Maventa and complete "
                    "them, or Maventa may hold invoices back."
                ),
            )
        if self.state == "verified":
            text = self.env._("Connected and verified by Maventa.")
            return self._toast("success", text)
        if self.auth_state == "SENT":
            text = self.env._(
                "The keys are valid. Maventa has sent an e-mail to %s. Press Refresh "
                "after an authorised person has signed for the company.",
                self.auth_email,
            )
        else:
            text = self.env._(
                "The keys are valid, but the authentication of the company at Maventa "
                "is not complete: send an authentication request."
            )
        return self._toast("warning", text)

    def _toast(self, kind, text):
        """Return a toast; a dialog is closed, and the page behind it is read again."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "title": self.remote_name or self.company_id.display_name,
                "message": text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === CLIENT === #

    def _client(self, receives=False):
        """Return a client of this account: the only place that reads the keys.

        :param receives: ask for the right to fetch invoices, too
        :raise TransferProblem: keys are missing, or Demo would leave this machine
        """
        self.ensure_one()
        account = self.sudo()
        vendor_key, origin, session = self._open_session()
        keys = (account.company_uuid, account.user_api_key, vendor_key)
        if not all(keys[:2]):
            raise TransferProblem("keys_missing")
        if not vendor_key:
            raise TransferProblem("vendor_key_missing")
        return MaventaClient(
            session,
            origin,
            Credentials(*keys),
            environment=f"{self.env.cr.dbname}/{account.environment}",
            receives=receives,
        )

    def _registrar(self):
        """Return a client that opens accounts, for a company without one.

        :raise TransferProblem: the vendor key is missing, or Demo would leave this
            machine
        """
        self.ensure_one()
        vendor_key, origin, session = self._open_session()
        if not vendor_key:
            raise TransferProblem("vendor_key_missing")
        return Registrar(session, origin, vendor_key)

    def _open_session(self):
        """Return the vendor key, the origin, and a session for that origin only."""
        parameters = self.env["ir.config_parameter"].sudo()
        vendor_key = parameters.get_param("account_maventa.vendor_api_key")
        if self.environment == "demo":
            return vendor_key or VENDOR_API_KEY, *self._open_demo_session()
        origin = ORIGINS[self.environment]
        return vendor_key, origin, open_session(origin, read_seconds=READ_SECONDS)

    def _open_demo_session(self):
        parameters = self.env["ir.config_parameter"].sudo()
        if url := parameters.get_param("account_maventa.simulator_url"):
            try:
                return url, open_session(url, loopback_only=True)
            except ValueError as error:
                raise TransferProblem("simulator_not_local", detail=error) from error
        session = open_session(SIMULATOR_ORIGIN, simulator=self._simulator())
        return SIMULATOR_ORIGIN, session

    def _simulator(self):
        """Return the simulator of the environment Demo; tests replace it."""
        return Simulator(DatabaseStore(self.env.registry, "maventa_simulator_state"))

    # === RECEIVING === #

    def _may_receive(self):
        """Return whether this account fetches: in use, switched on, not archived."""
        return self.receives and self.is_in_use and self.company_id.active

    def _bell_url(self):
        """Return the address at which Maventa rings; nobody can guess it."""
        token = self.sudo().webhook_token
        return f"{self.get_base_url()}/maventa/bell/{self.id}/{token}"

    def _purchase_journal(self):
        """Return the journal of the bills; empty if the company has none."""
        journal = self.receive_journal_id
        if journal.active and journal.type == "purchase":
            return journal
        domain = [("company_id", "=", self.company_id.id), ("type", "=", "purchase")]
        return self.env["account.journal"].search(domain, limit=1)

    # === TROUBLE === #

    def _can_call(self):
        """Return whether jobs may call Maventa now: verified, and not paused."""
        return self.state == "verified" and (
            not self.paused_until or self.paused_until <= fields.Datetime.now()
        )

    def _note_success(self):
        """Forget earlier trouble: Maventa answers."""
        self.ensure_one()
        self.sudo().succeeded_at = fields.Datetime.now()
        if self.failures or self.paused_until or self.problem:
            self.sudo().write({"failures": 0, "paused_until": False, "problem": False})
            self._journals().activity_unlink(
                ["account_maventa.mail_activity_type_account"]
            )

    def _note_trouble(self, error, by_job=True, receives=False):
        """Stop calling until an administrator has acted, or for a while.

        :param by_job: no user is waiting: pause after trouble that may pass, and
            notify the administrator of trouble that does not
        :param receives: the call was to receive; without the right to, sending goes on
        """
        self.ensure_one()
        if receives and _is_about_rights(error):
            self._note_receive_problem(
                self.env._(
                    "The user API key does not allow to receive invoices. Ask "
                    "Maventa's support for the permission, or switch receiving off. "
                    "Sending goes on."
                ),
                notify=by_job,
            )
        elif isinstance(error, SetupError):
            self._stop(error, notify=by_job)
        elif not by_job:
            return
        elif isinstance(error, TransferProblem):
            if error.kind != "busy":
                self._stop(error)
        elif isinstance(error, RejectedError):  # Maventa answers: nothing else waits
            text = self.env["maventa.messages"]._explain(error, self)
            if receives:
                self._note_receive_problem(text)
            else:
                self.sudo().problem = text
        elif not self.paused_until or self.paused_until <= fields.Datetime.now():
            self._pause(error)

    def _note_unforeseen(self, error):
        """Pause after an error of our own, and notify the administrator once."""
        self.ensure_one()
        failures = self.failures + 1
        seconds = BACK_OFF[min(failures, len(BACK_OFF)) - 1]
        text = self.env._(
            "A scheduled job broke off with this account (%s). The server's log has "
            "the details.",
            type(error).__name__,
        )
        self.sudo().write(
            {
                "failures": failures,
                "paused_until": fields.Datetime.now() + timedelta(seconds=seconds),
                "problem": text,
            }
        )
        if failures == OUTAGE:
            self._notify_administrator(text)

    def _note_receive_problem(self, text, notify=True):
        """Record why nothing is received, and notify the administrator once."""
        is_new = not self.receive_problem
        self.sudo().receive_problem = text
        if is_new and notify:
            self._notify_administrator(text)

    def _notify_administrator(self, text):
        user = self.sudo().admin_id or self.env.ref("base.user_admin")
        self._journals()[:1].activity_schedule(
            "account_maventa.mail_activity_type_account",
            note=as_html(text),
            user_id=user.id,
        )

    def _pause(self, error):
        failures = self.failures + 1
        vals = {"failures": failures}
        if not isinstance(error, UnknownOutcomeError) or failures >= OUTAGE:
            seconds = getattr(error, "retry_after", None)
            seconds = seconds or BACK_OFF[min(failures, len(BACK_OFF)) - 1]
            until = fields.Datetime.now() + timedelta(seconds=seconds)
            text = self.env["maventa.messages"]._explain(error, self)
            vals |= {"paused_until": until, "problem": text}
            cron = self.env.ref("account_maventa.ir_cron_maventa_transfer").sudo()
            cron._trigger(at=until + timedelta(seconds=1))
        self.sudo().write(vals)

    def _stop(self, error, notify=True):
        """Jobs never try wrong keys again: notify the administrator once."""
        unverified = isinstance(error, CompanyUnverifiedError)
        state = "unverified" if unverified else "refused"
        if self.state == state:
            return
        text = self.env["maventa.messages"]._explain(error, self)
        self.sudo().write({"state": state, "problem": text, "vendor_linked": False})
        if notify:
            self._notify_administrator(text)

    def _journals(self):
        """Return the sale journals, whose dashboard cards show activities."""
        domain = [("company_id", "=", self.company_id.id), ("type", "=", "sale")]
        return self.env["account.journal"].sudo().search(domain)

    # === HELPERS === #

    def _lock(self):
        """Return the accounts that nobody else works on, with their current values."""
        locked = self.try_lock_for_update(allow_referencing=True)
        locked.invalidate_recordset()
        return locked

    def _note_authorization(self, authorization):
        """Record the progress of the company's authentication."""
        self.ensure_one()
        verified = authorization.company_state is CompanyState.VERIFIED
        was_verified = self.state == "verified"
        self.sudo().write(
            {
                "auth_state": authorization.auth_state,
                "auth_email": authorization.auth_email,
                "auth_request_email": False,
                "checked_at": fields.Datetime.now(),
            }
        )
        if was_verified and not verified:
            messages = self.env["maventa.messages"]
            label = messages._authentication(authorization.auth_state)
            self._note_trouble(CompanyUnverifiedError(label, code="unverified"))
            return
        self.sudo().state = "verified" if verified else "unverified"
        if verified and not was_verified:
            self._note_success()
            self.env.ref("account_maventa.ir_cron_maventa_transfer").sudo()._trigger()

    def _check_keys(self):
        """Raise a user error for a company UUID that cannot be one."""
        try:
            UUID(self.sudo().company_uuid or "0" * 32)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "The company UUID has 32 digits and letters (0-9, a-f), in groups "
                    "of 8, 4, 4, 4 and 12. Copy it from the settings in Maventa."
                )
            ) from error

    def _belongs_to(self, company):
        """Return whether the account was checked for one of the company's numbers."""
        theirs = (self.business_id or "").split()
        mine = company._maventa_business_ids()
        return any(same_business(one, other) for one in mine for other in theirs)

    def _is_unused(self):
        """Return whether nothing depends on the keys: never checked, nothing sent."""
        transfers = self.env["maventa.transfer"].sudo()
        return not self.business_id and not transfers.search_count(
            [("account_id", "in", self.ids)], limit=1
        )

    def _reset(self):
        """Forget what was true for other keys."""
        self.sudo().write(
            {
                "state": "unchecked",
                "remote_name": False,
                "auth_state": False,
                "auth_email": False,
                "auth_request_email": False,
                "vendor_linked": False,
                "problem": False,
                "paused_until": False,
                "failures": 0,
                "print_enabled": False,
                "print_own_pdf": False,
                "print_checked_at": False,
                "bank_network": False,
            }
        )

    def _note_settings(self, printing=None, networks=None):
        """Record what Maventa has told of the print service and the networks."""
        values = {}
        if printing:
            values |= {
                "print_enabled": printing.enabled,
                "print_own_pdf": printing.use_own_pdf,
                "print_checked_at": fields.Datetime.now(),
            }
        if networks is not None:
            known = dict(self._fields["bank_network"].selection)
            banks = [row.status for row in networks if row.network == "BANK"]
            status = banks[0] if banks else "none"
            values["bank_network"] = status if status in known else "pending"
        self.sudo().write(values)

    def _strip_keys(self, vals):
        """Return the values without blanks around keys, which come from copying."""
        stripped = {
            name: vals[name].strip() or False
            for name in KEYS
            if isinstance(vals.get(name), str)
        }
        return {**vals, **stripped}


def _is_about_rights(error):
    """Return whether Maventa has not granted what a call needs."""
    return isinstance(error, SetupError) and (
        error.code == "scope_missing" or error.http_status == 403
    )
