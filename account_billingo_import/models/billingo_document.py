"""A document of Billingo: one row per remote document, with its data as a file.

It is fetched or uploaded, then processed: it becomes an entry, is skipped for a reason,
or has an error that a user can resolve. See ``state``.
"""

import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import terms
from ..billingo_api.kinds import kind_of
from ..client_actions import notification
from ..corrections import read_corrections
from ..guards import guarded
from ..remote_text import as_html
from ..stored_values import read_remedy

PAID = ("paid", "partially_paid")
CASH_CODE = "cash_accounting"  # among the codes of regimes
MAP_KEY = ("direction", "vat_code", "entitlement", "partner_group")
WARNING = "mail.mail_activity_data_warning"  # type of our activities
PAYMENT_JOB = "account_billingo_import.ir_cron_billingo_payments"


@guarded(
    "tried_at",
    *"connection_id company_id source billingo_id name kind is_amendment".split(),
    *"partner_name partner_tax_number invoice_date fulfillment_date".split(),
    *"due_date currency_id net_amount vat_amount gross_total".split(),
    *"payment_status payment_method paid_date nav_status is_cancelled".split(),
    *"raw_attachment_id digest is_changed changed_digest".split(),
    *"changed_attachment_id state skip_reason error_kind error_code".split(),
    *"error error_data move_id remark_source has_question partner_id".split(),
    *"partner_key corrections".split(),
    *"is_payment_due payments_read_at payments_next_try".split(),
    *"pdf_state pdf_tries pdf_next_try pdf_attachment_id".split(),
    *"is_deleted seen_at is_link_due error_source received_date".split(),
    *"is_nothing_to_pay regime_codes duplicate_verdict duplicate_likeness".split(),
    *"duplicate_move_id distinct_move_ids".split(),
)
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
    source = fields.Selection(
        [("connection", "Billingo connection"), ("upload", "Uploaded file")],
        default="connection",
        required=True,
        readonly=True,
    )

    # As Billingo sent it
    billingo_id = fields.Char("ID at Billingo", required=True, readonly=True)
    name = fields.Char("Number", readonly=True)
    kind = fields.Char("Type code", readonly=True)
    kind_text = fields.Char("Type at Billingo", compute="_compute_labels")
    is_amendment = fields.Boolean(
        "Amends another document",
        readonly=True,
        help="A storno or a correction of another document.",
    )
    partner_name = fields.Char("Partner", readonly=True)
    partner_tax_number = fields.Char("Partner's tax number", readonly=True)
    invoice_date = fields.Date("Issued", readonly=True)
    fulfillment_date = fields.Date("Fulfilled", readonly=True)
    due_date = fields.Date("Due", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    net_amount = fields.Monetary("Net", readonly=True)
    vat_amount = fields.Monetary("VAT", readonly=True)
    gross_total = fields.Monetary("Gross", readonly=True)
    payment_status = fields.Char("Payment status code", readonly=True)
    payment_status_text = fields.Char("Payment status", compute="_compute_labels")
    payment_method = fields.Char("Payment method code", readonly=True)
    payment_method_text = fields.Char("Payment method", compute="_compute_labels")
    paid_date = fields.Date("Paid on", readonly=True)
    nav_status = fields.Char("NAV status code", readonly=True)
    nav_status_text = fields.Char("NAV status at Billingo", compute="_compute_labels")
    is_cancelled = fields.Boolean("Cancelled at Billingo", readonly=True)
    is_deleted = fields.Boolean(
        "Deleted at Billingo",
        readonly=True,
        help="Billingo does not have this document any more.",
    )
    seen_at = fields.Datetime("Last listed by Billingo", readonly=True)
    is_link_due = fields.Boolean(readonly=True, index="btree_not_null")
    reference_ids = fields.One2many("billingo.document.reference", "document_id")
    # Indexed, for the database looks here whenever any attachment is deleted
    raw_attachment_id = fields.Many2one(
        "ir.attachment", "Data file", readonly=True, index="btree_not_null"
    )
    raw_text = fields.Text("Data", compute="_compute_raw_text")
    digest = fields.Char(readonly=True)
    is_changed = fields.Boolean(
        "Changed after import",
        readonly=True,
        help="Amounts or dates at Billingo differ from those that were booked.",
    )
    changed_digest = fields.Char(readonly=True)
    changed_attachment_id = fields.Many2one(
        "ir.attachment",
        "Data after the change",
        readonly=True,
        index="btree_not_null",
    )

    # STATE DIAGRAM
    # * fetched --[process]--> processed, skipped, error
    # * error --[process, after the cause is resolved]--> processed, skipped, error
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
            ("recorded", "Already recorded"),
            ("not_booked", "Pro forma invoice: not booked"),
            ("user", "Skipped by a user"),
            ("deleted", "Deleted at Billingo before it was booked"),
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
            ("duplicate", "Possible duplicate"),
            ("other", "Other"),
        ],
        "Error type",
        readonly=True,
    )
    error_code = fields.Char(readonly=True)
    # The source of the text, see `billingo.messages`: readers differ in language.
    error_source = fields.Text(readonly=True)
    error = fields.Text("Error text", compute="_compute_error")
    error_line = fields.Char("Error", compute="_compute_error")
    error_data = fields.Json(readonly=True)
    alerts = fields.Json(compute="_compute_alerts")

    # In the books
    move_id = fields.Many2one(
        "account.move", "Entry", readonly=True, check_company=True, index=True
    )
    move_state = fields.Selection(related="move_id.state", string="Entry status")
    # The source of the text, see `billingo.messages`: readers differ in language.
    remark_source = fields.Text(readonly=True)
    remark = fields.Text(compute="_compute_remark")
    has_question = fields.Boolean(
        "To confirm",
        readonly=True,
        help="The entry remains a draft until a user posts it.",
    )
    # The partner whom a user chose, and the key by which later documents find them.
    partner_id = fields.Many2one(
        "res.partner", "Chosen partner", readonly=True, check_company=True
    )
    partner_key = fields.Char(readonly=True)
    # {"date": "2026-03-01", "lines": {"0": {"tax_id": 5, "account_id": 7}}}: lines by
    # their position in the document. The entry notes what a user corrected.
    corrections = fields.Json(readonly=True, copy=False)

    # VAT
    received_date = fields.Date(
        "Received",
        readonly=True,
        help="Day on which the bill came to us, if it is known.",
    )
    is_nothing_to_pay = fields.Boolean(
        "Nothing to pay",
        readonly=True,
        help="Billingo: settled otherwise, without a payment.",
    )
    # Codes of `billingo_api.regimes`, of the booked entry or as it will be booked.
    regime_codes = fields.Char(readonly=True)
    regime_text = fields.Char("VAT regime", compute="_compute_regime_text")
    is_cash_accounting = fields.Boolean(
        "Cash accounting",
        compute="_compute_tax_point",
        help="The VAT is due, or deductible, when the bill is paid.",
    )
    tax_point = fields.Date(compute="_compute_tax_point")
    tax_point_text = fields.Char(
        "Reason for the tax point", compute="_compute_tax_point"
    )
    # Whether the bill may be recorded already: a draft that names the other entry, or a
    # user's answer. A question that waits for an answer is an error.
    duplicate_verdict = fields.Selection(
        [
            ("suspected", "Possible duplicate"),
            ("recorded", "Already recorded, decided by a user"),
        ],
        "Duplicate check",
        readonly=True,
        copy=False,
    )
    duplicate_likeness = fields.Char(readonly=True, copy=False)
    duplicate_move_id = fields.Many2one(
        "account.move", "Similar entry", readonly=True, copy=False, index=True
    )
    # Entries of which a user said that they are other bills.
    distinct_move_ids = fields.Many2many(
        "account.move", "billingo_document_distinct_move_rel", readonly=True, copy=False
    )

    # Payments are read after booking and whenever the payment status changes.
    payment_ids = fields.One2many("billingo.payment", "document_id", "Payments")
    is_payment_due = fields.Boolean("Payments to read", readonly=True, index=True)
    payments_read_at = fields.Datetime(readonly=True)
    payments_next_try = fields.Datetime(readonly=True, copy=False)

    # Written before a job works on the document: one that breaks the job, or its
    # worker, does not keep the others from their turn.
    tried_at = fields.Datetime(readonly=True, copy=False)

    # STATE DIAGRAM
    # * False --(processed)--> waiting --(PDF arrives)--> attached
    # * waiting --(all tries are used up)--> missing
    # * missing --[download PDF]--> waiting, attached
    # * attached --(its entry is deleted)--> False
    pdf_state = fields.Selection(
        [("waiting", "Waiting"), ("attached", "Attached"), ("missing", "Missing")],
        "PDF",
        readonly=True,
    )
    pdf_tries = fields.Integer(readonly=True)
    pdf_next_try = fields.Datetime("Next PDF download", readonly=True)
    pdf_attachment_id = fields.Many2one(
        "ir.attachment", "Original", readonly=True, index="btree_not_null"
    )

    # === CONSTRAINTS === #

    _billingo_id_uniq = models.Constraint(
        "unique(connection_id, billingo_id)",
        "A Billingo document is stored once per connection.",
    )
    # Queries per document cost the same however many are stored.
    _partner_idx = models.Index(
        "(connection_id, partner_key, id DESC) WHERE state = 'processed'"
    )
    _twin_idx = models.Index("(billingo_id)")
    _to_do_idx = models.Index("(invoice_date) WHERE state = 'fetched'")
    _pdf_idx = models.Index("(pdf_next_try) WHERE pdf_state = 'waiting'")

    # === COMPUTES === #

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

    @api.depends("error_source")
    @api.depends_context("lang")
    def _compute_error(self):
        messages = self.env["billingo.messages"]
        for document in self:
            text = messages._text(document.error_source)
            document.error = text or False
            document.error_line = " ".join(text.split()) or False

    @api.depends("kind", "payment_status", "payment_method", "nav_status", "source")
    @api.depends_context("lang")
    def _compute_labels(self):
        methods = self.env["billingo.payment"]._method_labels()
        for document in self:
            method = document.payment_method
            document.kind_text = terms.kind_label(self.env, document.kind)
            document.payment_status_text = terms.label(
                self.env, terms.PAYMENT_STATES, document.payment_status
            )
            document.payment_method_text = methods.get(method, method)
            document.nav_status_text = terms.label(
                self.env, terms.NAV_STATES, document.nav_status
            )
            if document._is_unconfirmed():
                document.nav_status_text = self.env._("Not confirmed by Billingo")

    @api.depends(
        "state",
        "error_source",
        "error_kind",
        "error_data",
        "is_changed",
        "is_cancelled",
        "payment_ids.state",
        "payment_ids.error",
        "duplicate_verdict",
        "is_deleted",
        "source",
        "seen_at",
        "move_id.state",
    )
    @api.depends_context("lang")
    def _compute_alerts(self):
        for document in self:
            alerts = {
                "error": document._error_alert(),
                "changed": document._changed_alert(),
                "cancelled": document._cancelled_alert(),
                "deleted": document._deleted_alert(),
                "duplicate": document._duplicate_alert(),
                "payment": document._payment_alert(),
                "unconfirmed": document._unconfirmed_alert(),
            }
            document.alerts = {name: alert for name, alert in alerts.items() if alert}

    @api.depends("regime_codes")
    @api.depends_context("lang")
    def _compute_regime_text(self):
        # For lists: without a look into the documents' files.
        for document in self:
            codes = (document.regime_codes or "").split()
            document.regime_text = ", ".join(
                terms.label(self.env, terms.REGIMES, code)
                for code in codes
                if code != CASH_CODE
            )

    @api.depends(
        "raw_attachment_id",
        "received_date",
        "connection_id.receipt_policy",
        "regime_codes",
        "paid_date",
        "move_id.payment_state",
    )
    @api.depends_context("lang")
    def _compute_tax_point(self):
        # For forms: reads the document's file.
        service = self.env["billingo.vat.regime"]
        unsaved = self.filtered(lambda document: not document.raw_attachment_id)
        for name in ("is_cash_accounting", "tax_point", "tax_point_text"):
            unsaved[name] = False
        for document in self - unsaved:
            regime = service._regime(document, document._parsed())
            day, text = service._tax_point(document, regime)
            codes = document.move_id and document.regime_codes
            document.is_cash_accounting = (
                CASH_CODE in codes if codes else regime.cash_accounting
            )
            document.tax_point, document.tax_point_text = day, text

    @api.depends("remark_source", "has_question")
    @api.depends_context("lang")
    def _compute_remark(self):
        messages = self.env["billingo.messages"]
        for document in self:
            document.remark = messages._remark_text(document) or False

    # === OVERRIDES === #

    def write(self, vals):
        result = super().write(vals)
        if {"payment_status", "paid_date", "state"} & vals.keys():
            self._request_payments()
        return result

    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        # EXTENDS 'web': groups by type have the labels of the documents in them.
        formatter = super()._web_read_group_groupby_formatter(groupby_spec, values)
        if groupby_spec != "kind":
            return formatter

        def labelled(value):
            found, domain = formatter(value)
            return terms.kind_label(self.env, value) or found, domain

        return labelled

    # === ACTIONS === #

    def action_process(self):
        """Process by hand, and download the PDFs of what was booked."""
        self._check_bookkeeper()
        documents = self.sudo()
        tried = documents.env["billingo.processor"]._process_by_hand(documents)
        failed = tried.filtered(lambda document: document.state == "error")
        return notification(
            self.env._(
                "%(done)s processed, %(failed)s with errors.",
                done=len(tried.filtered(lambda x: x.state == "processed")),
                failed=len(failed),
            ),
            "warning" if failed else "success",
        )

    def action_skip(self):
        """Leave documents out of the books."""
        self._check_bookkeeper()
        for document in self.sudo().filtered(lambda x: x.state in ("fetched", "error")):
            document._set_outcome("skipped", skip_reason="user")
        return True

    def action_is_recorded(self):
        """Answer that the bill is recorded already as the similar entry."""
        self.ensure_one()
        self._check_bookkeeper()
        document = self.sudo()
        other = document._similar_move()
        if not other:
            raise UserError(self.env._("No similar entry is known for this document."))
        draft = self.move_id
        if document.state == "processed":
            if draft.state != "draft":
                raise UserError(
                    self.env._("The entry is posted. Reset it to draft first.")
                )
            draft.unlink()
        document._set_outcome(
            "skipped",
            skip_reason="recorded",
            move_id=other.id,
            duplicate_verdict="recorded",
        )
        # What amends the bill amends the other entry.
        links = document.env["billingo.document.links"]
        links._link_amendments(document, document._relatives())
        return True

    def action_is_distinct(self):
        """Answer that the similar entry is another bill, and process."""
        self.ensure_one()
        self._check_bookkeeper()
        document = self.sudo()
        document._set_distinct(document._similar_move())
        if document.state == "processed":
            return True
        return self.action_process()

    def action_read_again(self):
        """Read the document from Billingo once more, and process it."""
        self.ensure_one()
        self._check_bookkeeper()
        document = self.sudo()
        document.env["billingo.fetcher"]._read_again(document)
        if document.state != "processed":
            return self.action_process()
        document.env["billingo.document.links"]._link_due()
        if document.is_changed:
            return notification(self._changed_alert()["message"], "warning")
        return notification(self.env._("Billingo has the document."), "success")

    def action_correct(self):
        """Open the dialog to correct partner, date, taxes and accounts."""
        self.ensure_one()
        self._check_bookkeeper()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Process with corrections"),
            "res_model": "billingo.correct",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_document_id": self.id},
        }

    def action_get_pdf(self):
        """Download the PDFs that are not there yet."""
        self._check_bookkeeper()
        documents = self.sudo()
        pdf = documents.env["billingo.pdf"]
        attached, missing = pdf._download_by_hand(documents)
        failures = documents.env["billingo.connection.failures"]
        reasons = [failures._reason_not_to_call(x) for x in missing.connection_id]
        text = self.env._(
            "%(attached)s PDFs attached, %(missing)s not available yet.",
            attached=len(attached),
            missing=len(missing),
        )
        return notification(
            "\n".join(filter(None, (text, *reasons))),
            "warning" if missing else "success",
        )

    def action_register_payments(self):
        """Try again to register the payments that could not be registered."""
        self._check_bookkeeper()
        rows = self.sudo().payment_ids
        rows._retry()
        rows.env["billingo.payments"]._register_rows(rows)
        return True

    def action_open_move(self):
        """Open the entry."""
        self.ensure_one()
        return self.move_id._get_records_action()

    def _check_bookkeeper(self):
        """Refuse users who may not create entries: processing does."""
        self.check_access("read")
        self.env["account.move"].check_access("create")

    # === ALERTS === #

    def _error_alert(self):
        if not self.error:
            return None
        return {"level": "danger", "message": self.error, **self._remedy()}

    def _changed_alert(self):
        return self.is_changed and {
            "level": "warning",
            "message": self.env._(
                "This document was changed at Billingo after it was booked. The entry "
                "was not changed."
            ),
        }

    def _cancelled_alert(self):
        return self._waits_for_storno() and {
            "level": "warning",
            "message": self.env._(
                "Cancelled at Billingo. The entry is settled when the storno arrives. "
                "No action is required."
            ),
        }

    def _deleted_alert(self):
        return self.is_deleted and {
            "level": "warning",
            "message": self.env._(
                "Billingo does not have this document any more. The entry was not "
                "changed. Find out why it was deleted, and correct the entry if "
                "necessary."
            ),
        }

    def _unconfirmed_alert(self):
        is_open = self._is_unconfirmed() and self.move_state == "draft"
        return is_open and {
            "level": "warning",
            "message": self.env["billingo.messages"]._reason_text("unconfirmed"),
            "action_text": self.env._("Read again from Billingo"),
            "action_call": [self._name, "action_read_again", self.ids],
        }

    def _duplicate_alert(self):
        text = self.env["billingo.messages"]._suspicion_text(self)
        return text and {
            "level": "warning",
            "message": text,
            **self._entry_remedy(self.duplicate_move_id),
        }

    def _payment_alert(self):
        stopped = self.payment_ids.filtered(lambda x: x.state == "stopped")
        return stopped and {
            "level": "warning",
            "message": self.env._("A payment is not registered: %s", stopped[0].error),
            **self._connection_remedy(),
        }

    def _remedy(self):
        """Return the parts of an alert that lead to where the error is resolved."""
        self.ensure_one()
        data = read_remedy(self.error_data)
        to_read = ("missing", "lines_unread")
        if self.error_kind == "amounts" or self.error_code in to_read:
            # What was uploaded may be unknown to the connection's account.
            is_listed = self.source == "connection" or self.seen_at
            return self._read_again_remedy() if is_listed else self._upload_remedy()
        if self.error_code == "cash_tax_unmapped":
            row = self.env["billingo.tax.map"].browse(data.get("row_id"))
            return {
                "action_text": self.env._("Map the tax"),
                "action": row._get_records_action(),
            }
        if self.error_kind == "period" or self.error_code == "tax_unfit":
            return self._correct_remedy()
        if self.error_kind == "tax":
            return self._tax_remedy(data)
        if self.error_kind == "currency" and data.get("currency_id"):
            currency = self.env["res.currency"].browse(data["currency_id"])
            return {
                "action_text": self.env._("Open the currency"),
                "action": currency._get_records_action(),
            }
        if self.error_kind == "partner" and data.get("partner_ids"):
            return self._partner_remedy(data)
        if self.error_kind == "duplicate":
            return self._entry_remedy(self._similar_move())
        return self._connection_remedy()

    def _read_again_remedy(self):
        return {
            "message": self.env._(
                "%s Read the document again in case it has been corrected at Billingo. "
                "Otherwise have it corrected there, or enter it by hand with its "
                "number and process it again: it then counts as recorded.",
                self.error,
            ),
            "action_text": self.env._("Read again from Billingo"),
            "action_call": [self._name, "action_read_again", self.ids],
        }

    def _upload_remedy(self):
        return {
            "message": self.env._(
                "%s Have it corrected at Billingo and upload the new file. Otherwise "
                "enter it by hand with its number and process it again: it then counts "
                "as recorded.",
                self.error,
            )
        }

    def _correct_remedy(self):
        return {
            "action_text": self.env._("Correct and process"),
            "action": self.action_correct(),
        }

    def _tax_remedy(self, data):
        dialog = self.env.ref("account_billingo_import.view_billingo_tax_map_dialog")
        return {
            "action_text": self.env._("Map the tax"),
            "action": {
                "type": "ir.actions.act_window",
                "res_model": "billingo.tax.map",
                "views": [[dialog.id, "form"]],
                "target": "new",
                "context": {
                    "billingo_document_id": self.id,
                    "default_company_id": self.company_id.id,
                    **{f"default_{key}": data[key] for key in MAP_KEY if key in data},
                },
            },
        }

    def _partner_remedy(self, data):
        return {
            "action_text": self.env._("Choose the partner"),
            "action": {
                "type": "ir.actions.act_window",
                "res_model": "billingo.choose.partner",
                "views": [[False, "form"]],
                "target": "new",
                "context": {
                    "default_document_id": self.id,
                    "default_candidate_ids": data["partner_ids"],
                },
            },
        }

    def _entry_remedy(self, move):
        return {
            "action_text": self.env._("Open the other entry"),
            "action": move._get_records_action(),
        }

    def _connection_remedy(self):
        return {
            "action_text": self.env._("Open the connection"),
            "action": self.connection_id._get_records_action(),
        }

    # === HELPERS === #

    def _kind(self):
        """Return the ``DocumentKind`` with all that depends on the kind."""
        return kind_of(self.kind)

    def _raw(self):
        """Return the document as Billingo sent it (JSON as Python values)."""
        # The web client asks for sizes instead of contents.
        attachment = self.sudo().with_context(bin_size=False).raw_attachment_id
        return json.loads(attachment.raw or b"{}")

    def _files(self):
        """Return the files with what Billingo sent."""
        files = self.raw_attachment_id | self.changed_attachment_id
        return files | self.pdf_attachment_id

    def _parsed(self):
        """Return the document as the protocol package's ``Document``."""
        self.ensure_one()
        return self.connection_id._parse(self._raw())

    def _processing_order(self):
        """Return a sort key: originals before amendments, else by date of issue."""
        return (
            self.invoice_date or fields.Date.today(),
            self.is_amendment,
            *self._age(),
        )

    def _age(self):
        """Return a sort key by age: Billingo counts its ids upwards."""
        return (len(self.billingo_id), self.billingo_id)

    def _similar_move(self):
        """Return the entry that the question or the suspicion is about."""
        move_id = read_remedy(self.error_data).get("move_id")
        is_asked = self.error_code == "duplicate" and move_id
        found = self.env["account.move"].browse(move_id if is_asked else ())
        return found.exists() or self.duplicate_move_id

    def _set_distinct(self, moves):
        """Remember that these entries are other bills."""
        for document in self:
            document.distinct_move_ids |= moves
        self.write(
            {
                "duplicate_verdict": False,
                "duplicate_likeness": False,
                "duplicate_move_id": False,
            }
        )

    def _is_unconfirmed(self):
        """Tell whether an invoice of ours came as a file, not confirmed by Billingo.

        NAV's status is Billingo's to say, too.
        """
        return self.source == "upload" and self.mode == "customer"

    def _is_open(self):
        """Tell whether a user has to answer something before the entry is posted."""
        return self.has_question or self.duplicate_verdict == "suspected"

    def _set_confirmed(self):
        """Note that the entry is posted: what was open about it is answered."""
        self.ensure_one()
        other = self.duplicate_move_id
        if self.duplicate_verdict == "suspected":
            text = self.env._(
                "Posted as another bill than %s.", other.display_name or "?"
            )
            self.move_id.message_post(body=as_html(text))
            self._set_distinct(other)
        if self.has_question:
            self.has_question = False

    def _relatives(self):
        """Return the connection's documents that name this one or are named by it.

        Which side names the other is not documented, so both are searched.
        """
        self.ensure_one()
        named = self.reference_ids.mapped("billingo_id")
        by_others = self.env["billingo.document.reference"].search(
            [
                ("billingo_id", "=", self.billingo_id),
                ("document_id.connection_id", "=", self.connection_id.id),
            ]
        )
        found = self.search(
            [
                ("connection_id", "=", self.connection_id.id),
                ("billingo_id", "in", named),
            ]
        )
        return (found | by_others.document_id) - self

    def _waits_for_storno(self):
        stornos = self._relatives().filtered(lambda x: x._kind().is_cancellation)
        return self.is_cancelled and bool(self.move_id) and not stornos.move_id

    def _set_outcome(self, state, **values):
        """Write what processing came to, and forget earlier errors."""
        self.write(
            {
                "state": state,
                "error_source": False,
                "error_code": False,
                "error_kind": False,
                "error_data": False,
                "skip_reason": False,
                **values,
            }
        )
        if self.activity_ids:
            self.activity_unlink([WARNING])

    @api.model
    def _release(self, domain):
        """Have documents processed again whose error has been resolved.

        :param domain: which of those with errors
        """
        waiting = self.sudo().search([("state", "=", "error"), *domain])
        if waiting:
            waiting.write({"state": "fetched"})
            job = self.env.ref("account_billingo_import.ir_cron_billingo_process")
            job.sudo()._trigger()

    def _has_same_error_elsewhere(self):
        """Tell whether another document waits for the same cause."""
        same = [
            ("connection_id", "=", self.connection_id.id),
            ("state", "=", "error"),
            ("error_source", "=", self.error_source),
            ("id", "!=", self.id),
        ]
        return bool(self.search_count(same, limit=1))

    def _tax_direction(self):
        return "sale" if self.mode == "customer" else "purchase"

    def _corrected_date(self):
        """Return the accounting date that a user chose, or ``None``."""
        return read_corrections(self.corrections)[0]

    def _corrected_line(self, position):
        """Return the tax and the account that a user chose for a line, if any.

        :return: ``tax`` and ``account``, as far as they were chosen
        """
        chosen = read_corrections(self.corrections)[1].get(position, {})
        records = {
            "tax": self.env["account.tax"].browse(chosen.get("tax_id")),
            "account": self.env["account.account"].browse(chosen.get("account_id")),
        }
        return {name: record for name, record in records.items() if record}

    def _request_payments(self):
        """Have the payments of booked documents read, where the connection wants it."""
        due = self.filtered(
            lambda document: (
                document.state == "processed"
                and document.move_id
                and document.connection_id.has_payments
                and (document.payment_status in PAID or document.payment_ids)
            )
        )
        if due:
            due.write({"is_payment_due": True, "payments_next_try": False})
            # Once per transaction: a page may have a hundred of them.
            triggered = self.env.cr.precommit.data
            if not triggered.get(PAYMENT_JOB):
                triggered[PAYMENT_JOB] = True
                self.env.ref(PAYMENT_JOB).sudo()._trigger()
