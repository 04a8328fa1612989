"""A document of Billingo that could not be stored, with all that Billingo says of it.

It holds its place until the document is stored: the other documents of its page are
stored without it, and runs go on. Each run tries it again, less and less often.
"""

import json
from datetime import timedelta

from odoo import api, fields, models

from ..guards import guarded

# Hours until the next try, by failures.
BACK_OFF = (1, 2, 6, 12, 24)
SHOWN = 20  # documents that a message names


@guarded(
    *"connection_id company_id billingo_id name raw error_source failures".split(),
    *"next_try_at tried_at is_notified".split(),
)
class BillingoUnstored(models.Model):
    _name = "billingo.unstored"
    _description = "Billingo document that could not be stored"
    _order = "connection_id, id"

    connection_id = fields.Many2one(
        "billingo.connection", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    mode = fields.Selection(related="connection_id.mode")
    billingo_id = fields.Char("ID at Billingo", required=True, readonly=True)
    name = fields.Char("Number", readonly=True)
    # JSON in ASCII: whatever a document contains, this can be stored.
    raw = fields.Text("Data", readonly=True)
    # The source of the text, see `billingo.messages`: readers differ in language.
    error_source = fields.Text(readonly=True)
    error = fields.Text("Reason", compute="_compute_error")
    failures = fields.Integer("Failures in a row", readonly=True)
    next_try_at = fields.Datetime("Next try", readonly=True)
    # See ``billingo.remote.call``.
    tried_at = fields.Datetime("Last try", readonly=True)
    is_notified = fields.Boolean("Reported", readonly=True)

    # === CONSTRAINTS === #

    _billingo_id_uniq = models.Constraint(
        "unique(connection_id, billingo_id)",
        "What cannot be stored is noted once per connection.",
    )

    # === COMPUTES === #

    @api.depends("name", "billingo_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.name or row.billingo_id

    @api.depends("error_source")
    @api.depends_context("lang")
    def _compute_error(self):
        for row in self:
            text = self.env["billingo.messages"]._text(row.error_source)
            row.error = text or False

    # === HELPERS === #

    @api.model
    def _of(self, connection, documents):
        """Return the rows of parsed documents, by their id at Billingo."""
        ids = [document.id for document in documents]
        rows = self.search(
            [("connection_id", "=", connection.id), ("billingo_id", "in", ids)]
        )
        return {row.billingo_id: row for row in rows}

    @api.model
    def _note(self, connection, document, error):
        """Note that a document could not be stored; count its failures."""
        row = self._of(connection, [document]).get(document.id)
        if not row:
            identity = {"connection_id": connection.id, "billingo_id": document.id}
            row = self.create(identity)
        row.write(
            {
                "name": document.invoice_number,
                "raw": json.dumps(document.raw),
                "error_source": self.env["billingo.messages"]._source(error),
            }
        )
        row._wait()

    @api.model
    def _settle(self, connection, document):
        """Forget a document that is stored now, or is not wanted any more.

        A spending of which only the list is stored can still fail with its lines.
        """
        unread = [
            ("connection_id", "=", connection.id),
            ("billingo_id", "=", document.id),
            ("digest", "=", False),
        ]
        if not self.env["billingo.document"].search_count(unread, limit=1):
            self.browse().union(*self._of(connection, [document]).values()).unlink()

    def _wait(self):
        """Count a failure; the next try is later than the last one was."""
        hours = BACK_OFF[min(self.failures, len(BACK_OFF) - 1)]
        now = fields.Datetime.now()
        self.write(
            {
                "failures": self.failures + 1,
                "tried_at": now,
                "next_try_at": now + timedelta(hours=hours),
            }
        )

    def _is_due(self):
        """Tell whether it may be tried again now."""
        return not self.next_try_at or self.next_try_at <= fields.Datetime.now()

    def _parsed(self):
        """Return what Billingo said last, as the protocol package's ``Document``."""
        return self.connection_id._parse(json.loads(self.raw))

    def _report(self):
        """Report documents that were not stored, each once."""
        new = self.filtered(lambda x: not x.is_notified)
        if not new:
            return
        new.is_notified = True
        self.env["billingo.notifications"]._send(
            new.connection_id,
            "mt_document_error",
            lambda env: (
                env._("Billingo: documents could not be stored"),
                env._(
                    "These documents are not in Odoo. Each run tries them again:\n%s",
                    new.with_env(env)._listed(),
                ),
            ),
        )

    def _listed(self):
        """Return the documents with their reasons, as text."""
        rows = [f"{row.display_name}: {row.error}" for row in self[:SHOWN]]
        return "\n".join(rows + ["…"] * (len(self) > SHOWN))
