"""An invoice's status for Maventa, and what follows from it.

Reaching the company's transfer status queues the invoice; leaving it takes the invoice
out of the queue. While Maventa has or may have the invoice, it stays as it was sent.
"""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.sql import column_exists, create_column

from .transfer_state import CARRIED, HELD, IN_FLIGHT, LIVE, STATES, TransferState

# Fields that can be written on a posted document and appear in its PDF or XML
PRINTED = {
    "delivery_date",
    "invoice_date_due",
    "invoice_incoterm_id",
    "incoterm_location",
    "invoice_origin",
    "maventa_buyer_reference",
    "name",
    "narration",
    "partner_bank_id",
    "partner_shipping_id",
    "payment_reference",
    "ref",
}
SENT_BY_PEPPOL = ("to_send", "processing", "done")


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
    maventa_counts_as_sent = fields.Boolean(
        "Counts as sent by its Maventa status", readonly=True, copy=False
    )

    def _auto_init(self):
        # EXTENDS 'base'
        # New columns are empty for every existing entry: no need to compute that.
        if not column_exists(self.env.cr, "account_move", "maventa_state"):
            create_column(self.env.cr, "account_move", "maventa_state", "varchar")
            create_column(self.env.cr, "account_move", "maventa_transfer_id", "int4")
            column = "maventa_buyer_reference"
            create_column(self.env.cr, "account_move", column, "varchar")
        return super()._auto_init()

    # === CONSTRAINTS === #

    @api.constrains("maventa_status_id")
    def _check_maventa_status(self):
        for move in self.filtered("maventa_status_id"):
            if reason := move._maventa_refusal(move.maventa_status_id):
                raise ValidationError(
                    self.env._(
                        "%(document)s: %(reason)s",
                        document=move.display_name,
                        reason=reason,
                    )
                )

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

    @api.depends("maventa_transfer_ids.state")
    def _compute_maventa_transfer(self):
        for move in self:
            last = move.sudo().maventa_transfer_ids.sorted("id")[-1:]
            move.maventa_transfer_id = last
            move.maventa_state = last.state

    @api.depends("partner_id")
    def _compute_maventa_buyer_reference(self):
        for move in self:
            partners = (move.partner_id, move.commercial_partner_id)
            names = [partner.maventa_buyer_reference for partner in partners]
            move.maventa_buyer_reference = next(filter(None, names), False)

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
        "maventa_state",
        "maventa_error",
        "maventa_transfer_id.warned_at",
        "maventa_transfer_id.account_id.state",
    )
    def _compute_alerts(self):
        # EXTENDS 'account'
        super()._compute_alerts()

    def _get_alerts(self):
        # EXTENDS 'account'
        alerts = super()._get_alerts()
        if self.maventa_is_available:
            alerts |= self.env["maventa.invoice.alerts"]._alerts(self)
        return alerts

    @api.depends("maventa_status_id.not_editable", "maventa_state")
    def _compute_show_reset_to_draft_button(self):
        # EXTENDS 'account'
        super()._compute_show_reset_to_draft_button()
        for move in self.filtered("maventa_status_id"):
            if move._maventa_is_frozen():
                move.show_reset_to_draft_button = False

    # === OVERRIDES === #

    def write(self, vals):
        # EXTENDS 'account'
        self._maventa_check_frozen(vals)
        if "maventa_status_id" not in vals:
            return super().write(vals)
        status = self.env["maventa.invoice.status"].browse(vals["maventa_status_id"])
        changed = self.filtered(lambda move: move.maventa_status_id != status)
        changed._maventa_check_not_in_flight()
        result = super().write(vals)
        changed._maventa_mark_sent(status)
        changed._maventa_follow_status()
        return result

    def _post(self, soft=True):
        # EXTENDS 'account'
        posted = super()._post(soft=soft)
        for move in posted.filtered(lambda move: move._maventa_goes_when_posted()):
            company = move.maventa_account_company_id.sudo()
            move.maventa_status_id = company.maventa_status_to_transfer_id
        return posted

    def button_draft(self):
        # EXTENDS 'account'
        self.filtered(lambda move: move._maventa_is_frozen())._maventa_raise_frozen()
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
        """Set the transfer status on all of these, or list the reasons against it."""
        reasons = []
        for move in self:
            company = move.maventa_account_company_id.sudo()
            status = company.maventa_status_to_transfer_id
            reason = (
                move._maventa_refusal(status)
                if status
                else self.env._("Maventa is not configured for this company.")
            )
            if reason:
                reasons.append(f"{move.display_name}: {reason}")
        if reasons:
            raise UserError("\n".join(reasons))
        for move in self:
            company = move.maventa_account_company_id.sudo()
            move.maventa_status_id = company.maventa_status_to_transfer_id.id
        return True

    def action_maventa_transfer_now(self):
        """Transfer these without waiting for the scheduled job."""
        self.check_access("write")
        for move in self:
            move._maventa_check_enabled()
            if move._maventa_is_wanted():
                move._maventa_queue()
            transfer = move.sudo().maventa_transfer_id
            if transfer.state in LIVE:
                self.env["maventa.uploader"]._transfer_now(transfer)
        return self._maventa_toast()

    def action_maventa_refresh(self):
        """Ask Maventa for the current status of these."""
        self.check_access("write")
        self.env["maventa.delivery"]._refresh(self.sudo().maventa_transfer_id)
        return self._maventa_toast()

    def action_maventa_send_again(self):
        """Queue an invoice that Maventa already has; the user has confirmed it."""
        self.ensure_one()
        self.check_access("write")
        self._maventa_check_enabled()
        if self.maventa_state not in HELD:
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
        """Open the dialog that selects another channel."""
        self.ensure_one()
        self.check_access("write")
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
        self.ensure_one()
        return self.maventa_transfer_id.action_open_remote()

    def _maventa_toast(self):
        states = dict(self._fields["maventa_state"]._description_selection(self.env))
        lines = [f"{move.name}: {states.get(move.maventa_state, '-')}" for move in self]
        fine = all(move.maventa_state in HELD for move in self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if fine else "warning",
                "title": self.env._("Maventa"),
                "message": "\n".join(lines),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === STATUS === #

    def _maventa_check_enabled(self):
        if not self.maventa_account_company_id.sudo().maventa_enabled:
            raise UserError(
                self.env._("The transfer to Maventa is switched off in the settings.")
            )

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

    def _maventa_refusal(self, status=None):
        """Return why the invoice cannot have a status, or nothing.

        :param status: by default the transfer status
        """
        self.ensure_one()
        company = self.maventa_account_company_id.sudo()
        status = status or company.maventa_status_to_transfer_id
        if self.move_type not in ("out_invoice", "out_refund"):
            return self.env._(
                "only customer invoices and credit notes can be sent by Maventa."
            )
        if self.state != "posted":
            return self.env._("only posted documents have a Maventa status.")
        if status.company_id != company:
            return self.env._(
                'the status "%s" belongs to another company.', status.name
            )
        if status != company.maventa_status_to_transfer_id:
            return None
        if self.maventa_state in CARRIED:
            return self.env._(
                "Maventa already has it, and it is not sent twice. To send it once "
                'more, use "Send again as new" on the invoice.'
            )
        if self._maventa_is_sent_by_peppol():
            return self.env._("Odoo's own Peppol is sending it already.")
        return None

    def _maventa_is_sent_by_peppol(self):
        # 'account_peppol' is no dependency, but may be installed.
        return (
            "peppol_move_state" in self._fields
            and self.peppol_move_state in SENT_BY_PEPPOL
        )

    def _maventa_is_wanted(self):
        """Return whether the invoice is in the transfer status."""
        company = self.maventa_account_company_id.sudo()
        wanted = company.maventa_status_to_transfer_id
        return bool(wanted) and self.maventa_status_id == wanted

    def _maventa_set_status(self, status):
        """Set a status because of Maventa's answer, not because of a user."""
        for move in self.sudo():
            if status and move.maventa_status_id != status:
                move.maventa_status_id = status

    def _maventa_mark_sent(self, status):
        """Let documents count as sent, or not any more, as their new status says."""
        counted = self.sudo()
        if status.sent:
            fresh = counted.filtered(lambda move: not move.is_move_sent)
            fresh.write({"is_move_sent": True, "maventa_counts_as_sent": True})
            return
        returned = counted.filtered(
            lambda move: (
                move.maventa_counts_as_sent
                and not any(row.state in CARRIED for row in move.maventa_transfer_ids)
            )
        )
        returned.write({"is_move_sent": False, "maventa_counts_as_sent": False})

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
            and not self._maventa_refusal()
        )

    def _maventa_send_by_status(self):
        """Set the transfer status, or log the reason against it in the chatter."""
        if self._maventa_is_wanted():
            return
        company = self.maventa_account_company_id.sudo()
        if not company.maventa_enabled:
            reason = self.env._("the transfer to Maventa is switched off.")
        else:
            reason = self._maventa_refusal()
        if reason:
            self._message_log(body=self.env._("Not transferred to Maventa: %s", reason))
            return
        self.maventa_status_id = company.maventa_status_to_transfer_id

    # === QUEUE === #

    def _maventa_follow_status(self):
        """Queue documents in the transfer status; take others out of the queue."""
        for move in self:
            company = move.maventa_account_company_id.sudo()
            if not move._maventa_is_wanted():
                transfers = move.sudo().maventa_transfer_ids
                transfers.filtered(
                    lambda row: row.state == TransferState.QUEUED
                ).unlink()
            elif company.maventa_enabled:
                move._maventa_queue()

    def _maventa_queue(self):
        """Queue these once, if they may be transferred, and start the job."""
        for move in self.sudo():
            if move.maventa_transfer_ids.filtered(lambda row: row.state in LIVE):
                continue
            if not move._maventa_refusal():
                move._maventa_enqueue()

    def _maventa_enqueue(self, again=False):
        self.ensure_one()
        company = self.maventa_account_company_id.sudo()
        if not company.maventa_account_id:
            return  # queued by the job when an account is configured
        # The index that allows one live row looks at the database.
        self.env["maventa.transfer"].flush_model(["state"])
        self.env["maventa.transfer"].sudo().create(
            {
                "move_id": self.id,
                "account_id": company.maventa_account_id.id,
                "again": again,
            }
        )
        self.env.ref("account_maventa.ir_cron_maventa_transfer").sudo()._trigger()

    def _maventa_is_carried(self):
        """Return whether the customer receives it from Maventa, or soon will."""
        return any(
            transfer.state in (*CARRIED, TransferState.QUEUED)
            for transfer in self.sudo().maventa_transfer_ids
        )

    # === FROZEN DOCUMENTS === #

    def _maventa_is_frozen(self):
        """Return whether the document must not be changed."""
        return self.maventa_state in IN_FLIGHT or bool(
            self.sudo().maventa_status_id.not_editable
        )

    def _maventa_check_frozen(self, vals):
        """Raise a user error if printed fields of a frozen document change."""
        names = PRINTED & vals.keys()
        if not names:
            return
        changed = self.filtered(
            lambda move: (
                move._maventa_is_frozen()
                and any(move._maventa_changes(name, vals[name]) for name in names)
            )
        )
        changed._maventa_raise_frozen()

    def _maventa_changes(self, name, value):
        field = self._fields[name]
        cached = field.convert_to_cache(value, self)
        return self[name] != field.convert_to_record(cached, self)

    def _maventa_raise_frozen(self):
        for move in self:
            raise UserError(
                self.env._(
                    "%(invoice)s cannot be changed: its upload to Maventa has started, "
                    'or its Maventa status "%(status)s" does not allow changes.',
                    invoice=move.display_name,
                    status=move.maventa_status_id.name or "",
                )
            )

    # === FILES === #

    def _maventa_chosen_files(self):
        """Return the attachments that are selected for sending, the oldest first."""
        domain = [
            ("res_model", "=", self._name),
            ("res_id", "=", self.id),
            ("maventa_send", "=", True),
        ]
        return self.env["ir.attachment"].sudo().search(domain, order="id")
