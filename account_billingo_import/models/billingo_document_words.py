from odoo import api, fields, models

from . import words


class BillingoDocument(models.Model):
    """Billingo's words as people read them; the words themselves are kept beside."""

    _inherit = "billingo.document"

    kind_text = fields.Char("Type at Billingo", compute="_compute_words")
    payment_status_text = fields.Char("Payment status", compute="_compute_words")
    payment_method_text = fields.Char("Payment method", compute="_compute_words")
    nav_status_text = fields.Char("NAV state at Billingo", compute="_compute_words")

    @api.depends("kind", "payment_status", "payment_method", "nav_status")
    @api.depends_context("lang")
    def _compute_words(self):
        methods = self.env["billingo.payment"]._method_words()
        for document in self:
            method = document.payment_method
            document.kind_text = document._in_words("DOCUMENT_TYPES", document.kind)
            document.payment_status_text = document._in_words(
                "PAYMENT_STATES", document.payment_status
            )
            document.payment_method_text = methods.get(method, method)
            document.nav_status_text = document._in_words(
                "NAV_STATES", document.nav_status
            )

    def _in_words(self, table, word):
        return words.in_words(self.env, getattr(words, table), word)

    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        # EXTENDS 'web': groups by type are called as the documents in them.
        formatter = super()._web_read_group_groupby_formatter(groupby_spec, values)
        if groupby_spec != "kind":
            return formatter

        def called(value):
            found, domain = formatter(value)
            return self._in_words("DOCUMENT_TYPES", value) or found, domain

        return called
