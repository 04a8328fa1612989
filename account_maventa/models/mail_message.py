"""Notes of what Maventa has stay: they say what was sent, and what became of it."""

from odoo import api, fields, models

from ..kept import NOTE, forged_notes, noted_records


class MailMessage(models.Model):
    _inherit = "mail.message"

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'mail'
        since = fields.Datetime.now()
        messages = super().create(vals_list)
        forged_notes(messages, since)._maventa_check_proof()
        return messages

    def write(self, vals):
        # EXTENDS 'mail'
        is_note = bool(NOTE & vals.keys())
        if is_note:
            self._maventa_check_proof()
        result = super().write(vals)
        if is_note and not self.env.su:
            self._maventa_check_proof()  # another message has become one
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof_of_maventa(self):
        self._maventa_check_proof()

    # === HELPERS === #

    def _maventa_check_proof(self):
        """Raise a user error for notes of documents that Maventa has."""
        moves = noted_records(self, "account.move")
        moves.filtered(lambda x: x._maventa_is_handed_over())._maventa_raise_frozen()
