"""The meaning of a Portuguese sales tax in the QR code, and why it is zero."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..at_series import AZORES, MADEIRA, MAINLAND
from ..guards import guarded

# Rate in percent -> fiscal space and level. 4 % is the reduced rate of the Azores, and
# of Madeira since October 2024; 5 % was Madeira's before, 18 % the normal one of the
# Azores until June 2021.
_RATES = {
    23: (MAINLAND, "normal"),
    13: (MAINLAND, "intermediate"),
    6: (MAINLAND, "reduced"),
    18: (AZORES, "normal"),
    16: (AZORES, "normal"),
    9: (AZORES, "intermediate"),
    4: (AZORES, "reduced"),
    22: (MADEIRA, "normal"),
    12: (MADEIRA, "intermediate"),
    5: (MADEIRA, "reduced"),
}


@guarded()
class AccountTax(models.Model):
    _inherit = "account.tax"

    l10n_pt_atcud_space = fields.Selection(
        selection=[
            (MAINLAND, "Mainland"),
            (AZORES, "Azores"),
            (MADEIRA, "Madeira"),
            ("OSS", "Country of the customer (OSS)"),
        ],
        string="Fiscal space",
        compute="_compute_l10n_pt_atcud_space",
        store=True,
        readonly=False,
        help="The region or country where the VAT is due, proposed by the rate. 4 % "
        "may also be the reduced rate of Madeira.",
    )
    l10n_pt_atcud_level = fields.Selection(
        selection=[
            ("exempt", "VAT: exempt"),
            ("reduced", "VAT: reduced rate"),
            ("intermediate", "VAT: intermediate rate"),
            ("normal", "VAT: normal rate"),
            ("not_subject", "Not subject to VAT"),
            ("stamp_duty", "Stamp duty"),
            ("withholding", "Withholding tax"),
        ],
        string="QR code level",
        compute="_compute_l10n_pt_atcud_level",
        store=True,
        readonly=False,
        help="The field for the amounts of this tax in the QR code of invoices.",
    )
    l10n_pt_atcud_exemption_reason_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.exemption_reason",
        string="Exemption reason",
        ondelete="restrict",
        help="Why there is no VAT, by AT's table. It is printed with the lines.",
    )

    # === COMPUTES === #

    @api.depends("amount", "amount_type", "type_tax_use", "country_id")
    def _compute_l10n_pt_atcud_space(self):
        for tax in self:
            tax.l10n_pt_atcud_space = tax._l10n_pt_atcud_space_and_level()[0]

    @api.depends("amount", "amount_type", "type_tax_use", "country_id")
    def _compute_l10n_pt_atcud_level(self):
        for tax in self:
            tax.l10n_pt_atcud_level = tax._l10n_pt_atcud_space_and_level()[1]

    # === OVERRIDES === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_l10n_pt_atcud_documents(self):
        # The database takes a deleted tax off all lines. One of 0 % has no other trace.
        lines = self.env["account.move.line"].sudo()
        for tax in self.sudo().with_context(active_test=False):
            named = tax | tax.search([("children_tax_ids", "in", tax.ids)])
            line = lines.search(
                [
                    ("tax_ids", "in", named.ids),
                    ("move_id.posted_before", "=", True),
                    ("move_id.journal_id.type", "=", "sale"),
                    ("company_id.account_fiscal_country_id.code", "=", "PT"),
                ],
                limit=1,
            )
            if line:
                raise UserError(
                    self.env._(
                        "%(document)s has the tax %(tax)s, which therefore cannot be "
                        "deleted. Archive it instead.",
                        document=line.move_name,
                        tax=tax.display_name,
                    )
                )

    # === HELPERS === #

    def _l10n_pt_atcud_single(self):
        """Return these taxes, with those of a group in its place."""
        if any(tax.amount_type == "group" for tax in self):
            return self.flatten_taxes_hierarchy()
        return self

    def _l10n_pt_atcud_space_and_level(self):
        """Return the fiscal space and the level that the rate alone determines."""
        if self.country_id.code != "PT" or self.type_tax_use != "sale":
            return False, False
        if self.amount < 0:
            return False, "withholding"
        if self.amount_type != "percent":
            return False, False
        if not self.amount:
            company = self.company_id or self.env.company
            return company._l10n_pt_atcud_space(), "exempt"
        return _RATES.get(self.amount, (False, False))
