"""A payment as Billingo has it, and what it became in Odoo. See ``state``."""

from odoo import api, fields, models

from ..guards import guarded

PAYMENT_JOB = "account_billingo_import.ir_cron_billingo_payments"


@guarded(
    *"document_id company_id date amount method voucher_number".split(),
    *"conversion_rate state error_source is_withdrawn payment_id tried_at".split(),
)
class BillingoPayment(models.Model):
    _name = "billingo.payment"
    _description = "Payment at Billingo"
    _check_company_auto = True
    _order = "date, id"

    document_id = fields.Many2one(
        "billingo.document",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="document_id.company_id", store=True)
    currency_id = fields.Many2one(related="document_id.currency_id")
    date = fields.Date(required=True, readonly=True)
    amount = fields.Monetary(readonly=True)
    method = fields.Char("Payment method code", readonly=True)
    method_text = fields.Char("Payment method", compute="_compute_method_text")
    voucher_number = fields.Char("Voucher", readonly=True)
    conversion_rate = fields.Float("Rate", digits=(16, 6), readonly=True)
    # STATE DIAGRAM
    # * waiting --(its entry is posted and open)--> registered
    # * waiting --(its entry is already paid)--> settled
    # * waiting --(cannot be registered)--> stopped --[register payments]--> waiting
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("registered", "Registered"),
            ("settled", "Already paid in Odoo"),
            ("stopped", "Not registered"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    # The source of the text, see `billingo.messages`: readers differ in language.
    error_source = fields.Text(readonly=True)
    error = fields.Text("Reason", compute="_compute_error")
    # See ``billingo.remote.call``.
    tried_at = fields.Datetime(readonly=True, copy=False)
    is_withdrawn = fields.Boolean("Withdrawn at Billingo", readonly=True)
    payment_id = fields.Many2one("account.payment", readonly=True, check_company=True)

    # === COMPUTES === #

    @api.depends("method")
    @api.depends_context("lang")
    def _compute_method_text(self):
        methods = self._method_labels()
        for payment in self:
            payment.method_text = methods.get(payment.method, payment.method)

    @api.depends("error_source")
    @api.depends_context("lang")
    def _compute_error(self):
        for payment in self:
            text = self.env["billingo.messages"]._text(payment.error_source)
            payment.error = text or False

    # === HELPERS === #

    @api.model
    def _method_labels(self):
        """Return the labels of Billingo's payment methods by their codes."""
        field = self.env["billingo.payment.journal"]._fields["method"]
        return dict(field._description_selection(self.env))

    def _key(self):
        """Return what identifies a payment: Billingo gives payments no id."""
        return (self.date, self.currency_id.round(self.amount), self.method or "")

    def _retry(self):
        """Let payments that were stopped be registered again."""
        stopped = self.filtered(lambda row: row.state == "stopped")
        if stopped:
            stopped.write({"state": "waiting", "error_source": False})
            self.env.ref(PAYMENT_JOB).sudo()._trigger()
