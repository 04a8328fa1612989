"""Whether an invoice still is what Maventa has of it."""

import hashlib
import json

from odoo import api, models
from odoo.tools import formatLang

from ..guards import internal
from ..models.account_move_line import PRINTED as PRINTED_OF_LINES
from ..models.account_move_line import PRINTED_TYPES
from ..models.maventa_frozen_document import PRINTED

# What Odoo changes while an invoice is reset to draft, and posted again as it was; and
# the answer about settlements, which any later payment takes back
HEAD = PRINTED - {"posted_before", "maventa_settled_as"}
LINE = PRINTED_OF_LINES - {"move_id", "sequence"}


@internal
class MaventaSentContent(models.AbstractModel):
    """Compares what decides a document: the customer's own data may change meanwhile.

    An invoice that Maventa could not deliver may be corrected. Its earlier document is
    still at Maventa, and can be sent from there: with the right number and a content
    that the books do not have any more.
    """

    _name = "maventa.sent.content"
    _description = "Invoice as Maventa Has It"

    # === PUBLIC === #

    @api.model
    def _values(self, move):
        """Return what a transfer keeps of the invoice whose document it uploads."""
        move = move.sudo()
        return {
            "content_hash": self._hash(move),
            "sent_total": move.amount_total,
            "sent_currency_id": move.currency_id.id,
        }

    @api.model
    def _is_same(self, transfer):
        """Return whether the invoice is posted, and the same as the document sent."""
        move = transfer.move_id.sudo()
        return move.state == "posted" and transfer.content_hash == self._hash(move)

    @api.model
    def _no_resending(self, transfer):
        """Return why Maventa must not send its document once more, or nothing."""
        move = transfer.move_id
        if move.state != "posted":
            return self.env._(
                "%s is not posted: Maventa must not send its document now. Post the "
                "invoice first.",
                move.display_name,
            )
        if self._is_same(transfer):
            return None
        status = move.maventa_account_company_id.sudo().maventa_status_to_transfer_id
        return self.env._(
            "%(invoice)s was changed since its transfer: Maventa would send the "
            "earlier document (%(sent)s, now %(now)s). Set the status "
            '"%(status)s" to transfer the invoice as it is now.',
            **self._facts(transfer),
            status=status.name or "",
        )

    @api.model
    def _contradiction(self, transfer):
        """Return what is wrong when Maventa delivers what the books do not have."""
        move = transfer.move_id
        states = dict(move._fields["state"]._description_selection(self.env))
        return self.env._(
            "The customer receives %(invoice)s as it was sent (%(sent)s), but in Odoo "
            "it is another one now (%(now)s, %(state)s), which was not sent. Look at "
            "the document that Maventa has. Make the invoice in Odoo the same again, "
            "post it, and correct it with a credit note.",
            **self._facts(transfer),
            state=states.get(move.state, ""),
        )

    @api.model
    def _compare(self, moves):
        """Look again whether invoices are the same as what Maventa delivers."""
        rows = moves.sudo().maventa_transfer_ids
        rows.filtered(lambda row: row.is_contradicted and not row.is_void)._agree()

    # === HELPERS === #

    def _hash(self, move):
        lines = move.invoice_line_ids.filtered(
            lambda line: line.display_type in PRINTED_TYPES
        )
        content = [
            self._texts(record, names)
            for names, records in (
                (HEAD, move),
                (LINE, lines.sorted(lambda line: (line.sequence, line.id))),
            )
            for record in records
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    def _texts(self, record, names):
        names = sorted(names & record._fields.keys())
        return [
            (name, self._text(record[name], record._fields[name])) for name in names
        ]

    def _text(self, value, field):
        if field.relational:
            return str(sorted(value.ids))
        if field.type in ("float", "monetary"):
            return f"{value + 0.0:.10f}"  # without the sign of zero
        return str(value or "")

    def _facts(self, transfer):
        """Return the invoice, what was sent of it, and what it is now, as texts."""
        move = transfer.move_id
        return {
            "invoice": move.display_name,
            "sent": self._sent_total(transfer),
            "now": formatLang(
                self.env, move.amount_total, currency_obj=move.currency_id
            ),
        }

    def _sent_total(self, transfer):
        if not transfer.sent_currency_id:  # sent by an earlier version of this addon
            return "?"
        return formatLang(
            self.env, transfer.sent_total, currency_obj=transfer.sent_currency_id
        )
