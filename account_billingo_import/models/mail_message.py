"""Notes of imported entries and of Billingo documents stay: they say where from."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..kept import NOTE, forged_notes, noted_records

# In the context of what deletes an entry with its notes. An object: no request from
# outside can carry it.
DELETING = object()


def deleting(records):
    """Return ``records`` in a context in which their notes go with them."""
    return records.with_context(billingo_deleting=DELETING)


class MailMessage(models.Model):
    _inherit = "mail.message"

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'mail'
        since = fields.Datetime.now()
        messages = super().create(vals_list)
        forged_notes(messages, since)._billingo_check_proof()
        return messages

    def write(self, vals):
        # EXTENDS 'mail'
        is_note = bool(NOTE & vals.keys())
        if is_note:
            self._billingo_check_proof()
        result = super().write(vals)
        if is_note and not self.env.su:
            self._billingo_check_proof()  # another message has become one
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof_of_billingo(self):
        if self.env.context.get("billingo_deleting") is not DELETING:
            self._billingo_check_proof()

    # === HELPERS === #

    def _billingo_check_proof(self):
        """Raise a user error for notes about what came from Billingo."""
        moves = noted_records(self, "account.move").filtered("billingo_document_id")
        documents = noted_records(self, "billingo.document")
        for record in (*moves, *documents):
            raise UserError(
                self.env._(
                    "%s came from Billingo: its notes are proof of that, and stay.",
                    record.display_name,
                )
            )
