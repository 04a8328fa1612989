"""An advance that was invoiced before: its VAT is deducted once, and once only."""

from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..maventa_api.simulator.samples import Allowed, DraftRow
from .common_receive import MaventaReceiveCommon

D = Decimal
ADVANCE = D("500.00")
QUESTIONS = {"advance_taxed", "advance_unknown"}


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveAdvances(MaventaReceiveCommon):
    def setUp(self):
        super().setUp()
        self._supplier("clean")

    def _advance(self, number="E-100", **values):
        """Return the posted bill of an advance of 500 and its VAT."""
        rows = (DraftRow("Ennakkolasku", ADVANCE),)
        values = {"number": number, "rows": rows, "kind_un": "386", **values}
        receipt = self._receive(self._changed("clean", **values))
        receipt.action_confirm()
        receipt.move_id.action_post()
        return receipt.move_id

    def _final(self, number, *rows, **values):
        """Return the receipt of a final invoice of 2,000 before VAT."""
        rows = (DraftRow("Urakka", D("2000.00")), *rows)
        sample = self._changed("clean", number=number, rows=rows, **values)
        return self._receive(sample)

    def _rounded_by_row(self, number, **values):
        """Return the receipt of three rows of 10.01, each with 2.55 VAT."""
        rows = (DraftRow("Ennakko", D("10.01")),) * 3
        sample = self._changed("clean", number=number, rows=rows, **values)
        raw = sample.formats["FINVOICE30"]
        for old, new in (
            (b"7,66", b"7,65"),
            (b"37,69", b"37,68"),
            (b"36,43", b"36,42"),
        ):
            raw = raw.replace(b">%s<" % old, b">%s<" % new)
        sample.formats["FINVOICE30"] = raw
        receipt = self._receive(sample)
        receipt._confirm("service_totals")
        self.assertIn("rounding", self._codes(receipt))
        return receipt

    def _asked(self, receipt):
        return self._codes(receipt) & QUESTIONS

    # === TAKEN OFF BY LINES === #

    def test_advance_that_lines_take_off_is_deducted_once_and_no_question(self):
        self._advance()
        for number, kind, text in (
            ("L-1", "FINVOICE30", "Ennakkolasku E-100"),
            ("L-2", "PEPPOLBIS30", "Ennakkolasku E-100"),
            ("L-3", "FINVOICE30", "Ennakkomaksu"),
        ):
            with self.subTest(f"{kind} {text}"):
                row = DraftRow(text, -ADVANCE)
                receipt = self._final(number, row, source_format=kind)
                self.assertFalse(self._asked(receipt))
                self.assertAlmostEqual(receipt.move_id.amount_tax, 1500 * 0.255)

    def test_advance_that_was_never_booked_is_asked(self):
        for number, kind in (("U-1", "FINVOICE30"), ("U-2", "PEPPOLBIS30")):
            with self.subTest(kind):
                row = DraftRow("Förskott E-100", -ADVANCE)
                receipt = self._final(number, row, source_format=kind)
                self.assertEqual(self._asked(receipt), {"advance_unknown"})
                self.assertIn("500.00 (Förskott E-100)", receipt.points_text)
                with self.assertRaisesRegex(UserError, "takes off an advance"):
                    receipt.move_id.action_post()
        discount = (Allowed(ADVANCE, reason="Vorauszahlung"),)
        receipt = self._final("U-3", allowed=discount)
        self.assertEqual(self._asked(receipt), {"advance_unknown"})
        self._advance()
        self.env["maventa.bill.booking"].sudo()._check_again(receipt)
        self.assertFalse(self._asked(receipt))

    def test_other_lines_below_zero_are_no_advance(self):
        receipt = self._final("N-1", DraftRow("Ennakkotilausalennus", -ADVANCE))
        self.assertFalse(self._asked(receipt))

    # === PAID === #

    def test_vat_of_the_whole_amount_beside_that_of_the_advance_is_asked(self):
        bill = self._advance()
        for number, kind in (("P-1", "FINVOICE30"), ("P-2", "PEPPOLBIS30")):
            with self.subTest(kind):
                paid = D(f"{bill.amount_total:.2f}")
                receipt = self._final(number, paid=paid, source_format=kind)
                self.assertEqual(self._asked(receipt), {"advance_taxed"})
                self.assertIn(bill.display_name, receipt.points_text)
                with self.assertRaisesRegex(UserError, "deducted twice"):
                    receipt.move_id.action_post()
                receipt.action_confirm()
                self.assertFalse(self._asked(receipt))

    def test_reversed_advance_is_none_any_more(self):
        bill = self._advance()
        paid = D(f"{bill.amount_total:.2f}")
        receipt = self._final("R-1", paid=paid)
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=bill.ids)
            .create({"journal_id": bill.journal_id.id})
        )
        wizard.refund_moves()
        bill.reversal_move_ids.action_post()
        self.assertEqual(bill.payment_state, "reversed")
        self.env["maventa.bill.booking"].sudo()._check_again(receipt)
        self.assertFalse(self._asked(receipt))

    def test_advance_of_the_whole_amount_is_asked_by_its_kind_or_number(self):
        rows = (DraftRow("Urakka", D("2000.00")),)
        self._advance(rows=rows)
        receipt = self._final("W-1", paid=D("2510.00"))
        self.assertEqual(self._asked(receipt), {"advance_taxed"})

    def test_invoices_that_are_paid_by_card_each_month_are_no_question(self):
        rows = (DraftRow("Urakka", D("2000.00")),)
        self._advance("K-1", rows=rows, kind_un="380", paid=D("2510.00"))
        receipt = self._final("K-2", paid=D("2510.00"))
        self.assertFalse(self._asked(receipt))
        self.assertIn("paid", self._codes(receipt))

    def test_payment_without_vat_on_either_side_is_no_question(self):
        rows = (DraftRow("Vuokra", ADVANCE, D(0), "E"),)
        self._advance("Z-1", rows=rows)
        receipt = self._final("Z-2", paid=ADVANCE)
        self.assertFalse(self._asked(receipt))

    def test_advance_is_taken_off_by_a_button(self):
        bill = self._advance()
        paid = D(f"{bill.amount_total:.2f}")
        for number, kind in (("T-1", "FINVOICE30"), ("T-2", "PEPPOLBIS30")):
            with self.subTest(kind):
                values = {"paid": paid, "source_format": kind, "original": "E-100"}
                receipt = self._final(number, **values)
                move = receipt.move_id
                alerts = move.with_user(self.accountant).alerts.values()
                calls = [x["action_call"][1] for x in alerts if "action_call" in x]
                self.assertIn("action_take_advance", calls)
                receipt.with_user(self.accountant).action_take_advance()
                self.assertAlmostEqual(move.amount_untaxed, 1500)
                self.assertAlmostEqual(move.amount_total, 2510 - 627.50)
                [line] = self.env["maventa.bill.advances"].sudo()._taken(move)
                self.assertEqual(line.account_id, bill.invoice_line_ids.account_id)
                self.assertEqual(self._codes(receipt), {"partly_paid"})
                receipt.action_confirm()
                move.action_post()
                withheld = self.env["maventa.bill.payments"].sudo()._withheld(move)
                self.assertFalse(withheld)
                move.button_draft()
                move.button_cancel()

    def test_no_cent_is_left_where_an_advance_of_odd_amounts_is_taken_off(self):
        other = self.company.account_purchase_tax_id.copy({"name": "10%"})
        other.amount = 10
        parts = (DraftRow("Ennakko", D("10.01")),) * 3
        meals = (DraftRow("Ateria", D("3.33"), D(10)),) * 2
        bill = self._advance(rows=(*parts, *meals))
        for kind, odd in (
            (kind, odd)
            for kind in ("FINVOICE30", "PEPPOLBIS30")
            for odd in ("70.01", "70.03", "70.07")
        ):
            with self.subTest(f"{kind} {odd}"):
                receipt = self._final(
                    f"O-{kind}-{odd}",
                    DraftRow("Lisä", D(odd)),
                    DraftRow("Kahvi", D(odd), D(10)),
                    paid=D(f"{bill.amount_total:.2f}"),
                    original="E-100",
                    source_format=kind,
                )
                move = receipt.move_id
                vat, total = move.amount_tax, move.amount_total
                receipt.action_take_advance()
                self.assertEqual(self._codes(receipt), {"partly_paid"})
                self.assertAlmostEqual(move.amount_tax, vat - bill.amount_tax)
                self.assertAlmostEqual(move.amount_total, total - bill.amount_total)
                move.button_cancel()

    def test_vat_that_an_advance_stated_is_the_vat_that_is_taken_off(self):
        receipt = self._rounded_by_row("E-100", kind_un="386")
        receipt.action_take_vat()
        receipt.action_confirm()
        receipt.move_id.action_post()
        self.assertAlmostEqual(receipt.move_id.amount_tax, 7.65)
        final = self._final("S-1", paid=D("37.68"), original="E-100")
        final.action_take_advance()
        self.assertEqual(self._codes(final), {"partly_paid"})
        self.assertAlmostEqual(final.move_id.amount_tax, 510 - 7.65)

    def test_vat_rounded_by_row_is_taken_over_beside_an_advance(self):
        bill = self._advance(rows=(DraftRow("Ennakko", D("1.00")),))
        receipt = self._rounded_by_row("B-1", paid=D("1.26"), original="E-100")
        receipt.action_take_advance()
        self.assertEqual(self._codes(receipt), {"partly_paid", "rounding"})
        receipt.action_take_vat()
        self.assertEqual(self._codes(receipt), {"partly_paid"})
        self.assertAlmostEqual(receipt.move_id.amount_tax, 7.65 - bill.amount_tax)

    def test_advance_that_is_not_posted_is_not_taken_off(self):
        bill = self._advance()
        receipt = self._final("D-1", paid=D(f"{bill.amount_total:.2f}"))
        bill.button_draft()
        with self.assertRaisesRegex(UserError, "Post the bill of the advance"):
            receipt.action_take_advance()

    def test_final_invoice_is_no_copy_of_the_advance_that_it_names(self):
        self._advance()
        for number, values in (
            ("C-1", {"paid": D("627.50")}),
            ("C-2", {}),
        ):
            receipt = self._final(number, original="E-100", **values)
            self.assertNotIn("duplicate", self._codes(receipt))

    def test_invoice_that_calls_itself_one_of_an_advance_is_one(self):
        for number, values in (
            ("N-1", {"texts": ("ENNAKKOLASKU",)}),
            ("N-2", {"texts": ("Förskottsfaktura.",), "source_format": "PEPPOLBIS30"}),
        ):
            receipt = self._advance(number, kind_un="380", **values).maventa_receipt_ids
            codes = {row["code"] for row in receipt._points()}
            self.assertIn("prepayment", codes)
        types = "odoo.addons.account_maventa.maventa_api.simulator.samples.as_finvoice"
        with patch.dict(f"{types}.TYPE_TEXTS", INV01="ENNAKKOLASKU"):
            receipt = self._receive(self._changed("clean", number="N-4"))
        self.assertEqual(self._codes(receipt), {"prepayment"})
        receipt = self._final("N-3", texts=("Ennakkolasku N-1 on vähennetty",))
        self.assertNotIn("prepayment", self._codes(receipt))
