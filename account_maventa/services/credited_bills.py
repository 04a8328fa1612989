"""The bill that a credit note credits: linked as soon as it is posted, and compared.

Both often come together: then the bill is a draft when the credit note is made.
"""

from odoo import api, models
from odoo.tools import SQL, LazyTranslate

from ..guards import as_service, internal
from ..models.bare_number import BARE_REF, bare
from ..models.comparing import inside
from ..models.point_kinds import Label, PointKind, Question, declare, point
from ..models.receipt_state import CHECKED

_lt = LazyTranslate(__name__)

CREDITED = ["in_invoice", "in_receipt"]

declare(
    PointKind(
        "credited_unknown",
        Label.CONTENT,
        _lt("The credited invoice %(number)s was not found among the posted bills."),
    ),
    PointKind(
        "credited_several",
        Label.CONTENT,
        _lt(
            "Several bills of the supplier have the number of the credited invoice "
            "(%(number)s): the credit note is linked with none of them."
        ),
    ),
    Question(
        "credited_draft",
        Label.CONTENT,
        _lt(
            "The credited bill %(name)s is still a draft. Post it first: then the "
            "credit note belongs to it."
        ),
    ),
    PointKind(
        "credited_unnamed",
        Label.CONTENT,
        _lt("The credit note does not say which invoice it credits."),
    ),
    Question(
        "credit_too_high",
        Label.CREDIT_NOTE,
        _lt(
            "%(amount)s is credited of the invoice %(number)s, which is only %(total)s."
        ),
        about=("what", "category", "rate", "expected", "found", "amount", "total"),
    ),
)


@internal
class MaventaCreditedBills(models.AbstractModel):
    _name = "maventa.credited.bills"
    _description = "Bills that Received Credit Notes Credit"

    # === PUBLIC === #

    @api.model
    def _named(self, company, partner, numbers):
        """Return a supplier's bills with one of these numbers, drafts too."""
        found = sorted({bare(number) for number in numbers} - {""})
        moves = self.env["account.move"]
        if not found or not partner:
            return moves
        moves.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM account_move WHERE company_id = %s "
                "AND move_type = ANY(%s) AND state <> 'cancel' "
                "AND commercial_partner_id = %s AND %s = ANY(%s) ORDER BY id",
                *(company.id, CREDITED, partner.commercial_partner_id.id),
                *(SQL(BARE_REF), found),
            )
        )
        return moves.browse(number for (number,) in rows)

    @api.model
    def _original(self, company, partner, document):
        """Return the posted bill that a credit note names, if exactly one fits."""
        if not document.is_refund:
            return self.env["account.move"]
        found = self._named(company, partner, document.original_numbers)
        found = found.filtered(lambda move: move.state == "posted")
        return found if len(found) == 1 else found.browse()

    @api.model
    def _link(self, move, document):
        """Link a credit note with its bill, if it has none; a person's choice stays."""
        if document.is_refund and not move.reversed_entry_id:
            partner = move.commercial_partner_id
            if found := self._original(move.company_id, partner, document):
                inside(as_service(move)).reversed_entry_id = found

    @api.model
    def _points(self, move, document):
        """Yield what a person decides about a credit note and what it credits.

        :return: as ``maventa.bill.checks`` has them
        """
        numbers, original = document.original_numbers, move.reversed_entry_id
        named = self._named(move.company_id, move.commercial_partner_id, numbers)
        bills = original or named
        if not bills:
            code = "credited_unknown" if numbers else "credited_unnamed"
            yield point(code, "note", number=", ".join(numbers))
        elif not original and len(bills) > len({*map(bare, numbers)}):
            yield point("credited_several", "note", number=", ".join(numbers))
        else:
            for bill in bills.filtered(lambda row: row.state == "draft"):
                name = self.env["maventa.bill.checks"]._name_of(bill)
                yield point("credited_draft", id=bill.id, name=name)
            yield from self._of_amount(move, bills)

    @api.model
    def _waiting(self, bills):
        """Return the receipts of credit notes that may credit bills posted just now."""
        bills = bills.filtered(lambda move: move.move_type in CREDITED)
        partners = bills.commercial_partner_id
        if not partners:
            return self.env["maventa.receipt"]
        return self.env["maventa.receipt"].search(
            [
                ("company_id", "in", bills.company_id.ids),
                ("state", "in", CHECKED),
                ("move_id.move_type", "=", "in_refund"),
                ("move_id.reversed_entry_id", "=", False),
                ("move_id.commercial_partner_id", "in", partners.ids),
            ]
        )

    # === HELPERS === #

    def _of_amount(self, move, bills):
        """Compare a credit note, with earlier ones, with the bills that it credits."""
        if bills.currency_id != move.currency_id:
            return
        earlier = bills.reversal_move_ids.filtered(lambda row: row.state == "posted")
        amount = sum((move | earlier).mapped("amount_total"))
        total = sum(bills.mapped("amount_total"))
        if move.currency_id.compare_amounts(amount, total) > 0:
            yield point(
                "credit_too_high",
                number=", ".join(bill.ref or bill.name for bill in bills),
                amount=f"{amount:.2f}",
                total=f"{total:.2f}",
            )
