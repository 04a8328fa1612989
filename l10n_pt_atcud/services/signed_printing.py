"""What a certified program prints, and what it does not print.

Texts are those of Despacho 8632/2014 (points in brackets), whatever the language of
the document.
"""

from copy import deepcopy

from odoo import api, models
from odoo.exceptions import UserError

from ..at_series import HashControl, signature_characters
from ..guards import internal

_SECOND = "2.ª via"
_COPY = "Cópia do documento original"


@internal
class L10nPtAtcudSignedPrinting(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.signed_printing"
    _description = "AT: mentions on signed documents"

    # === PUBLIC === #

    @api.model
    def check(self, moves):
        """Raise unless all documents may be printed, shown or sent [1.10, 2.2.1].

        :raise UserError: a draft of a company that signs, whatever asks for it
        """
        for move in moves:
            if self.is_withheld(move):
                raise UserError(
                    self.env._(
                        "%s is not issued, so it is not signed. A certified program "
                        "prints and sends signed documents only.",
                        move.display_name,
                    )
                )

    @api.model
    def is_withheld(self, move):
        """Return whether nobody outside may see the document yet."""
        return bool(
            move._l10n_pt_atcud_is_document()
            and not move.l10n_pt_atcud_is_external
            and not move.l10n_pt_atcud_value
            and move.state == "draft"
            and move.company_id._l10n_pt_atcud_signing()
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

        A recovered document names its original. What was printed before is a second
        print.
        """
        mentions = []
        control = move.l10n_pt_atcud_hash and HashControl.parse(
            move.l10n_pt_atcud_hash_control
        )
        if control and control.is_recovered:
            _version, _hyphen, original = str(control).partition("-")
            mentions.append(f"{_COPY} - {original}")
        if move.l10n_pt_atcud_hash and move.l10n_pt_atcud_prints:
            mentions.append(_SECOND)
        return " - ".join(mentions)

    @api.model
    def withheld(self, move):
        """Return what is withheld of a signed document: tax group -> negative amount.

        It stands below the total, which is before withholding as signed [2.2.7].
        """
        if not move.l10n_pt_atcud_hash:
            return {}
        lines = move.line_ids.filtered(
            lambda line: line.tax_line_id.l10n_pt_atcud_level == "withholding"
        )
        return {
            group: move.direction_sign * sum(taxes.mapped("amount_currency"))
            for group, taxes in lines.grouped("tax_group_id").items()
        }

    @api.model
    def without_withheld(self, move, totals):
        """Return Odoo's summary of taxes without what is withheld [2.2.7]."""
        withheld = {group.id: one for group, one in self.withheld(move).items()}
        if not withheld:
            return totals
        totals = deepcopy(totals)  # Odoo keeps it
        totals["total_amount_currency"] -= sum(withheld.values())
        for subtotal in totals["subtotals"]:
            for group in subtotal["tax_groups"]:
                group["tax_amount_currency"] -= withheld.get(group["id"], 0)
            subtotal["tax_groups"] = [
                group
                for group in subtotal["tax_groups"]
                if group["id"] not in withheld
                or not move.currency_id.is_zero(group["tax_amount_currency"])
            ]
        return totals

    @api.model
    def count(self, moves):
        """Note that documents were printed: the next print is a second one."""
        for move in moves.filtered("l10n_pt_atcud_hash"):
            move._l10n_pt_atcud_write_protected(
                l10n_pt_atcud_prints=move.l10n_pt_atcud_prints + 1
            )
