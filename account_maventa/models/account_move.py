"""Invoices and bills: their fields, and the doors at which Odoo changes them.

Reaching the company's transfer status queues an invoice; leaving it takes the invoice
out of the queue (``maventa_transferred_document.py``). While Maventa has or may have
it, it stays as it was sent (``maventa_frozen_document.py``). A received bill is
compared with its document after every change (``maventa_received_bill.py``).
"""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.sql import column_exists, create_column

from ..guards import ensure_one, guarded
from . import maventa_received_bill, maventa_transferred_document  # noqa: F401
from .bare_number import BARE_REF, BARE_REFERENCE
from .comparing import inside
from .decoding import is_decoding
from .maventa_frozen_document import posting
from .transfer_state import STATES, TransferState

UNPOSTED = ("draft", "cancel")
STAFF = "base.group_user"  # what Maventa says of an invoice is not for its customer
# Those that the search for duplicates compares; its queries name no other type
BILLS = "WHERE move_type IN ('in_invoice', 'in_refund', 'in_receipt')"


@guarded(
    *("maventa_transfer_id", "maventa_transfer_ids"),
    "maventa_state",
    "maventa_counts_as_sent",
    *"maventa_is_confirmed".split(),
)
class AccountMove(models.Model):
    _name = "account.move"
    _inherit = [
        "account.move",
        "maventa.frozen.document",
        "maventa.transferred.document",
        "maventa.received.bill",
    ]

    maventa_account_company_id = fields.Many2one(
        "res.company", compute="_compute_maventa_account_company_id"
    )
    maventa_is_available = fields.Boolean(compute="_compute_maventa_is_available")
    maventa_status_id = fields.Many2one(
        "maventa.invoice.status",
        copy=False,
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', '=', maventa_account_company_id)]",
        groups=STAFF,
    )
    maventa_transfer_ids = fields.One2many(
        "maventa.transfer",
        "move_id",
        "Maventa Transfers",
        copy=False,
        groups=STAFF,
    )
    maventa_transfer_id = fields.Many2one(
        "maventa.transfer",
        "Last Maventa Transfer",
        compute="_compute_maventa_transfer",
        store=True,
        copy=False,
        groups=STAFF,
    )
    # The state of the last transfer (diagram there); empty when there was none.
    maventa_state = fields.Selection(
        STATES,
        "Maventa Transfer",
        compute="_compute_maventa_transfer",
        store=True,
        copy=False,
        index="btree_not_null",
        groups=STAFF,
    )
    maventa_is_demo = fields.Boolean(
        "Maventa: Demo", compute="_compute_maventa_is_demo"
    )
    maventa_is_confirmed = fields.Boolean(
        "Transfer although sent otherwise",
        readonly=True,
        copy=False,
        help="A user has confirmed that the customer receives the invoice by Maventa, "
        "too, although Odoo sent it another way.",
        groups=STAFF,
    )
    maventa_may_send_again = fields.Boolean(
        compute="_compute_maventa_may_send_again", groups=STAFF
    )
    maventa_error = fields.Text(related="maventa_transfer_id.error", groups=STAFF)
    maventa_remote_url = fields.Char(
        related="maventa_transfer_id.remote_url", groups=STAFF
    )
    maventa_sends_files = fields.Boolean(compute="_compute_maventa_sends_files")
    maventa_timeline = fields.Html(
        "History",
        compute="_compute_maventa_timeline",
        sanitize=False,
        groups=STAFF,
    )
    maventa_buyer_reference = fields.Char(
        "Buyer's Reference",
        compute="_compute_maventa_buyer_reference",
        store=True,
        readonly=False,
        copy=True,
        help="The reference that the customer wants on the invoice: a person, a "
        "department or a code. The customer's order number is the customer reference.",
    )
    maventa_original_number = fields.Char(
        "Original invoice",
        copy=False,
        help="The number of the invoice that is credited, where the credit note was "
        "not made from it: of an earlier system, for example. The customer reference "
        "is the order number.",
    )
    maventa_has_odd_dates = fields.Boolean(compute="_compute_maventa_has_odd_dates")
    maventa_dates_are_right = fields.Boolean(
        "The dates are right",
        compute="_compute_maventa_dates_are_right",
        store=True,
        readonly=False,
        copy=False,
        help="The delivery or the due date is unusual, and somebody has looked at it. "
        "Another date asks again.",
    )
    maventa_has_set_off = fields.Boolean(compute="_compute_maventa_has_set_off")
    maventa_settled_as = fields.Selection(
        [
            ("paid", "The customer has paid it"),
            ("asked", "The document asks for it"),
        ],
        "Settled without a payment",
        compute="_compute_maventa_settled_as",
        store=True,
        readonly=False,
        copy=False,
        help="The books have settled a part of the invoice by something else than a "
        "payment. The e-invoice says what the customer has paid, and asks for the "
        "rest. Another settlement asks again.",
    )
    maventa_counts_as_sent = fields.Boolean(
        "Counts as sent by its Maventa status",
        readonly=True,
        copy=False,
        groups=STAFF,
    )
    maventa_receipt_ids = fields.One2many(
        "maventa.receipt",
        "move_id",
        "Received by Maventa",
        copy=False,
        groups=STAFF,
    )
    maventa_tells_duplicates = fields.Boolean(
        compute="_compute_maventa_tells_duplicates"
    )
    maventa_receipt_timeline = fields.Html(
        compute="_compute_maventa_receipt_timeline",
        sanitize=False,
        groups=STAFF,
    )

    _maventa_supplier_idx = models.Index(
        f"(commercial_partner_id, amount_total) {BILLS}"
    )
    _maventa_bare_ref_idx = models.Index(f"({BARE_REF}) {BILLS}")
    _maventa_bare_reference_idx = models.Index(f"({BARE_REFERENCE}) {BILLS}")

    def _auto_init(self):
        # EXTENDS 'base'
        # New columns are empty for every existing entry: no need to compute that.
        if not column_exists(self.env.cr, "account_move", "maventa_state"):
            create_column(self.env.cr, "account_move", "maventa_state", "varchar")
            create_column(self.env.cr, "account_move", "maventa_transfer_id", "int4")
            column = "maventa_buyer_reference"
            create_column(self.env.cr, "account_move", column, "varchar")
            column = "maventa_dates_are_right"
            create_column(self.env.cr, "account_move", column, "bool")
            column = "maventa_settled_as"
            create_column(self.env.cr, "account_move", column, "varchar")
        return super()._auto_init()

    # === CONSTRAINTS === #

    @api.constrains("maventa_status_id")
    def _check_maventa_status(self):
        rules = self.env["maventa.status.rules"]
        for move in self.filtered("maventa_status_id"):
            if reason := rules._refusal(move, move.maventa_status_id):
                raise ValidationError(
                    self.env._(
                        "%(document)s: %(reason)s",
                        document=move.display_name,
                        reason=reason,
                    )
                )

    @api.constrains("move_type", "origin_payment_id", "statement_line_id")
    def _check_maventa_entry(self):
        self.filtered(
            lambda move: move.origin_payment_id or move.statement_line_id
        )._maventa_check_no_payment()

    @api.constrains("line_ids", "fiscal_position_id", "company_id")
    def _validate_taxes_country(self):
        # EXTENDS 'account'
        if not is_decoding(self):
            super()._validate_taxes_country()

    # === COMPUTES === #

    @api.depends("company_id")
    def _compute_maventa_account_company_id(self):
        for move in self:
            company = move.company_id
            move.maventa_account_company_id = (
                company and company._maventa_account_company()
            )

    @api.depends("move_type", "company_id", "maventa_transfer_ids")
    def _compute_maventa_is_available(self):
        for move in self:
            account = move.maventa_account_company_id.sudo().maventa_account_id
            is_checked = bool(account) and account.state != "unchecked"
            move.maventa_is_available = move.move_type in (
                "out_invoice",
                "out_refund",
            ) and (is_checked or bool(move.sudo().maventa_transfer_ids))

    @api.depends("maventa_transfer_ids.state", "maventa_transfer_ids.is_void")
    def _compute_maventa_transfer(self):
        for move in self:
            last = move._maventa_transfers()[-1:]
            move.maventa_transfer_id = last
            move.maventa_state = last.state

    @api.depends("partner_id")
    def _compute_maventa_buyer_reference(self):
        for move in self:
            partners = (move.partner_id, move.commercial_partner_id)
            names = [partner.maventa_buyer_reference for partner in partners]
            move.maventa_buyer_reference = next(filter(None, names), False)

    @api.depends(
        "move_type",
        "maventa_transfer_id",
        "maventa_receipt_ids.state",
        "company_id.maventa_account_id.environment",
    )
    def _compute_maventa_is_demo(self):
        for move in self:
            if move.is_purchase_document():
                receipts = move.sudo().maventa_receipt_ids
                move.maventa_is_demo = receipts._are_demo()
                continue
            account = move.maventa_account_company_id.sudo().maventa_account_id
            last = move.sudo().maventa_transfer_id
            move.maventa_is_demo = (
                last.is_demo if last else account.environment == "demo"
            )

    @api.depends("maventa_state")
    def _compute_maventa_may_send_again(self):
        for move in self:
            move.maventa_may_send_again = move._maventa_may_send_again()

    @api.depends("company_id")
    def _compute_maventa_sends_files(self):
        for move in self:
            company = move.maventa_account_company_id.sudo()
            move.maventa_sends_files = company.maventa_send_pdf

    @api.depends("maventa_transfer_ids.history", "maventa_transfer_ids.actions")
    @api.depends_context("lang", "tz")
    def _compute_maventa_timeline(self):
        for move in self:
            transfers = move.maventa_transfer_ids.sorted("id")[::-1]
            move.maventa_timeline = Markup().join(row._timeline() for row in transfers)

    @api.depends(
        "state",
        "partner_id",
        "commercial_partner_id",
        "company_id",
        "company_id.maventa_account_id.state",
        "company_id.maventa_enabled",
        "maventa_status_id",
        "reversed_entry_id",
        "maventa_state",
        "maventa_error",
        "maventa_transfer_id.warned_at",
        "maventa_transfer_id.account_id.state",
        "maventa_transfer_ids.is_contradicted",
        "maventa_receipt_ids.points",
        "maventa_receipt_ids.is_payable_in_full",
        "amount_residual",
    )
    @api.depends_context("uid")
    def _compute_alerts(self):
        # EXTENDS 'account'
        super()._compute_alerts()

    def _get_alerts(self):
        # EXTENDS 'account'
        alerts = super()._get_alerts()
        if not self.env.user._is_internal():
            return alerts  # a customer may read the invoice
        if self.maventa_is_available:
            alerts |= self.env["maventa.invoice.alerts"]._alerts(self)
        if receipts := self.sudo().maventa_receipt_ids:
            alerts |= self.env["maventa.bill.alerts"]._alerts(self, receipts)
        return alerts

    @api.depends("state", "duplicated_ref_ids", "maventa_receipt_ids.points")
    def _compute_maventa_tells_duplicates(self):
        """Tell whether all of Odoo's duplicates are in our banner, or decided."""
        for move in self:
            levels = ("stop", "note") if move.state == "draft" else ("note",)
            told = move.sudo().maventa_receipt_ids._duplicate_ids(*levels)
            move.maventa_tells_duplicates = set(move.duplicated_ref_ids.ids) <= told

    @api.depends("maventa_receipt_ids.history")
    @api.depends_context("lang", "tz")
    def _compute_maventa_receipt_timeline(self):
        for move in self:
            receipts = move.maventa_receipt_ids
            move.maventa_receipt_timeline = Markup().join(
                receipt._timeline() for receipt in receipts
            )

    @api.depends("maventa_status_id.not_editable", "maventa_state")
    def _compute_show_reset_to_draft_button(self):
        # EXTENDS 'account'
        super()._compute_show_reset_to_draft_button()
        for move in self:
            if move.sudo().maventa_transfer_ids and move._maventa_is_frozen():
                move.show_reset_to_draft_button = False

    @api.depends("delivery_date", "invoice_date", "invoice_date_due", "move_type")
    def _compute_maventa_has_odd_dates(self):
        dates = self.env["maventa.document.dates"]
        for move in self:
            is_odd = move.maventa_is_available and bool(dates._odd(move))
            move.maventa_has_odd_dates = is_odd

    @api.depends("delivery_date", "invoice_date", "invoice_date_due")
    def _compute_maventa_dates_are_right(self):
        self.maventa_dates_are_right = False

    @api.depends("amount_residual", "state", "maventa_state")
    def _compute_maventa_has_set_off(self):
        settlements = self.env["maventa.settlements"]
        for move in self:
            is_asked = move.maventa_is_available and not move._maventa_is_frozen()
            move.maventa_has_set_off = is_asked and settlements._is_open(move)

    @api.depends("amount_residual")
    def _compute_maventa_settled_as(self):
        self.maventa_settled_as = False

    @api.depends("delivery_date", "company_id")
    def _compute_show_delivery_date(self):
        # EXTENDS 'account', which shows the date only where there is one
        super()._compute_show_delivery_date()
        for move in self.filtered("maventa_is_available"):
            move.show_delivery_date = True

    # === PRINTED INVOICE === #

    def _maventa_printed_words(self):
        """Return the words that the printed document needs beside Odoo's own."""
        if not self.maventa_is_available:
            return []
        values = self.env["maventa.document.values"]
        overdue = values._overdue_text(self)
        return [
            *self.env["maventa.printed.numbers"]._words(self),
            *self.env["maventa.vat.grounds"]._printed_words(self),
            *filter(None, [overdue, values._foreign_vat_text(self)]),
        ]

    def _maventa_is_whole_credit(self):
        """Return whether the paper says the whole credit, as the e-invoice does."""
        return self.move_type == "out_refund" and self.maventa_is_available

    def _maventa_printed_payments(self):
        """Return the rows of payments that the paper has, as the e-invoice counts."""
        return self.env["maventa.settlements"]._payments(self)

    def _maventa_payable(self):
        """Return the amount that the document asks for."""
        return float(self.env["maventa.settlements"]._payable(self))

    def _maventa_asks_otherwise(self):
        """Return whether a code to scan, with the amount of the books, is wrong."""
        if not self.maventa_is_available or self._maventa_is_whole_credit():
            return False
        payable = self._maventa_payable()
        return self.currency_id.compare_amounts(payable, self.amount_residual) != 0

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        moves = super().create(vals_list)
        moves._maventa_meet_withdrawals()
        return moves

    def write(self, vals):
        # EXTENDS 'account'
        self._maventa_check_frozen(vals)
        self._maventa_check_given(vals)
        self._maventa_check_came(vals)
        if vals.get("state") in UNPOSTED:
            self._maventa_check_may_unpost()
        self._maventa_check_posting(vals)
        changed = self._maventa_with_other_status(vals)
        taken_out = changed.filtered(
            lambda move: move.maventa_state == TransferState.QUEUED
        )
        result = super(AccountMove, inside(self)).write(vals)
        changed._maventa_follow_status()
        if not self.env.context.get("maventa_silent"):
            taken_out._maventa_log_taken_out()
        self._maventa_compare_with_sent(vals)
        self._maventa_follow_bill(vals)
        return result

    def _post(self, soft=True):
        # EXTENDS 'account'
        self._maventa_assert_decided()
        posted = super(AccountMove, posting(self))._post(soft=soft)
        posted = posted.with_env(self.env)
        posted._maventa_follow_sent_posting()
        posted._maventa_follow_received_posting()
        return posted

    def _invoice_paid_hook(self):
        # EXTENDS 'account'
        result = super()._invoice_paid_hook()
        self._maventa_follow_payment()
        return result

    def _message_set_main_attachment_id(self, attachments, **options):
        # EXTENDS 'mail': who looks through the files of what was sent, or came, changes
        # nothing
        is_sent = self.invoice_pdf_report_id and self._maventa_is_frozen()
        if not (is_sent or self._maventa_shows_picture()):
            super()._message_set_main_attachment_id(attachments, **options)

    def _autopost_bill(self):
        # EXTENDS 'account'
        if self._maventa_may_autopost():
            super()._autopost_bill()

    def button_cancel(self):
        # EXTENDS 'account'
        result = super().button_cancel()
        self._maventa_drop_receipts(
            lambda env: env._("Bill cancelled by %s", env.user.name)
        )
        self._maventa_compare(self._maventa_drafts_like())
        return result

    def unlink(self):
        # EXTENDS 'account'
        self._maventa_drop_receipts(
            lambda env: env._("Bill deleted by %s", env.user.name)
        )
        similar = self._maventa_drafts_like()
        result = super().unlink()
        self._maventa_compare(similar)
        return result

    def button_draft(self):
        # EXTENDS 'account'
        self._maventa_check_may_unpost()
        # The status has to be set again after the document is posted again.
        waiting = self.filtered(
            lambda move: (
                move.maventa_state == TransferState.QUEUED or move._maventa_is_wanted()
            )
        )
        waiting.maventa_status_id = False
        return super().button_draft()

    # === ACTIONS === #

    def action_maventa_to_transfer(self):
        """Set the transfer status on those that can have it, and show the result.

        :raise UserError: none of them can have it
        """
        self.check_access("write")
        rules = self.env["maventa.status.rules"]
        problems = {move: text for move in self if (text := rules._no_go(move))}
        ready = self.filtered(lambda move: move not in problems)
        asked = self.filtered(rules._is_question)
        if problems and not ready and not asked:
            lines = [f"{move.display_name}: {text}" for move, text in problems.items()]
            raise UserError("\n".join(lines))
        for company, moves in ready.grouped("maventa_account_company_id").items():
            status = company.sudo().maventa_status_to_transfer_id
            moves.maventa_status_id = status.id
        return self._maventa_result(ready, problems)

    def action_maventa_confirm(self):
        """Transfer these, which the customer has received another way already."""
        self.check_access("write")
        self._maventa_confirm()
        return self.action_maventa_to_transfer()

    def action_maventa_set_status(self, status_id):
        """Set a status whose question the user has answered with yes."""
        ensure_one(self)
        self.check_access("write")
        status = self._maventa_status_of_client(status_id)
        company = self.maventa_account_company_id.sudo()
        if status == company.maventa_status_to_transfer_id:
            self._maventa_confirm()
        self.maventa_status_id = status
        return True

    def action_maventa_status_question(self, status_id):
        """Return what to ask before a user sets a status by a click, or nothing."""
        ensure_one(self)
        status = self._maventa_status_of_client(status_id)
        return self.env["maventa.status.rules"]._question(self, status)

    def action_maventa_transfer_now(self):
        """Transfer these now, as far as a user waits; the job takes the rest."""
        self.check_access("write")
        for move in self:
            move._maventa_check_enabled()
            if move._maventa_is_wanted():
                move._maventa_queue()
        self.env["maventa.uploader"]._transfer_some(self.sudo().maventa_transfer_id)
        return self._maventa_toast()

    def action_maventa_refresh(self):
        """Ask Maventa for the current status of these."""
        self.check_access("write")
        self.env["maventa.delivery.tracking"]._refresh(self.sudo().maventa_transfer_id)
        return self._maventa_toast()

    def action_maventa_send_again(self):
        """Queue an invoice that Maventa already has; the user has confirmed it."""
        ensure_one(self)
        self.check_access("write")
        self._maventa_check_enabled()
        if not self._maventa_may_send_again():
            raise UserError(
                self.env._(
                    "%s cannot be sent again because Maventa does not have it.",
                    self.display_name,
                )
            )
        self._maventa_enqueue(again=True)
        company = self.maventa_account_company_id.sudo()
        self.maventa_status_id = company.maventa_status_to_transfer_id
        self._message_log(
            body=self.env._(
                "Queued to be sent to Maventa again as a new invoice. Requested by %s.",
                self.env.user.name,
            )
        )
        return True

    def action_maventa_reroute(self):
        """Open the dialog that selects another channel.

        :raise UserError: Maventa's document is not this invoice any more
        """
        ensure_one(self)
        self.check_access("write")
        transfer = self.sudo().maventa_transfer_id
        content = self.env["maventa.sent.content"]
        if transfer and (problem := content._no_resending(transfer)):
            raise UserError(problem)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Resend by another channel"),
            "res_model": "maventa.reroute.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.id},
        }

    def action_maventa_open_remote(self):
        """Open Maventa's website."""
        ensure_one(self)
        return self.maventa_transfer_id.action_open_remote()
