from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import BillingoCommon


@tagged("post_install", "-at_install")
class TestKeptAmounts(BillingoCommon):
    """What a person edits on a draft never loses Billingo's amounts without a word."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.supplier | cls.own).write({"state": "active", "is_auto_post": False})

    def setUp(self):
        super().setUp()
        self._fetch()

    def _draft(self, connection, number):
        document = self._document(connection, number)
        document.action_process()
        self.assertEqual(document.state, "processed", document.error)
        self.assertEqual(document.move_id.state, "draft")
        return document.move_id

    def _amounts(self, move):
        return (
            move.amount_untaxed,
            move.amount_tax,
            move.amount_total,
            move.amount_untaxed_signed,
            move.amount_tax_signed,
        )

    def test_dates_keep_billingos_forint(self):
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.env.ref("base.EUR").id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "inverse_company_rate": 500,
            }
        )
        move = self._draft(self.own, 14)  # in euro, cents rounded by line
        before = self._amounts(move)
        for name in ("invoice_date", "delivery_date", "date", "invoice_date_due"):
            if name != "date":  # of bills alone
                with Form(move) as form:
                    form[name] = "2026-02-20"
            self.assertEqual(self._amounts(move), before, name)
            move[name] = "2026-02-21"
            self.assertEqual(self._amounts(move), before, name)
        move.is_billingo_difference_accepted = True
        move.action_post()
        self.assertEqual(self._amounts(move), before)

    def test_another_fitting_tax_keeps_billingos_vat(self):
        move = self._draft(self.supplier, 11)  # rounded by line
        before = self._amounts(move)
        self.assertEqual(move.amount_tax, 480)
        tax = move.invoice_line_ids.tax_ids
        other = tax.copy({"name": "27% assets"})
        for row in move.invoice_line_ids:
            row.tax_ids = other
        self.assertEqual(self._amounts(move), before)
        self.assertEqual(move.line_ids.tax_line_id, other)
        with Form(move) as form:
            for index in range(len(move.invoice_line_ids)):
                with form.invoice_line_ids.edit(index) as row:
                    row.tax_ids.clear()
                    row.tax_ids.add(tax)
        self.assertEqual(self._amounts(move), before)
        move.action_post()
        self.assertEqual(self._amounts(move), before)

    def test_wrong_tax_and_price_are_not_posted_without_a_yes(self):
        move = self._draft(self.supplier, 11)
        before = self._amounts(move)
        five = self.env["billingo.tax.map"]._find_tax(
            self.company, "purchase", "5%", ""
        )
        for change in (
            {"tax_ids": [Command.set(five.ids)]},
            {"price_unit": 400},
            {"quantity": 8},
            {"discount": 3},
        ):
            with self.subTest(change):
                move.invoice_line_ids[0].write(change)
                self.assertIn("480", move.alerts["billingo_amounts"]["message"])
                with self.assertRaises(UserError) as caught:
                    move.action_post()
                self.assertIn("480", str(caught.exception))
                self.assertEqual(move.state, "draft")
                model, method, ids = move.alerts["billingo_amounts"]["action_call"]
                restore = self.env[model].with_user(self.bookkeeper).browse(ids)
                getattr(restore, method)()
                self.assertEqual(self._amounts(move), before)
        move.invoice_line_ids[0].price_unit = 400
        move.is_billingo_difference_accepted = True
        move.action_post()
        self.assertEqual(move.state, "posted")

    def test_vat_moved_to_another_rate_is_not_posted_without_a_yes(self):
        move = self._draft(self.supplier, 5)  # three rates
        before = self._amounts(move)
        more, less = move.line_ids.filtered(lambda x: x.tax_line_id.amount)[:2]
        wanted = f"{more.tax_line_id.amount:g}%"
        lines = [
            Command.update(line.id, {"amount_currency": line.amount_currency + change})
            for line, change in ((more, 1), (less, -1))
        ]
        move.line_ids = lines  # as in the totals of a bill
        self.assertEqual(self._amounts(move), before)
        self.assertIn(wanted, move.alerts["billingo_amounts"]["message"])
        with self.assertRaises(UserError) as caught:
            move.action_post()
        self.assertIn(wanted, str(caught.exception))
        move.action_billingo_restore()
        move.action_post()
        self.assertEqual(self._amounts(move), before)

    def test_split_line_keeps_the_sum(self):
        move = self._draft(self.supplier, 18)
        row = move.invoice_line_ids
        other = self.company_data["default_account_expense"].copy({"code": "899998"})
        rest = row.copy_data({"price_unit": 34_900, "account_id": other.id})[0]
        commands = [
            Command.update(row.id, {"price_unit": 50_000}),
            Command.create(rest),
        ]
        move.invoice_line_ids = commands
        self.assertEqual(len(move.invoice_line_ids), 2)
        self.assertNotIn("billingo_amounts", move.alerts or {})
        move.action_post()

    def test_restored_lines_keep_their_accounts(self):
        move = self._draft(self.supplier, 11)
        other = self.company_data["default_account_expense"].copy({"code": "899997"})
        move.invoice_line_ids.write({"account_id": other.id, "quantity": 1})
        move.action_billingo_restore()
        self.assertEqual(move.invoice_line_ids.account_id, other)
        self.assertEqual(move.amount_tax, 480)

    def test_totals_off_by_one_are_balanced_without_vat(self):
        document = self._document(self.supplier, 1)
        raw = document._raw()
        self._alter(document, gross_total=raw["gross_total"] + 1)
        document.action_process()
        move = document.move_id
        self.assertEqual(move.state, "draft")
        self.assertEqual(move.amount_total, raw["gross_total"] + 1)
        self.assertEqual(move.amount_tax, raw["summary"]["vat_amount"])
        self.assertIn(str(raw["gross_total"] + 1), document.remark)
        self.assertIn(str(raw["gross_total"]), document.remark)
        rest = move.invoice_line_ids.filtered(lambda x: not x.tax_ids)
        self.assertEqual((rest.balance, rest.account_id.code), (1, "869000"))
        move.action_post()
        self.assertEqual(move.state, "posted", "a person's yes")

    def test_vat_of_each_rate_is_that_of_the_invoices_table(self):
        document = self._document(self.supplier, 5)  # three rates
        raw = document._raw()
        rows = [dict(x) for x in raw["summary"]["vat_rate_summary"]]
        rows[0]["vat_rate_vat_amount"] += 1
        rows[0]["vat_rate_gross_amount"] += 1
        summary = {
            **raw["summary"],
            "vat_amount": raw["summary"]["vat_amount"] + 1,
            "vat_rate_summary": rows,
        }
        self._alter(document, summary=summary, gross_total=raw["gross_total"] + 1)
        document.action_process()
        move = document.move_id
        by_rate = {
            f"{x.tax_line_id.amount:g}%": x.balance
            for x in move.line_ids.filtered("tax_line_id")
        }
        self.assertEqual(
            by_rate, {x["vat_name"]: x["vat_rate_vat_amount"] for x in rows}
        )
