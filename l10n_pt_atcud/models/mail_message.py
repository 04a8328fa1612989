"""Notes of issued documents and of series stay: they are the proof of an ATCUD."""

from odoo import models
from odoo.exceptions import UserError

from ..kept import keep_notes, noted_records


@keep_notes("_l10n_pt_atcud_check_proof")
class MailMessage(models.Model):
    _inherit = "mail.message"

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
