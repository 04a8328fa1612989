"""Stornos and corrections are linked with their originals, in any order of arrival."""

from odoo import models

from ..billingo_api.kinds import kind_of


class BillingoDocumentLinks(models.AbstractModel):
    _name = "billingo.document.links"
    _description = "Links between Billingo documents"

    # === PUBLIC === #

    def _original(self, document, relatives):
        """Return the document that a storno or correction amends, if it is stored.

        A storno of a correction names an amendment; of several, the youngest that is
        older than this one.
        """
        if not document.is_amendment:
            return document.browse()
        older = relatives.filtered(
            lambda other: (
                not other._kind().is_cancellation and other._age() < document._age()
            )
        )
        return older.sorted(lambda other: other._age())[-1:]

    def _prepare_origin(self, parsed, booking, original):
        """Return the values that link an amendment with the entry that it amends.

        :param original: a record, may be empty
        """
        move = original.move_id
        kind = kind_of(parsed.type)
        if not move or not kind.is_amendment:
            return {}
        if kind.is_correction and not booking.is_refund:
            return {"debit_origin_id": move.id}
        return {"reversed_entry_id": move.id}

    def _link_amendments(self, document, relatives):
        """Link stornos and corrections that were booked before their original."""
        for amendment in relatives.filtered("is_amendment"):
            move = amendment.move_id
            if not move or move.reversed_entry_id or move.debit_origin_id:
                continue
            if self._original(amendment, amendment._relatives()) != document:
                continue
            is_debit = move.move_type in ("out_invoice", "in_invoice")
            if amendment._kind().is_correction and is_debit:
                move.debit_origin_id = document.move_id
                continue
            move.reversed_entry_id = document.move_id
            if move.state == document.move_id.state == "posted":
                document.move_id._reconcile_reversed_moves(move, False)
