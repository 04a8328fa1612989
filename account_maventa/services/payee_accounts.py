"""The account that a bill is paid to: a known and trusted one of the supplier, or none.

Nothing is created, reactivated or trusted here by itself; a person who may validate
accounts does so in a dialog that shows both numbers.
"""

from dataclasses import dataclass

from odoo import api, models
from odoo.addons.base.models.res_bank import sanitize_account_number
from odoo.exceptions import AccessError, UserError
from odoo.tools import LazyTranslate

from ..guards import internal
from ..maventa_api.bank_accounts import account_key
from ..models.point_kinds import Asked, Label, PointKind, Remedy, declare, point

_lt = LazyTranslate(__name__)

COMPARE = Remedy(_lt("Compare the accounts"), "action_account")
VALIDATORS = "account.group_validate_bank_account"


@dataclass(frozen=True)
class Payee:
    """The account to set, and a code where there is none to set.

    ``missing``: the document has no account; ``untrusted``, ``archived``, ``changed``,
    ``new``: see the texts below; ``other``: of another contact.
    """

    account: models.BaseModel
    code: str = ""
    numbers: tuple = ()
    known: tuple = ()


declare(
    PointKind(
        "account_missing",
        Label.ACCOUNT,
        _lt("The invoice names no account to pay to."),
    ),
    PointKind(
        "account_untrusted",
        Label.ACCOUNT,
        _lt("Pay to %(named)s? The account is known, but not trusted."),
        asked=Asked.UNTIL_PAID,
        remedies=(COMPARE,),
    ),
    PointKind(
        "account_archived",
        Label.ACCOUNT,
        _lt(
            "Pay to %(named)s? The account is archived in Odoo. Known accounts: "
            "%(known)s."
        ),
        asked=Asked.UNTIL_PAID,
        remedies=(COMPARE,),
    ),
    PointKind(
        "account_changed",
        Label.ACCOUNT,
        _lt(
            "The account to pay to has changed: the invoice says %(named)s, known "
            "are %(known)s. Call the supplier at a number that you know before you "
            "trust it."
        ),
        is_urgent=True,
        asked=Asked.UNTIL_PAID,
        remedies=(COMPARE,),
    ),
    PointKind(
        "account_new",
        Label.ACCOUNT,
        _lt("The supplier has no account in Odoo yet; the invoice says %(named)s."),
        asked=Asked.UNTIL_PAID,
        remedies=(COMPARE,),
    ),
    PointKind(
        "account_other",
        Label.ACCOUNT,
        _lt(
            "The account %(named)s belongs to another contact. Known accounts of "
            "the supplier: %(known)s."
        ),
        is_urgent=True,
        asked=Asked.UNTIL_PAID,
        remedies=(COMPARE,),
    ),
    PointKind(
        "account_besides",
        Label.ACCOUNT,
        _lt(
            "The invoice also names the account %(named)s, with a reference of its "
            "own: %(reference)s. Check whether a part is to be paid there."
        ),
        about=("named",),
    ),
    PointKind(
        "account_differs",
        Label.ACCOUNT,
        _lt("The bill would be paid to %(chosen)s, the invoice says %(named)s."),
        is_urgent=True,
        asked=Asked.UNTIL_PAID,
        remedies=(COMPARE,),
    ),
)


@internal
class MaventaPayeeAccounts(models.AbstractModel):
    _name = "maventa.payee.accounts"
    _description = "Accounts to Pay Received Invoices to"

    # === PUBLIC === #

    @api.model
    def _points(self, receipt, move, document):
        """Compare the account of the bill with those that the document names.

        A credit note is paid to nobody: the account on it is the company's own.
        """
        if document.is_refund:
            return
        partner = move.commercial_partner_id
        payee = self._payee(receipt.company_id, partner, document.accounts)
        chosen = move.partner_bank_id
        if payee.code == "missing":
            yield point("account_missing", "note")
        elif chosen and not self._is_named(chosen, document.accounts):
            named = ", ".join(document.accounts)
            yield point("account_differs", chosen=chosen.acc_number, named=named)
        elif payee.code:
            yield point(
                f"account_{payee.code}",
                named=", ".join(payee.numbers),
                known=", ".join(payee.known) or "-",
            )
        yield from self._of_payments(chosen, document)

    @api.model
    def _reference(self, bank, document):
        """Return the reference to pay an account with, as the document pairs them."""
        return document.reference_of(_key(bank))

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
        self._pair(receipt, mine)
        receipt._tell(
            "info",
            lambda env: env._(
                "%(user)s trusts the account %(number)s.",
                user=self.env.user.name,
                number=number,
            ),
        )

    # === HELPERS === #

    def _of_payments(self, chosen, document):
        """Tell of the accounts that are to be paid with another reference."""
        key = _key(chosen) if chosen else account_key(*document.accounts[:1] or [""])
        told = {key}
        for number, reference in document.payments:
            other = account_key(number)
            is_same = reference == document.reference_of(key)
            if number and other not in told and not is_same:
                told.add(other)
                yield point(
                    "account_besides", "note", named=number, reference=reference or "-"
                )

    def _of(self, company, partner):
        """Return all accounts of a supplier that the company may use."""
        banks = self.env["res.partner.bank"].with_context(active_test=False)
        return banks.search(
            [
                *banks._check_company_domain(company),
                ("partner_id", "child_of", partner.commercial_partner_id.id),
            ]
        )

    def _pair(self, receipt, bank):
        """Pay an account with its own reference, if the document pairs them."""
        document = self.env["maventa.bill.booking"]._document(receipt)
        stated = {text for _account, text in document.payments} if document else ()
        if (receipt.move_id.payment_reference or "") in stated:
            receipt.move_id.payment_reference = self._reference(bank, document)

    def _of_others(self, company, partner, named):
        """Return whether one of the accounts, by their keys, is somebody else's."""
        banks = self.env["res.partner.bank"]
        # With and without what makes an IBAN of the digits of an account
        spellings = [*named.values(), *named, *(key[4:] for key in named)]
        found = banks.search(
            [
                *banks._check_company_domain(company),
                ("acc_number", "in", spellings),
                ("partner_id.commercial_partner_id", "!=", partner.id or 0),
            ]
        )
        return any(_key(bank) in named for bank in found)


def _key(bank):
    return account_key(bank.acc_number or "", bank.acc_type)
