from odoo import models

from .problem import DocumentProblem

ROUNDING_XMLID = {
    1: "l10n_hu_edi.cash_rounding_1_huf",
    5: "account_billingo_import.cash_rounding_5_huf",
    10: "account_billingo_import.cash_rounding_10_huf",
}


class BillingoDocument(models.Model):
    _inherit = "billingo.document"

    def _find_tax(self, line):
        direction = "sale" if self.mode == "customer" else "purchase"
        tax = self.env["billingo.tax.map"]._find_tax(
            self.company_id, direction, line.vat_code, line.entitlement
        )
        if not tax:
            raise DocumentProblem(
                "tax",
                self.env._(
                    "No tax is mapped to the VAT code %(code)s with the entitlement "
                    "%(entitlement)s. Map it and process again.",
                    code=line.vat_code or "?",
                    entitlement=line.entitlement or self.env._("none"),
                ),
                direction=direction,
                vat_code=line.vat_code,
                entitlement=line.entitlement,
            )
        return tax

    def _find_partner(self, party):
        """Match by tax number, or as a private person; create only what is new."""
        partners = self.env["res.partner"]
        number = self.partner_tax_number
        if number:
            found = partners._billingo_candidates(self.company_id, number)
        else:
            found = partners._billingo_person(self.company_id, party)
        if len(found) > 1:
            same_name = found.filtered(lambda partner: partner.name == party.name)
            found = same_name if len(same_name) == 1 else found
        if len(found) > 1:
            raise DocumentProblem(
                "partner",
                self.env._(
                    "Several partners fit %(name)s (%(number)s): %(found)s. Merge "
                    "them, or correct their tax numbers.",
                    name=party.name,
                    number=number or "-",
                    found=", ".join(found.mapped("display_name")),
                ),
                partner_ids=found.ids,
            )
        if not found and not (party.name or number):
            raise DocumentProblem(
                "partner", self.env._("The document does not say who the partner is.")
            )
        return found or partners._billingo_create(self.company_id, party, number)

    def _find_rounding(self, booking):
        """Return the cash rounding of Billingo's step, ready for this company."""
        rounding = self.env["account.cash.rounding"]
        if not booking.rounding:
            return rounding
        rounding = self.env.ref(ROUNDING_XMLID[int(booking.rounding_step)])
        rounding = rounding.with_company(self.company_id)
        chart = self.env["account.chart.template"].with_company(self.company_id)
        for name, xmlid in (
            ("profit_account_id", "l10n_hu_969"),
            ("loss_account_id", "l10n_hu_869"),
        ):
            if not rounding[name]:
                rounding[name] = chart.ref(xmlid, raise_if_not_found=False)
        return rounding
