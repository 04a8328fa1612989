"""Credit notes: linked with the bill that they credit, whichever comes first."""

from decimal import Decimal
from types import SimpleNamespace

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..maventa_api.simulator.samples import DraftRow
from .common_receive import MaventaReceiveCommon

D = Decimal
CREDIT = {"kind": "INV02", "kind_un": "381", "reference": ""}


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveCredit(MaventaReceiveCommon):
    def setUp(self):
        super().setUp()
        self.supplier = self._supplier("clean")

    def _bill(self, number, net="100.00", **values):
        rows = (DraftRow("Siivous", D(net)),)
        return self._receive(self._changed("clean", number=number, rows=rows, **values))

    def _credit(self, number, original, net="100.00", **values):
        return self._bill(number, net, **CREDIT, original=original, **values)

    # === LINKED === #

    def test_credit_note_that_comes_with_its_bill_is_linked_when_that_is_posted(self):
        for kind in ("FINVOICE30", "PEPPOLBIS30"):
            with self.subTest(kind):
                number = kind[:3]
                bill = self._bill(f"{number}-1", source_format=kind)
                credit = self._credit(f"{number}-2", f"{number}-1", source_format=kind)
                self.assertEqual(self._codes(credit), {"credited_draft"})
                with self.assertRaisesRegex(UserError, "still a draft"):
                    credit.move_id.action_post()
                bill.move_id.action_post()
                self.assertEqual(credit.move_id.reversed_entry_id, bill.move_id)
                self.assertFalse(credit._points())
                credit.move_id.action_post()

    def test_credit_note_is_linked_with_a_bill_that_comes_after_it(self):
        credit = self._credit("2", "1")
        self.assertIn("not found", credit.points_text)
        credit.move_id.action_post()
        bill = self._bill("1")
        bill.move_id.action_post()
        self.assertEqual(credit.move_id.reversed_entry_id, bill.move_id)

    def test_number_of_the_bill_is_known_however_it_is_written(self):
        typed = self.init_invoice(
            "in_invoice", self.supplier, "2026-03-01", amounts=[100]
        )
        typed.ref = "a 00-17"
        typed.action_post()
        credit = self._credit("2", "A0017")
        self.assertEqual(credit.move_id.reversed_entry_id, typed)

    def test_bill_of_another_supplier_is_not_linked(self):
        credit = self._credit("2", "1")
        other = self.init_invoice(
            "in_invoice", self.partner_a, "2026-03-01", amounts=[100]
        )
        other.ref = "1"
        other.action_post()
        self.assertFalse(credit.move_id.reversed_entry_id)

    def test_choice_of_a_person_stays(self):
        chosen = self._bill("1").move_id
        chosen.action_post()
        credit = self._credit("3", "2")
        credit.move_id.reversed_entry_id = chosen
        self._bill("2").move_id.action_post()
        self.assertEqual(credit.move_id.reversed_entry_id, chosen)

    # === COMPARED === #

    def test_more_than_the_draft_bill_is_asked(self):
        bill = self._bill("1", "100.00")
        credit = self._credit("2", "1", "500.00")
        asked = {"credited_draft", "credit_too_high"}
        self.assertEqual(self._codes(credit), asked)
        self.assertIn("627.50", credit.points_text)
        self.assertIn("125.50", credit.points_text)
        bill.move_id.action_post()
        self.assertEqual(self._codes(credit), {"credit_too_high"})

    def test_credit_note_of_two_bills_is_compared_with_both(self):
        posted = self._bill("1", "100.00").move_id | self._bill("2", "200.00").move_id
        posted.action_post()
        move = self._credit("3", "", "300.00").move_id
        self.assertFalse(self._asked(move, "1", "2"))
        move.invoice_line_ids.price_unit = 301
        self.assertEqual(self._asked(move, "1", "2"), ["credit_too_high"])

    def _asked(self, move, *numbers):
        """Return the codes about a credit note that names these numbers."""
        document = SimpleNamespace(original_numbers=numbers)
        points = self.env["maventa.credited.bills"].sudo()._points(move, document)
        return [row["code"] for row in points]

    def test_credit_notes_that_are_together_higher_than_the_bill_are_asked(self):
        self._bill("1", "50.00").move_id.action_post()
        first = self._credit("2", "1", "30.00")
        self.assertFalse(self._codes(first))
        second = self._credit("3", "1", "30.00")
        self.assertFalse(self._codes(second))
        first.move_id.action_post()
        self.env["maventa.bill.booking"].sudo()._check_again(second)
        self.assertEqual(self._codes(second), {"credit_too_high"})

    def test_credit_note_without_its_bill_is_told(self):
        named, unnamed = self._credit("2", "77"), self._credit("3", "")
        self.assertEqual(named._points()[0]["code"], "credited_unknown")
        self.assertEqual(unnamed._points()[0]["code"], "credited_unnamed")
        self.assertFalse(self._codes(named) | self._codes(unnamed))

    def test_bill_is_not_guessed_among_several(self):
        for day in ("2025-03-01", "2026-03-01"):
            typed = self.init_invoice("in_invoice", self.supplier, day, amounts=[100])
            typed.ref = "1"
            typed.action_post()
        credit = self._credit("2", "1")
        self.assertFalse(credit.move_id.reversed_entry_id)
        self.assertEqual(credit._points()[0]["code"], "credited_several")
