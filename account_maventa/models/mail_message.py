"""Notes of what Maventa has stay: they say what was sent, and what became of it."""

from odoo import models

from ..kept import keep_notes, noted_records


@keep_notes("_maventa_check_proof")
class MailMessage(models.Model):
    _inherit = "mail.message"

    def _maventa_check_proof(self):
        """Raise a user error for notes of documents that Maventa has."""
        moves = noted_records(self, "account.move")
        moves.filtered(lambda x: x._maventa_is_held())._maventa_raise_frozen()
