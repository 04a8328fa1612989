"""The account that a bill is paid to: a known and trusted one of the supplier, or none.

Nothing is created, reactivated or trusted here by itself; a person who may validate
accounts does so in a dialog that shows both numbers.
"""

from dataclasses import dataclass

from odoo import api, models
from odoo.addons.base.models.res_bank import sanitize_account_number
from odoo.exceptions import AccessError, UserError

from ..guards import internal
from ..maventa_api.bank_accounts import account_key

VALIDATORS = "account.group_validate_bank_account"


@dataclass(frozen=True)
class Payee:
    """The account to set, and a code where there is none to set.

    ``missing``: the document has no account; ``untrusted``, ``archived``, ``changed``,
    ``new``: see ``services/receipt_messages.py``; ``other``: of another contact.
    """

    account: models.BaseModel
    code: str = ""
    numbers: tuple = ()
    known: tuple = ()


@internal
class MaventaPayeeAccounts(models.AbstractModel):
    _name = "maventa.payee.accounts"
    _description = "Accounts to Pay Received Invoices to"

    # === PUBLIC === #

    @api.model
    def _payee(self, company, partner, numbers):
        """Return the :class:`Payee` for the accounts that a document names."""
        banks = self.env["res.partner.bank"]
        named = {account_key(number): number for number in numbers if number}
        if not named:
            return Payee(banks, "missing")
        found = self._of(company, partner) if partner else banks
        mine = found.filtered(lambda bank: _key(bank) in named)
        mine = mine.sorted(lambda bank: [*named].index(_key(bank)))
        for bank in mine:
            if bank.active and bank.allow_out_payment:
                return Payee(bank)
        active = found.filtered("active")
        known = tuple(active.mapped("acc_number"))
        facts = {"numbers": tuple(named.values()), "known": known}
        if mine:
            is_active = any(bank.active for bank in mine)
            return Payee(banks, "untrusted" if is_active else "archived", **facts)
        if self._of_others(company, partner, named):
            return Payee(banks, "other", **facts)
        return Payee(banks, "changed" if active else "new", **facts)

    @api.model
    def _is_named(self, bank, numbers):
        """Return whether an account is one of those that a document names."""
        return _key(bank) in map(account_key, numbers)

    @api.model
    def _trust(self, receipt, number):
        """Make a number a trusted account of the supplier, for a user who may.

        :raise AccessError: the user may not validate accounts
        :raise UserError: Odoo has the digits as another kind of account
        """
        if not self.env.user.has_group(VALIDATORS):
            raise AccessError(
                self.env._("Only users who may validate bank accounts do this.")
            )
        move, partner = receipt.move_id, receipt.move_id.commercial_partner_id
        known = self._of(receipt.company_id, partner)
        bank = known.filtered(lambda row: _key(row) == account_key(number))[:1]
        digits = sanitize_account_number(number)
        twin = known.filtered(lambda row: row.sanitized_acc_number == digits)[:1]
        if twin and not bank:
            raise UserError(
                self.env._(
                    "A bankgiro and a plusgiro of the same digits are different "
                    "accounts, and Odoo keeps one of them: %(known)s. Ask the supplier "
                    "which one is right. If it is %(number)s, correct the number in "
                    "the contact's bank accounts; a trusted one must not be trusted "
                    "while you do.",
                    known=twin.acc_number,
                    number=number,
                )
            )
        banks = self.env["res.partner.bank"].with_user(self.env.user)
        if bank:
            mine = bank.with_user(self.env.user)
            mine.active = True
        else:
            mine = banks.create({"acc_number": number, "partner_id": partner.id})
        mine.allow_out_payment = True
        move.partner_bank_id = mine.id
        receipt._tell(
            "info",
            lambda env: env._(
                "%(user)s trusts the account %(number)s.",
                user=self.env.user.name,
                number=number,
            ),
        )

    # === HELPERS === #

    def _of(self, company, partner):
        """Return all accounts of a supplier that the company may use."""
        banks = self.env["res.partner.bank"].with_context(active_test=False)
        return banks.search(
            [
                *banks._check_company_domain(company),
                ("partner_id", "child_of", partner.commercial_partner_id.id),
            ]
        )

    def _of_others(self, company, partner, named):
        """Return whether one of the accounts, by their keys, is somebody else's."""
        banks = self.env["res.partner.bank"]
        found = banks.search(
            [
                *banks._check_company_domain(company),
                ("acc_number", "in", list(named.values())),
                ("partner_id.commercial_partner_id", "!=", partner.id or 0),
            ]
        )
        return any(_key(bank) in named for bank in found)


def _key(bank):
    return account_key(bank.acc_number or "", bank.acc_type)
