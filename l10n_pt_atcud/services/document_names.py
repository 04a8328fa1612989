"""The name of each type of document as it is printed: “Fatura simplificada”."""

from odoo import api, models
from odoo.tools import LazyTranslate

from ..guards import internal

_lt = LazyTranslate(__name__)

PORTUGUESE = ("pt_PT", "pt_BR")  # of a language that is not chosen, in this order
# The names of Portuguese law, which need no language to be installed.
_PORTUGUESE = {
    "FT": "Fatura",
    "FS": "Fatura simplificada",
    "FR": "Fatura-recibo",
    "ND": "Nota de débito",
    "NC": "Nota de crédito",
    "GR": "Guia de remessa",
    "GT": "Guia de transporte",
    "GA": "Guia de movimentação de ativos próprios",
    "GC": "Guia de consignação",
    "GD": "Guia ou nota de devolução",
    "CM": "Consulta de mesa",
    "CC": "Crédito de consignação",
    "FC": "Fatura de consignação",
    "FO": "Folha de obra",
    "NE": "Nota de encomenda",
    "OU": "Documento",
    "OR": "Orçamento",
    "PF": "Fatura pró-forma",
    "RP": "Prémio ou recibo de prémio",
    "RE": "Estorno ou recibo de estorno",
    "CS": "Imputação a co-seguradoras",
    "LD": "Imputação a co-seguradora líder",
    "RA": "Resseguro aceite",
    "RC": "Recibo",
    "RG": "Recibo",
}
_NAMES = {
    "FT": _lt("Invoice"),
    "FS": _lt("Simplified invoice"),
    "FR": _lt("Invoice-receipt"),
    "ND": _lt("Debit note"),
    "NC": _lt("Credit note"),
    "GR": _lt("Delivery note"),
    "GT": _lt("Transport guide"),
    "GA": _lt("Own assets movement guide"),
    "GC": _lt("Consignment note"),
    "GD": _lt("Return note"),
    "CM": _lt("Table consultation"),
    "CC": _lt("Consignment credit"),
    "FC": _lt("Consignment invoice"),
    "FO": _lt("Work sheet"),
    "NE": _lt("Order note"),
    "OU": _lt("Document"),
    "OR": _lt("Quotation"),
    "PF": _lt("Pro forma invoice"),
    "RP": _lt("Premium or premium receipt"),
    "RE": _lt("Reversal of premium or premium receipt"),
    "CS": _lt("Allocation to co-insurers"),
    "LD": _lt("Allocation to a leading co-insurer"),
    "RA": _lt("Accepted reinsurance"),
    "RC": _lt("Receipt"),
    "RG": _lt("Receipt"),
}


@internal
class L10nPtAtcudDocumentNames(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.document_names"
    _description = "AT: names of document types on paper"

    # === PUBLIC === #

    @api.model
    def language(self, customer, company):
        """Return the language of all of a document's paper.

        It is Portuguese, where that is installed, for customers in Portugal and those
        who read Portuguese; else the customer's, or the company's.
        """
        theirs, ours = customer.lang or "", company.partner_id.lang or ""
        own = theirs or ours or self.env.lang
        if not self._reads_portuguese(customer):
            return own
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        languages = (theirs, ours, *PORTUGUESE)
        fitting = (x for x in languages if x.startswith("pt") and x in installed)
        return next(fitting, own)

    @api.model
    def of_type(self, document_type, customer):
        """Return the name of a type, as AT calls it, for a customer.

        It is Portuguese for customers in Portugal and those who read Portuguese, else
        it is in the customer's language.
        """
        if self._reads_portuguese(customer):
            return _PORTUGUESE[document_type]
        environment = self.with_context(lang=customer.lang or self.env.lang).env
        return environment._(_NAMES[document_type])

    @api.model
    def title(self, move):
        """Return the name in the heading of an invoice, or ``""`` for Odoo's own.

        As it was when the document was issued; that of a draft says so. What another
        program issued has its name on that program's paper.
        """
        customer, document_type = move.partner_id, move.l10n_pt_atcud_document_type
        series_type = move.l10n_pt_atcud_series_id.sudo().document_type
        if move._l10n_pt_atcud_printed() and series_type:
            kept = move._l10n_pt_atcud_content_of("document_name")
            name = kept or self.of_type(series_type, customer)
            return self.cancelled(name, customer) if move.state == "cancel" else name
        if move.state == "draft" and move._l10n_pt_atcud_is_required():
            return self.draft(self.of_type(document_type, customer), customer)
        return ""

    @api.model
    def draft(self, name, customer):
        """Return the name of a document that is not issued yet."""
        if self._reads_portuguese(customer):
            return f"{name} - rascunho"
        environment = self.with_context(lang=customer.lang or self.env.lang).env
        return environment._("%s - draft", name)

    @api.model
    def cancelled(self, name, customer):
        """Return the name of a document that was cancelled after it was issued."""
        if self._reads_portuguese(customer):
            return f"{name} - documento anulado"
        environment = self.with_context(lang=customer.lang or self.env.lang).env
        return environment._("%s - cancelled document", name)

    # === HELPERS === #

    def _reads_portuguese(self, customer):
        return customer.commercial_partner_id.country_id.code == "PT" or (
            customer.lang or ""
        ).startswith("pt")
