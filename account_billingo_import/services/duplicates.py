"""The duplicate guard: a document that is in the books already is not booked again."""

from odoo import models

from ..exceptions import DocumentProblem

SALES = ("out_invoice", "out_refund", "out_receipt")
PURCHASES = ("in_invoice", "in_refund", "in_receipt")


class BillingoDuplicates(models.AbstractModel):
    _name = "billingo.duplicates"
    _description = "Duplicate guard for Billingo documents"

    # === PUBLIC === #

    def _suspects(self, documents):
        """Return the documents that ``_recorded`` has to look at closely.

        Two queries for all instead of two for each.
        """
        companies = documents.company_id.ids
        twins = documents.sudo().search(
            [
                ("billingo_id", "in", documents.mapped("billingo_id")),
                ("company_id", "in", companies),
                ("id", "not in", documents.ids),
            ]
        )
        names = [name for name in documents.mapped("name") if name]
        moves = self.env["account.move"].search(
            [
                ("company_id", "in", companies),
                "|",
                ("name", "in", names),
                ("ref", "in", names),
            ]
        )
        ids, numbers = set(twins.mapped("billingo_id")), set()
        for move in moves:
            numbers |= {move.name, move.ref}
        return documents.filtered(lambda x: x.billingo_id in ids or x.name in numbers)

    def _recorded(self, document):
        """Return an entry of this document that came in another way, or none.

        By hand, or by another connection to the same account; never an entry of this
        connection, since two blocks may use the same numbers.
        """
        document.ensure_one()
        twins = document.sudo().search(
            [
                ("billingo_id", "=", document.billingo_id),
                ("name", "=", document.name),
                ("company_id", "=", document.company_id.id),
                ("mode", "=", document.mode),
                ("state", "=", "processed"),
                ("id", "!=", document.id),
            ]
        )
        if twins.move_id or not document.name:
            return twins.move_id[:1]
        is_sale = document.mode == "customer"
        own = (
            self._recorded_sale(document) if is_sale else self._recorded_bill(document)
        )
        common = [
            ("company_id", "=", document.company_id.id),
            ("state", "!=", "cancel"),
        ]
        return self.env["account.move"].search([*common, *own], limit=1)

    def _check_number(self, document, values):
        """Refuse a number that the journal has: the database would, less clearly.

        :raise DocumentProblem: the number is taken
        """
        taken = [
            ("journal_id", "=", values["journal_id"]),
            ("name", "=", values.get("name")),
            ("state", "!=", "cancel"),
        ]
        moves = self.env["account.move"]
        if document.mode == "customer" and moves.search_count(taken, limit=1):
            raise DocumentProblem("number_taken", number=document.display_name)

    # === HELPERS === #

    def _recorded_sale(self, document):
        return [
            ("billingo_document_id", "=", False),
            ("move_type", "in", SALES),
            "|",
            ("name", "=", document.name),
            ("ref", "=", document.name),
        ]

    def _recorded_bill(self, document):
        partners = self.env["res.partner"]._billingo_candidates(
            document.company_id, document.partner_tax_number
        )
        return [
            "|",
            ("billingo_document_id", "=", False),
            ("billingo_document_id.connection_id", "!=", document.connection_id.id),
            ("move_type", "in", PURCHASES),
            ("ref", "=", document.name),
            ("commercial_partner_id", "in", partners.ids),
        ]
