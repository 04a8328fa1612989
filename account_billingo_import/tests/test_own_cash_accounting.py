from odoo.tests import tagged

from ..billingo_api.simulator import samples
from ..billingo_api.simulator.samples.builder import line
from ..billingo_api.simulator.samples.parties import GERMAN, SHOP
from ..billingo_api.simulator.samples.spendings import make_spending
from .books import BooksCommon
from .test_vat_table import boxes


@tagged("post_install", "-at_install")
class TestOwnCashAccounting(BooksCommon):
    """A company in cash accounting deducts when it pays, whatever its sellers do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connections.receipt_policy = "issue"
        cls.company.write(
            {"billingo_cash_from": "2026-01-01", "billingo_cash_until": "2026-12-31"}
        )

    def _sale(self, says_so, day="2026-03-10", code="27%"):
        raw = self.invoices.issue(
            SHOP,
            line("Munka", 10_000, code),
            changes={"invoice_date": day, "fulfillment_date": day},
        )
        raw["organization"] = {**raw["organization"], "cash_settled": says_so}
        return raw

    def _bill(self, *items, day="2026-03-10"):
        days = {"invoice_date": day, "fulfillment_date": day}
        return self.bills.issue(samples.COMPANY, *items, changes=days)

    def _pay(self, move, day="2026-05-20"):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create(
            {
                "payment_date": day,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )._create_payments()
        return move.tax_cash_basis_created_move_ids

    def test_bills_are_deductible_when_paid(self):
        raw = self._bill(line("Papír", 10_000), line("Könyv", 2_000, "5%"))
        [bill] = self._book(raw)
        move = bill.move_id
        self.assertEqual((bill.error, move.state), (False, "posted"))
        self.assertTrue(bill.is_cash_accounting)
        self.assertEqual(boxes(move), {})
        waiting = move.line_ids.filtered(lambda x: x.account_id.code == "466900")
        self.assertEqual(sum(waiting.mapped("balance")), 2_800)
        due = self._pay(move)
        self.assertEqual({str(x) for x in due.mapped("date")}, {"2026-05-20"})
        self.assertEqual(
            boxes(due),
            {
                "base_rec_27": 10_000,
                "vat_rec_27": 2_700,
                "base_rec_5": 2_000,
                "vat_rec_5": 100,
            },
        )
        self.assertEqual(str(bill.tax_point), "2026-05-20")

    def test_spendings_too(self):
        raw = make_spending(93_000_001, SHOP, "K-1", [line("Toll", 1_000)])
        self.spendings.append(raw)
        [cost] = self._book(raw)
        self.assertEqual(cost.move_id.state, "posted", cost.remark)
        self.assertEqual(boxes(cost.move_id), {})

    def test_reverse_charge_and_acquisitions_keep_their_own_day(self):
        abroad = make_spending(
            93_000_002, GERMAN, "K-2", [line("Service", 1_000, "EUFAD37")]
        )
        self.spendings.append(abroad)
        bill, abroad = self._book(self._bill(line("Bontás", 10_000, "FAD")), abroad)
        self.assertEqual(
            boxes(bill.move_id),
            {"base_rec_reverse": 10_000, "vat_pay_27": 2_700, "vat_rec_27": 2_700},
        )
        self.assertIn("base_rec_intra", boxes(abroad.move_id))
        self.assertFalse(bill.is_cash_accounting or abroad.is_cash_accounting)

    def test_fulfilment_decides_whether_the_scheme_applies(self):
        first, last, after = self._book(
            *(
                self._bill(line("Papír", 10_000 + i), day=day)
                for i, day in enumerate(("2026-01-01", "2026-12-31", "2027-01-01"))
            )
        )
        self.assertEqual(
            [x.is_cash_accounting for x in (first, last, after)], [True, True, False]
        )
        # What is booked stays as it was booked.
        self.company.billingo_cash_from = False
        self.assertTrue(first.is_cash_accounting)

    def test_own_invoices_that_do_not_say_so_remain_drafts(self):
        said, silent, exempt, outside = self._book(
            self._sale(True),
            self._sale(False, "2026-03-11"),
            self._sale(False, "2026-03-12", "AAM"),
            self._sale(True, "2027-01-05"),
        )
        self.assertEqual(said.move_id.state, "posted", said.remark)
        self.assertEqual(boxes(said.move_id), {})
        self.assertEqual(exempt.move_id.state, "posted", exempt.remark)
        for document in (silent, outside):
            self.assertEqual(document.move_id.state, "draft")
            self.assertIn("differ about cash accounting", document.remark)
            self.assertEqual(boxes(document.move_id), {}, "nothing is due yet")

    def test_connection_asks_for_the_setting_when_own_invoices_say_so(self):
        self.company.write({"billingo_cash_from": False, "billingo_cash_until": False})
        self.assertNotIn("cash", self.supplier.alerts or {})
        [said] = self._book(self._sale(True))
        self.assertEqual(said.move_id.state, "posted")
        self.connections.invalidate_recordset()
        for connection in self.supplier | self.own:
            self.assertIn("cash accounting", connection.alerts["cash"]["message"])
        self.company.billingo_cash_from = "2026-01-01"
        self.assertNotIn("cash", self.supplier.alerts or {})
