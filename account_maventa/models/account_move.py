"""An invoice's status for Maventa, and what follows from it.

Reaching the company's transfer status queues the invoice; leaving it takes the invoice
out of the queue. While Maventa has or may have the invoice, it stays as it was sent.
"""

import os

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError, ValidationError
from odoo.tools.sql import column_exists, create_column

from ..exceptions import TransferProblem
from ..guards import as_service, ensure_one, guarded
from ..kept import file_fields, is_kept_file, is_other_main_file
from ..remote_text import as_html
from .comparing import inside, is_inside
from .decoding import is_decoding
from .maventa_transfer import ERROR_ACTIVITY, PENDING_ACTIVITY
from .transfer_state import (
    CARRIED,
    HELD,
    IN_FLIGHT,
    LIVE,
    STATES,
    TO_CORRECT,
    TransferState,
)

# Fields that appear in the PDF or XML of a document, or decide what does
PRINTED = {
    "amount_tax",
    "amount_tax_signed",
    "amount_total",
    "amount_total_in_currency_signed",
    "amount_total_signed",
    "amount_untaxed",
    "amount_untaxed_in_currency_signed",
    "amount_untaxed_signed",
    "commercial_partner_id",
    "company_id",
    "currency_id",
    "debit_origin_id",
    "fiscal_position_id",
    "invoice_currency_rate",
    "invoice_cash_rounding_id",
    "invoice_date",
    "invoice_payment_term_id",
    "partner_id",
    "delivery_date",
    "invoice_date_due",
    "invoice_incoterm_id",
    "incoterm_location",
    "invoice_origin",
    "maventa_buyer_reference",
    "maventa_original_number",
    "maventa_settled_as",
    "move_type",
    "name",
    "narration",
    "partner_bank_id",
    "partner_shipping_id",
    "payment_reference",
    "posted_before",
    "ref",
    "reversed_entry_id",
    "sequence_number",
    "sequence_prefix",
    "taxable_supply_date",
}
# What is not printed, but changes how a document is booked
BOOKED = {"date", "is_storno", "journal_id", "quick_edit_total_amount", "tax_totals"}
# By these a bill is found that its sender has withdrawn
NAMED = {"ref", "partner_id"}
UNPOSTED = ("draft", "cancel")
# The number of a bill without blanks, signs and leading zeros, in SQL
BARE_REF = "ltrim(regexp_replace(upper(ref), '[^0-9A-Z]', '', 'g'), '0')"
BARE_REFERENCE = BARE_REF.replace("(ref)", "(payment_reference)")
# Those that the search for duplicates compares; its queries name no other type
BILLS = "WHERE move_type IN ('in_invoice', 'in_refund', 'in_receipt')"

_POSTING_KEY = "account_maventa_posting"


class _Posting:
    """The value in the context. A request is JSON or XML and cannot contain it."""


def _posting(moves):
    return moves.with_context(**{_POSTING_KEY: _Posting})


def _is_posting(moves):
    return moves.env.context.get(_POSTING_KEY) is _Posting


