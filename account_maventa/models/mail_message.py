"""Notes of what Maventa has stay: they say what was sent, and what became of it."""

from odoo import api, models

from ..kept import NOTE, noted_records


class MailMessage(models.Model):
    _inherit = "mail.message"

    # === OVERRIDES === #

    def write(self, vals):
        # EXTENDS 'mail'
        if NOTE & vals.keys():
            self._maventa_check_proof()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof_of_maventa(self):
        self._maventa_check_proof()

    # === HELPERS === #

    def _maventa_check_proof(self):
        """Raise a user error for notes of documents that Maventa has."""
        moves = noted_records(self, "account.move")
        moves.filtered(lambda x: x._maventa_is_handed_over())._maventa_raise_frozen()
