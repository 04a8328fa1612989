"""What a posted bill teaches for the next one, and what it does not."""

from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ..maventa_api.simulator.samples import DraftRow
from .common_receive import MaventaReceiveCommon

RATE = Decimal("25.5")


def _row(net="100.00", rate=RATE, code="S"):
    return DraftRow("Row", Decimal(net), rate, code)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveLessons(MaventaReceiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.standard = cls.company.account_purchase_tax_id
        tax = {"repartition_type": "tax"}
        cls.not_deducted = cls.standard.copy(
            {
                "name": "25.5% ND",
                "repartition_line_ids": [
                    Command.clear(),
                    *(
                        Command.create({**line, "document_type": kind})
                        for kind in ("invoice", "refund")
                        for line in ({"repartition_type": "base"}, tax)
                    ),
                ],
            }
        )
        chart = cls.env["maventa.chart.purchases"].sudo()
        cls.zero = chart._of_chart(cls.company, Decimal(0))
        accounts = cls.env["account.account"].search(
            [
                ("company_ids", "in", cls.company.ids),
                ("account_type", "=", "expense"),
            ],
            limit=3,
        )
        cls.expense, cls.other = accounts[1:]
        cls.number = 0

    def setUp(self):
        super().setUp()
        self.supplier = self._supplier("clean")

    def _bill(self, *rows, key="clean", **values):
        type(self).number += 1
        rows = rows or (_row(),)
        values = {"number": f"L-{self.number}", "rows": rows, **values}
        return self._receive(self._changed(key, **values))

    def _post(self, receipt):
        receipt.action_confirm()
        receipt.move_id.action_post()

    def _learned(self):
        return self.env["maventa.purchase.tax"].search([("is_learned", "=", True)])

    # === TAXES === #

    def test_lines_of_one_rate_with_several_taxes_teach_nothing(self):
        for order in ((0, 1), (1, 0)):
            receipt = self._bill(_row(), _row("50.00"))
            lines = receipt.move_id.invoice_line_ids
            lines[order[0]].tax_ids = self.not_deducted
            self._post(receipt)
            self.assertFalse(self._learned())
        again = self._bill(_row("300.00"))
        self.assertEqual(again.move_id.invoice_line_ids.tax_ids, self.standard)

    def test_lines_of_one_rate_with_one_tax_teach_it(self):
        receipt = self._bill(_row(), _row("50.00"))
        receipt.move_id.invoice_line_ids.tax_ids = self.not_deducted
        self._post(receipt)
        again = self._bill(_row("300.00"))
        self.assertEqual(again.move_id.invoice_line_ids.tax_ids, self.not_deducted)

    def test_tax_of_another_rate_teaches_nothing(self):
        receipt = self._bill()
        line = receipt.move_id.invoice_line_ids
        line.write({"price_unit": 125.5, "tax_ids": [Command.set(self.zero.ids)]})
        self._post(receipt)
        self.assertFalse(self._learned())
        self.assertEqual(self._bill().move_id.amount_total, 125.5)

    def test_what_was_taught_of_another_rate_is_not_taken_and_replaced(self):
        row = self.env["maventa.purchase.tax"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.supplier.id,
                "code": "S",
                "rate": 25.5,
                "tax_id": self.zero.id,
            }
        )
        receipt = self._bill()
        self.assertEqual(receipt.move_id.invoice_line_ids.tax_ids, self.standard)
        receipt.move_id.invoice_line_ids.tax_ids = self.not_deducted
        self._post(receipt)
        self.assertEqual(row.tax_id, self.not_deducted)

    def test_vat_that_is_not_on_the_invoice_teaches_nothing(self):
        receipt = self._bill(_row(rate=Decimal(0), code="E"), key="rent")
        receipt.move_id.invoice_line_ids.tax_ids = self.standard
        self._post(receipt)
        self.assertFalse(self._learned())

    # === ACCOUNTS === #

    def _book_on(self, receipt, account):
        receipt.move_id.invoice_line_ids.account_id = account
        self._post(receipt)

    def test_credit_notes_advances_and_corrections_teach_no_account(self):
        for values in (
            {"kind": "INV02", "kind_un": "381"},
            {"kind_un": "386"},
            {"kind_un": "384"},
        ):
            with self.subTest(values):
                before = self._bill().move_id.invoice_line_ids.account_id
                self.assertNotEqual(before, self.other)
                self._book_on(self._bill(**values), self.other)
                again = self._bill().move_id.invoice_line_ids
                self.assertEqual(again.account_id, before)
        self.assertFalse(self.env["maventa.purchase.account"].search([]))

    def test_account_of_an_ordinary_bill_is_learned(self):
        self._book_on(self._bill(), self.other)
        again = self._bill().move_id.invoice_line_ids
        self.assertEqual(again.account_id, self.other)
