"""What a company needs before its first real invoice, and what of it is there."""

from odoo import api, models

from ..guards import internal
from ..maventa_api.bank_accounts import finnish_bic

GOOD, BAD, OPEN = "good", "bad", "open"


@internal
class MaventaGoLiveChecklist(models.AbstractModel):
    """Each line is a pair: ``good``, ``bad`` or ``open`` (undecided), and a text."""

    _name = "maventa.go.live.checklist"
    _description = "Go-live Checklist for Maventa"

    # === PUBLIC === #

    @api.model
    def _lines(self, company):
        """Return the lines for a company; reads Odoo only, and asks nobody."""
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
        ]

    # === LINES === #

    def _environment(self, account):
        if account.environment == "production":
            return GOOD, self.env._("Environment: Production.")
        if account:
            return OPEN, self.env._(
                "Environment: Demo or Test. No customer receives an invoice."
            )
        return BAD, self.env._("Choose an environment.")

    def _organisation_number(self, company):
        if numbers := company._maventa_business_ids():
            return GOOD, self.env._("Organisation number: %s.", numbers[0])
        return BAD, self.env._(
            "Enter the organisation number (company id) or the company's tax number."
        )

    def _bank_account(self, company):
        banks = company.partner_id.bank_ids
        if not banks:
            yield BAD, self.env._("Enter a bank account of the company.")
            return
        yield GOOD, self.env._("Bank account: %s.", banks[0].acc_number)
        missing = banks.filtered(
            lambda bank: (
                bank.acc_type == "iban"
                and not bank.bank_bic
                and not finnish_bic(bank.acc_number)
            )
        )
        if missing:
            numbers = ", ".join(missing.mapped("acc_number"))
            yield OPEN, self.env._("Enter the bank with its BIC for %s.", numbers)

    def _vendor_key(self, account):
        parameters = self.env["ir.config_parameter"].sudo()
        if account.environment == "demo":
            return OPEN, self.env._("Vendor key: not needed in Demo.")
        if not parameters.get_param("account_maventa.vendor_api_key"):
            return BAD, self.env._(
                "Enter the vendor key. Partners of Maventa receive it from Maventa's "
                "integration team (www.maventa.com)."
            )
        if account and not account.vendor_linked:
            return OPEN, self.env._("The account is not linked to the vendor key yet.")
        return GOOD, self.env._("Vendor key: entered.")

    def _verification(self, account):
        if account.state == "verified":
            return GOOD, self.env._("Maventa has verified the company.")
        return BAD, self.env._("Maventa has not verified the company yet.")

    def _print(self, company, account):
        if not account.print_checked_at:
            return OPEN, self.env._("Print service: not known yet.")
        if account.print_enabled:
            return GOOD, self.env._("Print service: on.")
        level = OPEN if company.maventa_send_email else BAD
        return level, self.env._(
            "Print service: off. Invoices without an electronic channel cannot be "
            "delivered."
        )

    def _bank_network(self, company, account):
        if company.country_code not in ("FI", "AX"):
            return
        if account.bank_network == "active":
            yield GOOD, self.env._("Bank network: active.")
        elif account.bank_network:
            yield (
                OPEN,
                self.env._(
                    "Bank network: not active. Consumers' online banks, and companies "
                    "at Finnish banks, cannot be reached. Activate it in Maventa."
                ),
            )
        else:
            yield OPEN, self.env._("Bank network: not known yet.")

    def _email(self, company):
        if not company.email:
            return BAD, self.env._("Enter the e-mail address of the company.")
        if not company.maventa_notify_emails:
            return OPEN, self.env._("Choose who is notified of failures.")
        return GOOD, self.env._("E-mail addresses: entered.")

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
        if company.maventa_registered:
            yield GOOD, self.env._("Registration: answered.")
        else:
            yield BAD, questions[company.country_code]

    def _taxes(self, company):
        if "maventa.vat.category" not in self.env:
            return
        taxes = self.env["maventa.vat.category"]._unclassified(company)
        if taxes:
            names = ", ".join(taxes.mapped("name"))
            yield BAD, self.env._("Taxes without a tax category: %s.", names)
        else:
            yield GOOD, self.env._("All sales taxes have a tax category.")
