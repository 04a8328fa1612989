from odoo import fields, models

from .raw_content import VOLATILE, digest

WARNING = "mail.mail_activity_data_warning"


class BillingoDocument(models.Model):
    """What Billingo says later about a document that is here."""

    _inherit = "billingo.document"

    changed_digest = fields.Char(readonly=True)
    changed_attachment_id = fields.Many2one(
        "ir.attachment", "Data after the change", readonly=True
    )

    def _renew(self, document):
        """Take over what Billingo says now; what is booked stays booked."""
        self.ensure_one()
        if self.state == "processed":
            self._renew_processed(document)
            return
        values = self._values(self.connection_id, document)
        if values["digest"] != self.digest:
            self._keep_raw(document)
            self._drop_pdf()
            self._drop_corrections()
            if self.state == "error" or self._is_no_proforma_any_more(document):
                values |= {"state": "fetched", "skip_reason": False}
        else:
            self._keep_references(document)
        self._write_changes(values)

    def _renew_processed(self, document):
        """Follow payment, cancellation and NAV; tell of any other change, once."""
        self._keep_references(document)
        now = digest(document.raw)
        is_news = now not in (self.digest, self.changed_digest)
        names = self._changed_names(document) if is_news else ()
        self._write_changes(
            {
                **self._volatile_values(document),
                "is_changed": now != self.digest,
                "changed_digest": now if now != self.digest else False,
            }
        )
        self._ask_for_parts()
        if is_news:
            self.changed_attachment_id = self._attach_raw(document)
            text = self.env._(
                "Billingo now shows something else for this document: %(fields)s. The "
                "entry was left as it is, and the new data are attached. Compare "
                "them, and correct the entry if need be.",
                fields=", ".join(self._in_words("PARTS", name) for name in names),
            )
            self.activity_unlink([WARNING])
            self.activity_schedule(
                WARNING,
                summary=self.env._("Billingo: changed after import"),
                note=text,
                user_id=(self.connection_id.user_id or self.env.user).id,
            )

    def _wait_again(self):
        """Without an entry a document waits again, with what Billingo says now."""
        for document in self:
            if document.is_changed and document.changed_attachment_id:
                document.raw_attachment_id = document.changed_attachment_id
                parsed = document._parsed()
                document.write(document._values(document.connection_id, parsed))
                document.is_changed = document.changed_digest = False
                document._drop_pdf()
                document._drop_corrections()
        self.write(
            {
                "state": "fetched",
                "skip_reason": False,
                "pdf_state": False,
                "pdf_next_try": False,
                "note": False,
            }
        )

    def _changed_names(self, document):
        """Return what differs from the data that were booked, as Billingo calls it."""
        before, now = self._raw(), document.raw
        names = (before.keys() | now.keys()) - VOLATILE
        return sorted(name for name in names if before.get(name) != now.get(name))

    def _is_no_proforma_any_more(self, document):
        return self.skip_reason == "proforma" and document.type != "proforma"

    def _write_changes(self, values):
        changed = {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
        if changed:
            self.write(changed)
