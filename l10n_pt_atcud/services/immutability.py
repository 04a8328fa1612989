"""What an issued document never changes again, whatever the door.

So it is with the entry of a payment with a receipt, or of one that is part of an
invoice-receipt: what is issued says that the money is in the books.

An issued document is corrected by a credit or debit note, or cancelled with a reason
(Despacho 8632/2014; CIVA art. 29). What stays free, because it may be agreed or changed
later, is printed as it was: ``issued_content`` has the table of all that is printed.
"""

from odoo import Command, api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from ..guards import internal
from ..kept import file_fields, is_kept_file, is_other_main_file

# In the context of a cancellation, and of posting. Objects: no request from outside can
# carry them.
CANCELLATION, POSTING = object(), object()

# On the document: who, when, what for, how much, and what is printed with it.
MOVE_FIELDS = frozenset(
    "name sequence_prefix sequence_number journal_id company_id move_type "
    "posted_before partner_id commercial_partner_id partner_shipping_id currency_id "
    "invoice_currency_rate invoice_date date taxable_supply_date delivery_date "
    "fiscal_position_id invoice_payment_term_id invoice_cash_rounding_id "
    "invoice_incoterm_id incoterm_location ref narration invoice_origin "
    "payment_reference partner_bank_id "
    "reversed_entry_id debit_origin_id tax_totals quick_edit_total_amount "
    "invoice_line_ids line_ids amount_untaxed amount_tax amount_total "
    "amount_untaxed_signed amount_tax_signed amount_total_signed "
    "amount_untaxed_in_currency_signed amount_total_in_currency_signed "
    "amount_total_words quick_edit_mode tax_calculation_rounding_method "
    "amount_residual amount_residual_signed secure_sequence_number "
    "l10n_pt_atcud_series_id l10n_pt_atcud_document_type l10n_pt_atcud_reason "
    "l10n_pt_atcud_is_external l10n_pt_atcud_external_value l10n_pt_atcud_is_missing "
    "l10n_pt_atcud_payment_journal_id is_storno origin_payment_id l10n_pt_atcud_origin "
    "l10n_pt_atcud_original_number".split()
)
LINE_FIELDS = frozenset(
    "move_id name product_id product_uom_id quantity price_unit discount tax_ids "
    "balance debit credit amount_currency currency_id currency_rate partner_id "
    "display_type sequence price_subtotal price_total tax_line_id "
    "tax_repartition_line_id tax_base_amount tax_tag_ids group_tax_id date "
    "invoice_date company_id journal_id extra_tax_data deductible_amount parent_state "
    "move_name is_storno collapse_composition collapse_prices amount_residual "
    "amount_residual_currency reconciled".split()
)


