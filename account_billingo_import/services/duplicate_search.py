"""The duplicate guard: each bill is booked once, and none is swallowed.

``billingo_api.same_bill`` compares two bills. Here are the entries that a document can
be compared with, whichever way they came, and what the verdict means for it:

* same: the document is skipped as recorded, with a link to the entry
* ask: the document waits as an error until a user decides
* suspect: the entry remains a draft and names the other one
"""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..billingo_api.duplicate_rules import (
    Bill,
    Comparison,
    Likeness,
    Verdict,
    compare,
    search_keys,
)
from ..exceptions import DocumentProblem
from ..guards import internal
from ..models.account_move import NUMBER_KEY, PURCHASES, SALES

KINDS = (*SALES, *PURCHASES)
WEIGHT = list(Verdict)  # the gravest verdict comes first
NO_NUMBER = (Likeness.OTHER_NUMBER, Likeness.NUMBER_MISSING)
NOTHING = Comparison(Verdict.DIFFERENT, Likeness.NOTHING)
NOT_ASCII = re.compile("[^0-9a-z]")
US = "us"  # in place of our own tax number where we are the seller
USED_FIELDS = (
    *("company_id", "move_type", "state", "ref", "name", "invoice_date"),
    *("amount_total", "billingo_document_id"),
)


def number_keys(number):
    """Return the keys by which the database finds bills of this number."""
    keys = {NOT_ASCII.sub("", key.lower()) for key in search_keys(number or "")}
    return keys - {""}


@dataclass(frozen=True)
class Finding:
    """The entry that is most like a document.

    :ivar comparison: ``verdict`` and ``likeness``
    :ivar move: empty where the verdict is ``DIFFERENT``
    """

    comparison: Comparison
    move: models.BaseModel

    @property
    def verdict(self):
        return self.comparison.verdict


