from odoo import api, fields, models


class BillingoConnection(models.Model):
    """Payments that Billingo knows of become payments here, where that is wanted."""

    _inherit = "billingo.connection"

    has_payments = fields.Boolean(
        "Register payments",
        tracking=True,
        help="What is paid at Billingo is registered as paid here. Leave it off where "
        "bank statements do that.",
    )
    payment_journal_ids = fields.One2many(
        "billingo.payment.journal", "connection_id", "Journals for payments"
    )

    @api.model_create_multi
    def create(self, vals_list):
        connections = super().create(vals_list)
        connections.filtered("has_payments")._ask_for_payments()
        return connections

    def write(self, vals):
        result = super().write(vals)
        if vals.get("has_payments"):
            self._ask_for_payments()
        return result

    def _missing(self):
        missing = super()._missing()
        if self.has_payments and not self.payment_journal_ids:
            missing.append(self.env._("a journal for payments"))
        return missing

    def _payment_journal(self, method):
        """Return the journal for a method, else the one for all others."""
        rows = self.payment_journal_ids
        row = rows.filtered(lambda x: x.method == method) or rows.filtered(
            lambda x: not x.method
        )
        return row[:1].journal_id

    def _ask_for_payments(self):
        """Look for payments of what was booked before, too."""
        self.sudo().document_ids._ask_for_payments()

    def _release_payments(self):
        """Try again what had no journal."""
        stopped = [("document_id.connection_id", "in", self.ids)]
        stopped += [("state", "=", "stopped")]
        self.env["billingo.payment"].sudo().search(stopped)._try_again()
