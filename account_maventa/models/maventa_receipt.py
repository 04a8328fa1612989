"""One document that Maventa has received for a company: the memory of what came.

A row outlives its bill: what was received once does not come back by itself. Users do
not write rows; they read again, ignore with a reason, or decide on the bill.
"""

import hashlib

from markupsafe import Markup
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tools import format_datetime

from ..guards import guarded
from ..maventa_api import safe_type
from ..remote_text import as_html
from .localized_text import in_language
from .maventa_account import ENVIRONMENTS
from .point_kinds import decision_key, kind_of
from .receipt_state import CHECKED, RECEIPT_STATES, ReceiptState
from .stored_rows import read_moment, read_rows

LONGEST_NAME = 120
NEW_SUPPLIER = ("supplier_new", "supplier_unconfirmed")
COLOURS = {"warning": "text-warning", "error": "text-danger"}


@guarded(
    *"company_id account_id environment remote_id document_index state".split(),
    *"received_at attempts tried_at next_try error number sender_name".split(),
    *"sender_bid sender_country date date_due currency amount_net".split(),
    *"amount_total origin source_format document_id image_id file_ids".split(),
    *"sha256 move_id partner_id created_partner_id points detects".split(),
    *"is_marked is_reported_fraud activity_refs history ignored_reason".split(),
    *"reason_code is_posted_by_rule decided supplier_remark missing_files".split(),
    *(
        "seller_address",
        "is_supplier_confirmed",
        "is_payable_in_full",
        "is_booked_claim",
    ),
    *("ignored_from", "interrupted"),
)
class MaventaReceipt(models.Model):
    """Header, bytes, bill, diagnosis and history of a received document."""

    _name = "maventa.receipt"
    _description = "Maventa Receipt"
    _order = "received_at desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    account_id = fields.Many2one(
        "maventa.account",
        "Maventa Account",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    environment = fields.Selection(ENVIRONMENTS, required=True, readonly=True)
    remote_id = fields.Char("Id at Maventa", required=True, readonly=True)
    document_index = fields.Integer(
        required=True,
        default=0,  # in the database, too: the unique index passes over empty values
        readonly=True,
        help="The place of the document in its file, from 0: a file may have several.",
    )
    # STATE DIAGRAM
    #   (none) --in Maventa's list--> listed --files downloaded, committed--> stored
    #   listed --Maventa does not have it any more--> lost
    #   stored --bill made, nothing to decide--> billed
    #   stored --bill made, something to decide--> review, duplicate
    #   stored --a reminder, an order, a withdrawal ...--> not_a_bill
    #   not_a_bill --a person books a reminder, an interest note ...--> stored
    #   listed, stored --no document in it--> unreadable (with an empty draft)
    #   listed, stored --tries have ended the worker--> unreadable (as above)
    #   review, duplicate --corrected, or posted by a person--> billed
    #   review, duplicate --a person says: the same invoice as another bill--> same
    #   any but listed, stored --Ignore, with a reason--> ignored
    #   ignored --its bill is reset to draft--> as before
    #   any with an open draft, without a bill or same --Read again--> listed, stored
    state = fields.Selection(
        RECEIPT_STATES,
        required=True,
        default=ReceiptState.LISTED,
        readonly=True,
        index=True,
        copy=False,
    )
    received_at = fields.Datetime("Received on", readonly=True, index=True)
    attempts = fields.Integer("Tries", readonly=True, copy=False)
    tried_at = fields.Datetime("Last try", readonly=True, copy=False)
    next_try = fields.Datetime(readonly=True, copy=False)
    # Tries in a row without an outcome: the worker has died, or is at it
    interrupted = fields.Integer(readonly=True, copy=False)
    error = fields.Text(readonly=True, copy=False)
    # What Maventa's list says
    number = fields.Char("Invoice Number", readonly=True)
    sender_name = fields.Char("Sender", readonly=True)
    sender_bid = fields.Char("Sender's business id", readonly=True)
    sender_country = fields.Char("Sender's country", readonly=True)
    # What the document says: the only key of a seller without a number
    seller_address = fields.Char(
        "Seller's electronic address", readonly=True, index="btree_not_null"
    )
    date = fields.Date("Invoice Date", readonly=True)
    date_due = fields.Date("Due Date", readonly=True)
    currency = fields.Char(readonly=True)
    amount_net = fields.Float("Untaxed", digits=(16, 2), readonly=True)
    amount_total = fields.Float("Total", digits=(16, 2), readonly=True)
    origin = fields.Char("Origin code", readonly=True)
    source_format = fields.Char("Original format", readonly=True)
    # The files as they came
    # Indexed, for the database looks here whenever any attachment is deleted
    document_id = fields.Many2one(
        "ir.attachment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    image_id = fields.Many2one(
        "ir.attachment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    file_ids = fields.Many2many(
        "ir.attachment",
        "maventa_receipt_file_rel",
        string="Attachments",
        readonly=True,
        copy=False,
    )
    # Names of attachments that Maventa did not hand over
    missing_files = fields.Char(readonly=True, copy=False)
    sha256 = fields.Char("SHA-256", readonly=True, copy=False)
    # The bill, and what there is to decide about it
    move_id = fields.Many2one(
        "account.move",
        "Bill",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    partner_id = fields.Many2one(
        "res.partner", "Supplier", readonly=True, copy=False, index="btree_not_null"
    )
    created_partner_id = fields.Many2one(
        "res.partner",
        "New supplier",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    # A person knows the contact that this document has made
    is_supplier_confirmed = fields.Boolean(readonly=True, copy=False)
    supplier_remark = fields.Char(readonly=True, copy=False)
    # A list of {"code", "level", "values"}; see point_kinds.py
    points = fields.Json(readonly=True, copy=False)
    points_text = fields.Text("To decide", compute="_compute_points_text")
    reason_code = fields.Char("Reason code", readonly=True, copy=False, index=True)
    reason = fields.Char(compute="_compute_points_text")
    detects = fields.Json("Maventa's checks", readonly=True, copy=False)
    # Points that a person has decided about, by their ``decision_key``
    decided = fields.Json(readonly=True, copy=False)
    # Activity by code of a point
    activity_refs = fields.Json(readonly=True, copy=False)
    is_marked = fields.Boolean(readonly=True, copy=False)
    # A person pays what the invoice says is paid already
    is_payable_in_full = fields.Boolean(readonly=True, copy=False)
    # A person books what claims money and is no bill by its kind
    is_booked_claim = fields.Boolean("Booked as a bill", readonly=True, copy=False)
    is_claim = fields.Boolean(compute="_compute_is_claim")
    is_reported_fraud = fields.Boolean("Reported as fraud", readonly=True, copy=False)
    is_posted_by_rule = fields.Boolean("Posted by the rule", readonly=True, copy=False)
    ignored_reason = fields.Char("Why ignored", readonly=True, copy=False)
    ignored_from = fields.Char(readonly=True, copy=False)  # the state before
    is_demo = fields.Boolean("Demo", compute="_compute_is_demo")
    # Only ever added to: moment (UTC), level, text (plain, or by language)
    history = fields.Json("History lines", readonly=True, copy=False)
    timeline = fields.Html("History", compute="_compute_timeline", sanitize=False)
    rendering = fields.Html("Content", compute="_compute_rendering", sanitize=False)

    _remote_uniq = models.UniqueIndex(
        "(company_id, environment, remote_id, document_index)",
        "This document of Maventa is there already.",
    )

    # === COMPUTES === #

    @api.depends("number", "sender_name", "remote_id")
    def _compute_display_name(self):
        for receipt in self:
            parts = filter(None, [receipt.sender_name, receipt.number])
            receipt.display_name = " / ".join(parts) or receipt.remote_id

    @api.depends("environment")
    def _compute_is_demo(self):
        for receipt in self:
            receipt.is_demo = receipt.environment == "demo"

    @api.depends("state", "points")
    def _compute_is_claim(self):
        for receipt in self:
            codes = {row["code"] for row in receipt._points()}
            is_aside = receipt.state == ReceiptState.NOT_A_BILL
            receipt.is_claim = is_aside and "kind_claim" in codes

    @api.depends("points", "reason_code", "error")
    @api.depends_context("lang")
    def _compute_points_text(self):
        messages = self.env["maventa.receipt.messages"]
        for receipt in self:
            lines = messages._lines(receipt._points())
            texts = [text for _point, text in lines]
            receipt.points_text = "\n".join(filter(None, [receipt.error, *texts]))
            receipt.reason = messages._label(receipt.reason_code)

    @api.depends("history")
    @api.depends_context("lang", "tz")
    def _compute_timeline(self):
        for receipt in self:
            receipt.timeline = receipt._timeline()

    @api.depends("document_id")
    @api.depends_context("lang")
    def _compute_rendering(self):
        renderer = self.env["maventa.receipt.rendering"]
        for receipt in self:
            receipt.rendering = receipt.document_id and renderer._html(receipt)

    # === OVERRIDES === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_memory(self):
        raise UserError(
            self.env._(
                "Receipts of Maventa cannot be deleted: they remember what came. "
                "Ignore a receipt with a reason instead."
            )
        )

    # === ACTIONS === #

    def action_open_bill(self):
        """Open the bill."""
        self.ensure_one()
        self.check_access("read")
        if not self.move_id:
            raise UserError(self.env._("There is no bill."))
        return self.move_id._get_records_action(name=self.env._("Bill"))

    def action_open_document(self):
        """Download the exact bytes that came."""
        return self._download(self.document_id)

    def action_open_image(self):
        """Download the picture of the invoice."""
        return self._download(self.image_id)

    def action_read_again(self):
        """Make the bill anew from the document, or fetch what could not be read."""
        receipts = self._for_action()
        receipts.env["maventa.receiver"]._read_again(receipts)
        return True

    def action_create_tax(self):
        """Create or activate the purchase taxes that lines of the bill need."""
        receipt = self._for_action()
        receipt.ensure_one()
        if not self.env.user.has_group("account.group_account_manager"):
            raise AccessError(self.env._("Only accounting managers create taxes."))
        receipt.env["maventa.chart.purchases"]._create_missing(receipt)
        return True

    def action_take_rate(self):
        """Give the bill the currency rate of its day that was entered meanwhile."""
        receipt = self._for_action()
        receipt.ensure_one()
        receipt.env["maventa.bill.currency"]._take_rate(receipt)
        return True

    def action_book_claim(self):
        """Make a bill of what claims money, and is no bill by its kind.

        :raise UserError: it claims nothing
        """
        receipt = self._for_action()
        receipt.ensure_one()
        receipt.env["maventa.bill.booking"]._book_claim(receipt)
        return self.action_open_bill() if receipt.move_id else True

    def action_take_advance(self):
        """Take the advance off that was invoiced, and deducted, before.

        :raise UserError: its bill is not posted
        """
        receipt = self._for_action()
        receipt.ensure_one()
        receipt.env["maventa.bill.advances"]._take(receipt)
        return True

    def action_cancel_withdrawn(self):
        """Cancel the draft bill whose invoice the sender has withdrawn.

        :raise UserError: there is no such draft
        """
        receipt = self._for_action()
        receipt.ensure_one()
        receipt.env["maventa.withdrawals"]._cancel(receipt)
        return True

    def action_without_vat(self):
        """Record that no VAT belongs to the lines for which none was chosen."""
        for receipt in self._for_action():
            checks = receipt.env["maventa.bill.tax.checks"]
            receipt._decide(filter(checks._may_be_without_vat, receipt._stops()))
        return True

    def action_take_vat(self):
        """Book the VAT that the document states, where rounding alone differs.

        :raise UserError: more than rounding differs
        """
        receipt = self._for_action()
        receipt.ensure_one()
        receipt.env["maventa.document.vat"]._take(receipt)
        return True

    def action_duplicate(self):
        """Open the dialog that compares the bill with those that look like it."""
        self._for_action()
        return self._dialog("maventa.duplicate.review", self.env._("Compare the bills"))

    def action_not_duplicate(self):
        """Record that the bill is none of those that look like it."""
        for receipt in self._for_action():
            receipt._confirm("duplicate")
        return True

    def action_confirm(self):
        """Record that a person has looked at the points that only need a look."""
        for receipt in self._for_action():
            stops = receipt._stops()
            receipt._decide(row for row in stops if kind_of(row).is_confirmable)
        return True

    @api.model
    def action_confirm_points(self, choice):
        """Record that a person has looked at the points of one line of the banner.

        :param choice: id of the receipt, and the ``decision_key`` of each point
        :raise MissingError: it is none
        """
        number, keys = self._choice_of_client(choice)
        receipt = self.browse(number).exists()._for_action()
        receipt.ensure_one()
        receipt._decide(
            row
            for row in receipt._stops()
            if kind_of(row).is_confirmable and decision_key(row) in keys
        )
        return True

    def action_pay_in_full(self):
        """Record that a bill is paid in full, although its invoice says it is paid."""
        for receipt in self._for_action():
            receipt.is_payable_in_full = True
            receipt._tell(
                "info",
                lambda env: env._(
                    "%s has decided: the bill is paid in full.", self.env.user.name
                ),
            )
        return True

    def action_ignore(self):
        """Open the dialog that asks why."""
        self._for_action()
        return self._dialog("maventa.receipt.ignore", self.env._("Ignore"))

    def action_account(self):
        """Open the dialog that compares the accounts to pay to."""
        self._for_action()
        return self._dialog(
            "maventa.account.review", self.env._("Check the account to pay to")
        )

    def action_report_fraud(self):
        """Open the dialog that reports a fraud to Maventa."""
        self._for_action()
        return self._dialog("maventa.fraud.report", self.env._("Report fraud"))

    def _choice_of_client(self, choice):
        if isinstance(choice, (list, tuple)) and len(choice) == 2:
            number, keys = choice
            is_id = type(number) is int and 0 < number < 2**31
            if is_id and isinstance(keys, (list, tuple)):
                return number, [key for key in keys if isinstance(key, str)]
        raise MissingError(self.env._("These records do not exist."))

    def _download(self, attachment):
        self.ensure_one()
        self.check_access("read")
        if not attachment:
            raise UserError(self.env._("Maventa has no such file."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    def _dialog(self, model, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_receipt_id": self.id},
        }

    def _decided_in_dialog(self):
        """Close a dialog and show what it has changed: banners open dialogs, too."""
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _for_action(self):
        """Return the receipts with all rights, for a user who makes bills."""
        self.check_access("read")
        self.move_id.check_access("write")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only users who make invoices may do this."))
        return self.sudo()

    # === LOCK === #

    def _lock(self):
        """Return those that nobody else works on, with their current values."""
        locked = self.try_lock_for_update(allow_referencing=True)
        locked.invalidate_recordset()
        return locked

    # === FILES === #

    def _attach(self, name, raw, mimetype):
        """Keep a file that came; its name and type are made safe."""
        name = " ".join((name or "").replace("\\", "/").rpartition("/")[2].split())
        stem, dot, ending = name.rpartition(".")
        if len(name) > LONGEST_NAME:
            stem = stem if dot else name
            name = stem[: LONGEST_NAME - 12] + (dot + ending[:10] if dot else "")
        attachments = self.env["ir.attachment"].with_user(SUPERUSER_ID)
        return attachments.create(
            {
                "name": "".join(x for x in name if x.isprintable()) or "file",
                "raw": raw,
                "mimetype": safe_type(mimetype, raw),
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _keep_document(self, raw):
        """Keep the exact bytes; others than those of an earlier time are a warning."""
        digest = hashlib.sha256(raw).hexdigest()
        if self.sha256 and self.sha256 != digest:
            self._tell("warning", lambda env: env._("Maventa has other bytes now."))
        elif self.document_id:
            return
        # Plain text: a browser runs no stylesheet of it.
        self.document_id = self._attach("document.xml", raw, "text/plain")
        self.sha256 = digest

    # === STEPS === #

    def _set_points(self, points):
        """Record the diagnosis, and the state that follows from it."""
        codes = self._ask(points)
        if self.state in (*CHECKED, ReceiptState.STORED):
            posted = self.move_id.state == "posted"
            if "duplicate" in codes and not posted:
                self.state = ReceiptState.DUPLICATE
            elif codes and not posted:
                self.state = ReceiptState.REVIEW
            else:
                self.state = ReceiptState.BILLED

    def _ask(self, points):
        """Record what there is to decide, and why; return the codes of these points."""
        codes = [point["code"] for point in points if point["level"] == "stop"]
        self.write({"points": points, "reason_code": codes[0] if codes else False})
        return codes

    def _ignore(self, tell):
        """Record that nothing has to be done any more, and why."""
        self.write(
            {
                "state": ReceiptState.IGNORED,
                "ignored_from": self.state,
                "ignored_reason": tell(self.env),
            }
        )
        self._tell("info", tell)

    def _reopen(self, tell):
        """Undo that it was ignored: its bill is worked on again."""
        state = self.ignored_from or ReceiptState.REVIEW
        values = dict.fromkeys(("ignored_from", "ignored_reason"), False)
        self.write({**values, "state": state})
        self._tell("info", tell)

    def _points(self):
        """Return the diagnosis, whatever is stored."""
        found = self.sudo().points
        rows = found if isinstance(found, list) else []
        return [
            row
            for row in rows
            if isinstance(row, dict)
            and row.get("code")
            and isinstance(row.get("values"), dict)
        ]

    def _is_of_another(self):
        """Return whether the bill, if any, was made from another document."""
        return self.state in (ReceiptState.SAME, ReceiptState.NOT_A_BILL)

    def _is_withdrawal(self):
        """Return whether the document withdraws the invoice of its bill."""
        return self.state == ReceiptState.NOT_A_BILL and bool(self.move_id)

    def _are_demo(self):
        """Return whether a bill of these receipts is an invented one.

        A real bill that a Demo document was found to be the same as is none.
        """
        return any(row.is_demo and not row._is_of_another() for row in self)

    def _duplicate_ids(self, *levels):
        """Return ids of the bills that may be the same, of points of these levels."""
        return {
            int(row["values"].get("id") or 0)
            for receipt in self
            for row in receipt._points()
            if row["code"] == "duplicate" and row["level"] in levels
        }

    def _stops(self):
        return [row for row in self._points() if row["level"] == "stop"]

    def _confirm(self, *codes):
        """Turn points into notes: a person has decided about these, and no others."""
        self._decide([row for row in self._stops() if row["code"] in codes])

    def _decide(self, rows):
        """Turn these points into notes, and keep who did so in the history."""
        rows = list(rows)
        for row in rows:
            self._tell("info", lambda env, row=row: self._decision(env, row))
        self.decided = sorted({*map(decision_key, rows), *self._decided_keys()})
        if any(row["code"] in NEW_SUPPLIER for row in rows):
            partner = self.move_id.commercial_partner_id
            self.env["maventa.new.suppliers"]._confirm(partner)
        self.env["maventa.bill.booking"]._check_again(self)

    def _decision(self, env, row):
        """Return what was decided, and about what."""
        messages = env["maventa.receipt.messages"]
        return env._(
            "%(user)s has decided: %(decision)s (%(point)s)",
            user=self.env.user.name,
            decision=messages._decision(row),
            point=messages._text(row),
        )

    def _decided_keys(self):
        return set(self.decided if isinstance(self.decided, list) else [])

    def _postpone(self, text, until):
        """Record that a document could not be fetched, and when to try again."""
        self.write({"error": text, "next_try": until})
        self._log("warning", text)

    # === LOG === #

    def _log(self, level, text):
        """Add a line to the history; plain, or by language."""
        now = fields.Datetime.to_string(fields.Datetime.now())
        for receipt in self:
            receipt.history = [*(receipt.history or []), [now, level, text]]

    def _tell(self, level, tell):
        """Add a line to the history, in all languages.

        :param tell: takes an environment, and returns the text in its language
        """
        self._log(level, self.env["maventa.messages"]._in_all_languages(tell))

    def _timeline(self):
        """Return the history as HTML, the oldest line first."""
        lines = Markup().join(
            Markup('<li class="%s"><span class="text-muted me-2">%s</span>%s</li>')
            % (
                COLOURS.get(level, ""),
                format_datetime(self.env, read_moment(moment, self.create_date)),
                as_html(in_language(text, self.env.lang)),
            )
            for moment, level, text in read_rows(self.history, 3)
        )
        return Markup('<ul class="list-unstyled mb-0">%s</ul>') % lines
