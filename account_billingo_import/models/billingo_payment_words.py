from odoo import api, fields, models


class BillingoPayment(models.Model):
    _inherit = "billingo.payment"

    method_text = fields.Char("Payment method", compute="_compute_method_text")

    @api.depends("method")
    @api.depends_context("lang")
    def _compute_method_text(self):
        methods = self._method_words()
        for payment in self:
            payment.method_text = methods.get(payment.method, payment.method)

    @api.model
    def _method_words(self):
        field = self.env["billingo.payment.journal"]._fields["method"]
        return dict(field._description_selection(self.env))
