from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from odoo.tests import tagged

from ..billingo_api.simulator import samples
from ..billingo_api.simulator.samples.builder import line
from ..billingo_api.simulator.samples.parties import GERMAN, SHOP, SWISS
from ..billingo_api.simulator.samples.spendings import make_spending
from .books import BooksCommon
from .vat_table import NET, ROWS, as_markdown

PARTNERS = {"HU": SHOP, "EU": GERMAN, "other": SWISS}
ISSUED, FULFILLED = date(2026, 3, 10), date(2026, 3, 8)
PAID = date(2026, 8, 20)


def boxes(moves):
    """Return the boxes of Odoo's tax report that entries fill, with their amounts."""
    found = Counter()
    for entry in moves.line_ids:
        for tag in entry.tax_tag_ids:
            found[tag.name] += entry.balance * (-1 if tag.balance_negate else 1)
    return {name: round(amount) for name, amount in found.items() if round(amount)}


@tagged("post_install", "-at_install")
class TestVatTable(BooksCommon):
    """Each VAT code has its tax, accounts, boxes and tax point, or is asked about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connections.receipt_policy = "issue"
        cls.bank = cls.company_data["default_journal_bank"]

    def _issue(self, row, later=0):
        """Issue a document for a row, some days later; return it."""
        given = {"entitlement": row.title} if row.title else {}
        item = line("Tétel", NET, row.code, **given)
        days = {
            "invoice_date": (ISSUED + timedelta(later)).isoformat(),
            "fulfillment_date": (FULFILLED + timedelta(later)).isoformat(),
        }
        if row.side == "spending":
            raw = make_spending(
                93_000_000 + len(self.spendings),
                PARTNERS[row.place],
                f"K-{len(self.spendings)}",
                [item],
                **days,
            )
            self.spendings.append(raw)
            return raw
        buyer = samples.COMPANY if row.side == "bill" else PARTNERS[row.place]
        book = self.bills if row.side == "bill" else self.invoices
        raw = book.issue(buyer, item, changes=days)
        raw["organization"] = {**raw["organization"], "cash_settled": row.cash}
        return raw

    def _book_all(self, rows, later=0):
        """Book rows, each on a day of its own: none is like another bill."""
        return self._book(*(self._issue(row, later + i) for i, row in enumerate(rows)))

    def test_every_row_is_booked_as_the_table_says(self):
        own = [row for row in ROWS if row.own_cash]
        others = [row for row in ROWS if not row.own_cash]
        booked = self._book_all(others)
        self.company.billingo_cash_from = "2026-01-01"
        booked += self._book_all(own, later=len(others))
        for row, document in zip(others + own, booked, strict=True):
            with self.subTest(row.cells):
                self._assert_row(row, document)

    def _assert_row(self, row, document):
        move = document.move_id
        if row.outcome == "asked":
            self.assertEqual((document.state, document.error_kind), ("error", "tax"))
            self.assertFalse(move)
            # The document is the draft: its form says what is known, and what is not.
            for text in ("error", "tax_point", "tax_point_text"):
                self.assertTrue(document[text], text)
            return
        self.assertEqual(document.error, False)
        self.assertEqual(move.state, row.outcome, document.remark)
        tax = move.invoice_line_ids.tax_ids
        self.assertEqual(tax.with_context(lang="en_US").name, row.tax)
        self.assertEqual(bool(document.remark), row.outcome == "draft")
        days = {
            "issue": document.invoice_date,
            "receipt": document.invoice_date,
            "fulfilment": document.fulfillment_date,
            "payment": document.fulfillment_date,  # of the cost; the VAT follows
        }
        self.assertEqual(move.date, days[row.day])
        entries = move
        if row.day == "payment":
            self.assertTrue(document.is_cash_accounting)
            self.assertEqual(boxes(move), {}, "nothing is due before the payment")
            if row.outcome == "draft":
                move.action_post()
            entries |= self._pay(move)
            self.assertEqual(entries[1:].mapped("date"), [PAID])
        self.assertEqual(boxes(entries), dict(row.boxes))
        for code, amount in row.accounts:
            lines = entries.line_ids.filtered(
                lambda x, code=code: x.account_id.code == f"{code}000"
            )
            self.assertEqual(sum(lines.mapped("balance")), amount)

    def _pay(self, move):
        """Pay an entry; return the entries that make its VAT due."""
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({"payment_date": PAID, "journal_id": self.bank.id})._create_payments()
        return move.tax_cash_basis_created_move_ids

    def test_readme_has_the_same_table(self):
        readme = Path(__file__).parents[1] / "README.md"
        self.assertIn(as_markdown(), readme.read_text(encoding="utf-8"))

    def test_tax_without_box_is_posted_after_a_yes(self):
        row = next(x for x in ROWS if x.outcome == "draft" and x.code == "FAD")
        rows = self.env["billingo.tax.map"].search(
            [
                ("company_id", "=", self.company.id),
                ("direction", "=", "sale"),
                ("vat_code", "=", "FAD"),
            ]
        )
        self.assertFalse(rows.has_box)
        first, second = self._book_all([row, row])
        self.assertIn("no box", first.remark)
        first.move_id.action_post()
        self.assertEqual(first.move_id.state, "posted", "posting by hand is a yes")
        rows.is_post_allowed = True
        second.move_id.unlink()
        self._process()
        self.assertEqual(second.move_id.state, "posted")

    def test_answer_for_one_place_does_not_cover_another(self):
        asked = [
            x for x in ROWS if x.side == "spending" and x.code == "0%" and not x.title
        ]
        self.assertEqual({x.place for x in asked}, {"HU", "EU", "other"})
        documents = dict(
            zip((x.place for x in asked), self._book_all(asked), strict=True)
        )
        data = documents["HU"].error_data
        self.assertEqual(data["partner_group"], "domestic")
        maps = self.env["billingo.tax.map"]
        exempt = maps._find_tax(self.company, "purchase", "AAM", "")
        row = {
            "company_id": self.company.id,
            "direction": "purchase",
            "vat_code": "0%",
            "tax_id": exempt.id,
        }
        maps.create({**row, "partner_group": "domestic"})
        self._process()
        states = {place: x.state for place, x in documents.items()}
        self.assertEqual(states, {"HU": "processed", "EU": "error", "other": "error"})
        # An answer for one country, and for one connection.
        services = maps._find_tax(self.company, "purchase", "EUFAD37", "", "eu")
        country = self.env.ref("base.at")
        mine = maps.create(
            {
                **row,
                "partner_group": "eu",
                "country_id": country.id,
                "connection_id": self.supplier.id,
                "tax_id": services.id,
            }
        )
        self._process()
        self.assertEqual(documents["EU"].state, "error")
        mine.country_id = self.env.ref("base.de")
        self._process()
        self.assertEqual(documents["EU"].state, "error", "another connection's row")
        mine.connection_id = self.costs
        self._process()
        self.assertEqual(documents["EU"].state, "processed")
        self.assertEqual(documents["EU"].move_id.invoice_line_ids.tax_ids, services)

    def test_not_deductible_reverse_charge_is_a_choice(self):
        tax = self.env["account.tax"].search(
            [
                ("company_id", "=", self.company.id),
                ("name", "=", "27% FAD, not deductible"),
            ]
        )
        maps = self.env["billingo.tax.map"]
        maps._find(self.company, "purchase", "FAD", "").tax_id = tax
        row = next(x for x in ROWS if x.side == "bill" and x.code == "FAD")
        [document] = self._book_all([row])
        move = document.move_id
        self.assertEqual((document.error, move.state), (False, "posted"))
        self.assertEqual(boxes(move), {"base_rec_reverse": NET, "vat_pay_27": 27_000})
        expense = move.line_ids.filtered(
            lambda x: x.account_id == self.supplier.account_id
        )
        self.assertEqual(sum(expense.mapped("balance")), NET + 27_000)

    def test_seeding_again_changes_nothing(self):
        maps = self.env["billingo.tax.map"]
        own = [("company_id", "=", self.company.id)]
        taxes = self.env["account.tax"].with_context(active_test=False)
        before = (maps.search_count(own), taxes.search_count(own))
        maps._find(self.company, "sale", "FAD", "").unlink()
        self.env["billingo.own.taxes"]._seed(self.company)
        self.assertEqual((maps.search_count(own), taxes.search_count(own)), before)

    def test_form_shows_regime_and_tax_point(self):
        row = next(x for x in ROWS if x.side == "bill" and x.code == "FAD")
        [document] = self._book_all([row])
        self.assertIn("reverse charge", document.regime_text)
        self.assertEqual(document.tax_point, ISSUED)
        self.assertIn("15th", document.tax_point_text)
        self.assertEqual(document.move_id.billingo_tax_point, ISSUED)
