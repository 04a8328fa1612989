"""Notes of imported entries and of Billingo documents stay: they say where from."""

from odoo import models
from odoo.exceptions import UserError

from ..kept import keep_notes, noted_records

# In the context of what deletes an entry with its notes. An object: no request from
# outside can carry it.
DELETING = object()


def deleting(records):
    """Return ``records`` in a context in which their notes go with them."""
    return records.with_context(billingo_deleting=DELETING)


@keep_notes("_billingo_check_proof")
class MailMessage(models.Model):
    _inherit = "mail.message"

    def _billingo_check_proof(self):
        """Raise a user error for notes about what came from Billingo."""
        if self.env.context.get("billingo_deleting") is DELETING:
            return
        moves = noted_records(self, "account.move").filtered("billingo_document_id")
        documents = noted_records(self, "billingo.document")
        for record in (*moves, *documents):
            raise UserError(
                self.env._(
                    "%s came from Billingo: its notes are proof of that, and stay.",
                    record.display_name,
                )
            )
