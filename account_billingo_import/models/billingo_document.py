import json

from odoo import api, fields, models

from ..billingo_api.messages import CANCELLATIONS


class BillingoDocument(models.Model):
    _name = "billingo.document"
    _description = "Billingo document"
    _inherit = ["mail.thread.main.attachment", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "invoice_date desc, billingo_id desc, id desc"

    connection_id = fields.Many2one(
        "billingo.connection", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    mode = fields.Selection(related="connection_id.mode")
    billingo_id = fields.Char("ID at Billingo", required=True, readonly=True)
    name = fields.Char("Number", readonly=True)
    kind = fields.Char("Billingo's word for the type", readonly=True)
    is_follower = fields.Boolean(
        "Changes another document",
        readonly=True,
        help="Storno or correction of another document.",
    )
    partner_name = fields.Char("Partner", readonly=True)
    partner_tax_number = fields.Char("Partner's tax number", readonly=True)
    # The partner whom a person chose, and by which key later documents find him.
    partner_id = fields.Many2one(
        "res.partner", "Chosen partner", readonly=True, check_company=True
    )
    partner_key = fields.Char(readonly=True)
    invoice_date = fields.Date("Issued", readonly=True)
    fulfillment_date = fields.Date("Fulfilled", readonly=True)
    due_date = fields.Date("Due", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    net_amount = fields.Monetary("Net", readonly=True)
    vat_amount = fields.Monetary("VAT", readonly=True)
    gross_total = fields.Monetary("Gross", readonly=True)
    payment_status = fields.Char("Billingo's word for the payment", readonly=True)
    nav_status = fields.Char("Billingo's word for the NAV state", readonly=True)
    is_cancelled = fields.Boolean("Cancelled at Billingo", readonly=True)
    is_changed = fields.Boolean(
        "Changed after import",
        readonly=True,
        help="Billingo shows other amounts or dates than those that were booked.",
    )
    digest = fields.Char(readonly=True)
    # STATE DIAGRAM
    # * fetched --[process]--> processed, skipped, error
    # * error --[process, after somebody put it right]--> processed, skipped, error
    # * processed --(its entry is deleted)--> fetched
    # * fetched, error --[skip]--> skipped --[process]--> processed, error
    state = fields.Selection(
        [
            ("fetched", "To process"),
            ("processed", "Processed"),
            ("skipped", "Skipped"),
            ("error", "Error"),
        ],
        default="fetched",
        required=True,
        readonly=True,
        index=True,
    )
    skip_reason = fields.Selection(
        [
            ("recorded", "Recorded already"),
            ("proforma", "Pro forma: not booked"),
            ("user", "Skipped by a user"),
        ],
        readonly=True,
    )
    error_kind = fields.Selection(
        [
            ("amounts", "Amounts"),
            ("tax", "Tax not mapped"),
            ("partner", "Partner"),
            ("currency", "Currency"),
            ("period", "Closed period"),
            ("other", "Other"),
        ],
        readonly=True,
    )
    error = fields.Text(readonly=True)
    error_data = fields.Json(readonly=True)
    alerts = fields.Json(compute="_compute_alerts")
    note = fields.Text("Remark", readonly=True)
    move_id = fields.Many2one(
        "account.move", "Entry", readonly=True, check_company=True, index=True
    )
    move_state = fields.Selection(related="move_id.state", string="State of the entry")
    reference_ids = fields.One2many("billingo.document.reference", "document_id")
    # STATE DIAGRAM
    # * False --(processed)--> waiting --(PDF arrives)--> attached
    # * waiting --(all tries are used up)--> missing --[get PDF]--> waiting, attached
    # * attached --(its entry is deleted)--> False
    pdf_state = fields.Selection(
        [("waiting", "Waiting"), ("attached", "Attached"), ("missing", "Missing")],
        "PDF",
        readonly=True,
    )
    pdf_tries = fields.Integer(readonly=True)
    pdf_next_try = fields.Datetime("PDF: next try", readonly=True)
    raw_attachment_id = fields.Many2one("ir.attachment", "Data file", readonly=True)
    raw_text = fields.Text("Data", compute="_compute_raw_text")

    _billingo_id_uniq = models.Constraint(
        "unique(connection_id, billingo_id)",
        "A document of Billingo is stored once per connection.",
    )
    # What is asked for each document costs the same however many are stored.
    _partner_idx = models.Index(
        "(connection_id, partner_key, id DESC) WHERE state = 'processed'"
    )
    _twin_idx = models.Index("(billingo_id)")
    _to_do_idx = models.Index("(invoice_date) WHERE state = 'fetched'")
    _pdf_idx = models.Index("(pdf_next_try) WHERE pdf_state = 'waiting'")

    @api.depends("name", "billingo_id")
    def _compute_display_name(self):
        for document in self:
            document.display_name = document.name or document.billingo_id

    @api.depends("raw_attachment_id")
    def _compute_raw_text(self):
        for document in self:
            document.raw_text = json.dumps(
                document._raw(), ensure_ascii=False, indent=2
            )

    @api.depends(
        "state", "error", "error_kind", "error_data", "is_changed", "is_cancelled"
    )
    def _compute_alerts(self):
        for document in self:
            alerts = {}
            if document.error:
                alerts["error"] = {
                    "level": "danger",
                    "message": document.error,
                    **document._remedy(),
                }
            if document.is_changed:
                alerts["changed"] = {
                    "level": "warning",
                    "message": self.env._(
                        "Billingo changed this document after it was booked. The "
                        "entry was left as it is."
                    ),
                }
            if document._waits_for_storno():
                alerts["cancelled"] = {
                    "level": "warning",
                    "message": self.env._(
                        "Cancelled at Billingo. The entry is settled as soon as the "
                        "storno arrives; there is nothing to do here."
                    ),
                }
            document.alerts = alerts

    def _waits_for_storno(self):
        stornos = self._relatives().filtered(lambda x: x.kind in CANCELLATIONS)
        return self.is_cancelled and bool(self.move_id) and not stornos.move_id

    def _raw(self):
        """Return the document as Billingo sent it."""
        # The web client asks for sizes instead of contents.
        attachment = self.sudo().with_context(bin_size=False).raw_attachment_id
        return json.loads(attachment.raw or b"{}")


def document_order(document):
    """Originals before what refers to them, else as they were issued."""
    return (
        document.invoice_date or fields.Date.today(),
        document.is_follower,
        len(document.billingo_id),
        document.billingo_id,
    )
