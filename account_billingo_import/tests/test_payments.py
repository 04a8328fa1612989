from datetime import date, datetime, timedelta

from odoo import fields
from odoo.tests import freeze_time, new_test_user, tagged

from ..billingo_api.simulator import samples
from .common import KEYS, BillingoCommon


@tagged("post_install", "-at_install")
class TestPayments(BillingoCommon):
    """Payments at Billingo are registered once, on their day, to the forint."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        cls.cash = cls.company_data["default_journal_cash"]
        cls.own.write(
            {
                "state": "active",
                "has_payments": True,
                "payment_journal_ids": [
                    fields.Command.create({"journal_id": cls.bank.id}),
                    fields.Command.create(
                        {"method": "cash", "journal_id": cls.cash.id}
                    ),
                ],
            }
        )

    def setUp(self):
        super().setUp()
        self._fetch()

    def _pay(self, document, *payments):
        """Let payments (price, day, method) have been made at Billingo."""
        self.simulator.accounts.pay(
            KEYS["own_key"],
            int(document.billingo_id),
            [
                {
                    "date": day,
                    "price": price,
                    "payment_method": method,
                    "voucher_number": None,
                    "conversion_rate": rate[0] if rate else None,
                }
                for price, day, method, *rate in payments
            ],
            fields.Datetime.now(),
        )

    def _sync(self):
        self._fetch()
        self._run("ir_cron_billingo_payments")

    def _booked(self, number):
        document = self._document(self.own, number)
        document.action_process()
        self.assertEqual(document.state, "processed", document.error)
        return document

    def _payments(self, document):
        return document.payment_ids.payment_id

    def test_later_payment_is_registered(self):
        document = self._booked(1)
        move = document.move_id
        self._sync()
        self.assertFalse(document.payment_ids)
        self._pay(document, (158_242, "2026-01-20", "wire_transfer"))
        self._sync()
        payment = self._payments(document)
        self.assertEqual(document.payment_ids.state, "registered")
        self.assertEqual((payment.amount, payment.date), (158_242, date(2026, 1, 20)))
        self.assertEqual(payment.journal_id, self.bank)
        self.assertEqual(
            (payment.payment_type, payment.partner_id), ("inbound", move.partner_id)
        )
        self.assertIn(move.payment_state, ("paid", "in_payment"))
        self.assertEqual(move.amount_residual, 0)

    def test_payment_before_import_is_registered(self):
        document = self._document(self.own, 1)
        self._pay(document, (158_242, "2026-01-07", "cash"))
        self._fetch()
        self._process()
        self._run("ir_cron_billingo_payments")
        self.assertEqual(self._payments(document).journal_id, self.cash)
        self.assertEqual(document.move_id.amount_residual, 0)

    def test_partial_payments_are_registered_once(self):
        document = self._booked(1)
        first = (100_000, "2026-01-20", "wire_transfer")
        same = (20_000, "2026-01-20", "cash")
        self._pay(document, first, same)
        self._sync()
        self.assertEqual(document.move_id.amount_residual, 38_242)
        self._sync()
        self._run("ir_cron_billingo_payments")
        self.assertEqual(len(self._payments(document)), 2)
        # Another of the same day, amount and method is another payment.
        self._pay(document, first, same, same, (18_242, "2026-02-01", "cash"))
        self._sync()
        self.assertEqual(len(self._payments(document)), 4)
        self.assertEqual(document.move_id.amount_residual, 0)
        self.assertEqual(
            sorted(self._payments(document).mapped("amount")),
            [18_242, 20_000, 20_000, 100_000],
        )

    def test_second_part_of_the_same_day_is_found_a_day_later(self):
        document = self._booked(1)
        part = (20_000, "2026-01-20", "cash")
        self._pay(document, part)
        self._sync()
        self._pay(document, part, part)
        self._sync()
        self.assertEqual(len(self._payments(document)), 1)
        asked = self.simulator.requests["payments"]
        self._sync()
        self.assertEqual(self.simulator.requests["payments"], asked)
        with freeze_time(datetime.now() + timedelta(days=1)):
            self._pay(document, part, part)
            self._sync()
        self.assertEqual(len(self._payments(document)), 2)

    def test_settled_entry_is_not_paid_again(self):
        document = self._booked(1)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=document.move_id.ids
        ).create({"journal_id": self.bank.id})._create_payments()
        self._pay(document, (158_242, "2026-01-20", "wire_transfer"))
        self._sync()
        self.assertEqual(document.payment_ids.state, "settled")
        self.assertFalse(self._payments(document))

    def test_payment_above_open_amount_is_stopped(self):
        document = self._booked(1)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=document.move_id.ids
        ).create({"journal_id": self.bank.id, "amount": 1000})._create_payments()
        self._pay(document, (158_242, "2026-01-20", "wire_transfer"))
        self._sync()
        row = document.payment_ids
        self.assertEqual((row.state, len(row.payment_id)), ("stopped", 0))
        self.assertIn("open", row.error)
        self.assertEqual(document.move_id.amount_residual, 157_242)

    def test_withdrawn_payment_is_reported_and_stops_others(self):
        document = self._booked(1)
        self._pay(document, (100_000, "2026-01-20", "wire_transfer"))
        self._sync()
        self._pay(document, (100_000, "2026-01-21", "wire_transfer"))
        self._sync()
        kept, new = document.payment_ids.sorted("date")
        self.assertTrue(kept.is_withdrawn)
        self.assertEqual((kept.state, new.state), ("registered", "stopped"))
        self.assertEqual(document.move_id.amount_residual, 58_242)
        self.assertIn("withdrawn", document.activity_ids.summary)
        self._sync()
        self.assertEqual(len(document.activity_ids), 1)

    def test_storno_of_paid_invoice_stays_open(self):
        document = self._booked(23)
        gross = document.gross_total
        self._pay(document, (gross, "2026-02-03", "wire_transfer"))
        self._sync()
        storno = self._booked(24)
        self.assertEqual(storno.move_id.reversed_entry_id, document.move_id)
        self.assertEqual(storno.move_id.amount_residual, gross)
        self.assertEqual(len(self._payments(document)), 1)

    def test_method_without_journal_is_stopped_until_set(self):
        self.own.payment_journal_ids.filtered(lambda x: not x.method).unlink()
        document = self._booked(1)
        self._pay(document, (158_242, "2026-01-20", "barion"))
        self._sync()
        self.assertEqual(document.payment_ids.state, "stopped")
        self.assertIn("Barion", document.payment_ids.error)
        self.assertIn(document.payment_ids.error, document.alerts["payment"]["message"])
        self.assertEqual(document.alerts["payment"]["action"]["res_id"], self.own.id)
        self.own.payment_journal_ids = [
            fields.Command.create({"method": "barion", "journal_id": self.bank.id})
        ]
        self.assertEqual(document.payment_ids.state, "waiting")
        self.assertNotIn("payment", document.alerts or {})
        self._run("ir_cron_billingo_payments")
        self.assertEqual(self._payments(document).journal_id, self.bank)

    def test_payment_in_closed_period_follows_the_policy(self):
        document = self._booked(1)
        self.company.fiscalyear_lock_date = date(2026, 1, 31)
        self._pay(document, (158_242, "2026-01-20", "wire_transfer"))
        self._sync()
        self.assertIn("2026-01-20", document.payment_ids.error)
        self.own.closed_policy = "first_open"
        document.with_user(self.bookkeeper).action_register_payments()
        self.assertEqual(self._payments(document).date, date(2026, 2, 1))

    def test_payment_of_draft_waits_for_posting(self):
        self.own.is_auto_post = False
        document = self._booked(1)
        self._pay(document, (158_242, "2026-01-20", "wire_transfer"))
        self._sync()
        self.assertEqual(document.payment_ids.state, "waiting")
        document.move_id.action_post()
        self._run("ir_cron_billingo_payments")
        self.assertEqual(document.move_id.amount_residual, 0)

    def test_payment_rate_of_billingo_is_used(self):
        document = self._booked(11)
        self._pay(document, (document.gross_total, "2026-02-10", "wire_transfer", 400))
        self._sync()
        payment = self._payments(document)
        self.assertEqual(payment.currency_id.name, "EUR")
        self.assertEqual(payment.amount, document.gross_total)
        liquidity = payment.move_id.line_ids.filtered(lambda x: x.debit)
        self.assertAlmostEqual(
            sum(liquidity.mapped("debit")), document.gross_total * 400, 1
        )
        self.assertEqual(document.move_id.amount_residual, 0)

    def test_payments_are_off_by_default_without_requests(self):
        self.assertFalse(self.env["billingo.connection"].new().has_payments)
        self.own.has_payments = False
        document = self._booked(1)
        self._pay(document, (158_242, "2026-01-20", "wire_transfer"))
        self._sync()
        self.assertEqual(document.payment_status, "paid")
        self.assertFalse(document.payment_ids)
        self.assertEqual(self.simulator.requests["payments"], 0)
        self.own.has_payments = True
        self._sync()
        self.assertEqual(document.move_id.amount_residual, 0)

    def test_paid_spending_is_registered(self):
        raws = samples.own_spendings()
        raws[0]["paid_at"] = raws[0]["invoice_date"]
        self.simulator.accounts.set_spendings(KEYS["own_key"], raws)
        costs = self._connect("spending", KEYS["own_key"])
        costs.write(
            {
                "state": "active",
                "has_payments": True,
                "payment_journal_ids": [
                    fields.Command.create({"journal_id": self.bank.id})
                ],
            }
        )
        costs.action_fetch()
        self._process()
        self._run("ir_cron_billingo_payments")
        bill = costs.document_ids.filtered("payment_ids")
        self.assertEqual(bill.name, raws[0]["invoice_number"])
        self.assertEqual(self._payments(bill).payment_type, "outbound")
        self.assertEqual(bill.move_id.amount_residual, 0)

    def test_refused_key_suspends_and_keeps_due_payments(self):
        document = self._booked(1)
        self._pay(document, (158_242, "2026-01-20", "wire_transfer"))
        self._fetch()
        self.simulator.accounts.refuse(KEYS["own_key"], 401)
        self._run("ir_cron_billingo_payments")
        self.assertEqual(self.own.state, "suspended")
        self.assertTrue(document.is_payment_due)
        self.simulator.accounts.refuse(KEYS["own_key"], None)
        self.own.action_check()
        self._run("ir_cron_billingo_payments")
        self.assertEqual(document.move_id.amount_residual, 0)

    def test_404_withdraws_no_payment(self):
        document = self._booked(1)
        self._pay(document, (100_000, "2026-01-20", "wire_transfer"))
        self._sync()
        document.sudo().is_payment_due = True
        self.simulator.accounts.remove(KEYS["own_key"], int(document.billingo_id))
        self._run("ir_cron_billingo_payments")
        self.assertFalse(document.is_payment_due)
        self.assertFalse(document.payment_ids.is_withdrawn)
        self.assertFalse(document.activity_ids)

    def test_job_is_triggered_once_per_transaction(self):
        triggers = self.env["ir.cron.trigger"]
        job = self.env.ref("account_billingo_import.ir_cron_billingo_payments")
        self.own.document_ids.sudo().write({"payment_status": "paid"})
        before = triggers.search_count([("cron_id", "=", job.id)])
        self._process()
        due = self.own.document_ids.filtered("is_payment_due")
        self.assertGreater(len(due), 20)
        added = triggers.search_count([("cron_id", "=", job.id)]) - before
        self.assertLess(added, len(due) // 2)

    def test_payment_journal_is_required_and_private_to_its_company(self):
        self.own.payment_journal_ids.unlink()
        check = self.env["billingo.connection.check"]
        self.assertIn("a journal for payments", check._missing(self.own))
        other = new_test_user(
            self.env,
            "elsewhere",
            groups="account.group_account_manager",
            company_id=self.env["res.company"].create({"name": "Elsewhere"}).id,
        )
        rows = self.env["billingo.payment.journal"].with_user(other).search([])
        self.assertFalse(rows)
