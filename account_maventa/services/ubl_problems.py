"""What the native checks of a Peppol document find, in words that name the way out."""

from odoo import api, models

from ..guards import internal
from .check_finding import Finding

# Found before the document is made, with better texts
FOUND_BEFORE = {"several_taxes", "tax_missing"}


@internal
class MaventaUblProblems(models.AbstractModel):
    """Texts for the codes of ``maventa_api.ubl.problems_of``."""

    _name = "maventa.ubl.problems"
    _description = "Problems of Documents for Maventa"

    # === PUBLIC === #

    @api.model
    def _findings(self, move, problems, lines):
        """Return problems of the official rules as findings.

        :param problems: of ``maventa_api.ubl.problems_of``
        :param lines: the product lines in the order of the document
        """
        return [
            Finding(self._text(move, problem, lines), self._record(move, problem))
            for problem in problems
        ]

    @api.model
    def _line_name(self, number, lines):
        """Return what a user calls the line with this number in the document."""
        index = int(number) - 1 if number.isdecimal() else -1
        if 0 <= index < len(lines):
            return self.env["maventa.vat.category"]._name_of(lines[index])
        return number

    # === HELPERS === #

    def _record(self, move, problem):
        seller = self.env["maventa.parties"]._seller(move)
        return {
            "seller": seller,
            "buyer": move.commercial_partner_id,
            "delivery": move.partner_shipping_id or move.partner_id,
            "payment": seller,
        }.get(problem.place, move)

    def _text(self, move, problem, lines):
        party = self._record(move, problem).display_name
        texts = {
            **self._party_texts(party, problem.value),
            **self._tax_texts(party, problem.value),
            **self._line_texts(self._line_name(problem.line, lines), problem.value),
            **self._document_texts(problem.value),
        }
        if problem.code == "outside_scope_mixed":
            texts |= self._deposit_texts(lines)
        if (problem.code, problem.place) == ("vat_number_missing", "buyer"):
            parties = self.env["maventa.parties"]
            texts[problem.code] = parties._missing_vat(move.partner_id, problem.value)
        text = texts.get(f"{problem.code} {problem.place}", texts.get(problem.code))
        if not text:
            return self.env._(
                "The document does not meet the rule %(rule)s of Peppol (%(value)s). "
                "Choose Finvoice for this customer, or report this to your "
                "administrator.",
                rule=problem.rule or problem.code,
                value=problem.value or problem.code,
            )
        return f"{text} ({problem.rule})" if problem.rule else text

    def _party_texts(self, party, value):
        missing = self.env._(
            "%s has no electronic address: enter the company ID, the tax number, or "
            "the e-invoice address.",
            party,
        )
        malformed = self.env._(
            "The electronic address %(value)s of %(party)s is not valid.",
            value=value,
            party=party,
        )
        return {
            "party_missing": self.env._("%s is not in the document.", party),
            "name_missing": self.env._("%s has no name.", party),
            "address_missing": self.env._("%s has no address.", party),
            "address_incomplete": self.env._(
                "The address of %s is not complete.", party
            ),
            "country_missing": self.env._("%s has no country.", party),
            "country_unknown": self.env._(
                "The country of %s is not known to the standard.", party
            ),
            "electronic_address_missing": missing,
            "electronic_address_missing buyer": self.env._(
                "%s has no electronic address, which Peppol requires: enter the "
                "company ID, the tax number, or the e-invoice address. Or enter a bank "
                "account of your company with an IBAN: then the invoice goes as "
                "Finvoice, by e-mail or print.",
                party,
            ),
            "electronic_address_malformed": malformed,
            "electronic_address_scheme_withdrawn": malformed,
            "organisation_number_missing": self.env._(
                "%s has no organisation number. Enter it in the field Company ID.",
                party,
            ),
            "organisation_number_malformed": self.env._(
                "The company ID %(value)s of %(party)s is not valid.",
                value=value,
                party=party,
            ),
            "vat_number_malformed": self.env._(
                "The tax number %(value)s of %(party)s is not valid.",
                value=value,
                party=party,
            ),
        }

    def _tax_texts(self, party, value):
        return {
            "vat_number_missing": self.env._(
                "The tax category %(category)s requires the tax number of %(party)s.",
                category=value,
                party=party,
            ),
            "outside_scope_mixed": self.env._(
                "A document with a line outside the scope of VAT (O) cannot have lines "
                "of another tax category. Make two invoices."
            ),
            "swedish_rate": self.env._(
                "A Swedish seller charges 25, 12 or 6 %% on an e-invoice, not %s %%. "
                "VAT of another country has to be invoiced in another way.",
                value,
            ),
            "tax_amount": self.env._(
                "The VAT of a rate is not its base times the rate: %s. Check the "
                "tax amounts that were changed by hand.",
                value,
            ),
            "tax_base": self.env._(
                "The base of a VAT rate is not the sum of its lines: %s.", value
            ),
            "exemption_reason_missing": self.env._(
                "The tax category %s requires a reason. Choose the exemption reason on "
                "the tax.",
                value,
            ),
            "exemption_reason_code": self.env._(
                "The exemption reason %s does not fit the tax category. Choose another "
                "one on the tax.",
                value,
            ),
        }

    def _deposit_texts(self, lines):
        """Return the way out where a fixed tax on a line is outside the scope."""
        categories = self.env["maventa.vat.category"]
        taxes = categories._deposit_taxes(lines).filtered(
            lambda tax: (category := categories._of_tax(tax)) and category.code == "O"
        )
        if not taxes:
            return {}
        text = self.env._(
            "The tax %(taxes)s is an amount outside the scope of VAT (O), which cannot "
            "stand beside other tax categories. Take it off the lines, and enter the "
            "amount as a line of its own with a tax of 0 %% of the category E and its "
            "reason.",
            taxes=", ".join(f'"{tax.name}"' for tax in taxes),
        )
        return {"outside_scope_mixed": text}

    def _line_texts(self, name, value):
        return {
            "line_amount": self.env._(
                'The price and quantity of the line "%(line)s" do not make its amount '
                "%(amount)s.",
                line=name,
                amount=value,
            ),
            "tax_rate": self.env._(
                'The tax of the line "%(line)s" has a category that does not fit its '
                "rate: %(value)s.",
                line=name,
                value=value,
            ),
            "tax_category": self.env._(
                'The tax of the line "%(line)s" has an unknown category: %(value)s.',
                line=name,
                value=value,
            ),
            "item_name_missing": self.env._("The line %s has no label.", name),
        }

    def _document_texts(self, value):
        return {
            "no_lines": self.env._(
                "The document has only texts. Add a line with a product or a price."
            ),
            "original_missing": self.env._(
                "A credit note of a Dutch seller names the invoice that it credits. "
                "Make it with Credit Note on the invoice, or enter the number of the "
                "invoice as customer reference."
            ),
            "account_missing": self.env._(
                "The seller must have at least one bank account."
            ),
            "sum": self.env._(
                "The lines and taxes of the document do not add up to its total; "
                "the difference is %s.",
                value,
            ),
            "due_date_missing": self.env._("The document has no due date."),
            "own_number_as_order": self.env._(
                "The number of the invoice is given as the customer's order number."
            ),
        }
