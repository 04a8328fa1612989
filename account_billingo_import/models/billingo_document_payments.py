from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..billingo_api import errors
from ..billingo_api.parsing import amount, day
from ..billingo_api.payments import PaymentHistory

PAID = ("paid", "partially_paid")
READ_AGAIN = timedelta(hours=20)  # a second part may come without any other change
WARNING = "mail.mail_activity_data_warning"
JOB = "account_billingo_import.ir_cron_billingo_payments"


class BillingoDocument(models.Model):
    """What was paid: asked for after booking and whenever Billingo's state changes."""

    _inherit = "billingo.document"

    payment_ids = fields.One2many("billingo.payment", "document_id", "Payments")
    payment_method = fields.Char("Billingo's word for the method", readonly=True)
    paid_date = fields.Date("Paid on", readonly=True)
    is_payment_due = fields.Boolean("Ask for payments", readonly=True, index=True)
    payments_read_at = fields.Datetime(readonly=True)

    @api.depends("payment_ids.state", "payment_ids.error")
    def _compute_alerts(self):
        super()._compute_alerts()
        for document in self:
            stopped = document.payment_ids.filtered(lambda x: x.state == "stopped")
            if stopped:
                document.alerts = {
                    **(document.alerts or {}),
                    "payment": {
                        "level": "warning",
                        "message": self.env._(
                            "A payment is not registered: %s", stopped[0].error
                        ),
                        "action_text": self.env._("Open the connection"),
                        "action": document.connection_id._get_records_action(),
                    },
                }

    def write(self, vals):
        result = super().write(vals)
        if {"payment_status", "paid_date", "state"} & vals.keys():
            self._ask_for_payments()
        return result

    @api.model
    def _paid_date(self, document):
        """Return the day; Billingo gives any day for what is not paid (sheet 2.1)."""
        raw = document.raw
        if document.payment_status not in PAID:
            return False
        return day(raw.get("paid_at") or raw.get("paid_date")) or False

    def _ask_for_parts(self):
        """Look again: another part may be paid without any other change."""
        before = fields.Datetime.now() - READ_AGAIN
        read_at = self.payments_read_at
        if self.payment_status == "partially_paid" and read_at and read_at < before:
            self._ask_for_payments()

    def _ask_for_payments(self):
        """Have payments read of what is booked, where the connection wants it."""
        due = self.filtered(
            lambda document: (
                document.state == "processed"
                and document.move_id
                and document.connection_id.has_payments
                and (document.payment_status in PAID or document.payment_ids)
            )
        )
        if due:
            due.is_payment_due = True
            # Once per transaction: a page may have a hundred of them.
            said = self.env.cr.precommit.data
            if not said.get(JOB):
                said[JOB] = True
                self.env.ref(JOB).sudo()._trigger()

    @api.model
    def _cron_billingo_payments(self, batch_size=100):
        """Read payments that are due, then register what can be."""
        cron = self.env["ir.cron"]
        wanted = self._payments_due()
        due = self.search(wanted, limit=batch_size, order="connection_id, id")
        cron._commit_progress(remaining=self.search_count(wanted))
        for connection, documents in due.grouped("connection_id").items():
            with connection._client() as client:
                for document in documents:
                    document = document.try_lock_for_update().filtered_domain(wanted)
                    if document and not document._read_payments(client):
                        break
                    if not cron._commit_progress(1):
                        return
        rows = self.env["billingo.payment"]
        waiting = self._payments_waiting()
        for row in rows.search(waiting, limit=batch_size):
            row.try_lock_for_update()._register_all()
            if not cron._commit_progress(1):
                return
        left = self.search_count(self._payments_due()) + rows.search_count(waiting)
        cron._commit_progress(remaining=left)

    def _payments_due(self):
        now = fields.Datetime.now()
        return (
            Domain("is_payment_due", "=", True)
            & Domain("connection_id.state", "=", "active")
            & (
                Domain("connection_id.failures", "=", 0)
                | Domain("connection_id.next_fetch_at", "<=", now)
            )
        )

    def _payments_waiting(self):
        return [
            ("state", "=", "waiting"),
            ("document_id.connection_id.has_payments", "=", True),
            ("document_id.move_id.state", "=", "posted"),
        ]

    def _read_payments(self, client):
        """Ask for one document's payments; return whether others may be asked for."""
        try:
            payments = self._payments(client)
        except errors.SetupError as error:
            self.connection_id._suspend(error)
            return False
        except errors.TemporaryError as error:
            self.connection_id._postpone(error)
            return False
        except errors.RejectedError:
            self.is_payment_due = False  # 404: nothing is known, nothing changes
            return True
        self.write({"is_payment_due": False, "payments_read_at": fields.Datetime.now()})
        if self.env["billingo.payment"]._take_over(self, payments):
            self._tell_payment_gone()
        return True

    def _payments(self, client):
        """Return the payments; a spending knows only the day of the whole."""
        if self.mode != "spending":
            return client.payments(self.billingo_id)
        raw = self._raw()
        if not self.paid_date:
            return ()
        price, method = amount(raw.get("total_gross")), raw.get("payment_method")
        return (PaymentHistory(self.paid_date, price, method or ""),)

    def _tell_payment_gone(self):
        self.activity_schedule(
            WARNING,
            summary=self.env._("Billingo: payment taken back"),
            note=self.env._(
                "A payment that is registered here is no longer at Billingo, or it is "
                "there with another day, amount or method. It was left as it is. "
                "Compare the payments of this document, and correct them if need be."
            ),
            user_id=(self.connection_id.user_id or self.env.user).id,
        )

    def action_register_payments(self):
        """Try again what could not be registered."""
        self._check_bookkeeper()
        rows = self.sudo().payment_ids
        rows._try_again()
        rows._register_all()
        return True
