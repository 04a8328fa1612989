"""Banks and operators that carry customers' e-invoices."""

from odoo import api, fields, models

from ..guards import guarded

# Banks and operators of Finland's network, and Peppol; Maventa's list has more
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
# External ids of OCA's module that differ from the identifier in small letters
OCA_LABELS = {
    "885060259470028": "00885060259470028",
    "885790000000418": "00885790000000418",
    "E204503": "E204503",
}


@guarded()
class ResPartnerOperatorEinvoice(models.Model):
    """Name and fields are those of OCA's ``l10n_fi_edicode``.

    It may become OCA's model when both are installed; therefore no other code relies
    on methods of this class.
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
        help="The code of the operator, or the BIC of the bank. PEPPOL for Peppol.",
    )
    ttype = fields.Selection(
        [("bank", "Bank"), ("broker", "Operator")], "Type", default="broker"
    )

    _identifier_uniq = models.Constraint(
        "unique(identifier)", "An operator with this identifier already exists."
    )

    # === COMPUTES === #

    @api.depends("name", "identifier")
    def _compute_display_name(self):
        for operator in self:
            operator.display_name = f"{operator.name} ({operator.identifier})"
