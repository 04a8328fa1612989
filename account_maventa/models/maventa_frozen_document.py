"""What Maventa has of an invoice stays as it is, by whatever door somebody comes."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..kept import file_fields, is_kept_file, is_other_main_file
from .transfer_state import CARRIED, HELD, TransferState

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

# What follows from payments
SETTLED = {"amount_residual", "amount_residual_signed", "payment_state"}
# People block what is not paid, and free it
BLOCKABLE = {"not_paid", "partial", "blocked"}

_CONTEXT_KEY = "account_maventa_posting"


class _Posting:
    """The value in the context. A request is JSON or XML and cannot contain it."""


def posting(moves):
    """Return ``moves`` in an environment in which Odoo posts them."""
    return moves.with_context(**{_CONTEXT_KEY: _Posting})


def _is_posting(moves):
    return moves.env.context.get(_CONTEXT_KEY) is _Posting


class MaventaFrozenDocument(models.AbstractModel):
    """The part of an invoice that keeps it as Maventa has it."""

    _name = "maventa.frozen.document"
    _description = "Document that Maventa Has"

    # === WHAT MAVENTA HAS === #

    @api.model
    def _maventa_frozen_domain(self):
        """Return the domain of the documents that must not be changed."""
        sent = Domain("state", "in", CARRIED) & Domain("is_void", "=", False)
        return Domain("maventa_transfer_ids", "any", sent) | Domain(
            "maventa_status_id.not_editable", "=", True
        )

    def _maventa_transfers(self):
        """Return the transfers that count, the oldest first: none of a past Demo."""
        rows = self.sudo().maventa_transfer_ids
        return rows.filtered(lambda row: not row.is_void).sorted("id")

    def _maventa_is_carried(self):
        """Return whether the customer receives it from Maventa, or soon will."""
        return any(
            transfer.state in (*CARRIED, TransferState.QUEUED)
            for transfer in self._maventa_transfers()
        )

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

    # === CHECKS === #

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

    def _maventa_is_ours(self):
        """Return whether Maventa carries, or has carried, such a document."""
        return self.maventa_is_available or bool(self.sudo().maventa_receipt_ids)

    def _maventa_check_given(self, vals):
        """Raise a user error for what Odoo alone says: it is secured, or it is paid."""
        names = ({"inalterable_hash"} | SETTLED) & vals.keys()
        if not names or self.env.su:
            return
        for move in self.filtered(lambda x: x._maventa_is_ours()):
            for name in SETTLED & names:
                move._maventa_check_settled(name, vals[name])
            if "inalterable_hash" in names and move._maventa_changes(
                "inalterable_hash", vals["inalterable_hash"]
            ):
                raise UserError(
                    self.env._(
                        "%s cannot be secured by a value: Odoo does that.",
                        move.display_name,
                    )
                )

    def _maventa_check_settled(self, name, value):
        """Raise a user error if a value says that a document is paid, or is not."""
        states = {self[name], value}
        is_block = states <= BLOCKABLE and "blocked" in states
        if self._maventa_changes(name, value) and not is_block:
            raise UserError(
                self.env._(
                    "Whether %s is paid follows from its payments: register these.",
                    self.display_name,
                )
            )

    def _maventa_check_no_payment(self):
        """Raise a user error for documents that would be the entry of a payment.

        Deleting the payment would delete the document.
        """
        for move in self:
            if move.move_type != "entry" and move._maventa_is_ours():
                raise UserError(
                    self.env._(
                        "%s is a document, and no entry of a payment: register the "
                        "payment on it.",
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
            if move._maventa_is_ours():
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
