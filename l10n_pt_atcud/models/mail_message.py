"""Notes of issued documents and of series stay: they are the proof of an ATCUD."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..kept import NOTE, forged_notes, noted_records


class MailMessage(models.Model):
    _inherit = "mail.message"

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        since = fields.Datetime.now()
        messages = super().create(vals_list)
        forged_notes(messages, since)._l10n_pt_atcud_check_proof()
        return messages

    def write(self, vals):
        is_note = bool(NOTE & vals.keys())
        if is_note:
            self._l10n_pt_atcud_check_proof()
        result = super().write(vals)
        if is_note and not self.env.su:
            self._l10n_pt_atcud_check_proof()  # another message has become one
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_l10n_pt_atcud(self):
        self._l10n_pt_atcud_check_proof()

    # === HELPERS === #

    def _l10n_pt_atcud_check_proof(self):
        """Raise for notes that Odoo wrote about what is issued, or known to AT."""
        for move in noted_records(self, "account.move"):
            if move._l10n_pt_atcud_is_final():
                raise self.env["l10n_pt_atcud.immutability"].proof_refusal(move)
        for payment in noted_records(self, "account.payment"):
            if payment._l10n_pt_atcud_is_final():
                raise payment._l10n_pt_atcud_frozen_error()
        for series in noted_records(self, "l10n_pt_atcud.series"):
            if series.state != "draft":
                raise UserError(
                    self.env._(
                        "The notes of the series %s are proof of what AT was told, and "
                        "stay.",
                        series.display_name,
                    )
                )
