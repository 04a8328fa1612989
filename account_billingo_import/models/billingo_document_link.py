from odoo import models

from ..billingo_api import messages


class BillingoDocument(models.Model):
    _inherit = "billingo.document"

    def _relatives(self):
        """Return the connection's documents that name this one or are named by it.

        Which side names the other is not documented, so both are looked at.
        """
        self.ensure_one()
        named = self.reference_ids.mapped("billingo_id")
        by_others = self.env["billingo.document.reference"].search(
            [
                ("billingo_id", "=", self.billingo_id),
                ("document_id.connection_id", "=", self.connection_id.id),
            ]
        )
        found = self.search(
            [
                ("connection_id", "=", self.connection_id.id),
                ("billingo_id", "in", named),
            ]
        )
        return (found | by_others.document_id) - self

    def _original(self, relatives):
        """Return the document that a storno or correction changes, if it is here.

        A storno of a correction names a follower; of several, the youngest that is
        older than this one.
        """
        if not self.is_follower:
            return self.browse()
        older = relatives.filtered(
            lambda other: (
                other.kind not in messages.CANCELLATIONS and _age(other) < _age(self)
            )
        )
        return older.sorted(_age)[-1:]

    def _adopt_followers(self, relatives):
        """Link stornos and corrections that came before their original."""
        for follower in relatives.filtered("is_follower"):
            move = follower.move_id
            if not move or move.reversed_entry_id or move.debit_origin_id:
                continue
            if follower._original(follower._relatives()) != self:
                continue
            is_debit = follower.kind == "modification" and move.move_type in (
                "out_invoice",
                "in_invoice",
            )
            if is_debit:
                move.debit_origin_id = self.move_id
                continue
            move.reversed_entry_id = self.move_id
            if move.state == self.move_id.state == "posted":
                self.move_id._reconcile_reversed_moves(move, False)

    def _related_moves(self):
        """Return the entries of the relatives: advances, finals, stornos."""
        return self._relatives().move_id


def _age(document):
    return (len(document.billingo_id), document.billingo_id)
