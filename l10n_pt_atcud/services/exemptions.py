"""Why lines of a document have no VAT, as it is printed with them.

The reason stands on the tax. It is copied into the document when this is posted, so
that a later change of the tax changes no reprint.
"""

from odoo import api, models

from ..at_series import lisbon_date
from ..guards import internal


@internal
class L10nPtAtcudExemptions(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.exemptions"
    _description = "AT: exemption reasons of documents"

    # === PUBLIC === #

    @api.model
    def lines(self, move):
        """Yield each line without VAT: line, its tax of 0 % and its reason, or none."""
        has_rate = self.env["l10n_pt_atcud.fiscal_amounts"].has_rate
        for line in move.line_ids:
            if line.display_type != "product":
                continue
            taxes = line.tax_ids._l10n_pt_atcud_single()
            if has_rate(taxes):
                continue
            taxes = taxes.filtered(lambda x: x.l10n_pt_atcud_level != "withholding")
            told = taxes.filtered("l10n_pt_atcud_exemption_reason_id")[:1]
            tax = told or taxes[:1]
            yield line, tax, tax.l10n_pt_atcud_exemption_reason_id

    @api.model
    def day(self, move):
        """Return the date on which a reason has to be valid."""
        return move.invoice_date or lisbon_date()

    @api.model
    def snapshot(self, move):
        """Return what is printed: ``lines`` (id -> code) and ``reasons`` in order.

        :return: ``False`` where all lines have VAT
        """
        codes, reasons = {}, {}
        for line, _tax, reason in self.lines(move):
            if reason:
                codes[str(line.id)] = reason.code
                reasons[reason.code] = reason.name
        if not codes:
            return False
        return {"lines": codes, "reasons": sorted(reasons.items())}
