from odoo import models
from odoo.exceptions import UserError

from ..billingo_api import errors


class BillingoDocument(models.Model):
    """A document whose data cannot be right is asked for once more."""

    _inherit = "billingo.document"

    def action_read_again(self):
        """Read the document as Billingo has it now, and process that."""
        self.ensure_one()
        self._check_bookkeeper()
        document = self.sudo().try_lock_for_update()
        if not document or document.state == "processed":
            raise UserError(self.env._("Nothing here waits for processing."))
        connection = document.connection_id
        try:
            with connection._client() as client:
                parsed = document._read_again(client)
        except errors.SetupError as error:
            connection._suspend(error)
            document._keep()
            raise UserError(connection._explain(error)) from error
        except errors.BillingoError as error:
            raise UserError(connection._explain(error)) from error
        document._renew(parsed)
        document._keep()
        return self.action_process()

    def _read_again(self, client):
        if self.mode == "spending":
            return client.spending(self._parsed())
        return client.document(self.billingo_id)

    def _again_remedy(self):
        return {
            "message": self.env._(
                "%s Perhaps Billingo has it right by now. If not, have it corrected "
                "there, or enter it by hand under its number and process again: it "
                "then counts as recorded.",
                self.error,
            ),
            "action_text": self.env._("Ask Billingo again"),
            "action_call": [self._name, "action_read_again", self.ids],
        }
