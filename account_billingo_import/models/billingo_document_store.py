from collections import Counter
from datetime import date

from odoo import api, fields, models

from ..billingo_api import messages, parsing, spendings
from .raw_content import as_json, digest
from .res_partner import tax_base

EVER = date.min


class BillingoDocumentReference(models.Model):
    _name = "billingo.document.reference"
    _description = "What a Billingo document refers to"
    _rec_name = "invoice_number"

    document_id = fields.Many2one(
        "billingo.document", required=True, ondelete="cascade", index=True
    )
    billingo_id = fields.Char(required=True, index=True)
    invoice_number = fields.Char("Number")


class BillingoDocument(models.Model):
    _inherit = "billingo.document"

    @api.model
    def _store(self, connection, documents):
        """Store a page of documents; return how many were new, known, passed over.

        What is not wanted, or not addressed to us, leaves no trace but its count.
        """
        counts = Counter()
        found = {document.id: document for document in documents}
        known = self.search(
            [("connection_id", "=", connection.id), ("billingo_id", "in", [*found])]
        )
        for record in known:
            # What is here is kept up to date, wanted still or not.
            record._renew(found.pop(record.billingo_id))
        new = []
        for document in found.values():
            verdict = self._verdict(connection, document)
            counts[verdict or "new"] += 1
            if not verdict:
                new.append(document)
        counts["known"] += len(known)
        self._store_new(connection, new)
        return counts

    @api.model
    def _verdict(self, connection, document):
        """Return why a document is passed over (a count of the run), or None."""
        is_early = (document.invoice_date or EVER) < connection.start_date
        if connection.mode == "spending":
            return "early" if is_early else None
        if document.type not in self._wanted_kinds(connection):
            return "kind"
        blocks = connection.block_ids.mapped("billingo_id")
        if blocks and document.block_id not in blocks:
            return "block"
        if is_early:
            return "early"
        if connection.mode == "supplier":
            buyer = document.document_partner
            ours = buyer.group_member_tax_number or buyer.taxcode
        else:
            ours = document.organization.tax_number
        if tax_base(ours) not in connection._own_tax_bases():
            return "foreign"
        return None

    @api.model
    def _wanted_kinds(self, connection):
        kinds = set()
        if connection.has_invoices:
            kinds |= {"invoice"}
        if connection.has_advances:
            kinds |= {"advance"}
        if kinds:
            kinds |= {"cancellation", "modification"}
        if connection.has_proformas:
            kinds |= {"proforma"}
        if connection.has_receipts:
            kinds |= messages.RECEIPTS
        return kinds

    @api.model
    def _store_new(self, connection, documents):
        records = self.create(
            [
                {
                    "connection_id": connection.id,
                    "billingo_id": document.id,
                    **self._values(connection, document),
                    **(
                        {"state": "skipped", "skip_reason": "proforma"}
                        if document.type == "proforma"
                        else {}
                    ),
                }
                for document in documents
            ]
        )
        # A page's files and references at once: a page may have a hundred of them.
        attachments = self.env["ir.attachment"].create(
            [
                record._raw_attachment(document)
                for record, document in zip(records, documents, strict=True)
            ]
        )
        references = []
        for record, document, attachment in zip(
            records, documents, attachments, strict=True
        ):
            record.raw_attachment_id = attachment
            references += record._new_references(document, known=set())
        self.env["billingo.document.reference"].create(references)
        return records

    @api.model
    def _values(self, connection, document):
        """Return the fields that show a document."""
        other = (
            document.organization
            if connection.mode != "customer"
            else document.document_partner
        )
        number = getattr(other, "tax_number", "") or getattr(other, "taxcode", "")
        currency = self.env["res.currency"].with_context(active_test=False)
        summary = document.summary
        return {
            "name": document.invoice_number,
            "kind": document.type,
            "is_follower": document.type in messages.FOLLOWERS,
            "partner_name": other.name,
            "partner_tax_number": number,
            "partner_key": self._partner_key(other, number),
            "invoice_date": document.invoice_date,
            "fulfillment_date": document.fulfillment_date,
            "due_date": document.due_date,
            "currency_id": currency.search(
                [("name", "=", document.currency)], limit=1
            ).id,
            "net_amount": float(summary.net_amount or 0),
            "vat_amount": float(summary.vat_amount or 0),
            "gross_total": float(document.gross_total or 0),
            "payment_method": document.payment_method,
            "digest": digest(document.raw),
            **self._volatile_values(document),
        }

    @api.model
    def _partner_key(self, party, number):
        """Return what stays the same as long as Billingo means the same partner."""
        return "|".join((getattr(party, "id", ""), number or party.name))

    @api.model
    def _volatile_values(self, document):
        return {
            "payment_status": document.payment_status,
            "paid_date": self._paid_date(document),
            "nav_status": document.online_szamla_status,
            "is_cancelled": document.cancelled,
        }

    def _keep_raw(self, document):
        """Keep the document's own JSON, and what it refers to."""
        self.ensure_one()
        if self.raw_attachment_id:
            self.raw_attachment_id.raw = as_json(document)
        else:
            self.raw_attachment_id = self._attach_raw(document)
        self._keep_references(document)

    def _keep_references(self, document):
        known = set(self.reference_ids.mapped("billingo_id"))
        self.env["billingo.document.reference"].create(
            self._new_references(document, known)
        )

    def _attach_raw(self, document):
        return self.env["ir.attachment"].create(self._raw_attachment(document))

    def _raw_attachment(self, document):
        return {
            "name": f"{document.invoice_number or document.id}.json",
            "description": self.env._("Billingo JSON, by Billingo connection"),
            "mimetype": "application/json",
            "raw": as_json(document),
            "res_model": self._name,
            "res_id": self.id,
        }

    def _new_references(self, document, known):
        return [
            {
                "document_id": self.id,
                "billingo_id": other.id,
                "invoice_number": other.invoice_number,
            }
            for other in document.related_documents
            if other.id and other.id not in known
        ]

    def _parsed(self):
        """Return the document as the protocol package knows it."""
        self.ensure_one()
        if self.mode == "spending":
            return spendings.parse_spending(self._raw())
        return parsing.parse_document(self._raw())
