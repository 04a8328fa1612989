from odoo import api, fields, models


class BillingoConnection(models.Model):
    """How many documents are where, for the form and the list."""

    _inherit = "billingo.connection"

    count_documents = fields.Integer("Documents", compute="_compute_counts")
    count_fetched = fields.Integer("To process", compute="_compute_counts")
    count_processed = fields.Integer("Processed", compute="_compute_counts")
    count_skipped = fields.Integer("Skipped", compute="_compute_counts")
    count_recorded = fields.Integer("… recorded already", compute="_compute_counts")
    count_proforma = fields.Integer("… pro forma", compute="_compute_counts")
    count_by_user = fields.Integer("… by a user", compute="_compute_counts")
    count_errors = fields.Integer("With errors", compute="_compute_counts")
    count_pdf_waiting = fields.Integer("PDFs waiting", compute="_compute_counts")

    @api.depends(
        "document_ids.state", "document_ids.pdf_state", "document_ids.skip_reason"
    )
    def _compute_counts(self):
        groups = self.env["billingo.document"]._read_group(
            [("connection_id", "in", self.ids)],
            ["connection_id", "state", "pdf_state", "skip_reason"],
            ["__count"],
        )
        for connection in self:
            own = [(*rest, count) for who, *rest, count in groups if who == connection]

            def count(state=None, pdf=None, reason=None, own=own):
                return sum(
                    number
                    for its_state, its_pdf, its_reason, number in own
                    if state in (None, its_state)
                    and pdf in (None, its_pdf)
                    and reason in (None, its_reason)
                )

            connection.count_documents = count()
            connection.count_fetched = count("fetched")
            connection.count_processed = count("processed")
            connection.count_skipped = count("skipped")
            connection.count_recorded = count(reason="recorded")
            connection.count_proforma = count(reason="proforma")
            connection.count_by_user = count(reason="user")
            connection.count_errors = count("error")
            connection.count_pdf_waiting = count(pdf="waiting")
