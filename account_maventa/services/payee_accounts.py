"""The account that a bill is paid to: a known and trusted one of the supplier, or none.

Nothing is created, reactivated or trusted here by itself; a person who may validate
accounts does so in a dialog that shows both numbers.
"""

from dataclasses import dataclass

from odoo import api, models
from odoo.exceptions import AccessError

from ..guards import internal

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
        bare = tuple(dict.fromkeys(map(_bare, filter(None, numbers))))
        if not bare:
            return Payee(banks, "missing")
        found = self._of(company, partner) if partner else banks
        by_number = {bank.sanitized_acc_number: bank for bank in found}
        mine = [by_number[number] for number in bare if number in by_number]
        for bank in mine:
            if bank.active and bank.allow_out_payment:
                return Payee(bank)
        active = found.filtered("active")
        facts = {"numbers": bare, "known": tuple(active.mapped("acc_number"))}
        if mine:
            is_active = any(bank.active for bank in mine)
            return Payee(banks, "untrusted" if is_active else "archived", **facts)
        if self._of_others(company, partner, bare):
            return Payee(banks, "other", **facts)
        return Payee(banks, "changed" if active else "new", **facts)

    @api.model
    def _trust(self, receipt, number):
        """Make a number a trusted account of the supplier, for a user who may.

        :raise AccessError: the user may not validate accounts
        """
        if not self.env.user.has_group(VALIDATORS):
            raise AccessError(
                self.env._("Only users who may validate bank accounts do this.")
            )
        move, partner = receipt.move_id, receipt.move_id.commercial_partner_id
        bank = self._of(receipt.company_id, partner).filtered(
            lambda row: row.sanitized_acc_number == _bare(number)
        )[:1]
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

    def _of_others(self, company, partner, numbers):
        """Return whether a number is the account of somebody else."""
        banks = self.env["res.partner.bank"]
        return banks.search_count(
            [
                *banks._check_company_domain(company),
                ("sanitized_acc_number", "in", numbers),
                ("partner_id.commercial_partner_id", "!=", partner.id or 0),
            ],
            limit=1,
        )


def _bare(number):
    return "".join(filter(str.isalnum, number)).upper()
