"""What a credit or debit note says of the document that it corrects.

It names the document and a reason, is for the same customer, is not dated before it,
and all credit notes together do not exceed it: by amount, by tax, and by quantity.
"""

from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_compare, format_date, formatLang

from ..at_series import lisbon_date
from ..guards import internal
from ..models.res_partner import known_number

_PRECISION = 6  # decimals of quantities and prices in a comparison


@internal
class L10nPtAtcudCorrectionRules(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.correction_rules"
    _description = "AT: rules of credit and debit notes"

    # === PUBLIC === #

    @api.model
    def problems(self, move, together):
        """Return what a draft of a correction lacks or exceeds, as messages.

        :param together: documents that are posted together with it
        """
        corrected = move._l10n_pt_atcud_corrected().sudo()
        problems = []
        if not corrected:
            problems.append(
                self.env._(
                    "A credit or debit note names the document that it corrects. "
                    "Choose it."
                )
            )
        if not (move.l10n_pt_atcud_reason or "").strip():
            problems.append(self._reason_text())
        if corrected and (corrected.state != "posted"):
            problems.append(
                self.env._(
                    "The document %s is not issued or is cancelled, so it cannot be "
                    "corrected.",
                    corrected.name or corrected.display_name,
                )
            )
        elif corrected:
            problems.append(self._partner_problem(move, corrected))
            problems.append(self._date_problem(move, corrected))
        if corrected.state == "posted" and move.move_type == "out_refund":
            problems += self._amount_problems(move, corrected, together)
            problems.append(self._quantity_problem(move, corrected, together))
        return problems

    @api.model
    def needs_reason(self, moves):
        """Return whether a correction of one of these is refused without a reason."""
        documents = moves.filtered(lambda move: move._l10n_pt_atcud_is_document())
        settings = documents.company_id.sudo().mapped("l10n_pt_atcud_document_rules")
        return "refuse" in settings

    @api.model
    def check_reason(self, moves, reason):
        """Raise where a correction would be refused for want of a reason."""
        if self.needs_reason(moves) and not (reason or "").strip():
            raise UserError(self._reason_text())

    @api.model
    def lock(self, moves):
        """Let no other transaction correct the same documents at this moment.

        The rows are written, so that one that has waited begins anew and sees all.
        """
        corrected = self.env["account.move"]
        for move in moves:
            document = move._l10n_pt_atcud_corrected()
            corrected |= self._family(document.sudo()) if document else document
        if corrected:
            corrected.flush_recordset()
            self.env.cr.execute(
                SQL(
                    """
                    WITH locked AS (
                        SELECT id FROM account_move WHERE id IN %s
                         ORDER BY id FOR NO KEY UPDATE
                    )
                    UPDATE account_move SET write_uid = write_uid
                      FROM locked WHERE account_move.id = locked.id
                    """,
                    tuple(corrected.ids),
                )
            )

    # === HELPERS === #

    def _partner_problem(self, move, corrected):
        """A correction is for the buyer of the document, by tax number if both have."""
        buyer = corrected._l10n_pt_atcud_content_of("customer") or {}
        before, now = corrected.commercial_partner_id, move.commercial_partner_id
        numbers = [_tax_number(buyer.get("vat")), _tax_number(now.vat)]
        is_same = numbers[0] == numbers[1] if all(numbers) else before == now
        if is_same:
            return None
        return self.env._(
            "%(document)s is for %(customer)s, and this correction is for another "
            "customer.",
            document=corrected.name,
            customer=buyer.get("name") or before.display_name,
        )

    def _date_problem(self, move, corrected):
        date = move.invoice_date or lisbon_date()
        if not corrected.invoice_date or date >= corrected.invoice_date:
            return None
        return self.env._(
            "A correction is not dated before the document that it corrects: "
            "%(document)s is of %(day)s.",
            document=corrected.name,
            day=format_date(self.env, corrected.invoice_date),
        )

    def _reason_text(self):
        return self.env._("A credit or debit note names its reason. Enter it.")

    def _family(self, corrected):
        """Return the document and its debit notes: all that can be credited.

        A debit note is credited with the document that it adds to.
        """
        root = corrected
        while root.debit_origin_id:
            root = root.debit_origin_id
        family = found = root
        while found:
            found = found.debit_note_ids.filtered(lambda one: one.state == "posted")
            found -= family
            family |= found
        return family | corrected

    def _others(self, move, documents, together):
        """Return the other credit notes of documents, issued or just before it."""
        others = documents.reversal_move_ids.filtered(
            lambda one: one.state == "posted" or one in together
        )
        return others.filtered(lambda one: one != move and one != move._origin)

    def _amount_problems(self, move, corrected, together):
        """Compare what is credited of the document, its debit notes and its taxes."""
        family = self._family(corrected)
        # A debit note alone has its limit as well.
        for documents in (
            (corrected, family) if corrected.debit_origin_id else (family,)
        ):
            notes = self._others(move, documents, together) | move
            problem = self._amount_problem(documents, notes, corrected)
            problem = problem or self._tax_problem(documents, notes, corrected)
            if problem:
                return [problem]
        return []

    def _amount_problem(self, documents, notes, corrected):
        if (notes | documents).currency_id == corrected.currency_id:
            currency, name = corrected.currency_id, "amount_total"
        else:
            currency, name = corrected.company_currency_id, "amount_total_signed"
        total = sum(abs(note[name]) for note in notes)
        limit = sum(abs(one[name]) for one in documents)
        if currency.compare_amounts(total, limit) <= 0:
            return None
        return self.env._(
            "All credit notes of %(document)s would amount to %(total)s, which is more "
            "than its total of %(limit)s.",
            document=corrected.name,
            total=formatLang(self.env, total, currency_obj=currency),
            limit=formatLang(self.env, limit, currency_obj=currency),
        )

    def _tax_problem(self, documents, notes, corrected):
        """Compare the net amounts of each tax: no other VAT than was charged."""
        if (notes | documents).currency_id == corrected.currency_id:
            currency, name = corrected.currency_id, "price_subtotal"
        else:
            currency, name = corrected.company_currency_id, "balance"
        credited, charged = self._bases(notes, name), self._bases(documents, name)
        for tax, total in credited.items():
            limit = charged.get(tax, 0.0)
            if currency.compare_amounts(total, limit) > 0:
                return self.env._(
                    "All credit notes of %(document)s would credit %(total)s of "
                    "“%(tax)s”, and it has %(limit)s.",
                    document=corrected.name,
                    total=formatLang(self.env, total, currency_obj=currency),
                    tax=tax.display_name or self.env._("no tax"),
                    limit=formatLang(self.env, limit, currency_obj=currency),
                )
        return None

    def _bases(self, moves, name):
        """Return the net amount of each tax; the empty tax: of lines without one."""
        bases = defaultdict(float)
        for line in product_lines(moves):
            sign = 1 if name == "price_subtotal" else line.move_id.direction_sign
            for tax in line.tax_ids.flatten_taxes_hierarchy() or [line.tax_ids]:
                bases[tax] += sign * line[name]
        return bases

    def _quantity_problem(self, move, corrected, together):
        """Compare quantities per product; lines without one have their tax only.

        A credit note that only lowers a price returns nothing: alone it cannot exceed
        the quantity, but it does not count against later returns.
        """
        family, sold, prices = self._family(corrected), defaultdict(float), {}
        for line in product_lines(family).filtered("product_id"):
            key = line.product_id
            sold[key] += line.quantity
            prices[key] = min(_price(line), prices.get(key, _price(line)))
        returned, alone = defaultdict(float), defaultdict(float)
        for line in product_lines(self._others(move, family, together)):
            if _compare(_price(line), prices.get(line.product_id, 0.0)) >= 0:
                returned[line.product_id] += line.quantity
        lines = product_lines(move).filtered("product_id") if sold else ()
        for line in lines:
            alone[line.product_id] += line.quantity
        for line in lines:
            key = line.product_id
            is_return = _compare(_price(line), prices.get(key, 0.0)) >= 0
            total = alone[key] + (returned[key] if is_return else 0.0)
            if _compare(total, sold.get(key, 0.0)) > 0:
                return self.env._(
                    "All credit notes of %(document)s would return %(total)g of "
                    "“%(line)s”, and it has %(sold)g.",
                    document=corrected.name,
                    total=total,
                    line=key.display_name,
                    sold=sold.get(key, 0.0),
                )
        return None


def product_lines(moves):
    """Return the lines of documents that are no sections or notes."""
    return moves.invoice_line_ids.filtered(lambda line: line.display_type == "product")


def _tax_number(value):
    """Return the digits and letters of a tax number, without Portugal's prefix."""
    plain = "".join(filter(str.isalnum, known_number(value) or "")).upper()
    return plain.removeprefix("PT")


def _price(line):
    """Return the net price of one unit."""
    return line.price_subtotal / line.quantity if line.quantity else 0.0


def _compare(first, second):
    return float_compare(first, second, precision_digits=_PRECISION)
