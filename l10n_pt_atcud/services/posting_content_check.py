"""What a draft says that its QR code or the law has no place for.

The QR code is made when a document is printed, but what it cannot say is said here, on
the draft: once a document is issued, its lines and taxes cannot be changed any more.
"""

from collections import defaultdict

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import LazyTranslate, format_date, formatLang

from ..exceptions import DocumentProblem
from ..guards import internal

_lt = LazyTranslate(__name__)

_TEXTS = {
    "unknown_tax": _lt(
        "The QR code needs the meaning of each tax. Choose it on the tax %(tax)s (“QR "
        "code level”, “Fiscal space”)."
    ),
    "customer_country": _lt(
        "The tax %(tax)s is due in the country of the customer. Enter this country in "
        "the customer's address."
    ),
    "taxed_exemption": _lt(
        "A tax has an amount, and its “QR code level” is “VAT: exempt”. Correct the "
        "level of the tax (fiscal space %(space)s)."
    ),
    "two_rates": _lt(
        "The line “%(line)s” has several rates of VAT (%(taxes)s). The QR code has a "
        "place for one. Use a line for each rate."
    ),
    "spaces": _lt(
        "The QR code has a place for three fiscal spaces, and the taxes of this "
        "document are of more. Use several documents."
    ),
    "negative": _lt(
        "A tax base or a tax of this document is negative, and the QR code has no "
        "place for it. Deduct no more at a rate than is invoiced at this rate, or use "
        "a credit note."
    ),
    "no_tax": _lt(
        "The line “%(line)s” has no tax. Choose one; where there is no VAT, choose the "
        "tax that has the exemption reason."
    ),
    "no_reason": _lt(
        "The line “%(line)s” has no VAT, and the tax %(tax)s has no exemption reason. "
        "Choose the reason on the tax."
    ),
    "reason_period": _lt(
        "The exemption reason %(reason)s of the tax %(tax)s is not valid on %(day)s. "
        "Choose another one on the tax."
    ),
    "typed_tax": _lt(
        "The tax “%(name)s” of this document is %(amount)s, and its rate gives "
        "%(expected)s. Correct the amount or choose another tax."
    ),
    "note_of_note": _lt(
        "A credit note corrects an invoice or a debit note, and a debit note corrects "
        "an invoice. %(document)s is none."
    ),
}


@internal
class L10nPtAtcudPostingContentCheck(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.posting_content_check"
    _description = "AT: check of a document's contents before posting"

    # === PUBLIC === #

    @api.model
    def alerts(self, move):
        """Return what is wrong with the contents of a draft, as alerts of its form."""
        alerts = {}
        for problem in self._problems(move):
            alert = {"level": "warning", "message": self.text(problem)}
            tax = problem.data.get("tax")
            if tax and self.env.user.has_group("account.group_account_manager"):
                alert["action_text"] = self.env._("Open the tax")
                alert["action"] = tax.with_env(
                    tax.env(context={})
                )._get_records_action()
            alerts.setdefault(f"l10n_pt_atcud_{problem.kind}", alert)
        return alerts

    @api.model
    def check(self, moves):
        """Raise for contents that must not be issued, before a number is used.

        What only the QR code cannot say stops documents of a certified program: it
        would have to print the code. A missing reason, and a note that corrects no
        invoice, stop documents unless the company chose to be warned.

        :raise UserError: or, where a user can be led to the tax, RedirectWarning
        """
        for company, documents in moves.grouped("company_id").items():
            is_certified = bool(company._l10n_pt_atcud_certificate_number())
            refuses = company.sudo().l10n_pt_atcud_without_reason == "refuse"
            has_rules = company.sudo().l10n_pt_atcud_document_rules == "refuse"
            for move in documents:
                for problem in self._problems(move, is_certified, refuses, has_rules):
                    raise self.refusal(problem)

    @api.model
    def refusal(self, problem):
        """Return the error for a problem; it leads to the tax where there is one."""
        text, tax = self.text(problem), problem.data.get("tax")
        can_redirect = self.env["l10n_pt_atcud.posting_series_check"].can_redirect()
        if not tax or not can_redirect:
            return UserError(text)
        # The context of posting is none of the client's.
        action = tax.with_env(tax.env(context={}))._get_records_action()
        return RedirectWarning(text, action, self.env._("Open the tax"))

    @api.model
    def text(self, problem):
        """Return what is wrong, and what to do."""
        values = {
            name: value.display_name if isinstance(value, models.Model) else value
            for name, value in problem.data.items()
        }
        text = self.env._(_TEXTS[problem.kind])
        return text % values

    # === HELPERS === #

    def _problems(self, move, with_amounts=True, with_reasons=True, with_notes=True):
        """Return the problems of a document that will get an ATCUD."""
        if not move._l10n_pt_atcud_is_required() or move.l10n_pt_atcud_value:
            return []
        problems = []
        if with_amounts:
            problem = self.env["l10n_pt_atcud.fiscal_amounts"].problem(move)
            problems = [problem] if problem else list(self._typed_taxes(move))
        if with_reasons:
            problems += self._reason_problems(move)
        if with_notes:
            problems += self._note_problems(move)
        return problems

    def _note_problems(self, move):
        """Name what a note corrects, if it is no invoice (CIVA 29(7) and 36(6))."""
        corrected = move._l10n_pt_atcud_corrected().sudo()
        is_invoice = corrected.move_type in ("out_invoice", "out_receipt")
        is_debit_note = move.move_type == "out_invoice"
        if corrected and (
            not is_invoice or (is_debit_note and corrected.debit_origin_id)
        ):
            name = corrected.name or corrected.display_name
            yield DocumentProblem("note_of_note", document=name)

    def _typed_taxes(self, move):
        """Name taxes that are not base times rate, but for a cent per line.

        The summary of a draft lets its user type the amount of a tax.
        """
        if not move.id:  # a form that is not saved has no taxes yet
            return
        expected, lines = defaultdict(float), defaultdict(int)
        bases, _taxes = move._get_rounded_base_and_tax_lines(round_from_tax_lines=False)
        for base in bases:
            for data in base["tax_details"]["taxes_data"]:
                expected[data["tax"]] += data["tax_amount_currency"]
                lines[data["tax"]] += 1
        currency = move.currency_id
        found = move.line_ids.filtered(lambda line: line.display_type == "tax")
        for tax in found.tax_line_id.union(*expected):
            taxes = found.filtered(lambda line, tax=tax: line.tax_line_id == tax)
            amount = move.direction_sign * sum(taxes.mapped("amount_currency"))
            margin = currency.rounding * max(lines[tax], 1)
            if currency.compare_amounts(abs(amount - expected[tax]), margin) > 0:
                texts = [
                    formatLang(self.env, value, currency_obj=currency)
                    for value in (amount, expected[tax])
                ]
                yield DocumentProblem(
                    "typed_tax", name=tax.name, amount=texts[0], expected=texts[1]
                )

    def _reason_problems(self, move):
        exemptions = self.env["l10n_pt_atcud.exemptions"]
        for line, tax, reason in exemptions.lines(move):
            if not tax:
                # Without a price, a line without a tax is a remark.
                if not move.currency_id.is_zero(line.price_subtotal):
                    yield DocumentProblem("no_tax", line=line.name or "")
            elif not reason:
                yield DocumentProblem("no_reason", line=line.name or "", tax=tax)
            elif not reason._is_valid_on(exemptions.day(move)):
                day = format_date(self.env, exemptions.day(move))
                code = reason.code
                yield DocumentProblem("reason_period", reason=code, tax=tax, day=day)
