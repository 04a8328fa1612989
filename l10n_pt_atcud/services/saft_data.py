"""What a writer of SAF-T (PT) needs of a document, as it was signed and recorded.

The addon writes no SAF-T file. The names are those of the schema SAFTPT1.04_01,
element ``Invoice``.
"""

from datetime import UTC
from textwrap import shorten

from odoo import api, models

from ..at_series import UNCERTIFIED, HashControl, entry_text, gross_total_text
from ..guards import internal
from .document_cancellation import REASON_LENGTH

_UNCERTIFIED = HashControl(None, UNCERTIFIED)
_CUSTOMER = ("name", "street", "city", "zip", "country_id")  # compulsory in the schema


@internal
class L10nPtAtcudSaftData(models.AbstractModel):
    """Commits nothing. Reads only."""

    _name = "l10n_pt_atcud.saft_data"
    _description = "AT: data of documents for SAF-T (PT)"

    # === PUBLIC === #

    @api.model
    def of(self, move):
        """Return the data of an issued document, texts by the names of the schema.

        :param move: with an ATCUD, signed or issued by another program
        """
        external = move.l10n_pt_atcud_is_external
        signed = move.l10n_pt_atcud_signed or {}
        control = move.l10n_pt_atcud_hash_control or ""
        if external:
            control = move.l10n_pt_atcud_external_hash_control or str(_UNCERTIFIED)
        source = HashControl.parse(control).source_billing if control else "P"
        return {
            "InvoiceNo": signed.get("number") or move.name,
            "ATCUD": move.l10n_pt_atcud_value,
            "DocumentStatus": {**self._status(move), "SourceBilling": source},
            "Hash": (move.l10n_pt_atcud_external_hash if external else None)
            or move.l10n_pt_atcud_hash
            or "0",
            "HashControl": control or "0",
            "InvoiceDate": signed.get("date") or move.invoice_date.isoformat(),
            # of each line
            "TaxPointDate": str(move._l10n_pt_atcud_supplied_on() or move.invoice_date),
            "InvoiceType": move.l10n_pt_atcud_document_type,
            "SourceID": move.l10n_pt_atcud_source_id or move.create_uid.login,
            "SystemEntryDate": signed.get("entry") or "",
            "GrossTotal": signed.get("gross_total") or self._gross_total(move),
            "References": self._reference(move),
        }

    @api.model
    def missing(self, move):
        """Return what SAF-T (PT) will lack of a draft that will be signed, as messages.

        Despacho 8632/2014, 3.4.1: the user is warned. The final consumer has no
        address, and needs none.
        """
        if not move.company_id._l10n_pt_atcud_signing():
            return []
        return [*self._missing_of_customer(move), *self._missing_of_lines(move)]

    # === HELPERS === #

    def _missing_of_customer(self, move):
        partner = move.commercial_partner_id
        names = [name for name in _CUSTOMER if not partner[name]]
        if not (partner.vat and names):
            return
        yield self.env._(
            "SAF-T (PT) needs these fields of %(customer)s: %(fields)s.",
            customer=partner.display_name,
            fields=", ".join(
                partner._fields[name]._description_string(self.env) for name in names
            ),
        )

    def _missing_of_lines(self, move):
        lines = move.invoice_line_ids.filtered(
            lambda line: (
                line.display_type == "product" and not line.product_id.default_code
            )
        )
        if lines:
            yield self.env._(
                "SAF-T (PT) needs a product with an internal reference on the lines: "
                "%(lines)s.",
                lines=", ".join(line.name or "" for line in lines),
            )

    def _gross_total(self, move):
        amounts = self.env["l10n_pt_atcud.fiscal_amounts"]
        return gross_total_text(amounts.gross_total(move))

    def _status(self, move):
        """Return the status of a document: when, why and by whom it came about."""
        if move.state != "cancel":
            return {
                "InvoiceStatus": "N",
                "InvoiceStatusDate": (move.l10n_pt_atcud_signed or {}).get("entry"),
                "SourceID": move.l10n_pt_atcud_source_id,
            }
        moment = move.l10n_pt_atcud_cancelled_on
        return {
            "InvoiceStatus": "A",
            "InvoiceStatusDate": entry_text(_aware(moment)) if moment else None,
            "Reason": move.l10n_pt_atcud_cancel_reason,
            "SourceID": move.l10n_pt_atcud_cancel_source_id,
        }

    def _reference(self, move):
        """Return the corrected document; a recovered one goes by its own number."""
        corrected = move._l10n_pt_atcud_corrected().sudo()
        if not corrected:
            return None
        number = corrected._l10n_pt_atcud_original() or corrected.name
        # Older documents, and those that are not signed, may say more.
        reason = shorten(
            move.l10n_pt_atcud_reason or "", REASON_LENGTH, placeholder=" …"
        )
        return {"Reference": number, "Reason": reason}


def _aware(moment):
    return moment.replace(tzinfo=UTC)
