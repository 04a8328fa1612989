from unittest.mock import patch

from lxml import etree
from odoo.exceptions import UserError
from odoo.fields import Command, Date
from odoo.tests import freeze_time, tagged

from ..billingo_api.parsing import parse_document
from ..billingo_api.simulator import samples
from ..billingo_api.simulator.samples.builder import line
from ..billingo_api.simulator.samples.parties import SHOP
from .books import BooksCommon
from .test_vat_table import boxes

DAYS = ("invoice_date", "fulfillment_date", "due_date")


@tagged("post_install", "-at_install")
class TestTaxPoints(BooksCommon):
    """Each entry is in the period in which its VAT is due."""

    def _issue(self, book, *items, days=("2026-03-10", "2026-03-08"), **options):
        buyer = samples.COMPANY if book is self.bills else SHOP
        changes = dict(zip(DAYS, (*days, "2026-06-30"), strict=True))
        changes |= options.pop("changes", {})
        return book.issue(buyer, *items, changes=changes, **options)

    def _storno(self, book, original, day):
        raw = book.storno(original)
        return raw.update({"invoice_date": day}) or raw

    def test_storno_is_in_the_period_of_its_own_issue(self):
        wrong = self._issue(self.invoices, line("Tétel", 10_000))
        storno = self._storno(self.invoices, wrong, "2026-05-06")
        original, reversal = self._book(wrong, storno)
        self.assertEqual(str(original.move_id.date), "2026-03-08")
        self.assertEqual(str(reversal.move_id.date), "2026-05-06")
        self.assertEqual(str(reversal.fulfillment_date), "2026-03-08")
        self.assertEqual(original.move_id.payment_state, "reversed")

    def test_storno_for_a_filed_period_needs_no_open_period(self):
        wrong = self._issue(self.invoices, line("Tétel", 10_000))
        [original] = self._book(wrong)
        self.company.tax_lock_date = Date.to_date("2026-03-31")
        storno = self._storno(self.invoices, wrong, "2026-05-06")
        [reversal] = self._book(storno)
        self.assertEqual((reversal.error, reversal.move_id.state), (False, "posted"))
        self.assertEqual(str(reversal.move_id.date), "2026-05-06")
        self.assertEqual(reversal.move_id.reversed_entry_id, original.move_id)

    def test_correction_goes_by_whether_it_lowers_tax(self):
        raws = []
        for book in (self.invoices, self.bills):
            base = self._issue(book, line("Tétel", 10_000))
            raws.append(base)
            raws += (
                self._issue(
                    book,
                    line("Helyesbítés", price),
                    days=("2026-05-06", "2026-03-08"),
                    type="modification",
                    related=[base],
                )
                for price in (-1_000, 1_000)
            )
        _sale, less, more, _bill, *of_bill = self._book(*raws)
        self.assertEqual(str(less.move_id.date), "2026-05-06")
        self.assertEqual(str(more.move_id.date), "2026-03-08")
        for document in of_bill:
            self.assertEqual(str(document.move_id.date), "2026-05-06")

    def _stornos(self, book):
        """Return an invoice of March, its storno of May, and the storno of that."""
        wrong = self._issue(book, line("Tétel", 10_000))
        storno = self._storno(book, wrong, "2026-05-06")
        return wrong, storno, self._storno(book, storno, "2026-07-08")

    def test_storno_of_a_storno_is_in_the_period_of_the_latter(self):
        for book in (self.invoices, self.bills):
            _wrong, storno, again = self._book(*self._stornos(book))
            day = storno.move_id.date
            self.assertEqual(day, storno.tax_point)
            self.assertLess(str(day), "2026-07-01")
            self.assertEqual(again.move_id.state, "posted", again.remark)
            self.assertEqual((again.move_id.date, again.tax_point), (day, day))
            self.assertIn("Storno of a storno", again.tax_point_text)

    def test_storno_of_a_storno_in_a_closed_period_is_asked(self):
        wrong, storno, again = self._stornos(self.bills)
        self.bills.documents.remove(again)
        self._book(wrong, storno)
        self.company.tax_lock_date = Date.to_date("2026-05-31")
        self.bills.documents.append(again)
        [again] = self._book(again)
        self.assertFalse(again.error)
        self.assertEqual(again.move_id.state, "draft")
        self.assertEqual(str(again.move_id.date), "2026-06-01")
        self.assertIn("closed period", again.remark)

    def test_receipt_before_issue_is_refused(self):
        [bill] = self._book(self._issue(self.bills, line("Bontás", 10_000, "FAD")))
        bill.move_id.unlink()
        action = bill.with_user(self.bookkeeper).action_correct()
        wizard = (
            self.env["billingo.correct"]
            .with_user(self.bookkeeper)
            .with_context(**action["context"])
            .create({"received_date": "2026-03-09"})
        )
        with self.assertRaisesRegex(UserError, "before its issue"):
            wizard.action_process()
        self.assertFalse(bill.received_date)

    def test_nobody_is_asked_to_open_a_period(self):
        self.company.tax_lock_date = Date.to_date("2026-03-31")
        [late] = self._book(self._issue(self.bills, line("Tétel", 10_000)))
        self.assertEqual(late.error_kind, "period")
        self.assertNotIn("Open the period", late.error)
        self.assertIn("first open day", late.error)

    def test_reverse_charge_without_day_of_receipt_is_asked(self):
        raw = self._issue(self.bills, line("Bontás", 10_000, "FAD"))
        [bill] = self._book(raw)
        self.assertEqual(bill.move_id.state, "draft")
        self.assertIn("received", bill.remark)
        self.assertIn("received", bill.tax_point_text)
        # The day can be entered, and decides.
        bill.move_id.unlink()
        action = bill.with_user(self.bookkeeper).action_correct()
        wizard = (
            self.env["billingo.correct"]
            .with_user(self.bookkeeper)
            .with_context(**action["context"])
            .create({"received_date": "2026-03-12"})
        )
        wizard.action_process()
        self.assertEqual(bill.move_id.state, "posted", bill.remark)
        self.assertEqual(str(bill.move_id.date), "2026-03-12")
        self.assertEqual(str(bill.tax_point), "2026-03-12")

    def test_reverse_charge_is_due_on_the_15th_at_the_latest(self):
        late = self._issue(
            self.bills,
            line("Bontás", 10_000, "FAD"),
            days=("2026-05-20", "2026-03-08"),
        )
        [bill] = self._book(late)
        self.assertEqual(bill.move_id.state, "posted", bill.remark)
        self.assertEqual(str(bill.move_id.date), "2026-04-15")

    def test_regular_fetch_knows_the_day_of_receipt(self):
        with freeze_time("2026-03-11 10:00:00"):
            self._book()
        with freeze_time("2026-03-11 12:00:00"):
            raw = self._issue(self.bills, line("Bontás", 10_000, "FAD"))
            [bill] = self._book(raw)
        self.assertEqual(str(bill.received_date), "2026-03-11")
        self.assertEqual(bill.move_id.state, "posted", bill.remark)
        self.assertEqual(str(bill.move_id.date), "2026-03-11")

    def test_lines_of_two_periods_remain_a_draft(self):
        self.supplier.receipt_policy = "issue"
        items = (line("Bontás", 10_000, "FAD"), line("Szállítás", 2_000))
        same = self._issue(self.bills, *items)
        other = self._issue(self.bills, *items, days=("2026-04-02", "2026-03-30"))
        same, other = self._book(same, other)
        self.assertEqual(same.move_id.state, "posted", same.remark)
        self.assertEqual(str(same.move_id.date), "2026-03-10")
        self.assertEqual(other.move_id.state, "draft")
        self.assertIn("different periods", other.remark)

    def test_reverse_charge_advance_remains_a_draft(self):
        self.supplier.receipt_policy = "issue"
        raw = self._issue(self.bills, line("Előleg", 10_000, "FAD"), type="advance")
        [bill] = self._book(raw)
        self.assertEqual(bill.move_id.state, "draft")
        self.assertIn("advance", bill.remark)

    def test_cash_accounting_is_due_with_each_payment(self):
        raw = self._issue(self.bills, line("Könyvelés", 10_000))
        raw["organization"] = {**raw["organization"], "cash_settled": True}
        [bill] = self._book(raw)
        move = bill.move_id
        self.assertEqual(move.state, "posted")
        self.assertTrue(move.is_billingo_cash_accounting)
        waiting = move.line_ids.filtered(lambda x: x.account_id.code == "466900")
        self.assertEqual(waiting.balance, 2_700)
        bill.sudo().paid_date = "2026-03-31"  # what Billingo says decides nothing
        self.assertFalse(bill.tax_point)
        for text in ("Not paid in Odoo", "according to Billingo: 03/31/2026"):
            self.assertIn(text, bill.tax_point_text)
        for paid, day in ((6_350, "2026-04-20"), (6_350, "2026-06-20")):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=move.ids
            ).create(
                {
                    "payment_date": day,
                    "amount": paid,
                    "journal_id": self.company_data["default_journal_bank"].id,
                }
            )._create_payments()
        self.assertFalse(bill.tax_point, "there are two")
        self.assertIn("in Odoo: 04/20/2026, 06/20/2026", bill.tax_point_text)
        due = move.tax_cash_basis_created_move_ids
        self.assertEqual(
            {str(x.date): boxes(x) for x in due},
            {
                "2026-04-20": {"base_rec_27": 5_000, "vat_rec_27": 1_350},
                "2026-06-20": {"base_rec_27": 5_000, "vat_rec_27": 1_350},
            },
        )

    def _cash_bill(self, *items):
        raw = self._issue(self.bills, *items)
        raw["organization"] = {**raw["organization"], "cash_settled": True}
        return raw

    def test_each_part_of_a_mixed_document_says_its_tax_point(self):
        self.supplier.receipt_policy = "issue"
        items = line("Bontás", 10_000, "FAD"), line("Könyvelés", 10_000)
        [bill] = self._book(self._cash_bill(*items))
        self.assertEqual(bill.move_id.state, "posted", bill.remark)
        self.assertFalse(bill.tax_point, "there are two")
        for text in ("fulfilment: 03/10/2026.", "day of payment. Not paid in Odoo"):
            self.assertIn(text, bill.tax_point_text)

    def test_offset_by_a_storno_is_no_payment(self):
        raw = self._cash_bill(line("Könyvelés", 10_000))
        storno = self._storno(self.bills, raw, "2026-05-06")
        for document in self._book(raw, storno):
            move = document.move_id
            self.assertEqual(move.amount_residual, 0)
            self.assertTrue(move.tax_cash_basis_created_move_ids)
            self.assertFalse(document.tax_point)
            self.assertNotIn("Paid in Odoo", document.tax_point_text)
            self.assertIn("no payment", document.tax_point_text)

    def test_list_of_regimes_reads_no_files(self):
        [bill] = self._book(self._cash_bill(line("Bontás", 10_000, "FAD")))
        documents = type(bill)
        bill.invalidate_recordset()
        with patch.object(documents, "_raw", side_effect=AssertionError("a file")):
            self.assertEqual(bill.regime_text, "Domestic reverse charge (FAD)")

    def test_cash_accounting_in_euro_keeps_the_forint_of_the_invoice(self):
        euro = self.env.ref("base.EUR")
        for day, rate in (("2026-01-01", 410), ("2026-04-01", 380)):
            self.env["res.currency.rate"].create(
                {
                    "currency_id": euro.id,
                    "company_id": self.company.id,
                    "name": day,
                    "inverse_company_rate": rate,
                }
            )
        item = line("Könyvelés", 1_000, digits=2)
        raw = self._issue(self.bills, item, currency="EUR", rate=400)
        raw["organization"] = {**raw["organization"], "cash_settled": True}
        [bill] = self._book(raw)
        move = bill.move_id
        self.assertEqual(move.state, "posted", bill.remark)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create(
            {
                "payment_date": "2026-04-20",
                "currency_id": euro.id,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )._create_payments()
        due = move.tax_cash_basis_created_move_ids
        self.assertEqual(boxes(due), {"base_rec_27": 400_000, "vat_rec_27": 108_000})
        waiting = (move | due).line_ids.filtered(
            lambda x: x.account_id.code == "466900"
        )
        self.assertEqual(sum(waiting.mapped("balance")), 0)

    def test_document_without_issue_date_is_an_error_on_the_list(self):
        raw = self._issue(self.bills, line("Tétel", 10_000))
        raw["invoice_date"] = None
        store = self.env["billingo.document.store"].sudo()
        counts = store._store(self.supplier.sudo(), [parse_document(raw)])
        self.assertEqual((counts["new"], counts["early"]), (1, 0))
        self._process()
        [document] = self.supplier.document_ids
        self.assertEqual((document.state, document.error_kind), ("error", "other"))
        self.assertIn("no issue date", document.error)
        self.assertEqual(document.tax_point_text, "The issue date is missing.")
        form = etree.fromstring(document.get_view(view_type="form")["arch"])
        [button] = form.xpath("//button[@name='action_correct']")
        self.assertIn("not invoice_date", button.get("invisible"))
        self.assertNotIn("amount", document.error)
        call = document.alerts["error"]["action_call"]
        self.assertEqual(call[1], "action_read_again")

    def test_cost_can_stay_in_its_month(self):
        self.supplier.write({"closed_policy": "first_open", "keeps_cost_month": True})
        self.company.tax_lock_date = Date.to_date("2026-03-31")
        [bill] = self._book(self._issue(self.bills, line("Tétel", 10_000)))
        move = bill.move_id
        self.assertEqual((move.state, str(move.date)), ("posted", "2026-04-01"))
        entries = self.env["account.move"].search(
            [("billingo_companion_document_id", "=", bill.id)], order="date"
        )
        self.assertEqual(
            [(str(x.date), x.state) for x in entries],
            [("2026-03-08", "posted"), ("2026-04-01", "posted")],
        )
        expense = self.supplier.account_id
        by_month = {
            str(x.date): sum(
                x.line_ids.filtered(lambda y: y.account_id == expense).mapped("balance")
            )
            for x in entries
        }
        self.assertEqual(by_month, {"2026-03-08": 10_000, "2026-04-01": -10_000})
        self.assertFalse(entries.line_ids.tax_tag_ids, "VAT stays where it is")
        move.button_draft()
        self.assertEqual(set(entries.mapped("state")), {"cancel"})
        move.action_post()
        again = self.env["account.move"].search_count(
            [
                ("billingo_companion_document_id", "=", bill.id),
                ("state", "=", "posted"),
            ]
        )
        self.assertEqual(again, 2)

    def test_settled_bill_is_not_offered_for_payment(self):
        raw = self._issue(self.bills, line("Papír", 10_000))
        raw["settings"] = {**raw["settings"], "without_financial_fulfillment": True}
        [bill] = self._book(raw)
        move = bill.move_id
        self.assertTrue(bill.is_nothing_to_pay)
        self.assertEqual((move.state, move.payment_state), ("posted", "blocked"))
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({})
        )
        with self.assertRaisesRegex(Exception, "settled without a payment"):
            wizard._create_payments()
        # What settles it is an entry, and then it is settled.
        payable = move.line_ids.filtered(lambda x: x.display_type == "payment_term")
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-03-31",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": move.partner_id.id,
                            "balance": balance,
                        }
                    )
                    for account, balance in (
                        (payable.account_id, 12_700),
                        (self.company_data["default_account_receivable"], -12_700),
                    )
                ],
            }
        )
        entry.action_post()
        lines = payable | entry.line_ids.filtered(
            lambda x: x.account_id == payable.account_id
        )
        lines.reconcile()
        self.assertEqual(move.payment_state, "paid")

    def test_settled_bill_under_cash_accounting_is_asked(self):
        raw = self._issue(self.bills, line("Papír", 10_000))
        raw["settings"] = {**raw["settings"], "without_financial_fulfillment": True}
        raw["organization"] = {**raw["organization"], "cash_settled": True}
        [bill] = self._book(raw)
        self.assertEqual(bill.move_id.state, "draft")
        self.assertIn("nothing to pay", bill.remark)

    def test_implausible_date_remains_a_draft(self):
        raw = self._issue(
            self.bills, line("Papír", 10_000), days=("2026-03-10", "2035-03-10")
        )
        [bill] = self._book(raw)
        self.assertEqual(bill.move_id.state, "draft")
        self.assertIn("2035-03-10", bill.remark)
