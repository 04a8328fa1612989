"""Journals whose numbers Billingo gives."""

from odoo import fields, models

from ..guards import ensure_one, guarded


@guarded()
class AccountJournal(models.Model):
    _inherit = "account.journal"

    billingo_connection_ids = fields.One2many(
        "billingo.connection", "journal_id", "Billingo connections"
    )

    # === HELPERS === #

    def _billingo_numbers(self):
        """Tell whether the journal has the numbers of our own Billingo account."""
        ensure_one(self)
        connections = self.sudo().billingo_connection_ids
        return bool(
            connections.filtered(
                lambda x: x.mode == "customer" and (x.state != "draft" or x.run_id)
            )
        )
