from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tests import tagged

from ..billingo_api.simulator import samples
from ..billingo_api.simulator.samples.builder import line
from ..billingo_api.simulator.samples.parties import GERMAN, SHOP
from ..billingo_api.simulator.samples.spendings import make_spending
from .books import BooksCommon

# VAT code of a bill or a sale, and the taxes of the chart, or of our own, under which
# it must not be posted silently.
OTHER_REGIMES = (
    ("bill", "27%", False, ("V27 cash", "V18", "VF", "VA", "purchase FAD", "VEU27S")),
    ("bill", "27%", True, ("V27", "V18 cash", "purchase FAD")),
    ("bill", "FAD", False, ("VF", "V27", "purchase FAD not deductible", "VEU27T")),
    ("bill", "AAM", False, ("VT", "VKKS", "VF", "V27", "purchase FAD")),
    ("bill", "TAM", False, ("VA", "VKKS")),
    ("sale", "27%", False, ("F27 cash", "FA", "sale FAD")),
    ("sale", "27%", True, ("F27",)),
    ("sale", "AAM", False, ("FT", "FKKS", "FEUT", "sale FAD")),
    ("sale", "FAD", False, ("FA", "F27", "sale HO", "sale EUFADE")),
    ("spending", "KBAET", False, ("VF", "VA", "V27", "VIMS", "purchase FAD")),
    ("spending", "EUFAD37", False, ("VA", "VKKS", "V27")),
)


