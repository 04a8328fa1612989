"""Payments: read from Billingo after booking and on changes, registered in Odoo."""

import logging
from collections import Counter
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from psycopg2 import OperationalError

from ..billingo_api import errors
from ..billingo_api.parsing import amount
from ..billingo_api.payments import PaymentHistory
from ..exceptions import DocumentProblem
from ..guards import internal
from .connection_domains import answering

_logger = logging.getLogger(__name__)

PAUSE = timedelta(hours=6)  # after an unforeseen error with one document


@internal
class BillingoPayments(models.AbstractModel):
    _name = "billingo.payments"
    _description = "Payments of Billingo documents"

    # === PUBLIC === #

    def _cron_billingo_payments(self, batch_size=100):
        """Read the payments that are due, then register; commits after each."""
        documents, rows = self.env["billingo.document"], self.env["billingo.payment"]
        cron = self.env["ir.cron"]
        domain = self._due_domain()
        order = "tried_at NULLS FIRST, connection_id, id"
        due = documents.search(domain, limit=batch_size, order=order)
        cron._commit_progress(remaining=documents.search_count(domain))
        calls = self.env["billingo.remote.call"]
        if not calls._visit(due, self._read, domain, is_job=True):
            return
        waiting = self._waiting_domain()
        turns = "tried_at NULLS FIRST, date, id"
        for row in rows.search(waiting, limit=batch_size, order=turns):
            calls._note_try(row)  # whatever it leads to, others come first then
            self._register_rows(row.try_lock_for_update())
            if not cron._commit_progress(1):
                return
        left = documents.search_count(self._due_domain()) + rows.search_count(waiting)
        cron._commit_progress(remaining=left)

    def _register_rows(self, rows):
        """Register waiting payments, or write down why not. Does not commit.

        :param rows: ``billingo.payment`` records
        """
        for row in rows:
            service = self.with_company(row.company_id)
            service._register_one(row.with_env(service.env))

    # === READING === #

    def _due_domain(self):
        now = fields.Datetime.now()
        is_time = Domain("payments_next_try", "=", False)
        is_time |= Domain("payments_next_try", "<=", now)
        return (
            Domain("is_payment_due", "=", True) & is_time & answering("connection_id.")
        )

    def _waiting_domain(self):
        return [
            ("state", "=", "waiting"),
            ("document_id.connection_id.has_payments", "=", True),
            ("document_id.move_id.state", "=", "posted"),
        ]

    def _read(self, client, document):
        """Read one document's payments.

        :raise BillingoError: the connection cannot be used for others either
        """
        try:
            payments = self._payments(client, document)
        except errors.RejectedError:
            document.is_payment_due = False  # 404: nothing is known, nothing changes
            return
        try:
            with self.env.cr.savepoint():
                is_withdrawn = self._keep(document, payments)
        except OperationalError:
            raise  # of the database: the next run begins again
        except Exception:
            # Of this document: the others have their turn, and it is tried again.
            _logger.exception("Payments of Billingo document %s", document.billingo_id)
            document.payments_next_try = fields.Datetime.now() + PAUSE
            return
        if is_withdrawn:
            self.env["billingo.notifications"]._send(
                document.connection_id,
                "mt_document_error",
                lambda env: (
                    env._("Billingo: payment withdrawn"),
                    env._(
                        "A payment that is registered in Odoo no longer exists at "
                        "Billingo, or has another date, amount or method there. It was "
                        "not changed in Odoo. Compare the payments of this document, "
                        "and correct them if necessary."
                    ),
                ),
                document=document,
            )

    def _keep(self, document, payments):
        """Write what Billingo says now; return whether a registered one is gone."""
        document.write(
            {
                "is_payment_due": False,
                "payments_read_at": fields.Datetime.now(),
                "payments_next_try": False,
            }
        )
        return self._store(document, payments)

    def _payments(self, client, document):
        """Return ``PaymentHistory`` values; a spending has one day for the whole."""
        if document.mode != "spending":
            return client.payments(document.billingo_id)
        if not document.paid_date:
            return ()
        raw = document._raw()
        price, method = amount(raw.get("total_gross")), raw.get("payment_method")
        return (PaymentHistory(document.paid_date, price, method or ""),)

    def _store(self, document, payments):
        """Store what Billingo says now; return whether a registered one is withdrawn.

        Payments have no id at Billingo: two of a day, an amount and a method are two.
        """
        left = Counter(self._key(document, payment) for payment in payments)
        withdrawn = document.payment_ids.browse()
        for row in document.payment_ids:
            if left[row._key()] > 0:
                left[row._key()] -= 1
                row.is_withdrawn = False
            else:
                withdrawn |= row
        known = withdrawn.filtered("is_withdrawn")
        withdrawn.filtered(lambda row: row.state != "registered").unlink()
        withdrawn = withdrawn.exists()
        withdrawn.is_withdrawn = True
        for payment in payments:
            key = self._key(document, payment)
            if left[key] > 0:
                left[key] -= 1
                self._create_row(document, payment)
        return bool(withdrawn - known)

    def _key(self, document, payment):
        """Return the key that ``billingo.payment`` has for such a payment."""
        price = document.currency_id.round(float(payment.price))
        return (payment.date, price, payment.payment_method)

    def _create_row(self, document, payment):
        return self.env["billingo.payment"].create(
            {
                "document_id": document.id,
                "date": payment.date,
                "amount": document.currency_id.round(float(payment.price)),
                "method": payment.payment_method,
                "voucher_number": payment.voucher_number,
                "conversion_rate": float(payment.conversion_rate or 0),
            }
        )

    # === REGISTERING === #

    def _register_one(self, row):
        move = row.document_id.move_id
        if move.state != "posted" or row.state != "waiting":
            return
        is_settled = row.document_id.is_nothing_to_pay
        if is_settled or move.payment_state in ("paid", "in_payment"):
            row.state = "settled"
            return
        try:
            with self.env.cr.savepoint():
                payment = self._pay(row, move)
                row.write({"payment_id": payment.id, "state": "registered"})
        except (DocumentProblem, UserError, ValidationError) as error:
            self._stop(row, error)
        except OperationalError:
            # Of the database, not of the payment: the next run begins again.
            raise
        except Exception as error:
            # One payment must not keep all others out of the books.
            _logger.exception("Billingo payment %s", row.id)
            name = type(error).__name__
            self._stop(row, DocumentProblem("unforeseen", error=name))

    def _stop(self, row, error):
        source = self.env["billingo.messages"]._source(error)
        row.write({"state": "stopped", "error_source": source})

    def _pay(self, row, move):
        """Pay with Odoo's own wizard, exactly this amount on exactly this day."""
        journal = row.document_id.connection_id._payment_journal(row.method)
        self._check_payable(row, move, journal)
        price = self._signed_amount(row)
        is_foreign = row.currency_id != row.company_id.currency_id
        wizard = (
            self.env["account.payment.register"]
            .with_context(
                active_model="account.move",
                active_ids=move.ids,
                billingo_payment_balance=price * row.conversion_rate * is_foreign,
            )
            .create(
                {
                    "journal_id": journal.id,
                    "payment_date": self._date(row, journal),
                    "currency_id": row.currency_id.id,
                    "amount": price,
                    "communication": row.voucher_number or move.payment_reference,
                    "payment_difference_handling": "open",
                    "installments_mode": "full",
                }
            )
        )
        return wizard._create_payments()

    def _signed_amount(self, row):
        """Return the amount in the direction of the document: positive pays it."""
        return row.amount * (1 if row.document_id.gross_total >= 0 else -1)

    def _check_payable(self, row, move, journal):
        """Refuse what would not settle the entry as Billingo has it.

        :raise DocumentProblem: why it cannot be registered
        """
        price, open_amount = self._signed_amount(row), move.amount_residual
        if row.document_id.payment_ids.filtered("is_withdrawn"):
            raise DocumentProblem("payment_withdrawn")
        if not journal:
            raise DocumentProblem("payment_journal_missing", method=row.method or "")
        if price < 0:
            raise DocumentProblem("payment_of_refund")
        if row.currency_id.compare_amounts(price, open_amount) > 0:
            raise DocumentProblem(
                "payment_too_much", open=row.currency_id.format(open_amount)
            )

    def _date(self, row, journal):
        """Return Billingo's day, or the policy's for closed periods."""
        document = row.document_id
        dates = self.env["billingo.accounting.date"]
        locks = dates._locks(document, row.date, journal, has_tax=False)
        if not locks:
            return row.date
        if document.connection_id.closed_policy == "first_open":
            return dates._first_open_day(document, row.date, journal, has_tax=False)
        raise DocumentProblem("payment_period_closed", date=row.date, locks=locks)
