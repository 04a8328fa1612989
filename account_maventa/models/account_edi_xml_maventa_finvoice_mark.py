from odoo import models

from ..maventa_api.finvoice import obstacles


class AccountEdiXmlMaventaFinvoice(models.AbstractModel):
    """Why a Finvoice does not bear the mark EN16931, in words."""

    _inherit = "account.edi.xml.maventa_finvoice"

    def _maventa_remarks(self, invoice):
        # EXTENDS
        remarks = super()._maventa_remarks(invoice)
        document = self._finvoice_document(invoice)
        if not document.message:
            reasons = [
                self.env._(
                    "the customer has no e-invoice address with an operator (or your "
                    "company has none)"
                )
            ]
        else:
            reasons = self._finvoice_mark_reasons(obstacles(document))
        if reasons:
            text = self.env._(
                "Sent without the mark EN16931; the receiver gets it all the same. "
                "For the mark: %s.",
                "; ".join(reasons),
            )
            remarks.append(text)
        return remarks

    def _finvoice_mark_reasons(self, rules):
        """Return what each broken rule means, every meaning once."""
        words = self._finvoice_mark_words()
        return list(
            dict.fromkeys(
                words.get(rule)
                or self.env._("a tax does not fulfil the rule %s of EN 16931", rule)
                for rule in rules
            )
        )

    def _finvoice_mark_words(self):
        kind = self.env._(
            "an e-invoice address is of a kind that the standard does not know"
        )
        delivery = self.env._("the country of the delivery address is missing")
        tax_numbers = self.env._("the tax number of seller or customer is missing")
        return {
            "BR-62": kind,
            "BR-63": kind,
            "BR-08": self.env._("your company's address is not complete"),
            "BR-10": self.env._("the customer's address is not complete"),
            "BR-CO-26": self.env._("your company has no business id or tax number"),
            "business": self.env._("the customer has no business id or tax number"),
            "BR-16": self.env._("the document has no line with a price"),
            "BR-23": self.env._("a line has a unit that the standard does not know"),
            "BR-25": self.env._("a line has no name"),
            "BR-50": self.env._("your bank account has no BIC"),
            "BR-57": delivery,
            "BR-IC-12": self.env._("the delivery address is missing"),
            "BR-IC-11": self.env._("the delivery date is missing"),
            "BR-S-02": tax_numbers,
            "BR-Z-02": tax_numbers,
            "BR-E-02": tax_numbers,
            "BR-AE-02": tax_numbers,
            "BR-K-02": tax_numbers,
            "BR-IC-02": tax_numbers,
            "BR-G-02": tax_numbers,
        }
