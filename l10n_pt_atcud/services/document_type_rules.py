"""What the law asks of a document by its type, checked before it is issued.

A simplified invoice has a limit and is of Portuguese VAT, an invoice-receipt is paid,
and documents of the VAT cash scheme have a series of their own. Credit and debit notes
have rules in ``correction_rules``.
"""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..at_series import AZORES, MADEIRA, MAINLAND
from ..guards import internal
from ..models.res_partner import known_number
from .correction_rules import product_lines

# CIVA art. 40: goods sold by retailers to private customers, and everything else.
RETAIL_LIMIT, LIMIT = 1000.0, 100.0
# CIVA art. 36(15): from this total on an invoice names a consumer with the address.
NAMED_FROM = 1000.0
_PORTUGAL = (MAINLAND, AZORES, MADEIRA)
# No VAT is due in Portugal: exports and supplies to other countries of the EU (CIVA
# art. 14, RITI arts. 8 and 14), place of supply abroad (CIVA art. 6), exemption abroad
# (CIVA art. 58-A).
_ABROAD = frozenset("M05 M16 M40 M41 M44 M45".split())


@internal
class L10nPtAtcudDocumentTypeRules(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.document_type_rules"
    _description = "AT: rules of document types"

    # === PUBLIC === #

    @api.model
    def check(self, moves):
        """Raise unless all documents keep the rules of their types.

        :param moves: to be posted now
        :return: document -> messages, where the company is warned instead
        """
        moves = moves.filtered(lambda move: not move.l10n_pt_atcud_value)
        self.env["l10n_pt_atcud.correction_rules"].lock(moves)
        warnings = {}
        for move in moves:
            problems = self.problems(move, moves)
            if not problems:
                continue
            if move.company_id.sudo().l10n_pt_atcud_document_rules != "warn":
                raise UserError("\n".join(problems))
            warnings[move] = problems
        return warnings

    @api.model
    def problems(self, move, together=None):
        """Return what a draft lacks or exceeds, as messages.

        :param together: documents that are posted together with it
        """
        if move.l10n_pt_atcud_value or not move._l10n_pt_atcud_is_required():
            return []
        document_type = move._l10n_pt_atcud_type()
        if document_type == "FS":
            found = [self._limit_problem(move), self._territory_problem(move)]
        elif document_type == "FR":
            found = [self._payment_problem(move), self._customer_problem(move)]
        elif document_type == "FT":
            found = [self._customer_problem(move)]
        elif document_type in ("NC", "ND"):
            corrections = self.env["l10n_pt_atcud.correction_rules"]
            found = corrections.problems(move, together or move)
        else:
            found = []
        found += [self._cash_scheme_problem(move), self._discount_problem(move)]
        return [problem for problem in found if problem]

    @api.model
    def pay(self, moves):
        """Register the payment of invoice-receipts that have just been issued."""
        for move in moves:
            journal = move.l10n_pt_atcud_payment_journal_id
            if (
                move.l10n_pt_atcud_document_type != "FR"
                or not journal
                or move.payment_state != "not_paid"
            ):
                continue
            register = self.env["account.payment.register"].with_context(
                active_model=move._name,
                active_ids=move.ids,
                # Its payment is part of the document: it gets no receipt.
                l10n_pt_atcud_invoice_receipt=True,
            )
            dialog = register.create(
                {"journal_id": journal.id, "payment_date": move.invoice_date}
            )
            # Odoo proposes the first instalment, or less with an early discount.
            amounts = dialog._get_total_amounts_to_pay(dialog.batches)
            dialog.write(
                {
                    "amount": amounts["full_amount_for_difference"],
                    "group_payment": True,
                    "payment_difference_handling": "open",
                }
            )
            self._check_paid(move, dialog._create_payments())

    # === HELPERS: TYPES === #

    def _limit_problem(self, move):
        limit = self._limit(move)
        total = abs(move.amount_total_signed)
        if move.company_currency_id.compare_amounts(total, limit) <= 0:
            return None
        return self.env._(
            "A simplified invoice (FS) of this kind has a total of at most %(limit)s, "
            "and this one has %(total)s. Choose the type FT or FR.",
            limit=formatLang(self.env, limit, currency_obj=move.company_currency_id),
            total=formatLang(self.env, total, currency_obj=move.company_currency_id),
        )

    def _limit(self, move):
        """Return the most that a simplified invoice may amount to, tax included."""
        is_private = not move.commercial_partner_id.is_company
        is_goods = "service" not in move.invoice_line_ids.product_id.mapped("type")
        is_retailer = move.company_id.sudo().l10n_pt_atcud_is_retailer
        return RETAIL_LIMIT if is_retailer and is_private and is_goods else LIMIT

    def _territory_problem(self, move):
        """A simplified invoice is for supplies whose VAT is due in Portugal only.

        It is the tax that counts (CIVA art. 40(1)), not where the customer lives.
        """
        for line in product_lines(move):
            for tax in line.tax_ids._l10n_pt_atcud_single():
                space = tax.l10n_pt_atcud_space
                reason = tax.l10n_pt_atcud_exemption_reason_id.code
                if (space and space not in _PORTUGAL) or reason in _ABROAD:
                    return self.env._(
                        "A simplified invoice (FS) is for supplies whose VAT is due in "
                        "Portugal, and that of “%(line)s” is not (%(tax)s). Choose the "
                        "type FT or FR.",
                        line=line.name or "",
                        tax=tax.display_name,
                    )
        return None

    def _cash_scheme_problem(self, move):
        """Documents of the VAT cash scheme have a series of their own.

        DL 71/2013, annex, article 6(1). The taxes say which they are.
        """
        is_cash = self.env["l10n_pt_atcud.issued_content"].is_cash_scheme(move)
        series = move.l10n_pt_atcud_series_id.sudo()
        if not series or is_cash == series.is_cash_scheme:
            return None
        if is_cash:
            return self.env._(
                "The VAT of this document is due when it is paid (cash scheme). Such "
                "documents have a series of their own: choose one that is marked “VAT "
                "cash scheme”, and %s is not.",
                series.display_name,
            )
        return self.env._(
            "The series %s is for documents of the VAT cash scheme, and the taxes of "
            "this one are not of it. Choose another series or the right taxes.",
            series.display_name,
        )

    def _payment_problem(self, move):
        if move.l10n_pt_atcud_payment_journal_id:
            return None
        return self.env._(
            "An invoice-receipt (FR) is paid when it is issued. Choose under “Paid by” "
            "how it was paid, or choose the type FT."
        )

    def _check_paid(self, move, payments):
        """Raise unless the payments settle all of an invoice-receipt.

        One without an entry of its own leaves the residual as it is.
        """
        unpaid = move.amount_residual
        if payments and not payments.move_id:
            unpaid = move.amount_total - sum(
                one.currency_id._convert(
                    one.amount, move.currency_id, move.company_id, one.date
                )
                for one in payments
            )
        if not move.currency_id.is_zero(unpaid):
            raise UserError(
                self.env._(
                    "The invoice-receipt (FR) would be issued with %s unpaid. Choose "
                    "the type FT.",
                    formatLang(self.env, unpaid, currency_obj=move.currency_id),
                )
            )

    def _discount_problem(self, move):
        """An early payment discount would lower the VAT of an issued document.

        Computed on the discounted price, the VAT is too low from the start if nobody
        takes the discount ("mixed"), or is lowered later without a credit note
        ("included"): CIVA arts. 16(6) b), 29(7) and 78(2).
        """
        term = move.invoice_payment_term_id
        if move.move_type not in move._early_payment_discount_move_types():
            return None
        if not term.early_discount or term.early_pay_discount_computation == "excluded":
            return None
        return self.env._(
            "The early payment discount of the payment terms %s changes the VAT "
            "without a credit note. Choose terms whose discount leaves the tax as it "
            "is.",
            term.display_name,
        )

    def _customer_problem(self, move):
        """An invoice names its buyer (CIVA art. 36(5) a), (15) and (16)).

        A company by its tax number too; a consumer from 1,000 euro on. The tax number
        of a company abroad is what its country gives, which may be none.
        """
        partner = move.commercial_partner_id
        is_at_home = partner.country_id.code in (False, "PT")
        if partner.is_company and is_at_home and not known_number(partner.vat):
            return self.env._(
                "An invoice to a company has its tax number. Enter that of %s.",
                partner.display_name,
            )
        total = abs(move.amount_total_signed)
        if move.company_currency_id.compare_amounts(total, NAMED_FROM) < 0:
            return None
        if partner.name and partner.street and (partner.city or partner.zip):
            return None
        return self.env._(
            "An invoice of %(limit)s or more has the customer's name and address. "
            "Enter street and city.",
            limit=formatLang(
                self.env, NAMED_FROM, currency_obj=move.company_currency_id
            ),
        )