@internal
class BillingoDuplicateSearch(models.AbstractModel):
    _name = "billingo.duplicate.search"
    _description = "Duplicate guard for Billingo documents"

    # === PUBLIC === #

    def _suspects(self, documents):
        """Return the documents that ``_find`` has to look at closely.

        A few queries for all instead of a few for each.
        """
        ids = set(self._twins(documents).mapped("billingo_id"))
        keys, days = set(), set()
        accounts = documents.connection_id.filtered(lambda x: x.mode == "customer")
        for move in self._candidates(documents):
            theirs = move.sudo().billingo_document_id
            if theirs and theirs.connection_id in accounts:
                continue  # our own numbers are two invoices, see `_within_account`
            for number in self._numbers(move):
                keys |= number_keys(number)
            days.add((move.invoice_date, round(move.amount_total, 2)))
        return documents.filtered(
            lambda x: (
                x.billingo_id in ids
                or not keys.isdisjoint(number_keys(x.name))
                or self._day_and_amount(x) in days
                or x.duplicate_verdict
            )
        )

    def _meets(self, document, planned):
        """Tell whether a document may be one of those that are booked in this step.

        It is looked at again when they have entries.

        :param planned: a set of marks, which gets those of this document
        """
        marks = {("number", key) for key in number_keys(document.name)}
        if document.mode != "customer":
            marks.add(self._day_and_amount(document))
        if not marks.isdisjoint(planned):
            return True
        planned |= marks
        return False

    def _find(self, document):
        """Return a :class:`Finding`: the entry that a document may be, or none."""
        document.ensure_one()
        twin = self._twins(document).move_id[:1]
        if twin:
            return Finding(Comparison(Verdict.SAME, Likeness.ALL), twin)
        best = Finding(NOTHING, self.env["account.move"])
        candidates = self._candidates(document) - document.distinct_move_ids
        if not candidates:
            return best
        bill = self._bill(document)
        for move in candidates.sorted("id"):
            if move.sudo().billingo_document_id == document:
                continue
            found = self._compare(document, bill, move)
            if WEIGHT.index(found.verdict) < WEIGHT.index(best.verdict):
                best = Finding(found, move)
        return best

    def _check_answer(self, document, finding):
        """Keep what a suspicion is about; stop where a user has to decide.

        :raise DocumentProblem: it may be recorded already
        """
        suspected = finding.verdict is Verdict.SUSPECT
        # A draft that was deleted is not created again without a word.
        if suspected and document.duplicate_verdict == "suspected":
            suspected = False
        elif finding.verdict is not Verdict.ASK:
            self._write_suspicion(document, finding if suspected else None)
            return
        raise DocumentProblem(
            "duplicate",
            {"move_id": finding.move.id},
            move=finding.move.display_name,
            partner=finding.move.commercial_partner_id.display_name or "-",
            amount=finding.move.currency_id.format(finding.move.amount_total),
            likeness=finding.comparison.likeness.value,
        )

    def _hear_odoo(self, document, move):
        """Take up Odoo's own suspicion of an entry that was just created."""
        if document.duplicate_verdict:
            return
        for other in move.duplicated_ref_ids - document.distinct_move_ids:
            theirs = other.sudo().billingo_document_id
            if theirs and (
                document.mode == "customer"
                or document.is_amendment
                or number_keys(theirs.name) & number_keys(document.name)
            ):
                continue  # both are from Billingo, which knows that these are two
            if other.state == "cancel" or other == move:
                continue
            suspicion = Comparison(Verdict.SUSPECT, Likeness.OTHER_NUMBER)
            self._write_suspicion(document, Finding(suspicion, other))
            return

    def _alike_imported(self, moves):
        """Compare entries that came another way with the imported ones.

        :return: a dict of entry to a list of :class:`Finding`, gravest first
        """
        moves = moves.filtered(
            lambda x: not x.sudo().billingo_document_id and x.move_type in KINDS
        )
        found = defaultdict(list)
        for (company, is_sale), group in moves.grouped(
            lambda x: (x.company_id, x.move_type in SALES)
        ).items():
            if not self._has_imported(company):
                continue
            candidates = self._candidates_of_moves(company, is_sale, group)
            bills = [(x, self._bill(x)) for x in candidates.billingo_document_id]
            for move in group:
                for document, bill in bills:
                    if move._origin in document.distinct_move_ids:
                        continue
                    comparison = self._compare(document, bill, move)
                    if comparison.verdict is not Verdict.DIFFERENT:
                        entry = document.move_id.with_env(move.env)
                        found[move].append(Finding(comparison, entry))
        for findings in found.values():
            findings.sort(key=lambda x: WEIGHT.index(x.verdict))
        return found

    def _release_recorded(self, moves):
        """Have documents processed again that were skipped because of these entries.

        A user's own answer stays. Does not commit.
        """
        documents = (
            self.env["billingo.document"]
            .sudo()
            .search(
                [
                    ("move_id", "in", moves.ids),
                    ("skip_reason", "=", "recorded"),
                    ("duplicate_verdict", "!=", "recorded"),
                ]
            )
        )
        for document in documents:
            move = document.move_id
            if move.state == "cancel" or (
                self._compare(document, self._bill(document), move).verdict
                is not Verdict.SAME
                and document.billingo_id != move.billingo_document_id.billingo_id
            ):
                document._set_outcome("fetched", move_id=False)

    def _release_asked(self, moves):
        """Have documents processed again that a user was asked about these entries."""
        documents = self.env["billingo.document"].sudo()
        asked = documents.search(
            [
                ("state", "=", "error"),
                ("error_code", "=", "duplicate"),
                ("company_id", "in", moves.company_id.ids),
            ]
        )
        asked = asked.filtered(lambda x: x._similar_move() in moves)
        documents._release([("id", "in", asked.ids)])

    def _check_number(self, document, values):
        """Refuse a number that the journal has: the database would, less clearly.

        :raise DocumentProblem: the number is taken
        """
        taken = [
            ("journal_id", "=", values["journal_id"]),
            ("name", "=", values.get("name")),
            ("state", "!=", "cancel"),
        ]
        moves = self.env["account.move"]
        if document.mode == "customer" and moves.search_count(taken, limit=1):
            raise DocumentProblem("number_taken", number=document.display_name)

    # === COMPARISON === #

    def _compare(self, document, bill, move):
        """Return the gravest ``Comparison`` of a document with an entry."""
        best = NOTHING
        for other in self._bills(move):
            found = self._compare_bills(document.mode == "customer", bill, other)
            if WEIGHT.index(found.verdict) < WEIGHT.index(best.verdict):
                best = found
        theirs = move.sudo().billingo_document_id
        if theirs and self._is_one_account(document, theirs):
            return self._within_account(document, theirs, best)
        return best

    def _compare_bills(self, is_sale, one, other):
        """Compare two bills; of our own, the number is ours whoever the buyer is."""
        if is_sale:
            ours = {"tax_number": US, "member_number": ""}
            found = compare(replace(one, **ours), replace(other, **ours))
            if found.likeness not in NO_NUMBER:
                return found
        return compare(one, other)

    def _is_one_account(self, document, other):
        """Tell whether two documents are from one account, which counts its own.

        The list of spendings does not: it may have a bill from NAV and by hand.
        """
        if document.mode != other.mode or document.mode == "spending":
            return False
        first, second = document.connection_id, other.connection_id
        return first == second or (
            first.environment == second.environment
            and bool(first.organization_tax_number)
            and first.organization_tax_number == second.organization_tax_number
        )

    def _within_account(self, document, other, found):
        """Return what likeness means where the issuer says that these are two.

        Two blocks may use the same numbers; a supplier may have billed us twice.
        """
        if document.mode == "customer":
            return NOTHING
        if found.likeness not in NO_NUMBER:
            is_same = found.verdict is Verdict.SAME
            return replace(found, verdict=Verdict.ASK) if is_same else NOTHING
        return NOTHING if document.is_amendment or other.is_amendment else found

    # === BILLS === #

    def _bill(self, document):
        """Return a document as what a bill is known by."""
        member = ""
        if document.mode != "customer":
            member = document._parsed().organization.group_member_tax_number
        amount = Decimal(str(round(document.gross_total, 2)))
        if document._kind().is_cancellation:
            amount = -abs(amount)  # Billingo sends either sign
        return Bill(
            number=document.name or "",
            tax_number=document.partner_tax_number or "",
            member_number=member,
            name=document.partner_name or "",
            amount=amount,
            currency=document.currency_id.name or "",
            day=document.invoice_date or None,
        )

    def _bills(self, move):
        """Return an entry as what a bill is known by, once per number that it has."""
        partner = move.commercial_partner_id
        group = partner.l10n_hu_group_vat
        amount = None
        if move.amount_total or move.invoice_line_ids:
            sign = -1 if move.move_type in ("in_refund", "out_refund") else 1
            amount = sign * Decimal(str(round(move.amount_total, 2)))
        for number in self._numbers(move) or [""]:
            yield Bill(
                number=number,
                tax_number=group or partner.vat or "",
                member_number=partner.vat or "" if group else "",
                name=partner.name or "",
                amount=amount,
                currency=move.currency_id.name or "",
                day=move.invoice_date or None,
            )

    def _numbers(self, move):
        """Return the numbers under which an entry may have been recorded."""
        if move.move_type in PURCHASES:
            found = [move.ref or move.payment_reference]
        elif move.sudo().billingo_document_id:
            found = [move.name]
        else:
            found = [move.name, move.ref]
        return [number for number in found if number and number != "/"]

    def _day_and_amount(self, document):
        return (document.invoice_date or None, round(abs(document.gross_total), 2))

    # === SEARCH === #

    def _twins(self, documents):
        """Return booked documents of these ids that other connections fetched."""
        names = dict(documents.mapped(lambda x: (x.billingo_id, x.name)))
        found = documents.sudo().search(
            [
                ("billingo_id", "in", [*names]),
                ("company_id", "in", documents.company_id.ids),
                ("mode", "in", documents.mapped("mode")),
                ("state", "=", "processed"),
                ("id", "not in", documents.ids),
            ]
        )
        return found.filtered(lambda x: x.name == names[x.billingo_id])

    def _candidates(self, documents):
        """Return the entries with a number like these, or of such a day and amount."""
        moves = self.env["account.move"]
        for (company, is_sale), group in documents.grouped(
            lambda x: (x.company_id, x.mode == "customer")
        ).items():
            keys = set().union(*(number_keys(x.name) for x in group))
            days = {self._day_and_amount(x) for x in group}
            moves |= self._search_entries(company, is_sale, keys, days)
        return moves

    def _candidates_of_moves(self, company, is_sale, moves):
        keys = set()
        for move in moves:
            for number in self._numbers(move):
                keys |= number_keys(number)
        days = {(x.invoice_date or None, round(x.amount_total, 2)) for x in moves}
        found = self._search_entries(company, is_sale, keys, days, only_imported=True)
        return found.sudo()

    def _search_entries(self, company, is_sale, keys, days, only_imported=False):
        """Return entries by the keys of their number, or by day and amount."""
        moves = self.env["account.move"]
        moves.flush_model(USED_FIELDS)
        columns = ("ref", "name") if is_sale else ("ref",)
        conditions = [
            SQL("%s IN %s", SQL(NUMBER_KEY.format(column)), tuple(keys))
            for column in columns
            if keys
        ]
        pairs = tuple((day, amount) for day, amount in days if day and amount)
        if pairs:
            conditions.append(
                SQL(
                    "(invoice_date, amount_total) IN (%s)",
                    SQL(", ").join(SQL("(%s::date, %s::numeric)", *x) for x in pairs),
                )
            )
        if not conditions:
            return moves
        query = SQL(" UNION ").join(
            SQL(
                """
                SELECT id FROM account_move
                 WHERE company_id = %s AND state != 'cancel' AND move_type IN %s
                   AND %s AND %s
                """,
                company.id,
                SALES if is_sale else PURCHASES,
                condition,
                SQL("billingo_document_id IS NOT NULL")
                if only_imported
                else SQL("TRUE"),
            )
            for condition in conditions
        )
        return moves.browse(row[0] for row in self.env.execute_query(query))

    def _has_imported(self, company):
        stored = [("company_id", "=", company.id), ("state", "=", "processed")]
        documents = self.env["billingo.document"].sudo()
        return bool(documents.search_count(stored, limit=1))

    # === HELPERS === #

    def _write_suspicion(self, document, finding):
        values = {
            "duplicate_verdict": finding and "suspected",
            "duplicate_likeness": finding and finding.comparison.likeness.value,
            "duplicate_move_id": finding and finding.move.id,
        }
        if finding or document.duplicate_verdict:
            document.write({name: value or False for name, value in values.items()})