@internal
class L10nPtAtcudImmutability(models.AbstractModel):
    """Refuses changes of issued documents. Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.immutability"
    _description = "AT: what an issued document never changes"

    # === PUBLIC === #

    @api.model
    def check_document(self, moves, vals):
        """Raise when ``vals`` change an issued document, or its state."""
        names = self._move_fields() & vals.keys()
        files = file_fields(moves, vals)
        others = {
            "state",
            "invoice_date_due",
            "message_main_attachment_id",
            "payment_state",
            "made_sequence_gap",
        }
        for move in moves if names or files or others & vals.keys() else ():
            if not self._is_fixed(move):
                continue
            if "state" in vals and not self._may_become(move, vals["state"]):
                raise self.refusal(move)
            if self.is_change(move, vals):
                raise self.refusal(move)
            if self._is_settled_by_hand(move, vals):
                raise self.refusal(move)
            kept = [name for name in files if is_kept_file(move, name)]
            is_other = any(is_changed(move, name, vals[name]) for name in kept)
            if is_other or is_other_main_file(move, vals):
                raise self.proof_refusal(move)
            self._check_due_date(move, vals)

    @api.model
    def check_lines(self, lines, vals=None):
        """Raise when lines of an issued document are changed, added or deleted.

        :param vals: the change; nothing: the lines are new, or deleted
        """
        checked = self._line_fields() | {"account_id", "date_maturity"}
        if self._is_cancellation() or not (vals is None or checked & vals.keys()):
            return
        for line in lines:
            if not self._is_fixed(line.move_id) or self._is_cost_of_odoo(line, vals):
                continue
            if vals is None or self.is_line_change(line, vals):
                raise self.refusal(line.move_id)
            self._check_maturity(line, vals)

    @api.model
    def is_change(self, move, vals, others=frozenset()):
        """Return whether ``vals`` change what an issued document never changes.

        :param others: names of fields to compare beside
        """
        names = (self._move_fields() | others) & vals.keys()
        return any(is_changed(move, name, vals[name]) for name in names)

    @api.model
    def is_line_change(self, line, vals):
        """Return whether ``vals`` change what the line of such a document is.

        Its account is free, but for taxes and for money that was received.
        """
        names = self._line_fields() & vals.keys()
        if "account_id" in vals and (
            line.tax_line_id or line.move_id.origin_payment_id
        ):
            names |= {"account_id"}
        return any(is_changed(line, name, vals[name]) for name in names)

    @api.model
    def refusal(self, move):
        """Return the error that leads to the credit note, where a user can be led."""
        payment = self._issued_payment(move)
        if payment:
            return payment._l10n_pt_atcud_frozen_error()
        message = self.env._(
            "%s is issued and carries an ATCUD. It can no longer be changed or reset "
            "to draft. Correct it by a credit or debit note, or cancel it with a "
            "reason.",
            move.name,
        )
        is_invoice = move.move_type in ("out_invoice", "out_receipt")
        check = self.env["l10n_pt_atcud.posting_series_check"]
        if not (is_invoice and move.state == "posted" and check.can_redirect()):
            return UserError(message)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account.action_view_account_move_reversal"
        )
        action["context"] = {"active_model": move._name, "active_ids": move.ids}
        return RedirectWarning(message, action, self.env._("Credit note"))

    @api.model
    def proof_refusal(self, move):
        """Return the error about files and notes of a document."""
        return UserError(
            self.env._(
                "%s is issued: its PDF and its notes are proof, and stay as they are.",
                move.name,
            )
        )

    @api.model
    def cancelling(self, moves):
        """Return ``moves`` in a context in which they may be cancelled."""
        return moves.with_context(l10n_pt_atcud_cancellation=CANCELLATION)

    @api.model
    def posting(self, moves):
        """Return ``moves`` in a context in which they may become posted."""
        return moves.with_context(l10n_pt_atcud_posting=POSTING)

    @api.model
    def check_posting(self, moves, vals):
        """Raise when ``vals`` make documents posted that were not issued by posting.

        Such a document would have no ATCUD, and its dates would not be checked.
        """
        if self.env.context.get("l10n_pt_atcud_posting") is POSTING:
            return
        is_posted, was_posted = vals.get("state") == "posted", vals.get("posted_before")
        for move in moves if is_posted or was_posted else ():
            is_new = (is_posted and move.state != "posted") or (
                was_posted and not move.posted_before
            )
            if is_new and move._l10n_pt_atcud_is_document():
                raise UserError(
                    self.env._("A document is issued by confirming it, not by a value.")
                )

    @api.model
    def is_sealed_by_hand(self, moves, vals):
        """Return whether ``vals`` give documents a hash that is not Odoo's.

        Odoo writes it with ``sudo()``, and never removes it.
        """
        if "inalterable_hash" not in vals or self.env.su:
            return False
        return any(
            move._l10n_pt_atcud_is_document()
            and is_changed(move, "inalterable_hash", vals["inalterable_hash"])
            for move in moves
        )

    # === HELPERS === #

    def _is_fixed(self, move):
        """Return whether the entry is an issued document, or belongs to one."""
        return move._l10n_pt_atcud_is_final() or bool(self._issued_payment(move))

    def _issued_payment(self, move):
        """Return the issued payment whose entry this is, once it is confirmed."""
        payment = self.env["account.payment"].sudo()
        if move.state != "draft":
            payment = move.sudo().origin_payment_id
        return payment if payment._l10n_pt_atcud_is_final() else payment.browse()

    def _move_fields(self):
        """Return the frozen fields of a document, for addons that add to them."""
        return MOVE_FIELDS

    def _line_fields(self):
        """Return the frozen fields of its lines, for addons that add to them."""
        return LINE_FIELDS

    def _check_due_date(self, move, vals):
        """Raise when another due date that was agreed is before the document."""
        due = fields.Date.to_date(vals.get("invoice_date_due"))
        if due != move.invoice_date_due:
            self._check_due(move, due)

    def _check_maturity(self, line, vals):
        """Raise when the amount due gets another date that was never agreed."""
        due = fields.Date.to_date(vals.get("date_maturity", line.date_maturity))
        if due != line.date_maturity:
            self._check_due(line.move_id, due)

    def _check_due(self, move, due):
        if due and move.invoice_date and due < move.invoice_date:
            raise UserError(
                self.env._("%s is not due before it was issued.", move.name)
            )

    def _is_settled_by_hand(self, move, vals):
        """Return whether ``vals`` say what only payments and numbers say.

        Users block a document that is not paid, and free it; the rest is computed, or
        written with ``sudo()``.
        """
        if self.env.su:
            return False
        before = move.payment_state
        after = vals.get("payment_state", before)
        is_block = {before, after} <= {"not_paid", "partial", "blocked"}
        is_paid = before != after and not (is_block and "blocked" in (before, after))
        gap = "made_sequence_gap"
        return is_paid or (gap in vals and is_changed(move, gap, vals[gap]))

    def _is_cost_of_odoo(self, line, vals):
        """Return whether Odoo itself books the cost of goods, beside the document.

        Stock valuation adds the lines before the document is issued, takes them away
        while it is cancelled, and corrects them with ``sudo()``. They stay what they
        are: no line of the document.
        """
        kind = (vals or {}).get("display_type", line.display_type)
        return self.env.su and line.display_type == kind == "cogs"

    def _is_cancellation(self):
        return self.env.context.get("l10n_pt_atcud_cancellation") is CANCELLATION

    def _may_become(self, move, state):
        if state == move.state:
            return True
        if self._issued_payment(move):
            return self.env["account.payment"]._l10n_pt_atcud_is_cancelling()
        return self._is_cancellation()


def is_changed(record, name, value):
    """Return whether writing ``value`` would change the field."""
    field = record._fields.get(name)
    if not field:
        return False
    if field.type in ("one2many", "many2many"):
        return _is_command_change(record[name], value)
    before = field.convert_to_cache(record[name], record)
    return field.convert_to_cache(value, record, validate=False) != before


def _is_command_change(records, commands):
    """Return whether commands of a relation are more than its present contents."""
    if not commands:
        return False
    if isinstance(commands, models.BaseModel):
        return commands != records
    if not isinstance(commands, list | tuple):
        return True
    return not all(_is_present(records, command) for command in commands)


def _is_present(records, command):
    """Return whether a command only names what is there; a malformed one does not."""
    match command:
        case [Command.SET, _, [*numbers]]:
            return sorted(map(str, numbers)) == sorted(map(str, records.ids))
        case [Command.LINK, number, *_]:
            return number in records.ids
    return False
