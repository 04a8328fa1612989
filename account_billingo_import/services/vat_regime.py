"""The VAT regime of a document: its taxes, its tax point, and what is left open.

The law's side is decided in ``billingo_api.regimes`` and ``tax_point``; here the tax
map answers, and what neither decides becomes a question for a person.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from odoo import fields, models
from odoo.tools import format_date

from .. import terms
from ..billingo_api import document_regime
from ..billingo_api.plausibility import implausible
from ..billingo_api.regimes import Direction, Group, Reason
from ..billingo_api.tax_point import DocumentRegime, Rule
from ..exceptions import DocumentProblem
from ..guards import internal
from ..models.account_tax import rounded, slack

DIRECTIONS = {
    "customer": Direction.SALE,
    "supplier": Direction.PURCHASE,
    "spending": Direction.SPENDING,
}
NO_BOX, IMPLAUSIBLE, UNCONFIRMED = "no_box", "implausible", "unconfirmed"
SETTLED_CASH, CASH_DIFFERS = "settled_cash", "cash_differs"
NO_USUAL_TAX, UNDONE_CLOSED = "no_usual_tax", "undone_closed"
ADVANCE_UNTAXED = "advance_untaxed"
# Tax that the buyer owes not before the supply.
AFTER_SUPPLY = frozenset({Rule.REVERSE_CHARGE, Rule.ACQUISITION})


@dataclass(frozen=True)
class Question:
    """Why an entry remains a draft.

    :ivar code: a ``Reason``, ``no_box`` or ``implausible``
    :ivar where: what it is about: a VAT code, a field, or empty
    :ivar value: what is there
    """

    code: str
    where: str = ""
    value: str = ""


@dataclass(frozen=True)
class Decision:
    """What is known of a document's VAT.

    :ivar taxes: a tax for each line
    :ivar questions: what a person has to answer before it is posted
    """

    regime: DocumentRegime
    taxes: tuple
    questions: tuple[Question, ...]


@internal
class BillingoVatRegime(models.AbstractModel):
    _name = "billingo.vat.regime"
    _description = "VAT of Billingo documents"

    # === PUBLIC === #

    def _regime(self, document, parsed, received=None):
        """Return the ``DocumentRegime`` of a document.

        :param received: day of receipt, instead of the stored one
        """
        connection = document.connection_id
        received = received or document.received_date
        if not received and connection.receipt_policy == "issue":
            received = parsed.invoice_date
        return self._regime_of(
            connection,
            parsed,
            received_on=received or None,
            **self._undone(document),
        )

    def _undone(self, document):
        """Return what the tax point of a storno has to know of what it undoes."""
        document = document.sudo()
        links = self.env["billingo.document.links"].sudo()
        if not document._kind().is_cancellation:
            return {}
        original = links._original(document, document._relatives())
        if not original:
            return {}
        content = original._parsed()
        if links._signed_gross(original, content) >= 0:
            return {"is_refund": True}
        dates = self.env["billingo.accounting.date"].sudo()
        day = original.move_id.date or dates._wanted(original, content)
        return {"is_refund": False, "undone_on": day}

    def _regime_of(self, connection, parsed, **known):
        """Return the ``DocumentRegime`` of what a connection has brought.

        :param known: further parameters of ``document_regime``
        """
        return document_regime(
            parsed,
            DIRECTIONS[connection.mode],
            own_cash=self._is_own_cash(connection.company_id, parsed),
            **known,
        )

    def _is_own_cash(self, company, parsed):
        """Tell whether the company accounts for VAT when paid, on the fulfilment."""
        day = parsed.fulfillment_date or parsed.invoice_date
        return company._billingo_is_cash_accounting(day)

    def _codes(self, regime):
        """Return the regimes of a document as a text that the list can search."""
        codes = [*regime.regimes, *(["cash_accounting"] * regime.cash_accounting)]
        return " ".join(codes) or False

    def _tax_point(self, document, regime):
        """Return the day on which the VAT is due, as far as it is one, and why.

        Where a part of the document is under cash accounting, the text has the tax
        point of each part.
        """
        point = regime.tax_point
        if point.reason is Reason.DATE_MISSING:
            return None, self.env["billingo.messages"]._reason_text(point.reason)
        if point.rule is Rule.PAYMENT:
            return self._payment_point(document)
        texts = [terms.label(self.env, terms.TAX_POINT_RULES, point.rule)]
        if regime.cash_accounting and point.day:
            texts[0] += f": {format_date(self.env, point.day)}"
        texts[0] += "."
        if point.reason:
            texts.append(self.env["billingo.messages"]._reason_text(point.reason))
        if regime.cash_accounting:
            texts.append(self._payment_point(document)[1])
        return None if regime.cash_accounting else point.day, " ".join(texts)

    def _payment_point(self, document):
        """Return the day of the payment in Odoo, as far as it is one, and why.

        That Billingo has another is told. An offset against a storno or a correction of
        the same bill is no payment.
        """
        move = document.move_id
        texts = [terms.label(self.env, terms.TAX_POINT_RULES, Rule.PAYMENT) + "."]
        entries = move.tax_cash_basis_created_move_ids
        paid = entries.filtered(lambda x: not self._is_offset(move, x))
        days = sorted(set(paid.mapped("date")))
        if days:
            shown = ", ".join(format_date(self.env, day) for day in days)
            texts.append(self.env._("Paid in Odoo: %s.", shown))
        elif not entries:
            texts.append(self.env._("Not paid in Odoo yet."))
        if entries - paid:
            texts.append(self.env._("Offset by a storno or correction: no payment."))
        if document.paid_date:
            shown = format_date(self.env, document.paid_date)
            texts.append(self.env._("Paid according to Billingo: %s.", shown))
        is_whole = move.payment_state in ("paid", "in_payment") and len(days) == 1
        return days[0] if is_whole else None, " ".join(texts)

    def _is_offset(self, move, entry):
        """Tell whether an entry of cash accounting comes from the amended document.

        :param entry: made by Odoo when ``move`` was reconciled
        """
        partial = entry.tax_cash_basis_rec_id
        settled = (partial.debit_move_id | partial.credit_move_id).move_id
        return bool(
            (settled - move) & (move.reversal_move_ids | move.reversed_entry_id)
        )

    def _decide(self, document, parsed, booking):
        """Return the ``Decision``: a tax for each line, and what is left open.

        A tax that a person chose for a line answers what was open about it, and a
        date that a person chose what was open about the tax point.

        :raise DocumentProblem: no tax is mapped, or it cannot have made the line's VAT
        """
        regime = self._regime(document, parsed)
        taxes, questions = [], []
        for position, line in enumerate(booking.lines):
            found = regime.lines[position].treatment
            tax = document._corrected_line(position).get("tax")
            if not tax:
                row = self._row(document, regime, line, found)
                mapped = self._mapped_tax(document, row, line, found)
                questions += self._open_points(row, line, found, mapped)
                tax = self._advance_tax(document, line.is_advance, found, mapped)
                if tax != mapped and not found.reason:
                    questions.append(Question(ADVANCE_UNTAXED, line.vat_key))
            self._check_fit(document, line, tax)
            taxes.append(tax)
        questions += self._open_tax_point(document, parsed, regime)
        if regime.nothing_to_pay and regime.cash_accounting:
            questions.append(Question(SETTLED_CASH))
        if regime.cash_accounting and self._differs_from_own_cash(document, parsed):
            questions.append(Question(CASH_DIFFERS))
        if document._is_unconfirmed():
            questions.append(Question(UNCONFIRMED))
        # Jobs have no time zone, and Billingo's days are Hungarian.
        today = fields.Date.context_today(self.with_context(tz="Europe/Budapest"))
        questions += [
            Question(IMPLAUSIBLE, one.where, one.value)
            for one in implausible(parsed, today)
        ]
        return Decision(regime, tuple(taxes), tuple(dict.fromkeys(questions)))

    def _vat_amounts(self, document, line, tax):
        """Return a line's VAT for the books, in document currency and in forint.

        Where the buyer accounts for the VAT, Billingo shows none, and the books have
        both sides of it.
        """
        if line.vat or not tax.amount or line.has_rate:
            return line.vat, line.local_vat
        rate = Decimal(str(tax.amount)) / 100
        local_currency = document.company_id.currency_id
        return (
            rounded(line.net * rate, document.currency_id),
            rounded(line.local_net * rate, local_currency),
        )

    def _vat_per_tax(self, booking, taxes):
        """Return what each tax has to come to, by the invoice's own table.

        :param taxes: of the lines, in their order
        :return: tax -> VAT in the document's currency and in forint; taxes that have
            both sides of the VAT come to nothing. Codes whose lines have several taxes
            are left out, with all of these taxes.
        """
        by_code = defaultdict(set)
        for line, tax in zip(booking.lines, taxes, strict=True):
            by_code[line.vat_code].add(tax)
        mixed = {tax for found in by_code.values() if len(found) > 1 for tax in found}
        wanted = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for group in booking.vat_groups:
            tax = next(iter(by_code[group.vat_code]))
            if tax not in mixed:
                wanted[tax][0] += group.vat
                wanted[tax][1] += group.local_vat or Decimal(0)
        return wanted

    def _proposed_tax(self, document, parsed, position):
        """Return the mapped tax of a line for a dialog, or none."""
        regime = self._regime(document, parsed)
        item, found = parsed.items[position], regime.lines[position].treatment
        group = regime.party.group_for(found.regime)
        row = self.env["billingo.tax.map"]._find(
            document.company_id,
            document._tax_direction(),
            item.vat,
            "" if found.rate and not found.self_assessed else item.entitlement,
            "domestic" if group is Group.UNKNOWN else group.value,
            regime.party.country,
            document.connection_id,
        )
        mapped = (found.cash_accounting and row.cash_tax_id) or row.tax_id
        is_advance = parsed.type == "advance"
        return self._advance_tax(document, is_advance, found, mapped)

    # === TAXES === #

    def _key(self, document, regime, line, found):
        """Return a line's key in the tax map."""
        group = regime.party.group_for(found.regime)
        return {
            "direction": document._tax_direction(),
            "vat_code": line.vat_key,
            "entitlement": line.entitlement,
            "group": "domestic" if group is Group.UNKNOWN else group.value,
            "country": regime.party.country,
        }

    def _row(self, document, regime, line, found):
        """Return the row of the tax map that answers for a line.

        :raise DocumentProblem: there is none
        """
        if line.is_whole_bill and not line.vat_code:
            raise DocumentProblem("lines_missing")
        key = self._key(document, regime, line, found)
        row = self.env["billingo.tax.map"]._find(
            document.company_id, connection=document.connection_id, **key
        )
        if row:
            return row
        remedy = {**key, "partner_group": key["group"]}
        del remedy["group"]
        raise DocumentProblem(
            "tax_unmapped_entitlement" if line.entitlement else "tax_unmapped",
            remedy,
            vat_code=key["vat_code"],
            entitlement=line.entitlement,
            place=key["group"],
            reason=found.reason or NO_USUAL_TAX,
        )

    def _mapped_tax(self, document, row, line, found):
        """Return the row's tax, or the one for VAT that is due when paid.

        :raise DocumentProblem: there is none for cash accounting
        """
        tax = row.sudo().tax_id.sudo(self.env.su)
        if not found.cash_accounting or tax.tax_exigibility == "on_payment":
            return tax
        cash = row.sudo().cash_tax_id.sudo(self.env.su)
        if not cash:
            raise DocumentProblem(
                "cash_tax_unmapped", {"row_id": row.id}, vat_code=line.vat_key
            )
        return cash

    def _advance_tax(self, document, is_advance, found, mapped):
        """Return the tax of a line, which has no VAT if its advance creates none.

        That is so under reverse charge (Curia, EH 2017.06.K17) and for goods within the
        Union: the tax base is the whole supply, so what takes the advance back has no
        VAT, either.
        """
        if not is_advance or not _has_box(mapped):
            return mapped
        taxes = self.env["billingo.own.taxes"].sudo()
        direction = document._tax_direction()
        untaxed = taxes._advance_tax(document.company_id, direction, found.regime)
        return untaxed.sudo(self.env.su) or mapped

    def _why_not_due(self, document, day):
        """Return why VAT that we owe as the buyer is not due on a day, or nothing.

        :param day: the accounting date of the entry
        """
        regime = self._regime(document, document._parsed())
        owed = [line for line in regime.lines if line.treatment.self_assessed]
        for line in owed:
            if line.treatment.reason in (
                Reason.REVERSE_CHARGE_ADVANCE,
                Reason.GOODS_ADVANCE,
            ):
                reason = line.treatment.reason
                return self.env["billingo.messages"]._reason_text(reason)
        fulfilled = document.fulfillment_date
        is_early = bool(fulfilled) and day < fulfilled
        if is_early and any(line.tax_point.rule in AFTER_SUPPLY for line in owed):
            return self.env._(
                "The VAT that the buyer owes is not due before the fulfilment on %s.",
                format_date(self.env, fulfilled),
            )
        return ""

    def _open_points(self, row, line, found, tax):
        """Return what the map does not answer about a line."""
        if found.reason and not found.reason.is_settled_by_mapping:
            yield Question(found.reason.value, line.vat_key)
        if not row.is_post_allowed and not _has_box(tax):
            yield Question(NO_BOX, line.vat_key)

    def _open_tax_point(self, document, parsed, regime):
        """Return what is open about the tax point, unless a person chose the date."""
        if document._corrected_date():
            return
        for line in regime.lines:
            reason = line.tax_point.reason
            if reason and reason is not Reason.NOT_PAID_YET:
                yield Question(reason.value)
        dates = self.env["billingo.accounting.date"]
        if dates._undone_locks(document, regime):
            yield Question(UNDONE_CLOSED)
        days = dates._tax_days(document, parsed, regime)
        if len({(day.year, day.month) for day in days if day}) > 1:
            yield Question(Reason.SEVERAL_TAX_POINTS.value)

    def _differs_from_own_cash(self, document, parsed):
        """Tell whether our own invoice and the company's settings contradict.

        An invoice of a seller who accounts for VAT when paid has to say so (169. § h).
        """
        company = document.company_id
        if document.mode != "customer" or not company.billingo_cash_from:
            return False
        return parsed.organization.cash_settled != self._is_own_cash(company, parsed)

    def _check_fit(self, document, line, tax):
        """Refuse a tax that cannot have made the line's VAT.

        The amounts would still be Billingo's, but in a wrong box of the VAT return.
        Rounding differences per line are accepted.
        """
        if tax.amount_type != "percent":
            return
        shows_vat = bool(line.vat) or line.has_rate
        if not shows_vat and (not tax.amount or tax.has_negative_factor):
            return
        expected = line.net * Decimal(str(tax.amount)) / 100
        allowed = slack(document.currency_id, line.net)
        is_unfit = not tax.amount and bool(line.vat)
        is_unfit |= tax.has_negative_factor and shows_vat
        is_unfit |= bool(tax.amount) and not shows_vat
        if is_unfit or abs(expected - line.vat) > allowed:
            raise DocumentProblem(
                "tax_unfit",
                {"tax_id": tax.id},
                line=line.name,
                tax=tax.id,
                vat=line.vat,
                net=line.net,
                vat_code=line.vat_key,
            )


def _has_box(tax):
    """Tell whether anything of a tax is in Odoo's tax report."""
    return bool(tax.invoice_repartition_line_ids.tag_ids)
