"""The PDF and XML of an issued document stay as Odoo made them."""

from odoo import api, models

from ..kept import (
    CONTENT,
    DATA,
    PLACE,
    changed_files,
    entries_of_files,
    notes_with_files,
)


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        # Odoo makes the files of a document with sudo; nobody else gives it any.
        attachments = super().create(vals_list)
        if not self.env.su:
            attachments._l10n_pt_atcud_check_issued()
        return attachments

    def write(self, vals):
        if CONTENT & vals.keys():
            self.check_access("write")  # a refusal names the document
            changed_files(self, vals)._l10n_pt_atcud_check_issued()
            notes = notes_with_files(changed_files(self, vals, DATA))
            notes._l10n_pt_atcud_check_proof()
        result = super().write(vals)
        if PLACE & vals.keys() and not self.env.su:
            self._l10n_pt_atcud_check_issued()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_l10n_pt_atcud(self):
        self._l10n_pt_atcud_check_issued()
        notes_with_files(self)._l10n_pt_atcud_check_proof()

    # === HELPERS === #

    def _l10n_pt_atcud_check_issued(self):
        """Raise for files that an issued document has in its fields."""
        for move in entries_of_files(self):
            if move._l10n_pt_atcud_is_final():
                raise self.env["l10n_pt_atcud.immutability"].proof_refusal(move)
