"""Head and account of a received bill: told, asked and learned."""

from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import new_test_user, tagged

from ..maventa_api.finvoice.node import PROBLEMS
from .common_receive import MaventaReceiveCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveHead(MaventaReceiveCommon):
    def _lines(self, move):
        alerts = dict(move.with_user(self.accountant).alerts or {})
        alerts.pop("maventa_receipt_demo", None)
        return [x for key, x in alerts.items() if key.startswith("maventa_receipt_")]

    # === WHAT IS CHANGED BY HAND === #

    def test_what_is_changed_by_hand_in_the_head_is_told_and_holds_the_posting(self):
        self._supplier("clean")
        other = self.env["res.partner"].create({"name": "Toinen", "is_company": True})
        changes = {
            "ref": "x",
            "payment_reference": "12344",
            "invoice_date": "2026-03-01",
            "invoice_date_due": "2026-05-01",
            "partner_id": other.id,
        }
        for number, (name, value) in enumerate(changes.items()):
            with self.subTest(name):
                receipt = self._receive(self._changed("clean", number=f"H-{number}"))
                self.assertFalse(receipt._points(), receipt.points_text)
                move = receipt.move_id
                before = move[name]
                move[name] = value
                label = move._fields[name]._description_string(self.env)
                self.assertIn("head_differs", self._codes(receipt))
                self.assertIn(f"{label}: document", receipt.points_text)
                with self.assertRaisesRegex(UserError, "differs from its document"):
                    move.action_post()
                if name in ("ref", "payment_reference"):
                    move[name] = before
                    self.assertFalse(receipt._points(), receipt.points_text)
                receipt.action_confirm()
                self.assertNotIn("head_differs", self._codes(receipt))

    def test_checked_change_is_asked_again_when_it_changes(self):
        self._supplier("clean")
        receipt = self._receive("clean")
        receipt.move_id.ref = "x"
        receipt.action_confirm()
        self.assertNotIn("head_differs", self._codes(receipt))
        receipt.move_id.ref = "y"
        self.assertIn("head_differs", self._codes(receipt))

    def test_another_currency_is_told_with_both(self):
        self._supplier("clean")
        receipt = self._receive("clean")
        sek = self.env.ref("base.SEK")
        sek.active = True
        receipt.move_id.currency_id = sek
        self.assertNotIn("currency_unknown", self._codes(receipt))
        self.assertIn("Currency: document EUR, bill SEK", receipt.points_text)
        with self.assertRaisesRegex(UserError, "bill SEK"):
            receipt.move_id.action_post()

    # === THE NAME === #

    def test_known_number_under_another_name_is_asked_about_once(self):
        self._supplier("clean", name="Tunnettu Oy")
        receipt = self._receive("clean")
        name = self._sample("clean").draft.seller.name
        self.assertEqual(self._codes(receipt), {"supplier_renamed"})
        self.assertIn(name, receipt.points_text)
        self.assertIn("Tunnettu Oy", receipt.points_text)
        with self.assertRaisesRegex(UserError, "but the name"):
            receipt.move_id.action_post()
        receipt.action_confirm()
        receipt.move_id.action_post()
        again = self._receive(self._changed("clean", number="N-2"))
        self.assertFalse(self._codes(again), again.points_text)

    def test_spellings_of_one_name_are_no_question(self):
        name = self._sample("clean").draft.seller.name
        self._supplier("clean", name=f"  {name.upper()}.")
        self.assertFalse(self._codes(self._receive("clean")))

    # === WORDS === #

    def test_everything_that_a_reader_finds_odd_has_words(self):
        messages = self.env["maventa.receipt.messages"]
        for code, names in PROBLEMS.items():
            with self.subTest(code):
                values = {name: f"<{name}>" for name in names}
                text = messages._text({"code": f"reader_{code}", "values": values})
                self.assertNotIn(code, text)
                self.assertNotIn("something odd", text)
                for value in values.values():
                    self.assertIn(value, text)

    def test_due_date_before_the_invoice_date_is_told_once(self):
        self._supplier("clean")
        day = self._sample("clean").draft.date
        receipt = self._receive(
            self._changed("clean", number="D-1", due=day.replace(day=1, month=1))
        )
        self.assertEqual(receipt.points_text.count("Due before"), 1)
        self.assertIn("01/01/2026", receipt.points_text)

    # === CHECKED === #

    def test_invoice_without_a_due_date_says_when_it_is_due(self):
        supplier = self._supplier("clean")
        without = {"due": None, "source_format": "PEPPOLBIS30"}
        receipt = self._receive(self._changed("clean", **without))
        move = receipt.move_id
        self.assertEqual(move.invoice_date_due, move.invoice_date)
        self.assertIn("names no due date", receipt.points_text)
        self.assertFalse(receipt._stops())
        move.invoice_date = date(2026, 3, 1)
        self.assertEqual(self._codes(receipt), {"head_differs"})
        self.assertIn("Invoice/Bill Date", receipt.points_text)
        self.assertIn("03/01/2026", receipt.points_text)
        supplier.property_supplier_payment_term_id = self.pay_terms_b
        again = self._receive(self._changed("clean", **without, number="D-2"))
        self.assertNotIn("names no due date", again.points_text)
        credit = self._receive(self._changed("credit_negative", **without))
        self.assertNotIn("names no due date", credit.points_text)

    def test_checked_settles_one_line_and_leaves_unrelated_ones(self):
        self._supplier("clean")
        sample = self._changed("clean", number="C-1", origin="SCAN", has_lines=False)
        receipt = self._receive(sample)
        lines = [x for x in self._lines(receipt.move_id) if "action_call" in x]
        self.assertGreaterEqual(len(lines), 2)
        [choice] = [x["action_call"][2] for x in lines if "A scan" in x["message"]]
        receipts = self.env["maventa.receipt"].with_user(self.accountant)
        before = self._codes(receipt)
        receipts.action_confirm_points(choice)
        self.assertEqual(self._codes(receipt), before - {"scan"})

    def test_checked_settles_nothing_that_its_line_did_not_show(self):
        self._supplier("clean")
        receipt = self._receive("clean")
        line = receipt.move_id.invoice_line_ids
        receipt.move_id.invoice_line_ids = [Command.update(line.id, {"price_unit": 1})]
        [alert] = self._lines(receipt.move_id)
        line.price_unit = 2
        receipts = self.env["maventa.receipt"].with_user(self.accountant)
        receipts.action_confirm_points(alert["action_call"][2])
        self.assertIn("totals", self._codes(receipt))

    def test_choice_of_a_client_is_checked(self):
        self._supplier("clean")
        receipt = self._receive(self._changed("clean", number="C-2", origin="SCAN"))
        receipts = self.env["maventa.receipt"].with_user(self.accountant)
        for choice in (None, [], [receipt.id], ["1", []], [True, []], [0, ["scan"]]):
            with self.assertRaises(MissingError):
                receipts.action_confirm_points(choice)
        plain = new_test_user(self.env, "plain", "base.group_user")
        other = self.env["res.company"].create({"name": "Another company"})
        foreign = new_test_user(
            self.env,
            "foreign",
            "account.group_account_invoice",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for user in (plain, foreign):
            with self.assertRaises(AccessError):
                receipts.with_user(user).action_confirm_points([receipt.id, ["scan"]])
        receipts.action_confirm_points([receipt.id, [["scan"], 1]])
        self.assertEqual(self._codes(receipt), {"scan"})

    # === THE EXPENSE ACCOUNT === #

    def test_account_that_a_person_corrected_is_learned_for_the_supplier(self):
        default = self.journal.default_account_id
        other = default.copy({"name": "Siivous", "code": "456789"})
        supplier = self._supplier("clean")
        for kind in ("FINVOICE30", "PEPPOLBIS30"):
            with self.subTest(kind):
                again = self._receive(
                    self._changed("clean", number=f"1 {kind}", source_format=kind)
                ).move_id
                known = other if kind == "PEPPOLBIS30" else default
                self.assertEqual(again.invoice_line_ids.account_id, known)
                again.invoice_line_ids.account_id = other
                draft = self._receive(
                    self._changed("clean", number=f"2 {kind}", source_format=kind)
                ).move_id
                self.assertEqual(draft.invoice_line_ids.account_id, known)
                again.action_post()
        [row] = self.env["maventa.purchase.account"].search([])
        self.assertEqual((row.partner_id, row.account_id), (supplier, other))
        self.assertTrue(row.is_learned)
        back = self._receive(self._changed("clean", number="3")).move_id
        self.assertEqual(back.invoice_line_ids.account_id, other)
        back.invoice_line_ids.account_id = default
        back.action_post()
        self.assertEqual(row.account_id, default)

    def test_account_of_bills_that_were_typed_and_posted_is_proposed(self):
        other = self.journal.default_account_id.copy({"code": "456790"})
        supplier = self._supplier("clean")
        typed = self.init_invoice("in_invoice", supplier, "2026-01-02", amounts=[7])
        typed.invoice_line_ids.account_id = other
        typed.ref = "earlier"
        default = self.journal.default_account_id
        first = self._receive("clean").move_id
        self.assertEqual(first.invoice_line_ids.account_id, default)
        typed.action_post()
        again = self._receive(self._changed("clean", number="A-2")).move_id
        self.assertEqual(again.invoice_line_ids.account_id, other)

    def test_account_is_not_sought_line_by_line(self):
        other = self.journal.default_account_id.copy({"code": "456792"})
        supplier = self._supplier("clean")
        typed = self.init_invoice("in_invoice", supplier, "2026-01-02", amounts=[7])
        typed.invoice_line_ids.account_id = other
        typed.action_post()
        rows = self._sample("clean").draft.rows * 9
        accounts = self.registry["account.account"]
        question = "_get_most_frequent_accounts_for_partner"
        with patch.object(accounts, question) as sought:
            for kind in ("FINVOICE30", "PEPPOLBIS30"):
                sample = self._changed(
                    "clean", number=f"L {kind}", rows=rows, source_format=kind
                )
                lines = self._receive(sample).move_id.invoice_line_ids
                self.assertEqual(lines.account_id, other)
        sought.assert_not_called()

    def test_account_is_that_of_the_latest_bills(self):
        other = self.journal.default_account_id.copy({"code": "456793"})
        supplier = self._supplier("clean")
        accounts = self.env["maventa.expense.accounts"].sudo()
        bills = [
            self.init_invoice("in_invoice", supplier, "2026-01-02", amounts=[7])
            for _number in range(3)
        ]
        for bill in bills:
            bill.ref = str(bill.id)
        bills[2].invoice_line_ids.account_id = other
        self.env["account.move"].union(*bills).action_post()
        where = (self.company, supplier, self.journal)
        self.assertNotEqual(accounts._account(*where), other)
        expense_accounts = "odoo.addons.account_maventa.services.expense_accounts"
        with patch(f"{expense_accounts}.MOST_EXAMPLES", 1):
            self.assertEqual(accounts._account(*where), other)

    def test_bill_with_several_accounts_teaches_nothing(self):
        other = self.journal.default_account_id.copy({"code": "456791"})
        self._supplier("clean")
        rows = self._sample("clean").draft.rows * 2
        receipt = self._receive(self._changed("clean", rows=rows))
        move = receipt.move_id
        move.invoice_line_ids[:1].account_id = other
        receipt.action_confirm()
        move.action_post()
        self.assertFalse(self.env["maventa.purchase.account"].search([]))
