"""A reference: another document that a Billingo document names."""

from odoo import fields, models

from ..guards import guarded


@guarded("document_id", "billingo_id", "invoice_number")
class BillingoDocumentReference(models.Model):
    _name = "billingo.document.reference"
    _description = "Reference of a Billingo document"
    _rec_name = "invoice_number"

    document_id = fields.Many2one(
        "billingo.document", required=True, ondelete="cascade", index=True
    )
    billingo_id = fields.Char(required=True, index=True)
    invoice_number = fields.Char("Number")
