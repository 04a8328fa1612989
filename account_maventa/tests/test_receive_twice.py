"""What may be paid twice is a suspicion: whatever its number, contact or state."""

from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo import Command
from odoo.api import Environment
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..maventa_api.simulator.samples.catalogue import reference
from .common_receive import MaventaReceiveCommon

DAY = date(2026, 3, 2)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveTwice(MaventaReceiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reference = reference("770770")

    def setUp(self):
        super().setUp()
        self.supplier = self._supplier("clean")

    def _invoice(self, number, day=DAY, **values):
        """Return an invoice over 301.20 with one and the same reference."""
        values = {"reference": self.reference, **values}
        return self._changed("clean", number=number, date=day, due=None, **values)

    def test_family_of_a_supplier_is_looked_up_once_for_a_bill(self):
        duplicates = self.registry["maventa.bill.duplicates"]
        looked, real = [], duplicates._same_partner

        def look(service, partner):
            looked.append(partner)
            return real(service, partner)

        receipt = self._receive(self._invoice("F-1"))
        with patch.object(duplicates, "_same_partner", look):
            self.env["maventa.bill.booking"].sudo()._check_again(receipt)
        self.assertEqual(looked, [self.supplier])

    def _typed(self, partner=None, move_type="in_invoice", day=DAY, **values):
        """Return a draft over the same sum, typed by hand without a tax."""
        return self.env["account.move"].create(
            {
                "move_type": move_type,
                "journal_id": self.journal.id,
                "partner_id": (partner or self.supplier).id,
                "invoice_date": day,
                "payment_reference": f"{self.reference[:3]} {self.reference[3:]}",
                "ref": "typed",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "x",
                            "price_unit": 301.20,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )

    def _is_suspected(self, sample, other):
        receipt = self._receive(sample)
        self.assertEqual(receipt.move_id.amount_total, other.amount_total)
        found = other.id in receipt._duplicate_ids("stop")
        self.assertEqual(found, receipt.state == "duplicate")
        return found

    def test_same_reference_and_sum_is_suspected_in_every_state(self):
        typed = self._typed()
        self.assertTrue(self._is_suspected(self._invoice("A-1"), typed))
        typed.action_post()
        self.assertTrue(self._is_suspected(self._invoice("A-2"), typed))
        dialog = self.env["account.payment.register"].with_context(
            active_model=typed._name, active_ids=typed.ids
        )
        dialog.create({})._create_payments()
        self.assertIn(typed.payment_state, ("in_payment", "paid"))
        self.assertTrue(self._is_suspected(self._invoice("A-3"), typed))

    def test_bill_of_another_contact_with_the_reference_and_sum_is_suspected(self):
        values = {"name": "Siivous, laskutus", "is_company": True}
        child = self.supplier.create({**values, "parent_id": self.supplier.id})
        stranger = self.supplier.create(values)
        for number, partner in enumerate((child, stranger)):
            with self.subTest(partner.display_name):
                typed = self._typed(partner, day=DAY + timedelta(days=number))
                self.assertTrue(self._is_suspected(self._invoice(f"B-{number}"), typed))

    def test_number_that_was_typed_on_a_contact_of_the_supplier_is_suspected(self):
        values = {"name": "Laskutus", "is_company": True}
        child = self.supplier.create({**values, "parent_id": self.supplier.id})
        typed = self._typed(child, ref="C-1", payment_reference=False)
        self.assertTrue(self._is_suspected(self._invoice("C-1"), typed))

    def test_purchase_receipt_that_was_typed_is_suspected(self):
        typed = self._typed(move_type="in_receipt")
        self.assertTrue(self._is_suspected(self._invoice("D-1"), typed))

    def test_same_number_over_the_turn_of_a_year_is_suspected(self):
        typed = self._typed(ref="E-1", day=date(2025, 12, 30))
        self.assertTrue(
            self._is_suspected(self._invoice("E-1", date(2026, 1, 2)), typed)
        )

    def test_number_that_begins_anew_every_year_is_none(self):
        typed = self._typed(ref="1", day=date(2025, 2, 1))
        self.assertFalse(
            self._is_suspected(self._invoice("1", date(2026, 2, 1)), typed)
        )

    def test_monthly_rent_with_a_fixed_reference_is_not_held(self):
        days = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 28)]
        for number, day in enumerate(days):
            receipt = self._receive(self._invoice(f"F-{number}", day))
            self.assertFalse(self._codes(receipt), receipt.points_text)
            receipt.move_id.action_post()

    def test_invoice_that_calls_itself_a_reminder_is_asked_about(self):
        first = self._receive(self._invoice("G-1", DAY - timedelta(days=60)))
        again = self._receive(self._invoice("M-1", texts=("Maksumuistutus",)))
        self.assertEqual(self._codes(again), {"reminder", "duplicate"})
        self.assertIn(first.move_id.id, again._duplicate_ids("stop"))
        self.assertIn("calls itself a reminder (Maksumuistutus)", again.points_text)
        with self.assertRaisesRegex(UserError, "calls itself a reminder"):
            again.move_id.action_post()

    def test_invoice_about_another_one_is_compared_with_that(self):
        typed = self._typed(ref="H-1", payment_reference=False)
        sample = self._invoice("H-2", DAY + timedelta(days=70), original="H-1")
        self.assertTrue(self._is_suspected(sample, typed))

    def test_draft_is_compared_when_another_bill_with_its_reference_is_posted(self):
        receipt = self._receive(self._invoice("I-1"))
        self.assertEqual(receipt.state, "billed")
        typed = self._typed(payment_reference=self.reference)
        typed.action_post()
        self.assertIn(typed.id, receipt._duplicate_ids("stop"))

    def test_number_that_was_typed_without_its_prefix_is_suspected(self):
        pairs = (
            *(("2002", "INV-2002"), ("3003", "2026-3003"), ("7", "INV-7")),
            ("LASKU 5005", "5005"),
        )
        for count, (ref, number) in enumerate(pairs):
            with self.subTest(number):
                day = DAY + timedelta(days=count)
                typed = self._typed(ref=ref, day=day, payment_reference=False)
                self.assertTrue(self._is_suspected(self._invoice(number, day), typed))

    def test_number_sum_and_day_are_suspected_on_any_contact(self):
        stranger = self.supplier.create({"name": "Žižek", "is_company": True})
        pairs = (("9-9", "9-9"), ("AB", "ab"), ("2002", "INV-2002"))
        for count, (ref, number) in enumerate(pairs):
            with self.subTest(number):
                day = DAY + timedelta(days=count)
                typed = self._typed(stranger, day=day, ref=ref, payment_reference=False)
                sample = self._invoice(number, day, reference="")
                self.assertTrue(self._is_suspected(sample, typed))

    def test_number_of_another_day_or_sum_is_none_of_another_contact(self):
        stranger = self.supplier.create({"name": "Žižek", "is_company": True})
        values = {"ref": "8008", "payment_reference": False}
        typed = self._typed(stranger, day=DAY - timedelta(days=1), **values)
        sample = self._invoice("8008", reference="")
        self.assertFalse(self._is_suspected(sample, typed))

    def test_number_that_only_ends_alike_is_none(self):
        typed = self._typed(ref="1", payment_reference=False)
        self.assertFalse(self._is_suspected(self._invoice("INV-11"), typed))

    def test_type_in_words_makes_an_invoice_a_reminder(self):
        finvoice = "odoo.addons.account_maventa.maventa_api.simulator.samples"
        with patch.dict(f"{finvoice}.as_finvoice.TYPE_TEXTS", INV01="Maksumuistutus"):
            receipt = self._receive(self._invoice("N-1"))
        self.assertEqual(self._codes(receipt), {"reminder"})

    def test_invoice_of_a_collector_names_the_bill_of_the_other_supplier(self):
        other = self.supplier.create({"name": "Vuokra Oy", "is_company": True})
        values = {"ref": "V-1", "payment_reference": False}
        bill = self._typed(other, day=DAY - timedelta(days=60), **values)
        values["invoice_line_ids"] = [
            Command.create(
                {"name": "x", "price_unit": 77, "tax_ids": [Command.clear()]}
            )
        ]
        self._typed(other, day=DAY, **values)
        receipt = self._receive(self._invoice("K-1", original="V-1"))
        rows = [row for row in receipt._stops() if row["code"] == "reminder"]
        self.assertEqual([row["values"]["id"] for row in rows], [str(bill.id)])
        self.assertIn("V-1", receipt.points_text)

    # === SPEED === #

    def test_earlier_bills_are_sought_by_indexes(self):
        receipt = self._receive(self._changed("clean", paid=Decimal(7)))
        move = receipt.move_id
        self.env.cr.execute(
            """
            INSERT INTO account_move (
                name, ref, payment_reference, move_type, state, company_id, journal_id,
                currency_id, date, invoice_date, amount_total, commercial_partner_id,
                auto_post
            )
            SELECT 'M' || n, 'R' || n, 'P' || n, 'in_invoice', 'posted', %s, %s, %s,
                   '2026-01-01', '2026-01-01'::date + n %% 300, n,
                   CASE WHEN n %% 2 = 0 THEN %s ELSE %s END, 'no'
              FROM generate_series(1, 20000) n
            """,
            [
                *(self.company.id, move.journal_id.id, move.currency_id.id),
                *(self.partner_a.id, move.partner_id.id),
            ],
        )
        self.env.cr.execute("ANALYZE account_move")
        queries, execute = [], Environment.execute_query

        def record(env, query):
            queries.append(query)
            return execute(env, query)

        with patch.object(Environment, "execute_query", record):
            self.env["maventa.bill.booking"].sudo()._check_again(receipt)
            accounts = self.env["maventa.expense.accounts"].sudo()
            accounts._account(self.company, move.partner_id, self.journal)
        plans = [self.env.execute_query(SQL("EXPLAIN %s", query)) for query in queries]
        lines = [line for plan in plans for (line,) in plan]
        text = "\n".join(line for line in lines if " account_move" in line)
        self.assertIn("account_move_maventa_bare_ref_idx", text)
        self.assertIn("account_move_maventa_bare_reference_idx", text)
        self.assertIn("account_move_maventa_supplier_idx", text)
        self.assertNotIn("Seq Scan on account_move ", text)
