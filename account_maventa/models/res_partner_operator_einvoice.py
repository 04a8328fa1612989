import re

from odoo import api, fields, models

# Banks and operators of Finland's network, and Peppol. More come from Maventa's list.
BANKS = {
    "AABAFI22": "Ålandsbanken",
    "DABAFIHH": "Danske Bank",
    "DNBAFIHX": "DNB Bank",
    "HANDFIHH": "Handelsbanken",
    "HELSFIHH": "Aktia",
    "ITELFIHH": "Säästöpankki, Oma Säästöpankki",
    "NDEAFIHH": "Nordea",
    "OKOYFIHH": "OP",
    "POPFFI22": "POP Pankki",
    "SBANFIHH": "S-Pankki",
}
BROKERS = {
    "PEPPOL": "Peppol",
    "003721291126": "Maventa",
    "003723327487": "Apix Messaging",
    "003703575029": "CGI, Telia",
    "003708599126": "OpenText",
    "003710948874": "Posti Messaging",
    "003723609900": "Pagero",
    "BAWCFI22": "Basware",
    "E204503": "OpusCapita",
}
# External ids of OCA's module that are not made of the identifier in small letters
OCA_LABELS = {
    "885060259470028": "00885060259470028",
    "885790000000418": "00885790000000418",
    "E204503": "E204503",
}


class ResPartnerOperatorEinvoice(models.Model):
    """Who carries a customer's e-invoices.

    Name and fields are those of OCA's l10n_fi_edicode, whose model it may become
    when both are installed: nothing else relies on what only this class has.
    """

    _name = "res.partner.operator.einvoice"
    _description = "E-invoice Operator"
    _order = "sequence, id"
    _rec_names_search = ["name", "identifier"]

    name = fields.Char("Operator", required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer()
    identifier = fields.Char(
        required=True,
        size=35,
        help="The operator's code, or the BIC of a bank. PEPPOL for all of Peppol.",
    )
    ttype = fields.Selection(
        [("bank", "Bank"), ("broker", "Operator")], "Type", default="broker"
    )

    _identifier_uniq = models.Constraint(
        "unique(identifier)", "There is an operator with this identifier already."
    )

    @api.depends("name", "identifier")
    def _compute_display_name(self):
        for operator in self:
            operator.display_name = f"{operator.name} ({operator.identifier})"


class ResPartner(models.Model):
    """Where operators come from."""

    _inherit = "res.partner"

    @api.model
    def _maventa_load_operators(self):
        """Make the operators that everybody needs, unless they are there."""
        for names, ttype in ((BANKS, "bank"), (BROKERS, "broker")):
            for identifier, name in names.items():
                self._maventa_operator(identifier, name, ttype=ttype)

    @api.model
    def _maventa_operator(self, identifier, name="", **values):
        """Return the operator of an identifier; make it if there is none.

        A new one gets the external id of OCA's module, which so finds it when it is
        installed later, instead of stumbling over an identifier that is taken.
        """
        operators = self.env["res.partner.operator.einvoice"].sudo()
        found = operators.with_context(active_test=False).search(
            [("identifier", "=", identifier)], limit=1
        )
        if found:
            return found
        made = operators.create(
            {"identifier": identifier, "name": name or identifier, **values}
        )
        if re.fullmatch(r"\w+", identifier):
            label = OCA_LABELS.get(identifier, identifier.lower())
            xml_id = f"l10n_fi_edicode.operator_einvoice_{label}"
            self.env["ir.model.data"].sudo()._update_xmlids(
                [{"xml_id": xml_id, "record": made, "noupdate": True}]
            )
        return made
