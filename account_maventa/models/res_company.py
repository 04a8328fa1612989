"""The company's settings for Maventa, and the account in use."""

import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize

from ..exceptions import TransferProblem
from ..guards import as_service, ensure_one, guarded
from ..maventa_api import organisation_number
from .localized_text import in_language
from .maventa_invoice_status import ROLES
from .transfer_state import TransferState

MOST_DAYS = 3_650
# The settings are for accounting users and administrators, not for portal users.
_READERS = (
    "account.group_account_readonly,account.group_account_invoice,base.group_system"
)


@guarded("maventa_account_id")
class ResCompany(models.Model):
    _inherit = "res.company"

    # A company without an account is not configured; nothing is presumed for it.
    maventa_account_id = fields.Many2one(
        "maventa.account", copy=False, readonly=True, groups=_READERS
    )
    maventa_enabled = fields.Boolean(
        "Transfer invoices to Maventa", copy=False, groups=_READERS
    )
    maventa_status_to_transfer_id = fields.Many2one(
        "maventa.invoice.status",
        "Status of invoices to transfer",
        copy=False,
        groups=_READERS,
    )
    maventa_status_after_transfer_id = fields.Many2one(
        "maventa.invoice.status", "Status after transfer", copy=False, groups=_READERS
    )
    maventa_status_after_error_id = fields.Many2one(
        "maventa.invoice.status", "Status after error", copy=False, groups=_READERS
    )
    maventa_on_posting = fields.Boolean(
        "Transfer when posted",
        help="A posted customer invoice or credit note receives the status of invoices "
        "to transfer, unless the customer has another sending method.",
        groups=_READERS,
    )
    maventa_format = fields.Selection(
        "_selection_maventa_format",
        default="auto",
        required=True,
        help="By address: Finvoice for customers of Finnish banks and operators, "
        "Peppol for all others.",
        groups=_READERS,
    )
    maventa_send_pdf = fields.Boolean(
        "Send original invoice PDF",
        default=True,
        help="On: the customer receives the invoice as Odoo prints it. "
        "Off: data only, shown in Maventa's layout.",
        groups=_READERS,
    )
    maventa_all_attachments = fields.Boolean(
        "Send all attachments",
        help="All attachments of an invoice go along with its PDF, unless a user "
        "excludes them. A customer can have another setting.",
        groups=_READERS,
    )
    maventa_sender_comment = fields.Text(
        "Comment in the e-mail",
        translate=True,
        help="Maventa adds this text to the e-mail of invoices that are delivered by "
        "e-mail, in the customer's language.",
        groups=_READERS,
    )
    maventa_send_email = fields.Boolean(
        "Send by e-mail",
        default=True,
        help="On: customers without an e-invoice address receive the invoice by "
        "e-mail. Off: Maventa prints and posts it.",
        groups=_READERS,
    )
    maventa_notify_emails = fields.Char(
        "Notify of failures",
        copy=False,
        help="E-mail addresses, separated by commas, that receive a message about "
        "invoices that were not transferred or not delivered.",
        groups=_READERS,
    )
    maventa_warn_days = fields.Integer(
        "Overdue after",
        default=5,
        help="Days for the delivery by Maventa before the salesperson receives a "
        "warning. 0 for no warning.",
        groups=_READERS,
    )

    maventa_registered = fields.Selection(
        [("yes", "Yes: every invoice states it"), ("no", "No")],
        "Registered",
        copy=False,  # each company makes this statement for itself
        help="Yes: invoices of a Swedish company state its approval for F-tax (Godkänd "
        "för F-skatt), those of a Norwegian company the register of business "
        "enterprises (Foretaksregisteret). Nothing is stated before you answer.",
        groups=_READERS,
    )
    maventa_overdue_percent = fields.Float(
        "Overdue interest",
        help="Percent per year that invoices state. 0: they state none.",
        groups=_READERS,
    )
    maventa_autopost = fields.Boolean(
        "Post received bills by themselves",
        copy=False,
        help="Only bills without anything to decide, of suppliers whose bills are "
        "posted automatically (contact, Accounting), to a trusted account, that are "
        "no scans.",
        groups=_READERS,
    )
    maventa_autopost_limit = fields.Monetary(
        "Up to",
        currency_field="currency_id",
        copy=False,
        help="Bills above this total wait for a person. 0: no limit.",
        groups=_READERS,
    )
    maventa_check_rules = fields.Boolean(
        "Check by the official rules",
        default=True,
        help="On: documents that the loaded official rules refuse are not uploaded.",
        groups=_READERS,
    )

    @api.model
    def _selection_maventa_format(self):
        formats = self.env["account.edi.xml.maventa"]._maventa_selection()
        return [("auto", self.env._("By the customer's address")), *formats]

    # === CONSTRAINTS === #

    @api.constrains("maventa_enabled")
    def _check_maventa_verified(self):
        for company in self.filtered("maventa_enabled"):
            if company.sudo().maventa_account_id.state != "verified":
                raise ValidationError(
                    self.env._(
                        "%s cannot transfer invoices yet: Maventa has not verified the "
                        'account. Enter the keys and press "Check account". If the '
                        "account is waiting for authentication, complete it first.",
                        company.display_name,
                    )
                )

    @api.constrains("maventa_enabled", *ROLES)
    def _check_maventa_roles(self):
        for company in self.filtered("maventa_enabled"):
            if problem := company._maventa_roles_problem():
                raise ValidationError(problem)

    @api.constrains("maventa_warn_days")
    def _check_maventa_warn_days(self):
        for company in self:
            if not 0 <= company.maventa_warn_days <= MOST_DAYS:
                raise ValidationError(
                    self.env._(
                        "A delivery is overdue after %s days at most.", MOST_DAYS
                    )
                )

    @api.constrains("maventa_overdue_percent")
    def _check_maventa_overdue_percent(self):
        for company in self:
            if not 0 <= company.maventa_overdue_percent <= 100:
                raise ValidationError(
                    self.env._("The overdue interest is between 0 and 100 percent.")
                )

    @api.constrains("maventa_notify_emails")
    def _check_maventa_notify_emails(self):
        for company in self:
            for address in company._maventa_notified():
                if not email_normalize(address):
                    raise ValidationError(
                        self.env._('"%s" is not a valid e-mail address.', address)
                    )

    def _maventa_roles_problem(self):
        """Return the problem with the three statuses, or nothing."""
        statuses = [self[role] for role in ROLES]
        if not all(statuses):
            return self.env._("Choose all three statuses for the transfer to Maventa.")
        if len(set(statuses)) < len(statuses):
            return self.env._(
                "The three statuses for the transfer to Maventa must be different."
            )
        for status in statuses:
            if status.company_id != self or not status.active:
                return self.env._(
                    'The status "%(status)s" is archived or belongs to another '
                    "company than %(company)s.",
                    status=status.name,
                    company=self.display_name,
                )
        if self.maventa_status_to_transfer_id.sent:
            return self.env._(
                "The status of invoices to transfer must not count as sent: clear "
                '"Sent" on the status "%s".',
                self.maventa_status_to_transfer_id.name,
            )
        return None

    # === OVERRIDES === #

    def write(self, vals):
        # EXTENDS 'base'
        is_other = bool({"maventa_account_id", "vat"} & vals.keys())
        before = {row: is_other and row._maventa_environment() for row in self}
        result = super().write(vals)
        if {"vat", "company_registry", "country_id"} & vals.keys():
            for company in self:
                company._maventa_follow_tax_number()
        if is_other:
            left = self.filtered(
                lambda row: before[row] not in (False, row._maventa_environment())
            )
            self._maventa_follow_account(left)
        return result

    # === ACCOUNT === #

    def _maventa_account_company(self):
        """Return the company whose account sends this company's invoices.

        An account belongs to a tax number: a branch without one uses its parent's.
        """
        company = self.sudo()  # none where a form has no company yet
        while company.parent_id and not company.vat:
            company = company.parent_id
        return company.with_env(self.env)

    def _maventa_account_in_use(self):
        """Return the account in use.

        :raise UserError: the company is not configured
        """
        ensure_one(self)
        if not self.maventa_account_id:
            problem = TransferProblem("not_configured", company=self.display_name)
            messages = self.env["maventa.messages"]
            raise UserError(messages._explain(problem, self.maventa_account_id))
        return self.maventa_account_id

    def _maventa_configure(self, environment, company_uuid=None, user_api_key=None):
        """Choose the account in use by its environment and keys, and return it.

        Another environment or company UUID selects another record: an earlier one if
        there is one, else a new one. Another user API key changes the record.

        :param environment: ``demo``, ``test``, ``production``; empty for none
        :param company_uuid: ``None`` to keep it
        :param user_api_key: ``None`` to keep it
        """
        self.ensure_one()
        self.check_access("write")
        company = self.sudo()
        current = company.maventa_account_id
        uuid = company_uuid and company_uuid.strip()
        if not environment:
            if current:
                as_service(company).maventa_account_id = False
            return company.maventa_account_id
        is_same = current.environment == environment
        if not is_same and uuid == (current.company_uuid or ""):
            uuid = user_api_key = None  # keys of the environment that is left
        values = {"environment": environment}
        if uuid is not None:
            values["company_uuid"] = uuid or False
        if user_api_key is not None:
            values["user_api_key"] = user_api_key.strip() or False
        if is_same and uuid is None:
            account = current
        else:
            account = company._maventa_find_account(environment, uuid)
        if not account and current and current._is_unused():
            account = current
            values = {"company_uuid": False, "user_api_key": False, **values}
        if account:
            account.write(values)
        else:
            account = current.create({"company_id": company.id, **values})
        if current != account:
            as_service(company).maventa_account_id = account
        return account

    def _maventa_find_account(self, environment, uuid=None):
        """Return the latest account of an environment, and of a company UUID if given.

        Without a company UUID, one of the company's tax number is preferred, and those
        of another tax number are left out.
        """
        accounts = self.env["maventa.account"].sudo()
        domain = [("company_id", "=", self.id), ("environment", "=", environment)]
        if uuid is not None:
            return accounts.search(
                [*domain, ("company_uuid", "=", uuid or False)], limit=1
            )
        found = accounts.search(domain)
        mine = found.filtered(lambda account: account._belongs_to(self))
        return (mine or found.filtered(lambda account: not account.business_id))[:1]

    def _maventa_follow_tax_number(self):
        """Use another account when the company's tax number has changed."""
        company = self.sudo()
        account = company.maventa_account_id
        if (
            not account
            or not company._maventa_business_ids()
            or account._belongs_to(company)
            or (not account.business_id and account.company_uuid)
        ):
            return
        other = company._maventa_find_account(account.environment)
        as_service(company).maventa_account_id = other or account.create(
            {"company_id": company.id, "environment": account.environment}
        )

    def _maventa_environment(self):
        """Return the environment of the account in use; false without an account."""
        return self.sudo().maventa_account_id.environment

    def _maventa_is_in_demo(self):
        return self._maventa_environment() == "demo"

    def _maventa_follow_account(self, left):
        """Do with earlier transfers what another account in use means for them.

        :param left: the companies whose environment is another one now
        """
        self._maventa_void_demo()
        queued = (
            self.env["maventa.transfer"]
            .sudo()
            .search(
                [
                    ("move_id.company_id", "child_of", self.ids),
                    ("state", "=", TransferState.QUEUED),
                ]
            )
        )
        waiting = left.sudo().maventa_status_to_transfer_id
        moves = queued._follow_account() | self.env["account.move"].sudo().search(
            [("maventa_status_id", "in", waiting.ids), ("maventa_state", "=", False)]
        )
        moves._maventa_take_out()

    def _maventa_void_demo(self):
        """Forget what went out in Demo, for companies in a real environment now.

        Nothing was sent: these invoices count as not sent, and have no Maventa status.
        """
        live = self.sudo().filtered(
            lambda company: company._maventa_environment() not in (False, "demo")
        )
        rows = (
            self.env["maventa.transfer"]
            .sudo()
            .search(
                [
                    ("account_id.company_id", "in", live.ids),
                    ("account_id.environment", "=", "demo"),
                    ("state", "!=", TransferState.QUEUED),
                    ("is_void", "=", False),
                ]
            )
        )
        rows.is_void = True
        rows.move_id._maventa_forget_demo()

    def _maventa_business_ids(self):
        """Return the numbers by which Maventa may know the company."""
        numbers = [
            self.env["maventa.parties"]._identifiers(self.partner_id).legal.value,
            organisation_number(self.country_code or "", self.vat or ""),
            self.company_registry,
            self.vat,
        ]
        return [number for number in numbers if number]

    # === HELPERS === #

    def _maventa_may_send(self):
        """Return whether new invoices may be sent: switched on, and not archived."""
        return self.active and self.maventa_enabled

    def _maventa_notified(self):
        """Return the addresses that are notified of failures."""
        return list(
            filter(None, re.split(r"[,;\s]+", self.maventa_notify_emails or ""))
        )

    def _maventa_ensure_statuses(self):
        """Create the initial statuses, unless the company has statuses."""
        for company in self:
            statuses = self.env["maventa.invoice.status"].sudo()
            if statuses.with_context(active_test=False).search_count(
                [("company_id", "=", company.id)], limit=1
            ):
                continue
            names = statuses._first_names()
            made = statuses.with_context(lang="en_US").create(
                [
                    {
                        "name": in_language(name, "en_US"),
                        "sequence": 10 * number,
                        "company_id": company.id,
                        "sent": number == 2,
                        "not_editable": number == 2,
                    }
                    for number, name in enumerate(names, start=1)
                ]
            )
            for status, name in zip(made, names, strict=True):
                status.update_field_translations("name", dict(name))
            company.sudo().write(dict(zip(ROLES, made.ids, strict=True)))