@guarded(
    *("maventa_transfer_id", "maventa_transfer_ids"),
    "maventa_state",
    "maventa_counts_as_sent",
    *"maventa_is_confirmed".split(),
)
class AccountMove(models.Model):
    _inherit = "account.move"

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
    )
    maventa_transfer_ids = fields.One2many(
        "maventa.transfer", "move_id", "Maventa Transfers", copy=False
    )
    maventa_transfer_id = fields.Many2one(
        "maventa.transfer",
        "Last Maventa Transfer",
        compute="_compute_maventa_transfer",
        store=True,
        copy=False,
    )
    # The state of the last transfer (diagram there); empty when there was none.
    maventa_state = fields.Selection(
        STATES,
        "Maventa Transfer",
        compute="_compute_maventa_transfer",
        store=True,
        copy=False,
        index="btree_not_null",
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
    )
    maventa_may_send_again = fields.Boolean(compute="_compute_maventa_may_send_again")
    maventa_error = fields.Text(related="maventa_transfer_id.error")
    maventa_remote_url = fields.Char(related="maventa_transfer_id.remote_url")
    maventa_sends_files = fields.Boolean(compute="_compute_maventa_sends_files")
    maventa_timeline = fields.Html(
        "History", compute="_compute_maventa_timeline", sanitize=False
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
        "Counts as sent by its Maventa status", readonly=True, copy=False
    )
    maventa_receipt_ids = fields.One2many(
        "maventa.receipt", "move_id", "Received by Maventa", copy=False
    )
    maventa_tells_duplicates = fields.Boolean(
        compute="_compute_maventa_tells_duplicates"
    )
    maventa_receipt_timeline = fields.Html(
        compute="_compute_maventa_receipt_timeline", sanitize=False
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
    def _compute_alerts(self):
        # EXTENDS 'account'
        super()._compute_alerts()

    def _get_alerts(self):
        # EXTENDS 'account'
        alerts = super()._get_alerts()
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
        for move in self.filtered("maventa_transfer_ids"):
            if move._maventa_is_frozen():
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
        self.env["maventa.withdrawals"].sudo()._meet(moves.sudo())
        return moves

    def write(self, vals):
        # EXTENDS 'account'
        self._maventa_check_frozen(vals)
        self._maventa_check_seal(vals)
        if vals.get("state") in UNPOSTED:
            self._maventa_check_may_unpost()
        self._maventa_check_posting(vals)
        if "maventa_status_id" not in vals:
            result = super(AccountMove, inside(self)).write(vals)
            self._maventa_compare_with_sent(vals)
            if NAMED & vals.keys():
                self.env["maventa.withdrawals"].sudo()._meet(self.sudo())
            self._maventa_reopen_receipts(vals)
            self._maventa_compare_with_receipts()
            return result
        status = self.env["maventa.invoice.status"].browse(vals["maventa_status_id"])
        changed = self.filtered(lambda move: move.maventa_status_id != status)
        changed._maventa_check_not_in_flight()
        taken_out = changed.filtered(
            lambda move: move.maventa_state == TransferState.QUEUED
        )
        result = super().write(vals)
        changed._maventa_mark_sent(status)
        changed._maventa_follow_status()
        if not self.env.context.get("maventa_silent"):
            taken_out._maventa_log_taken_out()
        self._maventa_compare_with_sent(vals)
        self._maventa_reopen_receipts(vals)
        self._maventa_compare_with_receipts()
        return result

    def _post(self, soft=True):
        # EXTENDS 'account'
        booking = self.env["maventa.bill.booking"].sudo()
        booking._assert_decided(self.sudo().maventa_receipt_ids)
        posted = super(AccountMove, _posting(self))._post(soft=soft)
        posted = posted.with_env(self.env)
        for move in posted.filtered(lambda move: move._maventa_goes_when_posted()):
            company = move.maventa_account_company_id.sudo()
            move.maventa_status_id = company.maventa_status_to_transfer_id
        self.env["maventa.sent.content"]._compare(posted.filtered("maventa_state"))
        booking._posted(posted.sudo().maventa_receipt_ids)
        self.env["maventa.new.suppliers"].sudo()._posted(posted.sudo())
        credits = self.env["maventa.credited.bills"].sudo()._waiting(posted.sudo())
        booking._check_again(booking._drafts_like(posted.sudo()) | credits)
        return posted

    def _invoice_paid_hook(self):
        # EXTENDS 'account'
        result = super()._invoice_paid_hook()
        activities = self.env["maventa.receipt.activities"].sudo()
        for receipt in self.sudo().maventa_receipt_ids:
            activities._follow(receipt)
        return result

    def _message_set_main_attachment_id(self, attachments, **options):
        # EXTENDS 'mail': who looks through the files of what was sent changes nothing
        if not (self.invoice_pdf_report_id and self._maventa_is_frozen()):
            super()._message_set_main_attachment_id(attachments, **options)

    def _autopost_bill(self):
        # EXTENDS 'account'
        # A received bill posts by itself only where nothing is left to decide.
        booking = self.env["maventa.bill.booking"].sudo()
        receipts = self.sudo().maventa_receipt_ids
        if all(booking._may_autopost(receipt) for receipt in receipts):
            super()._autopost_bill()

    def button_cancel(self):
        # EXTENDS 'account'
        result = super().button_cancel()
        self._maventa_drop_receipts(
            lambda env: env._("Bill cancelled by %s", env.user.name)
        )
        booking = self.env["maventa.bill.booking"].sudo()
        booking._check_again(booking._drafts_like(self.sudo()))
        return result

    def unlink(self):
        # EXTENDS 'account'
        self._maventa_drop_receipts(
            lambda env: env._("Bill deleted by %s", env.user.name)
        )
        booking = self.env["maventa.bill.booking"].sudo()
        similar = booking._drafts_like(self.sudo())
        result = super().unlink()
        booking._check_again(similar)
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

    def _maventa_compare_with_receipts(self):
        """Compare drafts with their received documents after any change of them."""
        if is_inside(self):
            return
        drafts = self.filtered(
            lambda move: move.state == "draft" and move.is_purchase_document()
        )
        receipts = inside(drafts.sudo()).maventa_receipt_ids
        self.env["maventa.bill.booking"].sudo()._check_again(receipts)

    def _maventa_compare_with_sent(self, vals):
        """Look whether a change makes invoices again what Maventa delivers."""
        if PRINTED & vals.keys():
            held = self.filtered(lambda move: move.maventa_state in HELD)
            self.env["maventa.sent.content"]._compare(held)

    def _maventa_reopen_receipts(self, vals):
        """Let ignored receipts ask again when their bills are drafts again."""
        if vals.get("state") == "draft":
            receipts = self.sudo().maventa_receipt_ids
            self.env["maventa.bill.booking"].sudo()._reopened(receipts)

    def _maventa_drop_receipts(self, tell):
        receipts = self.sudo().maventa_receipt_ids
        self.env["maventa.bill.booking"].sudo()._dropped(receipts, tell)

    def _maventa_status_of_client(self, status_id):
        """Return the status with an id that the status bar has sent.

        :raise MissingError: it is no id of a status that the user may read
        """
        statuses = self.env["maventa.invoice.status"].with_context(active_test=False)
        if type(status_id) is int:
            statuses = statuses.search([("id", "=", status_id)])
        if not statuses:
            raise MissingError(self.env._("These records do not exist."))
        return statuses.with_env(self.env)

    def _maventa_toast(self):
        states = dict(self._fields["maventa_state"]._description_selection(self.env))
        lines = [f"{move.name}: {states.get(move.maventa_state, '-')}" for move in self]
        fine = all(
            move.maventa_state in HELD
            and not move.sudo().maventa_transfer_id.is_contradicted
            for move in self
        )
        return self._maventa_notification(fine, "\n".join(lines))

    def _maventa_notification(self, fine, message):
        is_demo = any(move.maventa_is_demo for move in self)
        title = self.env._("Maventa (Demo)") if is_demo else self.env._("Maventa")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if fine else "warning",
                "title": title,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _maventa_result(self, ready, problems):
        """Return the toast, or the dialog that lists what was left out and why."""
        rules = self.env["maventa.status.rules"]
        companies = ready.grouped("maventa_account_company_id").values()
        obstacles = filter(None, (rules._obstacle(moves[0]) for moves in companies))
        obstacle = "\n".join(dict.fromkeys(obstacles))
        if problems:
            return self.env["maventa.transfer.result"]._show(ready, problems, obstacle)
        message = self.env._("Invoices to transfer: %s", len(ready))
        return self._maventa_notification(
            not obstacle, f"{message}\n{obstacle}".strip()
        )

    # === STATUS === #

    def _maventa_check_enabled(self):
        if not self.maventa_account_company_id.sudo().maventa_enabled:
            problem = TransferProblem("switched_off")
            account = self.env["maventa.account"]
            raise UserError(self.env["maventa.messages"]._explain(problem, account))

    def _maventa_check_not_in_flight(self):
        """Raise a user error for documents whose upload has no outcome yet."""
        in_flight = self.filtered(lambda move: move.maventa_state in IN_FLIGHT)
        if in_flight and not self.env.su:
            raise UserError(
                self.env._(
                    "The upload of %s to Maventa has started. Wait for the answer.",
                    ", ".join(in_flight.mapped("name")),
                )
            )

    def _maventa_confirm(self):
        """Record that the user wants a transfer of what was sent another way."""
        asked = self.filtered(self.env["maventa.status.rules"]._is_question)
        as_service(asked.sudo()).maventa_is_confirmed = True
        body = self.env._(
            "Confirmed by %s: Maventa sends the invoice, although the customer has "
            "received it another way.",
            self.env.user.name,
        )
        asked._message_log_batch(bodies=dict.fromkeys(asked.ids, body))

    def _maventa_log_taken_out(self):
        """Say in the chatter of formerly queued documents that they are not sent."""
        out = self.filtered(lambda move: move.maventa_state != TransferState.QUEUED)
        body = self.env._("Taken out of the queue for Maventa: it is not sent.")
        out._message_log_batch(bodies=dict.fromkeys(out.ids, body))

    def _maventa_may_send_again(self):
        """Return whether a second transfer would be a repetition at Maventa."""
        reached = self._maventa_transfers().filtered(lambda row: row.remote_id)
        return bool(reached) and self.maventa_state in (*HELD, *TO_CORRECT)

    def _maventa_is_wanted(self):
        """Return whether the invoice is in the transfer status."""
        company = self.maventa_account_company_id.sudo()
        wanted = company.maventa_status_to_transfer_id
        return bool(wanted) and self.maventa_status_id == wanted

    def _maventa_set_status(self, status):
        """Set a status because of Maventa's answer, not because of a user.

        What is not posted has none.
        """
        changed = self.sudo().filtered(
            lambda move: move.state == "posted" and move.maventa_status_id != status
        )
        if status and changed:
            # The lines stay as they are, and the chatter has the answer itself.
            quick = {"skip_invoice_sync": True, "mail_notrack": True}
            changed.with_context(**quick).maventa_status_id = status

    def _maventa_mark_sent(self, status):
        """Let documents count as sent, or not any more, as their new status says."""
        counted = self.sudo()
        if status.sent:
            fresh = counted.filtered(lambda move: not move.is_move_sent)
            as_service(fresh).write(
                {"is_move_sent": True, "maventa_counts_as_sent": True}
            )
            return
        returned = counted.filtered(
            lambda move: (
                move.maventa_counts_as_sent and not move._maventa_is_handed_over()
            )
        )
        values = {"is_move_sent": False, "maventa_counts_as_sent": False}
        as_service(returned).write(values)

    def _maventa_goes_when_posted(self):
        """Return whether posting alone sets the transfer status.

        A customer with another sending method keeps that.
        """
        self.ensure_one()
        company = self.maventa_account_company_id.sudo()
        partner = self.commercial_partner_id.with_company(self.company_id)
        return (
            self.maventa_is_available
            and company.maventa_enabled
            and company.maventa_on_posting
            and partner.invoice_sending_method in (False, "maventa")
            and not self.maventa_status_id
            and not self.env["maventa.status.rules"]._refusal(self)
        )

    def _maventa_send_by_status(self):
        """Set the transfer status, or log the reason against it in the chatter."""
        if self._maventa_is_wanted():
            return
        company = self.maventa_account_company_id.sudo()
        if not company.maventa_enabled:
            reason = self.env._("the transfer to Maventa is switched off.")
        else:
            reason = self.env["maventa.status.rules"]._refusal(self)
        if reason:
            text = self.env._("Not transferred to Maventa: %s", reason)
            self._message_log(body=as_html(text))
            return
        self.maventa_status_id = company.maventa_status_to_transfer_id

    # === QUEUE === #

    def _maventa_follow_status(self):
        """Queue documents in the transfer status; take others out of the queue."""
        wanted = self.filtered(lambda move: move._maventa_is_wanted())
        others = (self - wanted).sudo().maventa_transfer_ids
        others.filtered(lambda row: row.state == TransferState.QUEUED).unlink()
        wanted.filtered(
            lambda move: move.maventa_account_company_id.sudo().maventa_enabled
        )._maventa_queue()

    def _maventa_take_out(self):
        """Let these not go out by themselves in an environment chosen later."""
        self.with_context(maventa_silent=True).maventa_status_id = False
        body = self.env._(
            "The environment of Maventa was changed: the invoice was taken out of the "
            "queue, and can be transferred again."
        )
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))

    def _maventa_forget_demo(self):
        """Let these count as not sent: they were only handed over in Demo."""
        if not self:
            return
        self.with_context(maventa_silent=True).maventa_status_id = False
        self.activity_unlink([ERROR_ACTIVITY, PENDING_ACTIVITY])
        body = self.env._(
            "Maventa is not in Demo any more. Nothing was sent in Demo: the invoice "
            "counts as not sent, and can be transferred."
        )
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))

    def _maventa_transfers(self):
        """Return the transfers that count, the oldest first: none of a past Demo."""
        rows = self.sudo().maventa_transfer_ids
        return rows.filtered(lambda row: not row.is_void).sorted("id")

    def _maventa_queue(self):
        """Queue these once, if they may be transferred, and start the job."""
        rules = self.env["maventa.status.rules"]
        self.sudo().filtered(
            lambda move: (
                all(row.state not in LIVE for row in move._maventa_transfers())
                and not rules._refusal(move)
            )
        )._maventa_enqueue()

    def _maventa_enqueue(self, again=False):
        # Without an account it is queued by the job when one is configured.
        accounts = {
            move: account
            for move in self
            if (account := move.maventa_account_company_id.sudo().maventa_account_id)
        }
        if not accounts:
            return
        # The index that allows one live row looks at the database.
        self.env["maventa.transfer"].flush_model(["state", "is_void"])
        self.env["maventa.transfer"].sudo().create(
            [
                {"move_id": move.id, "account_id": account.id, "again": again}
                for move, account in accounts.items()
            ]
        )
        self.env.ref("account_maventa.ir_cron_maventa_transfer").sudo()._trigger()

    def _maventa_is_carried(self):
        """Return whether the customer receives it from Maventa, or soon will."""
        return any(
            transfer.state in (*CARRIED, TransferState.QUEUED)
            for transfer in self._maventa_transfers()
        )

    # === FROZEN DOCUMENTS === #

    def _maventa_is_frozen(self):
        """Return whether the document must not be changed.

        What Maventa has stays as it is, whatever status a user gives it.
        """
        is_final = self.sudo().maventa_status_id.not_editable
        return self._maventa_is_handed_over() or bool(is_final)

    def _maventa_is_handed_over(self):
        """Return whether Maventa has this document, or may have it, to deliver it.

        What it delivers although the invoice is another one must not keep the invoice
        from being put right.
        """
        return any(
            row.reroute_pending or (row.state in CARRIED and not row.is_contradicted)
            for row in self._maventa_transfers()
        )

    def _maventa_is_held(self):
        """Return whether Maventa has a document of it, or may have it."""
        return any(row.state in CARRIED for row in self._maventa_transfers())

    def _maventa_check_may_unpost(self):
        """Raise a user error for documents that cannot be reset or cancelled."""
        self.filtered(lambda move: move._maventa_is_frozen())._maventa_raise_frozen()

    def _maventa_check_frozen(self, vals):
        """Raise a user error if printed fields of a frozen document change."""
        names = (PRINTED | BOOKED) & vals.keys() & self._fields.keys()
        if vals.get("posted_before"):
            names -= {"posted_before"}  # posting sets it
        files = file_fields(self, vals)
        if not (names or files or "message_main_attachment_id" in vals):
            return
        for move in self.filtered(lambda x: x._maventa_is_frozen()):
            kept = names | {name for name in files if is_kept_file(move, name)}
            is_changed = any(move._maventa_changes(name, vals[name]) for name in kept)
            if is_changed or is_other_main_file(move, vals):
                move._maventa_raise_frozen()

    def _maventa_check_seal(self, vals):
        """Raise a user error for a hash that is not Odoo's: it is never removed."""
        if "inalterable_hash" not in vals or self.env.su:
            return
        for move in self:
            is_ours = move.maventa_is_available or move.sudo().maventa_receipt_ids
            if is_ours and move._maventa_changes(
                "inalterable_hash", vals["inalterable_hash"]
            ):
                raise UserError(
                    self.env._(
                        "%s cannot be secured by a value: Odoo does that.",
                        move.display_name,
                    )
                )

    def _maventa_check_posting(self, vals):
        """Raise a user error if a value alone would post documents.

        Confirming asks what is open, and gives the number; a value does neither.
        """
        if vals.get("state") != "posted" or _is_posting(self):
            return
        for move in self.filtered(lambda x: x.state != "posted"):
            if move.maventa_is_available or move.sudo().maventa_receipt_ids:
                raise UserError(
                    self.env._(
                        "%s is posted by confirming it, not by a value.",
                        move.display_name,
                    )
                )

    def _maventa_changes(self, name, value):
        field = self._fields[name]
        cached = field.convert_to_cache(value, self)
        return self[name] != field.convert_to_record(cached, self)

    def _maventa_raise_frozen(self):
        for move in self:
            if any(row.reroute_pending for row in move._maventa_transfers()):
                raise UserError(
                    self.env._(
                        "%s cannot be changed: Maventa may have resent it by another "
                        'channel. Press "Refresh" on the invoice first.',
                        move.display_name,
                    )
                )
            if any(row.state in HELD for row in move._maventa_transfers()):
                raise UserError(
                    self.env._(
                        "%s cannot be changed: Maventa has it, and the customer "
                        "receives it as it was sent. Correct it with a credit note.",
                        move.display_name,
                    )
                )
            raise UserError(
                self.env._(
                    "%(invoice)s cannot be changed: its upload to Maventa has started, "
                    'or its Maventa status "%(status)s" does not allow changes.',
                    invoice=move.display_name,
                    status=move.maventa_status_id.name or "",
                )
            )

    # === FILES === #

    def _maventa_detach_pdf(self):
        """Keep an earlier PDF of the invoice as a plain attachment."""
        earlier = self.sudo().invoice_pdf_report_id._maventa_replacing()
        for attachment in earlier:
            stem, ending = os.path.splitext(attachment.name)
            day = fields.Date.to_string(attachment.create_date)
            attachment.write({"res_field": False, "name": f"{stem} ({day}){ending}"})

    def _maventa_sends_all_files(self):
        """Return whether attachments go along that nobody has chosen."""
        company = self.maventa_account_company_id.sudo()
        partner = self.commercial_partner_id.with_company(self.company_id)
        choice = partner.maventa_attachments
        return choice == "all" or (not choice and company.maventa_all_attachments)

    def _maventa_sent_files(self):
        """Return the attachments that the customer receives, the oldest first."""
        none = self.env["ir.attachment"]
        return self._maventa_chosen_files() if self.maventa_sends_files else none

    def _maventa_chosen_files(self):
        """Return the attachments that are selected for sending, the oldest first."""
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        files = self.env["ir.attachment"].sudo().search(domain, order="id")
        return files.filtered("maventa_send")
