"""VAT of purchases that may not be deducted: entertainment, passenger cars, gifts.

The document does not know what a purchase is for; the account that it is booked on
does. A tax that deducts all of the VAT there is a question, answered once for each
supplier and account.
"""

from odoo import api, models
from odoo.tools import LazyTranslate, float_compare

from ..guards import internal
from ..maventa_api.chart_accounts import limit_of_account
from ..models.point_kinds import Label, Question, declare, point

_lt = LazyTranslate(__name__)

WHOLE = 100  # per cent of the VAT

declare(
    Question(
        "vat_deducted",
        Label.VAT,
        _lt(
            "The account %(name)s is for purchases whose VAT may not be deducted, "
            "or only in part (%(law)s); the tax %(tax)s deducts all of it. Choose a "
            "tax on the lines that deducts no more than the law allows (create it, "
            "if there is none), enter the share that is deducted in the column "
            '"Professional %%", or confirm that all may be deducted: you are asked '
            "once for this supplier and account."
        ),
    ),
)


@internal
class MaventaVatDeduction(models.AbstractModel):
    _name = "maventa.vat.deduction"
    _description = "Deduction of the VAT of Received Bills"

    # === PUBLIC === #

    @api.model
    def _points(self, receipt, move):
        """Yield a point for each account and tax that deducts what may be too much.

        :return: as ``maventa.bill.checks`` has them
        """
        country = move.company_id.account_fiscal_country_id.code or ""
        checks, found = self.env["maventa.bill.checks"], []
        names = move.invoice_line_ids.account_id.sudo()._get_external_ids()
        for line in move.invoice_line_ids:
            law = self._law(country, names.get(line.account_id.id, ()))
            if not law or line.deductible_amount < WHOLE:
                continue
            for tax in line.tax_ids.flatten_taxes_hierarchy().filtered(self._is_whole):
                row = point(
                    "vat_deducted",
                    id=line.account_id.id,
                    name=line.account_id.display_name,
                    tax=tax.name,
                    law=law,
                )
                if row not in found and not checks._is_decided_before(receipt, row):
                    found.append(row)
        return found

    # === HELPERS === #

    def _law(self, country, names):
        """Return the law that limits the deduction on an account of the chart.

        :param names: of the account in the chart
        """
        return next(filter(None, (limit_of_account(country, x) for x in names)), "")

    def _is_whole(self, tax):
        """Return whether a tax deducts all of its VAT, as by a reverse charge, too.

        What has no account of its own, or one of expenses, is a part of the cost.
        """
        deducted = tax.invoice_repartition_line_ids.filtered(
            lambda row: (
                row.repartition_type == "tax"
                and row.factor_percent > 0
                and row.account_id
                and row.account_id.internal_group != "expense"
            )
        )
        part = sum(deducted.mapped("factor_percent"))
        return bool(tax.amount) and float_compare(part, WHOLE, precision_digits=2) >= 0
