from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..billingo_api import BillingoClient
from ..billingo_api.errors import RejectedError, TemporaryError
from ..billingo_api.simulator import samples
from .common import KEYS, BillingoCommon

COMMIT = "odoo.addons.account_billingo_import.services.remote_call.commit"
BAD = "7000007"
MANY = 12


class WorkerEnded(BaseException):
    """What a job does not catch, as the signal that ends a worker."""


@tagged("post_install", "-at_install")
class TestKeptApart(BillingoCommon):
    """Trouble with one document, cost or payment does not take the others along."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.costs = cls._connect("spending", KEYS["own_key"])
        cls.costs.state = "active"
        cls.page_size = 100
        cls.at = datetime(2026, 12, 1, 8)

    def _many(self, count=MANY):
        day = fields.Date.to_string(self.at.date())
        base = samples.own_spendings()[0] | {"invoice_date": day}
        rows = [
            base | {"id": 7_000_000 + x, "invoice_number": f"M-{x}"}
            for x in range(count)
        ]
        self.simulator.accounts.set_spendings(KEYS["own_key"], rows)

    def _fetch_costs(self, spending=None):
        """Fetch as the job does, some hours after the last time."""
        type(self).at += timedelta(hours=3)
        self.costs.next_fetch_at = False
        spending = spending or BillingoClient.spending
        with freeze_time(self.at), patch.object(BillingoClient, "spending", spending):
            self._run("ir_cron_billingo_fetch")

    def _cost(self, number):
        return self.costs.document_ids.filtered(lambda x: x.billingo_id == number)

    def _refusing(self, error):
        real = BillingoClient.spending

        def spending(client, listed):
            if listed.id == BAD:
                raise error
            return real(client, listed)

        return spending

    def test_one_unreadable_cost_stops_no_other(self):
        self._many()
        for error in (
            RejectedError(code="404"),
            TemporaryError(code="500"),
            KeyError("unheard of"),
        ):
            with self.subTest(error), mute_logger("odoo.addons"):
                spending = self._refusing(error)
                self._fetch_costs(spending)
                self._fetch_costs(spending)
                self.assertEqual(len(self.costs.document_ids), MANY)
                others = self.costs.document_ids - self._cost(BAD)
                self.assertEqual({*others.mapped("state")}, {"fetched"})
                self.assertTrue(all(x._raw()["items"] for x in others))
        bad = self._cost(BAD)
        bad.action_process()
        self.assertEqual((bad.state, bad.error_code), ("error", "lines_unread"))
        self.assertFalse(bad.move_id, "its lines are unknown")
        self._fetch_costs()
        self.assertEqual((bad.state, bad.error), ("fetched", False))
        self.assertTrue(self.costs.last_success_at)
        self.assertFalse(self.costs.failures)
        bad.action_process()
        self.assertTrue(bad.move_id)

    def test_worker_that_ends_keeps_what_it_read(self):
        self._many()
        real, asked = BillingoClient.spending, []

        def spending(client, listed):
            asked.append(listed.id)
            if len(asked) == 5:
                raise WorkerEnded
            return real(client, listed)

        def commit(env):
            kept.append(env["billingo.document"].search_count(domain))

        kept = []
        domain = [("connection_id", "=", self.costs.id), ("digest", "!=", False)]
        with patch(COMMIT, commit), self.assertRaises(WorkerEnded):
            self._fetch_costs(spending)
        self.assertLessEqual({1, 2, 3, 4}, {*kept}, "each is committed by itself")

    def test_deleted_costs_are_asked_for_one_by_one(self):
        self._many()
        self._fetch_costs()
        self.assertTrue(all(self.costs.document_ids.mapped("digest")))
        self._many(2)
        self._fetch_costs(self._refusing(TemporaryError(code="500")))
        gone = self.costs.document_ids.filtered("is_deleted")
        self.assertIn(len(gone), range(1, MANY - 3), "those before the one in trouble")
        self._fetch_costs(self._refusing(TemporaryError(code="500")))
        gone = self.costs.document_ids.filtered("is_deleted")
        self.assertEqual(len(gone), MANY - 3)
        self.assertFalse(self._cost(BAD).is_deleted)
        self._fetch_costs()
        self.assertTrue(self._cost(BAD).is_deleted)
        self.assertFalse(self.costs.fetch_page)

    def test_one_document_stops_no_other(self):
        self.own.state = "active"
        self._fetch()
        documents = self.own.document_ids.filtered(lambda x: x.state == "fetched")
        bad = documents[3]
        searches = type(self.env["billingo.duplicate.search"])
        for name in ("_suspects", "_find"):
            real = getattr(searches, name)

            def broken(this, found, *args, real=real):
                if bad in found:
                    raise KeyError("another addon")
                return real(this, found, *args)

            self.patch(searches, name, broken)
        with mute_logger("odoo.addons.account_billingo_import.services.processor"):
            self._process()
        self.assertIn("KeyError", bad.error)
        self.assertFalse(documents.filtered(lambda x: x.state == "fetched"))

    def test_one_storno_stops_no_other(self):
        self.own.state = "active"
        self._fetch()
        self._process()
        due = self.own.document_ids.filtered(lambda x: x.state == "processed")[:3]
        due.sudo().is_link_due = True
        links = type(self.env["billingo.document.links"])
        real = links._is_unlinked

        def broken(this, amendment):
            if amendment == due[1]:
                raise KeyError("another addon")
            return real(this, amendment)

        self.patch(links, "_is_unlinked", broken)
        with mute_logger("odoo.addons.account_billingo_import.services.document_links"):
            self._process()
        self.assertEqual(due.filtered("is_link_due"), due[1])

    def _two_paid(self):
        """Return two booked documents that Billingo calls paid now."""
        bank = self.company_data["default_journal_bank"]
        journals = [fields.Command.create({"journal_id": bank.id})]
        self.own.write(
            {"state": "active", "has_payments": True, "payment_journal_ids": journals}
        )
        self._fetch()
        documents = self._document(self.own, 1) | self._document(self.own, 2)
        documents.action_process()
        for document in documents:
            paid = {"date": "2026-02-20", "price": 100, "conversion_rate": None}
            paid |= {"payment_method": "wire_transfer", "voucher_number": None}
            number = int(document.billingo_id)
            now = fields.Datetime.now()
            self.simulator.accounts.pay(KEYS["own_key"], number, [paid], now)
        self._fetch()
        return documents

    def test_one_history_of_payments_stops_no_other(self):
        bad, good = documents = self._two_paid()
        service = type(self.env["billingo.payments"])
        real = service._create_row

        def create_row(this, document, payment):
            if document == bad:
                raise KeyError("another addon")
            return real(this, document, payment)

        with patch.object(service, "_create_row", create_row):
            with mute_logger("odoo.addons"):
                self._run("ir_cron_billingo_payments")
            self.assertEqual(good.payment_ids.state, "registered")
            self.assertFalse(self.own.failures)
            asked = self.simulator.requests.total()
            self._run("ir_cron_billingo_payments")
            self.assertEqual(self.simulator.requests.total(), asked, "not at once")
        with freeze_time(datetime.now() + timedelta(hours=7)):
            self._run("ir_cron_billingo_payments")
        self.assertEqual({*documents.payment_ids.mapped("state")}, {"registered"})
        self.assertFalse(bad.payments_next_try)

    def test_one_payment_stops_no_other(self):
        documents = self._two_paid()
        service = type(self.env["billingo.payments"])
        real, asked = service._pay, []
        bad = documents[0]

        def pay(error):
            def _pay(this, row, move):
                asked.append(row.document_id)
                if row.document_id == bad:
                    raise error
                return real(this, row, move)

            return patch.object(service, "_pay", _pay)

        with pay(WorkerEnded()), mute_logger("odoo.addons"):
            for _ in range(2):
                try:
                    self._run("ir_cron_billingo_payments")
                except WorkerEnded:
                    self.env.invalidate_all()
        self.assertEqual(documents[1].payment_ids.state, "registered")
        self.assertEqual(bad.payment_ids.state, "waiting")
        self.assertEqual(asked[-1], bad, "whoever ended a worker comes last")
        with pay(KeyError("another addon")), mute_logger("odoo.addons"):
            self._run("ir_cron_billingo_payments")
        self.assertEqual(bad.payment_ids.state, "stopped")
        self.assertIn("KeyError", bad.payment_ids.error)
        bad.action_register_payments()
        self._run("ir_cron_billingo_payments")
        self.assertEqual(bad.payment_ids.state, "registered")
