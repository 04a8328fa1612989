"""Taxes on lines of imported entries: Billingo's VAT stays under another tax that fits.

Odoo keeps amounts that are given for a line as long as its taxes stay. Here they also
stay under a tax that can have made the same VAT, in a form as well as in a write.
"""

from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from ..guards import guarded


@guarded()
class AccountTax(models.Model):
    _inherit = "account.tax"

    # === OVERRIDES === #

    def _import_base_line_extra_tax_data(self, base_line, extra_tax_data):
        # EXTENDS 'account'
        if extra_tax_data and extra_tax_data.get("billingo"):
            extra_tax_data = self._billingo_kept_amounts(base_line, extra_tax_data)
        return super()._import_base_line_extra_tax_data(base_line, extra_tax_data)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_tax_of_billingo(self):
        # A tax of 0 % makes no line of its own that would keep it.
        lines = self.env["account.move.line"].sudo()
        groups = self.sudo().with_context(active_test=False)
        named = self | groups.search([("children_tax_ids", "in", self.ids)])
        used = [
            ("tax_ids", "in", named.ids),
            ("parent_state", "=", "posted"),
            ("move_id.billingo_document_id", "!=", False),
        ]
        for line in lines.with_context(active_test=False).search(used, limit=1):
            raise UserError(
                self.env._(
                    "%(tax)s is on %(entry)s, which came from Billingo: the VAT return "
                    "takes it from there. Archive the tax instead.",
                    tax=(line.tax_ids & named)[:1].display_name,
                    entry=line.move_id.display_name,
                )
            )

    # === HELPERS === #

    def _billingo_regime(self):
        """Return what these taxes of a line are in law: equal if they mean the same.

        When they are due, NAV's case, rate and sides, and the boxes of the VAT return.
        """
        return tuple(
            sorted(
                (
                    tax.tax_exigibility,
                    tax.l10n_hu_tax_type or "",
                    tax.amount_type,
                    tax.amount,
                    tuple(
                        sorted(
                            (
                                line.document_type,
                                line.repartition_type,
                                line.factor_percent,
                                tuple(sorted(line.tag_ids.ids)),
                            )
                            for line in tax.repartition_line_ids
                        )
                    ),
                )
                for tax in self.flatten_taxes_hierarchy()
            )
        )

    def _billingo_kept_amounts(self, base_line, data):
        """Return a line's given amounts, under its tax of now if that fits."""
        tax, amounts = base_line["tax_ids"]._origin, data.get("manual_tax_amounts")
        if len(tax) != 1 or not amounts or str(tax.id) in amounts:
            return data
        vat = tax._billingo_vat(base_line, data)
        if vat is None:
            return data
        [before] = list(amounts.values())[:1]
        now = {**before, "tax_amount_currency": vat[0], "tax_amount": vat[1]}
        return {**data, "manual_tax_amounts": {str(tax.id): now}}

    def _billingo_vat(self, base_line, data):
        """Return the VAT that Billingo's line has under this tax.

        :param data: the given amounts, with what Billingo itself states
        :return: in the document's currency and in forint, or None if the tax cannot
            have made Billingo's VAT
        """
        if self.amount_type != "percent":
            return None
        stated, currency = data["billingo"], base_line["currency_id"]
        net = Decimal(str(data["manual_total_excluded_currency"]))
        vat, rate = Decimal(str(stated["vat"])), Decimal(str(self.amount)) / 100
        if not vat and self.has_negative_factor:
            local_net = Decimal(str(data["manual_total_excluded"]))
            forint = self.company_id.currency_id
            return (
                float(rounded(net * rate, currency)),
                float(rounded(local_net * rate, forint)),
            )
        is_charged = not self.has_negative_factor and bool(vat) == bool(rate)
        if not is_charged or abs(net * rate - vat) > slack(currency, net):
            return None
        return stated["vat"], stated["local_vat"]


def slack(currency, net):
    """Return by how much the VAT of a line may miss its rate: it is rounded."""
    allowed = 3 * Decimal(str(max(currency.rounding, 0.01)))
    return allowed + 3 * (currency.name == "HUF") + abs(net) / 50


def rounded(value, currency):
    """Round half up to what the currency can keep."""
    step = Decimal(str(currency.rounding))
    return (value / step).to_integral_value("ROUND_HALF_UP") * step
