"""What is printed on a document, kept as it was when the document was issued.

A later change of the customer, of a tax or of the settings changes no reprint.
"""

from odoo import api, models

from ..guards import internal


@internal
class L10nPtAtcudIssuedContent(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.issued_content"
    _description = "AT: what is printed on an issued document"

    # === PUBLIC === #

    @api.model
    def freeze(self, moves):
        """Write down what is printed on documents that have just got their ATCUD.

        :raise UserError: something that the law requires on paper is missing
        """
        content, payload = (
            moves._fields[name]
            for name in ("l10n_pt_atcud_content", "l10n_pt_atcud_qr_payload")
        )
        # Protected, as while they are computed: writing through account.move would
        # check and balance every entry once more.
        with self.env.protecting([content, payload], moves):
            for move in moves:
                move.l10n_pt_atcud_content = self._content(move)
                move.l10n_pt_atcud_qr_payload = self._payload(move)

    @api.model
    def freeze_cancellation(self, move):
        """Let the QR code say that the document is cancelled, and nothing else."""
        payload = move.l10n_pt_atcud_qr_payload
        field = move._fields["l10n_pt_atcud_qr_payload"]
        if payload:
            with self.env.protecting([field], move):
                move.l10n_pt_atcud_qr_payload = payload.replace("*E:N*", "*E:A*", 1)

    # === HELPERS === #

    def _content(self, move):
        """Return the printed contents, for addons that add to them."""
        partner = move.partner_id
        names = self.env["l10n_pt_atcud.document_names"]
        lang = partner.lang or self.env.lang
        printed = partner.with_context(lang=lang, show_address=True)
        name, _newline, address = printed.display_name.partition("\n")
        taxes = move.line_ids.tax_ids.with_context(lang=lang)
        all_taxes = taxes.flatten_taxes_hierarchy() | taxes
        taxpayer = move.company_id._l10n_pt_atcud_taxpayer().sudo()
        return {
            "customer": {
                "name": name,
                "address": address.strip().split("\n") if address.strip() else [],
                "vat": partner.vat or "",
                "country": partner.country_id.code or "",
            },
            "supplied_on": str(move.delivery_date or ""),
            "document_type": move.l10n_pt_atcud_document_type,
            "document_name": names.of_type(move.l10n_pt_atcud_document_type, partner),
            "producer": move.company_id.sudo().l10n_pt_atcud_producer or "",
            "producer_details": self._producer_details(taxpayer),
            "software_number": taxpayer._l10n_pt_atcud_certificate_number() or "",
            "taxes": {str(tax.id): tax.tax_label or "" for tax in taxes},
            "tax_groups": {
                str(group.id): group.name for group in all_taxes.tax_group_id
            },
        }

    def _producer_details(self, taxpayer):
        """Return the lines of the header of training documents."""
        signing = taxpayer._l10n_pt_atcud_signing()
        if not signing:
            return []
        address = (signing.producer_address or "").splitlines()
        return [signing.producer, f"NIF {signing.producer_vat}", *address]

    def _payload(self, move):
        """Return the text of the QR code, or ``False`` where none may be printed."""
        service = self.env["l10n_pt_atcud.qr_code"]
        signature = service._signature(move)
        return service.payload(move, signature) if signature else False
