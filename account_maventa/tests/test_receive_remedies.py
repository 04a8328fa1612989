"""Ways out of questions about taxes, and who has them."""

from dataclasses import replace
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..maventa_api.simulator.samples import DraftRow
from .common_receive import MaventaReceiveCommon

FORMATS = ("FINVOICE30", "PEPPOLBIS30")
MANAGER = "account.group_account_manager"


def _row(rate="25.5", code="S", net="100.00", **values):
    return DraftRow("Row", Decimal(net), Decimal(rate), code, **values)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveRemedies(MaventaReceiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.number = 0

    def _bill(self, *rows, key="clean", **values):
        type(self).number += 1
        values = {"number": f"W-{self.number}", "rows": rows, **values}
        return self._receive(self._changed(key, **values))

    # === A TAX THAT IS MISSING === #

    def test_created_tax_changes_nothing_else_of_the_bill(self):
        self._supplier("clean")
        receipt = self._bill(_row(), _row("13.5"))
        first, second = receipt.move_id.invoice_line_ids
        account = self.env["account.account"].search(
            [
                ("company_ids", "in", self.company.ids),
                ("account_type", "=", "expense"),
                ("id", "!=", first.account_id.id),
            ],
            limit=1,
        )
        second.write({"account_id": account.id, "name": "Changed by hand"})
        receipt.action_create_tax()
        self.assertEqual(second.exists().tax_ids.amount, 13.5)
        self.assertEqual(second.account_id, account)
        self.assertEqual(second.name, "Changed by hand")
        self.assertEqual(first.tax_ids, self.company.account_purchase_tax_id)
        self.assertNotIn("tax_missing", self._codes(receipt))

    def test_no_tax_is_created_for_a_posted_bill(self):
        receipt = self._bill(_row())
        receipt.action_confirm()
        receipt.move_id.action_post()
        with self.assertRaisesRegex(UserError, "not a draft"):
            receipt.action_create_tax()

    def test_who_may_create_a_tax_is_told_that_one_is_missing(self):
        self.assertFalse(self.accountant.has_group(MANAGER))
        self.journal.maventa_responsible_id = self.accountant
        receipt = self._bill(_row("13.5"))
        told = {row.summary: row.user_id for row in receipt.move_id.activity_ids}
        [user] = [user for text, user in told.items() if text.endswith("Tax")]
        self.assertTrue(user.has_group(MANAGER))
        self.assertIn(self.company, user.company_ids)
        self.assertIn("accounting managers", receipt.points_text)

    # === A TAX THAT A PERSON TAKES OFF === #

    def test_line_whose_tax_was_taken_off_is_asked_and_confirmed(self):
        self._supplier("clean")
        receipt = self._bill(_row())
        line = receipt.move_id.invoice_line_ids
        line.write({"price_unit": 125.5, "tax_ids": False})
        self.assertIn("tax_removed", self._codes(receipt))
        self.assertNotIn("There is no purchase tax", receipt.points_text)
        self.assertIn("Professional %", receipt.points_text)
        with self.assertRaisesRegex(UserError, "have no tax in the bill"):
            receipt.move_id.action_post()
        receipt.with_user(self.accountant).action_confirm()
        receipt.move_id.action_post()
        self.assertEqual(receipt.move_id.amount_total, 125.5)

    def test_share_that_is_not_deducted_is_no_difference(self):
        self._supplier("clean")
        for share in (0, 50):
            receipt = self._bill(_row())
            receipt.move_id.invoice_line_ids.deductible_amount = share
            self.assertEqual(receipt.move_id.amount_total, 125.5)
            self.assertFalse(self._codes(receipt))

    # === SELLERS ABROAD === #

    def test_goods_of_northern_ireland_are_of_the_union(self):
        seller = replace(
            self._sample("peppol_germany").draft.seller,
            vat="XI123456782",
            country="GB",
        )
        for kind in FORMATS:
            with self.subTest(kind):
                receipt = self._bill(
                    _row("0", "K"),
                    key="peppol_germany",
                    seller=seller,
                    paid=Decimal(0),
                    source_format=kind,
                )
                names = receipt.move_id.invoice_line_ids.tax_ids.mapped("name")
                self.assertEqual(names, ["25.5% EU G"])
                self.assertNotIn("tax_doubtful", self._codes(receipt))
