"""What a company needs before its first real invoice, and what of it is there."""

from dataclasses import dataclass
from typing import Any

from odoo import api, models

from ..guards import internal
from ..maventa_api.bank_accounts import finnish_bic

GOOD, BAD, OPEN = "good", "bad", "open"
ACCOUNT = "maventa_account"


@dataclass(frozen=True)
class ChecklistLine:
    """A line, and the place where it is put right.

    :param level: ``good``, ``bad`` or ``open`` (undecided)
    :param setting: the id of the setting on the page
    :param record: what to open instead of a setting
    :param action: what to run instead of either
    """

    level: str
    text: str
    setting: str = ACCOUNT
    record: Any = None
    action: dict[str, Any] | None = None


@internal
class MaventaGoLiveChecklist(models.AbstractModel):
    """Reads Odoo only, and asks nobody."""

    _name = "maventa.go.live.checklist"
    _description = "Go-live Checklist for Maventa"

    # === PUBLIC === #

    @api.model
    def _lines(self, company):
        """Return the :class:`ChecklistLine` of a company."""
        company = company.sudo()
        account = company.maventa_account_id
        return [
            self._environment(account),
            self._organisation_number(company),
            *self._bank_account(company),
            self._vendor_key(account),
            self._verification(account),
            self._print(company, account),
            *self._bank_network(company, account),
            self._email(company),
            *self._registration_statement(company),
            *self._taxes(company),
            *self._missing_rates(company),
            *self._printed_rates(company),
            self._layout(company),
        ]

    # === LINES === #

    def _environment(self, account):
        if account.environment == "production":
            return ChecklistLine(GOOD, self.env._("Environment: Production."))
        if account:
            text = self.env._(
                "Environment: Demo or Test. No customer receives an invoice."
            )
            return ChecklistLine(OPEN, text)
        return ChecklistLine(BAD, self.env._("Choose an environment."))

    def _organisation_number(self, company):
        registration, parties = (
            self.env["maventa.registration"],
            self.env["maventa.parties"],
        )
        number = registration._number(company)[0]
        if not number:
            text = self.env._(
                "Maventa needs a number of the company: %s.",
                registration._missing_number(company),
            )
            return ChecklistLine(BAD, text, record=company)
        legal = parties._identifiers(company.partner_id).legal
        text = self.env._(
            "%(label)s: %(number)s.",
            label=parties._legal_label(legal.scheme),
            number=legal.value or number,
        )
        return ChecklistLine(GOOD, text, record=company)

    def _bank_account(self, company):
        partner, banks = company.partner_id, company.partner_id.bank_ids
        if not banks:
            text = self.env._("Enter a bank account of the company.")
            yield ChecklistLine(BAD, text, record=partner)
            return
        text = self.env._("Bank account: %s.", banks[0].acc_number)
        yield ChecklistLine(GOOD, text, record=partner)
        missing = banks.filtered(
            lambda bank: (
                bank.acc_type == "iban"
                and not bank.bank_bic
                and not finnish_bic(bank.acc_number)
            )
        )
        if missing:
            numbers = ", ".join(missing.mapped("acc_number"))
            text = self.env._("Enter the bank with its BIC for %s.", numbers)
            yield ChecklistLine(OPEN, text, record=missing)

    def _vendor_key(self, account):
        parameters = self.env["ir.config_parameter"].sudo()
        if account.environment == "demo":
            return ChecklistLine(OPEN, self.env._("Vendor key: not needed in Demo."))
        if not parameters.get_param("account_maventa.vendor_api_key"):
            text = self.env._(
                "Enter the vendor key. Partners of Maventa receive it from Maventa's "
                "integration team (www.maventa.com)."
            )
            return ChecklistLine(BAD, text)
        if account and not account.vendor_linked:
            text = self.env._("The account is not linked to the vendor key yet.")
            return ChecklistLine(OPEN, text)
        return ChecklistLine(GOOD, self.env._("Vendor key: entered."))

    def _verification(self, account):
        if account.state == "verified":
            text = self.env._("Maventa has verified the company.")
            return ChecklistLine(GOOD, text)
        text = self.env._("Maventa has not verified the company yet.")
        return ChecklistLine(BAD, text)

    def _print(self, company, account):
        setting = self._setting(company, "maventa_print")
        if not account.print_checked_at:
            text = self.env._("Print service: not known yet.")
            return ChecklistLine(OPEN, text, setting)
        if account.print_enabled:
            return ChecklistLine(GOOD, self.env._("Print service: on."), setting)
        text = self.env._(
            "Print service: off. Invoices without an electronic channel cannot be "
            "delivered."
        )
        level = OPEN if company.maventa_send_email else BAD
        return ChecklistLine(level, text, setting)

    def _bank_network(self, company, account):
        if company.country_code not in ("FI", "AX"):
            return
        setting = self._setting(company, "maventa_receives")
        if account.bank_network == "active":
            text = self.env._("Bank network: active.")
            yield ChecklistLine(GOOD, text, setting)
        elif account.bank_network:
            text = self.env._(
                "Bank network: not active. Consumers' online banks, and companies "
                "at Finnish banks, cannot be reached. Activate it in Maventa."
            )
            yield ChecklistLine(OPEN, text, setting)
        else:
            yield ChecklistLine(OPEN, self.env._("Bank network: not known yet."))

    def _email(self, company):
        if not company.email:
            text = self.env._("Enter the e-mail address of the company.")
            return ChecklistLine(BAD, text, record=company)
        setting = self._setting(company, "maventa_notify_emails")
        if not company.maventa_notify_emails:
            text = self.env._("Choose who is notified of failures.")
            return ChecklistLine(OPEN, text, setting)
        return ChecklistLine(GOOD, self.env._("E-mail addresses: entered."), setting)

    def _registration_statement(self, company):
        """A statement in law: the company makes it, or none is made."""
        questions = {
            "SE": self.env._(
                "Say whether the company is approved for F-tax (Godkänd för F-skatt): "
                "invoices do not state it until then."
            ),
            "NO": self.env._(
                "Say whether the company is in Foretaksregisteret: invoices do not "
                "state it until then."
            ),
        }
        if company.country_code not in questions:
            return
        setting = self._setting(company, "maventa_statements")
        if company.maventa_registered:
            text = self.env._("Registration: answered.")
            yield ChecklistLine(GOOD, text, setting)
        else:
            yield ChecklistLine(BAD, questions[company.country_code], setting)

    def _taxes(self, company):
        taxes = self.env["maventa.vat.category"]._unclassified(company)
        setting = "maventa_taxes"
        if taxes:
            names = ", ".join(taxes.mapped("name"))
            text = self.env._("Taxes without a tax category: %s.", names)
            yield ChecklistLine(BAD, text, setting)
        else:
            text = self.env._("All sales taxes have a tax category.")
            yield ChecklistLine(GOOD, text, setting)

    def _missing_rates(self, company):
        """Charts of accounts lag behind the law: a click creates the taxes."""
        renewal = self.env["maventa.vat.renewal"]
        for old, new in sorted(renewal._missing(company)):
            text = self.env._(
                "The rate of %(old)s %% is now %(new)s %%, and there is no tax of it. "
                "Create the taxes if you sell with this rate.",
                old=f"{old:f}",
                new=f"{new:f}",
            )
            action = renewal._action(company, new)
            yield ChecklistLine(OPEN, text, action=action)

    def _printed_rates(self, company):
        """Odoo prints names of taxes and groups; the e-invoice has the rate itself."""
        printed = self.env["maventa.printed.taxes"]
        for misprint in printed._misprinted(company):
            text, tax = printed._text(misprint), misprint.tax
            if tax.amount:
                rates = self.env["maventa.vat.rates"]._rates_now(tax)
                text = self.env._(
                    "%(text)s Rates in force: %(rates)s %%.",
                    text=text,
                    rates=", ".join(map(str, rates)),
                )
            yield ChecklistLine(BAD, text, record=tax)

    def _layout(self, company):
        """Odoo itself prints the numbers of the seller only in texts of the layout."""
        name = "web.action_base_document_layout_configurator"
        action = self.env["ir.actions.act_window"]._for_xml_id(name)
        missing = self.env["maventa.printed.numbers"]._missing(company)
        if not missing:
            text = self.env._("Document layout: it has your company's numbers.")
            return ChecklistLine(GOOD, text, action=action)
        text = self.env._(
            "The document layout lacks %s. Invoices have it below their texts; enter "
            "it in the footer or the company details of the layout.",
            ", ".join(number for _label, number in missing),
        )
        return ChecklistLine(BAD, text, action=action)

    # === HELPERS === #

    def _setting(self, company, name):
        """Return the setting if the page shows it: only with a verified account."""
        account = company.maventa_account_id
        is_shown = account.state == "verified" or company.maventa_enabled
        return name if is_shown else ACCOUNT
