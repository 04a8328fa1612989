"""VAT that may not be deducted: the account of the purchase tells."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..maventa_api.chart_accounts import LIMITED
from .common_receive import MaventaReceiveCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveDeduction(MaventaReceiveCommon):
    def _account(self, name):
        return self.env.ref(f"account.{self.company.id}_{name}")

    def _bill(self, number, account, tax=None):
        """Return the receipt of a bill that a person books on an account."""
        receipt = self._receive(self._changed("clean", number=number))
        lines = receipt.move_id.invoice_line_ids
        lines.account_id = account
        if tax:
            lines.tax_ids = tax
        return receipt

    def _part(self, percent):
        """Return a tax of 25.5 % that deducts a part, and costs the rest."""
        standard = self.company.account_purchase_tax_id
        account = standard.invoice_repartition_line_ids.account_id
        tax = {"repartition_type": "tax", "document_type": "invoice"}
        lines = [
            {"repartition_type": "base", "document_type": "invoice"},
            {**tax, "factor_percent": percent, "account_id": account.id},
            {**tax, "factor_percent": 100 - percent},
        ]
        lines = [line for line in lines if line.get("factor_percent", 1)]
        refund = [{**line, "document_type": "refund"} for line in lines]
        return standard.copy(
            {
                "name": f"25.5% of {percent}",
                "repartition_line_ids": [
                    Command.clear(),
                    *(Command.create(line) for line in lines + refund),
                ],
            }
        )

    def test_vat_of_entertainment_is_asked_once_for_supplier_and_account(self):
        self._supplier("clean")
        account = self._account("account_7990")
        receipt = self._bill("A-1", account)
        self.assertEqual(self._codes(receipt), {"vat_deducted"})
        self.assertIn("AVL 114 §", receipt.points_text)
        self.assertIn(account.display_name, receipt.points_text)
        with self.assertRaisesRegex(UserError, "may not be deducted"):
            receipt.move_id.action_post()
        receipt.with_user(self.accountant).action_confirm()
        receipt.move_id.action_post()
        again = self._receive(self._changed("clean", number="A-2"))
        self.assertEqual(again.move_id.invoice_line_ids.account_id, account)
        self.assertNotIn("vat_deducted", self._codes(again))
        other = self._bill("A-3", self._account("account_7530"))
        self.assertIn("vat_deducted", self._codes(other))

    def test_tax_that_deducts_nothing_or_a_part_is_the_answer_and_learned(self):
        self._supplier("clean")
        account = self._account("account_7950")
        for number, percent in (("B-1", 0), ("B-2", 50)):
            with self.subTest(percent):
                tax = self._part(percent)
                receipt = self._bill(number, account, tax)
                self.assertFalse(self._codes(receipt))
                receipt.move_id.action_post()
                self.assertAlmostEqual(receipt.move_id.amount_total, 301.20)
                again = self._receive(self._changed("clean", number=f"{number}-2"))
                self.assertEqual(again.move_id.invoice_line_ids.tax_ids, tax)
                self.assertFalse(self._codes(again))

    def test_other_accounts_and_purchases_without_vat_are_no_question(self):
        self._supplier("clean")
        receipt = self._bill("C-1", self._account("account_8130"))
        self.assertFalse(self._codes(receipt))
        taxes = self.env["maventa.chart.purchases"].sudo()
        zero = taxes._of_chart(self.company, 0)
        receipt = self._bill("C-2", self._account("account_7990"), zero)
        self.assertNotIn("vat_deducted", self._codes(receipt))

    def test_reverse_charge_deducts_as_well(self):
        deduction = self.env["maventa.vat.deduction"]
        taxes = self.env["maventa.chart.purchases"].sudo()
        reverse = taxes._domestic_reverse(self.company, active=False)[:1]
        self.assertTrue(deduction._is_whole(reverse))

    def test_accounts_of_the_list_are_expenses_and_cars_of_the_chart(self):
        for name in LIMITED["FI"]:
            with self.subTest(name):
                kind = self._account(name).account_type
                self.assertIn(kind, ("expense", "asset_non_current"))
