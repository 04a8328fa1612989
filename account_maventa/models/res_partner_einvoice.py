from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..maventa_api import AddressProblem, ElectronicAddress

# What of Odoo's own Peppol fields is an address in Finland's network, too
FINNISH_SCHEMES = ("0216", "9918")


class ResPartner(models.Model):
    """The e-invoice address; fields as in OCA's l10n_fi_edicode."""

    _inherit = "res.partner"

    edicode = fields.Char(
        "E-invoice Address",
        help="As the customer gives it: an OVT (0037 and the business id), an account "
        "number (IBAN), a GLN, or scheme:id for Peppol (0216:003712345671). Empty: "
        "Maventa looks the customer up.",
    )
    einvoice_operator_id = fields.Many2one(
        "res.partner.operator.einvoice",
        "E-invoice Operator",
        help="The bank or operator that the address belongs to. With address and "
        "operator an invoice goes exactly there, or fails.",
    )

    # === CONSTRAINTS === #

    @api.constrains("edicode", "einvoice_operator_id")
    def _check_maventa_edicode(self):
        for partner in self:
            if partner.edicode and (problem := partner._maventa_address_problem()):
                raise ValidationError(problem)

    # === COMPUTE === #

    @api.onchange("edicode")
    def _onchange_edicode(self):
        """Write it as it is sent, and name the operator if the address tells."""
        if self.edicode:
            address = ElectronicAddress.parse(self.edicode)
            self.edicode = address.eia
            if address.is_peppol:
                self.einvoice_operator_id = self._maventa_operator("PEPPOL", "Peppol")

    # === BUSINESS === #

    def _maventa_address(self):
        """Return where this contact's e-invoices go, else those of its company.

        Odoo's own Peppol address counts where it is one of Finland's network.
        """
        self.ensure_one()
        for partner in (self, self.commercial_partner_id):
            operator = partner.einvoice_operator_id.sudo().identifier or ""
            if partner.edicode:
                return ElectronicAddress.parse(partner.edicode, operator)
        partner = self.commercial_partner_id
        if partner.peppol_eas in FINNISH_SCHEMES and partner.peppol_endpoint:
            return ElectronicAddress.parse(partner.peppol_endpoint, operator)
        return ElectronicAddress()

    def _maventa_has_operator_only(self):
        """Tell whether an operator is named without any address there."""
        partners = self | self.commercial_partner_id
        return bool(partners.einvoice_operator_id) and not self._maventa_address()

    def _maventa_address_problem(self):
        """Return what is wrong with the e-invoice address, in words; or nothing."""
        address = self._maventa_address()
        problem = address.problem() if address else None
        if not problem:
            schemes = dict(self._fields["peppol_eas"]._description_selection(self.env))
            unknown = address.is_peppol and address.scheme not in schemes
            problem = AddressProblem.PEPPOL if unknown else None
        if not problem:
            return ""
        return self.env._(
            "The e-invoice address %(address)s of %(customer)s is not possible: "
            "%(reason)s",
            address=address.eia,
            customer=self.display_name,
            reason=self._maventa_address_words()[problem],
        )

    def _maventa_address_words(self):
        return {
            AddressProblem.LENGTH: self.env._("it needs 2 to 35 characters."),
            AddressProblem.OVT: self.env._(
                "an OVT is 0037, the eight digits of the business id, and up to five "
                "characters; or a digit is wrong."
            ),
            AddressProblem.IBAN: self.env._("the account number (IBAN) has a typo."),
            AddressProblem.GLN: self.env._(
                "a GLN has 13 digits; or one of them is wrong."
            ),
            AddressProblem.PEPPOL: self.env._(
                "Peppol needs a known scheme before the id, as in 0216:003712345671."
            ),
        }
