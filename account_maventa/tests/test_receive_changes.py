"""A received bill that is changed, by whoever and whatever way, is compared at once."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_receive import MaventaReceiveCommon


def _price(move):
    move.invoice_line_ids.price_unit += 10


def _quantity(move):
    move.invoice_line_ids.write({"quantity": 9})


def _discount(move):
    move.invoice_line_ids.sudo().write({"discount": 5})


def _tax(move):
    move.invoice_line_ids.tax_ids = False


def _new_line(move):
    values = {"move_id": move.id, "name": "x", "quantity": 1, "price_unit": 5}
    move.env["account.move.line"].create(values)


def _no_line(move):
    move.invoice_line_ids.unlink()


def _import(move):
    rows = [[str(move.invoice_line_ids.id), "7"]]
    found = move.env["account.move.line"].load([".id", "price_unit"], rows)
    assert found["ids"], found["messages"]


def _import_of_the_bill(move):
    rows = [[str(move.id), str(move.invoice_line_ids.id), "7"]]
    names = [".id", "invoice_line_ids/.id", "invoice_line_ids/price_unit"]
    found = move.env["account.move"].load(names, rows)
    assert found["ids"], found["messages"]


def _vat(move):
    line = move.line_ids.filtered("tax_line_id")
    line.write({"amount_currency": line.amount_currency + 1})


def _rounding(move):
    move.invoice_cash_rounding_id = move.env["account.cash.rounding"].create(
        {"name": "1", "rounding": 1, "strategy": "biggest_tax"}
    )


def _context_of_a_client(move):
    lines = move.invoice_line_ids.with_context(account_maventa_comparing=True)
    lines.price_unit = 4


CHANGES = (
    *(_price, _quantity, _discount, _tax, _new_line, _no_line, _import),
    *(_import_of_the_bill, _vat, _rounding, _context_of_a_client),
)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveChanges(MaventaReceiveCommon):
    def _banner(self, move):
        alerts = move.with_user(self.accountant).alerts or {}
        return "\n".join(alert["message"] for alert in alerts.values())

    def test_any_change_of_the_sums_is_in_the_banner_and_stops_posting(self):
        self._supplier("clean")
        for change in CHANGES:
            name = change.__name__
            with self.subTest(name):
                receipt = self._receive(self._changed("clean", number=name))
                move = receipt.move_id
                self.assertFalse(receipt._points())
                change(move)
                self.assertEqual(receipt.state, "review")
                self.assertIn("differs from its document", self._banner(move))
                self.assertEqual(len(move.activity_ids), 1)
                with self.assertRaisesRegex(UserError, "differs from its document"):
                    move.action_post()

    def test_change_is_compared_once_and_what_is_put_right_is_settled(self):
        self._supplier("clean")
        receipt = self._receive("clean")
        line = receipt.move_id.invoice_line_ids
        before = line.price_unit
        checks = self.env.registry["maventa.bill.checks"]
        diagnose, times = checks._diagnose, []

        def counted(service, *args):
            times.append(args)
            return diagnose(service, *args)

        self.patch(checks, "_diagnose", counted)
        line.price_unit = 1
        self.assertEqual(len(times), 1)
        self.assertIn("totals", self._codes(receipt))
        line.price_unit = before
        self.assertEqual(len(times), 2)
        self.assertFalse(receipt._points())
        self.assertFalse(receipt.move_id.activity_ids)

    def test_supplier_or_account_changed_beside_the_form_is_seen_at_once(self):
        self._supplier("clean")
        receipt = self._receive("clean")
        move, bank = receipt.move_id, receipt.move_id.partner_bank_id
        other = self.env["res.partner.bank"].create(
            {
                "acc_number": "FI9353114367006637",
                "partner_id": move.partner_id.id,
                "allow_out_payment": True,
            }
        )
        move.write({"partner_bank_id": other.id, "maventa_status_id": False})
        self.assertIn("account_differs", self._codes(receipt))
        move.partner_bank_id = bank
        self.assertFalse(receipt._points())
        move.partner_id = False
        self.assertIn("supplier_unknown", self._codes(receipt))

    def test_lines_of_other_bills_are_left_alone(self):
        bill = self.init_invoice("in_invoice", self.partner_a, amounts=[10])
        bill.invoice_line_ids.price_unit = 20
        self.assertEqual(bill.amount_untaxed, 20)
        self.assertFalse(bill.maventa_receipt_ids)
