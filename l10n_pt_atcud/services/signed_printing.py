"""What a certified program prints, and what it does not print.

Texts are those of Despacho 8632/2014 (points in brackets), whatever the language of
the document.
"""

from copy import deepcopy

from odoo import api, models
from odoo.exceptions import UserError

from ..at_series import HashControl, signature_characters
from ..guards import internal

# In the context of prints. An object: no request from outside can carry it.
PRINT = object()
_SECOND = "2.ª via"
_COPY = "Cópia do documento original"


@internal
class L10nPtAtcudSignedPrinting(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.signed_printing"
    _description = "AT: mentions on signed documents"

    # === PUBLIC === #

    @api.model
    def documents(self, model, ids):
        """Return the records of a report that are documents with an ATCUD, or none."""
        others = self.env["l10n_pt_atcud.document.mixin"]._l10n_pt_atcud_models()
        return self.env[model].browse(ids) if model in ("account.move", *others) else ()

    @api.model
    def check(self, documents):
        """Raise unless all documents may be printed, shown or sent [1.10, 2.2.1].

        :raise UserError: what a company that signs has not issued, whatever asks for it
        """
        for document in documents:
            if not document._l10n_pt_atcud_is_withheld():
                continue
            if document._name == "account.move":
                raise UserError(
                    self.env._(
                        "%s is not issued, so it is not signed. A certified program "
                        "prints and sends signed documents only.",
                        document.display_name,
                    )
                )
            raise UserError(
                self.env._(
                    "%s has no number of a receipt. A certified program prints "
                    "receipts of a registered series only.",
                    document.display_name,
                )
            )

    @api.model
    def mention(self, move):
        """Return the mention of the certificate, or ``""`` [2.2.2, 2.2.3]."""
        if move.l10n_pt_atcud_hash:
            number = move._l10n_pt_atcud_content_of("software_number")
            characters = signature_characters(move.l10n_pt_atcud_hash)
            return f"{characters}-Processado por programa certificado n.º {number}/AT"
        if move.l10n_pt_atcud_is_external and move.company_id._l10n_pt_atcud_signing():
            number = move.company_id._l10n_pt_atcud_certificate_number()
            return f"Emitido por programa certificado n.º {number}/AT"
        return ""

    @api.model
    def copy_mention(self, move):
        """Return what says that this is no original, or ``""`` [2.2.8 to 2.2.10, 15].

        A recovered document names its original.
        """
        mentions = []
        control = move.l10n_pt_atcud_hash and HashControl.parse(
            move.l10n_pt_atcud_hash_control
        )
        if control and control.is_recovered:
            _version, _hyphen, original = str(control).partition("-")
            mentions.append(f"{_COPY} - {original}")
        if move.l10n_pt_atcud_hash:
            mentions.append(self.second_print(move))
        return " - ".join(filter(None, mentions))

    @api.model
    def second_print(self, document):
        """Return what a second print of a document says, or ``""`` on the first.

        What a screen shows is none either: nobody counts how often it is printed.
        """
        is_print = document.env.context.get("l10n_pt_atcud_print") is PRINT
        return "" if is_print and not document.l10n_pt_atcud_prints else _SECOND

    @api.model
    def counted(self, reports):
        """Return ``reports`` in a context in which prints are counted."""
        return reports.with_context(l10n_pt_atcud_print=PRINT)

    @api.model
    def withheld(self, move):
        """Return what is withheld of a signed document: id of group -> negative amount.

        It stands below the total, which is before withholding as signed [2.2.7].
        """
        return self._withheld(move, "amount_currency")

    @api.model
    def total_in_words(self, move):
        """Return the printed total in words: where it is signed, before withholding."""
        if not self.withheld(move):
            return move.amount_total_words
        total = move.amount_total - sum(self.withheld(move).values())
        return move.currency_id.amount_to_text(total).replace(",", "")

    @api.model
    def without_withheld(self, move, totals):
        """Return Odoo's summary of taxes without what is withheld [2.2.7]."""
        withheld = self.withheld(move)
        if not withheld:
            return totals
        totals = deepcopy(totals)  # Odoo keeps it
        # In the document's currency, and in the company's, which is printed as well.
        for suffix, amounts in (
            ("_amount_currency", withheld),
            ("_amount", self._withheld(move, "balance")),
        ):
            totals[f"total{suffix}"] -= sum(amounts.values())
            for subtotal in totals["subtotals"]:
                for group in subtotal["tax_groups"]:
                    group[f"tax{suffix}"] -= amounts.get(group["id"], 0)
        for subtotal in totals["subtotals"]:
            subtotal["tax_groups"] = [
                group
                for group in subtotal["tax_groups"]
                if group["id"] not in withheld
                or not move.currency_id.is_zero(group["tax_amount_currency"])
            ]
        return totals

    @api.model
    def count(self, documents):
        """Note that documents were printed: the next print is a second one."""
        for document in documents:
            if document._l10n_pt_atcud_certificate_mention():
                document._l10n_pt_atcud_write_protected(
                    l10n_pt_atcud_prints=document.l10n_pt_atcud_prints + 1
                )

    # === HELPERS === #

    def _withheld(self, move, name):
        """Return the sums of a field of journal items, as in :meth:`withheld`."""
        if not move.l10n_pt_atcud_hash:
            return {}
        lines = move.line_ids.filtered(
            lambda line: line.tax_line_id.l10n_pt_atcud_level == "withholding"
        )
        return {
            group.id: move.direction_sign * sum(taxes.mapped(name))
            for group, taxes in lines.grouped("tax_group_id").items()
        }