@tagged("post_install", "-at_install")
class TestEntryCheck(BooksCommon):
    """Regime, boxes and dates of a draft stay, or a person agrees to another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connections.write({"is_auto_post": False, "receipt_policy": "issue"})

    def _issue(self, side, code, is_cash=False, price=100_000):
        days = {
            "invoice_date": f"2026-03-{10 + len(self.issued):02d}",
            "fulfillment_date": f"2026-03-{10 + len(self.issued):02d}",
        }
        self.issued.append(code)
        item = line("Tétel", price, code)
        if side == "spending":
            raw = make_spending(
                93_000_000 + len(self.issued), GERMAN, f"K-{code}", [item], **days
            )
            self.spendings.append(raw)
            return raw
        book, buyer = (
            (self.bills, samples.COMPANY) if side == "bill" else (self.invoices, SHOP)
        )
        raw = book.issue(buyer, item, changes=days)
        raw["organization"] = {**raw["organization"], "cash_settled": is_cash}
        return raw

    def setUp(self):
        super().setUp()
        self.issued = []

    def _draft(self, raw):
        [document] = self._book(raw)
        self.assertEqual(document.move_id.state, "draft", document.error)
        return document.move_id.with_user(self.bookkeeper)

    def _tax(self, key):
        return self.env["billingo.own.taxes"].sudo()._tax(self.company, key)

    def _assert_asked(self, move, text):
        self.assertRegex(move.alerts["billingo_amounts"]["message"], text)
        with self.assertRaisesRegex(UserError, text):
            move.action_post()
        self.assertEqual(move.state, "draft")

    def test_another_regime_is_not_posted_without_a_yes(self):
        raws = [self._issue(side, code, cash) for side, code, cash, _ in OTHER_REGIMES]
        documents = self._book(*raws)
        for row, document in zip(OTHER_REGIMES, documents, strict=True):
            move = document.move_id.with_user(self.bookkeeper)
            imported = move.invoice_line_ids.tax_ids
            for key in row[3]:
                with self.subTest(row[:3], key=key):
                    tax = self._tax(key)
                    self.assertTrue(tax)
                    move.invoice_line_ids.tax_ids = tax
                    self._assert_asked(move, "imported as|at Billingo")
                    move.action_billingo_restore()
                    self.assertEqual(move.invoice_line_ids.tax_ids, imported)
            move.action_post()
            self.assertEqual(move.state, "posted")

    def test_state_cannot_be_written_past_the_check(self):
        move = self._draft(self._issue("bill", "27%", is_cash=True))
        move.invoice_line_ids.tax_ids = self._tax("V27")
        with self.assertRaises(UserError):
            move.sudo().write({"state": "posted"})

    def test_cash_accounting_is_named_when_it_is_lost(self):
        move = self._draft(self._issue("bill", "27%", is_cash=True))
        move.button_cancel()
        move.button_draft()
        move.invoice_line_ids.tax_ids = self._tax("V27")
        self._assert_asked(move, "VAT regime: imported as 27% cash accounting")

    def test_regimes_of_lines_cannot_change_places(self):
        raw = self.bills.issue(
            samples.COMPANY,
            line("Díj", 100_000, "AAM", entitlement="AAM"),
            line("Oktatás", 50_000, "TAM", entitlement="TAM"),
        )
        move = self._draft(raw)
        first, second = move.invoice_line_ids.sorted("id")
        total = move.amount_total
        first.tax_ids, second.tax_ids = second.tax_ids, first.tax_ids
        self.assertEqual(move.amount_total, total)
        self._assert_asked(move, "VAT regime")

    def test_tax_for_assets_is_the_same_regime(self):
        move = self._draft(self._issue("bill", "27%"))
        move.invoice_line_ids.tax_ids = self._tax("V27TE")
        self.assertNotIn("billingo_amounts", move.alerts or {})
        move.action_post()
        self.assertEqual(move.state, "posted")

    def test_changed_dates_are_asked_and_restored(self):
        for side in ("bill", "sale"):
            move = self._draft(self._issue(side, "27%"))
            names = ("invoice_date", "delivery_date", "date", "invoice_date_due")
            before = {name: move[name] for name in names}
            for name in names:
                with self.subTest(side, name=name):
                    move[name] = "2026-04-21"
                    self._assert_asked(move, "04/21/2026")
                    move.action_billingo_restore()
                    self.assertEqual({x: move[x] for x in names}, before)
            move.action_post()
            self.assertEqual({x: move[x] for x in names}, before)

    def test_another_document_is_asked_and_restored(self):
        other = self.env["res.partner"].create({"name": "Más Kft."})
        bill, sale = (self._draft(self._issue(x, "27%")) for x in ("bill", "sale"))
        euro = self.env.ref("base.EUR")
        euro.active = True
        cases = (
            (bill, "partner_id", other, "Más Kft"),
            (bill, "ref", "OTHER-1", "OTHER-1"),
            (bill, "currency_id", euro, "EUR"),
            (sale, "partner_id", other, "Más Kft"),
        )
        for move, name, value, text in cases:
            with self.subTest(move.move_type, name=name):
                before, total = move[name], move.amount_total
                move[name] = value
                self._assert_asked(move, text)
                move.action_billingo_restore()
                self.assertEqual((move[name], move.amount_total), (before, total))
        for move in (bill, sale):
            before, number = move.move_type, move.name
            balances = sorted(move.line_ids.mapped("balance"))
            move.action_switch_move_type()
            self._assert_asked(move, "Credit Note")
            move.action_billingo_restore()
            self.assertEqual(move.move_type, before)
            self.assertEqual(sorted(move.line_ids.mapped("balance")), balances)
            if move == sale:
                self.assertEqual(move.name, number)
            move.action_post()
            self.assertEqual((move.state, move.move_type), ("posted", before))

    def test_contact_of_the_same_company_is_the_same_partner(self):
        move = self._draft(self._issue("bill", "27%"))
        move.partner_id = self.env["res.partner"].create(
            {"name": "Számlázás", "parent_id": move.partner_id.id}
        )
        move.action_post()
        self.assertEqual(move.state, "posted")

    def test_number_of_a_posted_bill_is_changed_in_draft_only(self):
        move = self._draft(self._issue("bill", "27%"))
        move.action_post()
        with self.assertRaisesRegex(UserError, "Reset the entry to draft"):
            move.ref = "OTHER-2"
        move.button_draft()
        move.ref = "OTHER-2"
        self._assert_asked(move, "OTHER-2")

    def test_yes_is_recorded_and_asked_again_after_a_reset(self):
        move = self._draft(self._issue("bill", "27%"))
        move.date = "2026-04-21"
        move.is_billingo_difference_accepted = True
        move.action_post()
        self.assertEqual((move.state, str(move.date)), ("posted", "2026-04-21"))
        said = move.message_ids.filtered(lambda x: "04/21/2026" in (x.body or ""))
        self.assertEqual(said.author_id, self.bookkeeper.partner_id)
        move.button_draft()
        self.assertFalse(move.is_billingo_difference_accepted)
        self._assert_asked(move, "04/21/2026")

    def test_date_that_a_closed_period_requires_is_not_asked(self):
        move = self._draft(self._issue("bill", "27%"))
        self.company.tax_lock_date = Date.to_date("2026-03-31")
        move.date = "2026-04-01"
        move.action_post()
        self.assertEqual((move.state, str(move.date)), ("posted", "2026-04-01"))

    def test_yes_in_the_context_of_processing_counts_for_nothing(self):
        [document] = self._book(self._issue("bill", "27%"))
        document.move_id.unlink()
        document.with_context(
            default_is_billingo_difference_accepted=True
        ).action_process()
        self.assertFalse(document.move_id.is_billingo_difference_accepted)

    def test_confirmed_points_are_told_as_confirmed(self):
        move = self._draft(self._issue("sale", "FAD"))  # has no box
        document = move.billingo_document_id
        self.assertTrue(document.has_question)
        self.assertIn("remains a draft", document.remark)
        move.action_post()
        self.assertFalse(document.has_question)
        self.assertNotIn("remains a draft", document.remark)
        self.assertIn("Confirmed by a user", document.remark)
        self.assertIn("no box", document.remark)

    def test_remark_is_in_the_readers_language(self):
        move = self._draft(self._issue("sale", "FAD"))
        self.env["res.lang"]._activate_lang("hu_HU")
        document = move.sudo().billingo_document_id
        english = document.with_context(lang="en_US").remark
        hungarian = document.with_context(lang="hu_HU").remark
        self.assertNotEqual(english, hungarian)
        self.assertNotIn("draft", hungarian)

    def test_list_is_searched_by_entry_and_regime(self):
        bill, cash = self._book(
            self._issue("bill", "FAD"), self._issue("bill", "27%", is_cash=True)
        )
        cash.move_id.action_post()
        documents = self.env["billingo.document"]
        for domain, found in (
            ([("move_id.state", "=", "draft")], bill),
            ([("move_id.state", "=", "posted")], cash),
            ([("regime_codes", "ilike", "domestic_reverse")], bill),
            ([("regime_codes", "ilike", "cash_accounting")], cash),
        ):
            self.assertEqual(documents.search(domain), found, domain)
