from odoo.exceptions import UserError
from odoo.tests import tagged

from ..billingo_api.simulator import samples
from ..billingo_api.simulator.samples.builder import line
from ..billingo_api.simulator.samples.parties import GERMAN
from .books import BooksCommon
from .test_vat_table import boxes


@tagged("post_install", "-at_install")
class TestUntaxedAdvances(BooksCommon):
    """An advance creates no tax under reverse charge, and for goods within the EU."""

    def setUp(self):
        super().setUp()
        self.connections.receipt_policy = "issue"

    def _advance(self):
        return self.bills.issue(
            samples.COMPANY, line("Előleg", 10_000, "FAD"), type="advance"
        )

    def _confirm(self, document):
        move = document.move_id
        self.assertEqual((document.error, move.state), (False, "draft"))
        self.assertTrue(document.has_question)
        move.with_user(self.bookkeeper).action_post()
        return move

    def test_confirmed_advance_has_no_vat(self):
        [advance] = self._book(self._advance())
        self.assertIn("advance creates no tax", advance.remark)
        move = self._confirm(advance)
        self.assertEqual(boxes(move), {})
        self.assertFalse(move.line_ids.filtered("tax_line_id"))
        account = self.supplier.advance_account_id
        self.assertEqual(move.invoice_line_ids.account_id, account)

    def test_final_invoice_owes_the_vat_of_the_whole_supply(self):
        raw = self._advance()
        final = self.bills.issue(
            samples.COMPANY,
            line("Bontás", 30_000, "FAD"),
            line("Előleg", -10_000, "FAD", comment=f"({raw['invoice_number']})"),
            related=[raw],
        )
        advance, final = self._book(raw, final)
        self.assertIn("has none, either", final.remark)
        moves = self._confirm(advance) | self._confirm(final)
        self.assertEqual(
            boxes(moves),
            {"base_rec_reverse": 30_000, "vat_pay_27": 8_100, "vat_rec_27": 8_100},
        )
        taken = moves.line_ids.filtered(
            lambda x: x.account_id == self.supplier.advance_account_id
        )
        self.assertEqual(sum(taken.mapped("balance")), 0)

    def test_storno_of_an_advance_takes_no_vat_back(self):
        raw = self._advance()
        advance, storno = self._book(raw, self.bills.storno(raw))
        self._confirm(advance)
        self.assertEqual(boxes(self._confirm(storno)), {})

    def test_advance_for_goods_to_the_eu_is_in_no_box(self):
        raw = self.invoices.issue(
            GERMAN, line("Előleg", 10_000, "EU", entitlement="KBAET"), type="advance"
        )
        final = self.invoices.issue(
            GERMAN,
            line("Gép", 30_000, "EU", entitlement="KBAET"),
            line(
                "Előleg",
                -10_000,
                "EU",
                entitlement="KBAET",
                comment=f"({raw['invoice_number']})",
            ),
            related=[raw],
        )
        advance, final = self._book(raw, final)
        self.assertEqual(boxes(self._confirm(advance)), {})
        self.assertEqual(boxes(self._confirm(final)), {"base_pay_intra": 30_000})

    def test_vat_on_both_sides_of_an_advance_is_refused(self):
        [advance] = self._book(self._advance())
        move = advance.move_id.with_user(self.bookkeeper)
        tax = self.env["billingo.own.taxes"].sudo()._tax(self.company, "purchase FAD")
        move.invoice_line_ids.tax_ids = tax
        move.is_billingo_difference_accepted = True
        with self.assertRaisesRegex(UserError, "advance creates no tax"):
            move.action_post()

    def test_vat_before_the_fulfilment_is_refused(self):
        days = {"invoice_date": "2026-03-10", "fulfillment_date": "2026-04-20"}
        [bill] = self._book(
            self.bills.issue(
                samples.COMPANY, line("Bontás", 10_000, "FAD"), changes=days
            )
        )
        move = bill.move_id.with_user(self.bookkeeper)
        self.assertEqual((move.state, str(move.date)), ("draft", "2026-03-10"))
        move.is_billingo_difference_accepted = True
        with self.assertRaisesRegex(UserError, "not due before the fulfilment"):
            move.action_post()
        move.date = "2026-04-20"
        move.action_post()
        self.assertEqual(boxes(move)["vat_pay_27"], 2_700)

    def test_dialog_proposes_the_tax_without_vat(self):
        [advance] = self._book(self._advance())
        booked = advance.move_id.invoice_line_ids.tax_ids
        advance.move_id.unlink()
        action = advance.with_user(self.bookkeeper).action_correct()
        wizard = (
            self.env["billingo.correct"]
            .with_user(self.bookkeeper)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(wizard.line_ids.mapped_tax_id, booked)
