from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from ..billingo_api.simulator import samples
from ..billingo_api.simulator.samples.builder import line
from ..billingo_api.simulator.samples.parties import GERMAN, SHOP, STRANGER, SUPPLIER
from ..billingo_api.simulator.samples.spendings import make_spending
from .books import BooksCommon


@tagged("post_install", "-at_install")
class TestAccounts(BooksCommon):
    """Lines are booked on the right account, and the entry says why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["billingo.account.rule"]
        accounts = cls.env["account.account"].search(
            [("code", "in", ("812000", "813000", "814000", "815000"))], order="code"
        )
        cls.services, cls.other, cls.goods, cls.brokered = accounts

    def _bill(self, *items, **options):
        return self.bills.issue(samples.COMPANY, *items, **options)

    def _book(self, *raws):
        found = super()._book(*raws)
        for document in found:
            self.assertEqual(document.state, "processed", document.error)
        return found

    def _accounts(self, document):
        return document.move_id.invoice_line_ids.account_id

    def test_what_is_named_by_another_record_is_not_created_by_a_name(self):
        for name in ("billingo.account.rule", "billingo.payment.journal"):
            with self.subTest(name), self.assertRaisesRegex(UserError, "by a name"):
                self.env[name].name_create("X")

    def test_account_that_a_person_corrected_is_used_for_the_supplier(self):
        [first] = self._book(self._bill(line("Könyvelés", 10_000)))
        self.assertEqual(self._accounts(first), self.supplier.account_id)
        move = first.move_id.with_user(self.bookkeeper)
        move.button_draft()
        move.invoice_line_ids.account_id = self.services
        move.action_post()
        [rule] = self.rules.search([("company_id", "=", self.company.id)])
        self.assertTrue(rule.is_learnt)
        self.assertEqual(
            (rule.account_id, rule.partner_id), (self.services, move.partner_id)
        )
        [second] = self._book(self._bill(line("Adótanácsadás", 20_000)))
        self.assertEqual(self._accounts(second), self.services)
        self.assertEqual(second.move_id.state, "posted")
        self.assertIn("812000", second.remark)
        self.assertIn(move.partner_id.name, second.remark)
        # The last correction counts.
        second.move_id.button_draft()
        with Form(second.move_id) as form, form.invoice_line_ids.edit(0) as row:
            row.account_id = self.goods
        self.assertEqual(rule.account_id, self.services, "a draft teaches nothing")
        second.move_id.action_post()
        [third] = self._book(self._bill(line("Adótanácsadás", 20_000)))
        self.assertEqual(self._accounts(third), self.goods)

    def test_learnt_rule_is_told_and_can_be_removed(self):
        [first] = self._book(self._bill(line("Könyvelés", 10_000)))
        move = first.move_id.with_user(self.bookkeeper)
        move.invoice_line_ids.account_id = self.services  # of the posted entry
        alert = move.alerts["billingo_learnt"]
        for text in (alert["message"], move.message_ids[0].body):
            self.assertIn("812000", text)
            self.assertIn(move.partner_id.name, text)
        model, method, ids = alert["action_call"]
        getattr(self.env[model].with_user(self.bookkeeper).browse(ids), method)()
        self.assertFalse(self.rules.search([]))
        self.assertNotIn("billingo_learnt", move.alerts or {})

    def test_account_that_is_taken_back_is_taken_back_in_the_rule(self):
        [first] = self._book(self._bill(line("Könyvelés", 10_000)))
        move = first.move_id.with_user(self.bookkeeper)
        for account in (self.services, self.supplier.account_id):
            move.button_draft()
            move.invoice_line_ids.account_id = account
            move.action_post()
            self.assertEqual(self.rules.search([]).account_id, account)

    def test_programs_and_unchanged_entries_teach_nothing(self):
        [first] = self._book(self._bill(line("Könyvelés", 10_000)))
        first.move_id.sudo().invoice_line_ids.account_id = self.services
        self.supplier.is_auto_post = False
        [second] = self._book(self._bill(line("Tanács", 20_000)))
        second.move_id.with_user(self.bookkeeper).action_post()
        self.assertFalse(self.rules.search([]))

    def test_one_corrected_line_is_no_rule_for_the_whole_supplier(self):
        self.supplier.is_auto_post = False
        raw = self._bill(line("Papír", 10_000), line("Könyvelés", 20_000))
        [first] = self._book(raw)
        move = first.move_id.with_user(self.bookkeeper)
        move.invoice_line_ids.sorted("id")[1].account_id = self.services
        move.action_post()
        [rule] = self.rules.search([])
        self.assertEqual((rule.text, rule.account_id), ("Könyvelés", self.services))
        raw = self._bill(line("Könyvelés", 5_000), line("Toll", 700))
        [second] = self._book(raw)
        self.assertEqual(
            [x.account_id for x in second.move_id.invoice_line_ids.sorted("id")],
            [self.services, self.supplier.account_id],
        )

    def test_correction_before_booking_is_remembered(self):
        [first] = self._book(self._bill(line("Könyvelés", 10_000)))
        first.move_id.button_draft()
        first.move_id.unlink()
        first.sudo().corrections = {"lines": {"0": {"account_id": self.services.id}}}
        first.action_process()
        self.assertEqual(self._accounts(first), self.services)
        self.assertEqual(self.rules.search([]).account_id, self.services)

    def test_rules_by_category_code_and_text(self):
        self.rules.create(
            [
                {"category": "rent", "account_id": self.services.id},
                {"vat_code": "5", "account_id": self.goods.id},
                {"text": "SZÁLLÍT", "account_id": self.other.id},
                {
                    "text": "szállítás",
                    "vat_code": "18%",
                    "account_id": self.brokered.id,
                },
            ]
        )
        bill = self._bill(
            line("Papír", 1_000),
            line("Könyv", 1_000, "5%"),
            line("Szállítás", 1_000),
            line("Szállítás", 1_000, "18%"),
        )
        self.spendings = [
            make_spending(93_000_001, STRANGER, "K-1", [line("Bérlet", 5_000)])
            | {"category": "rent"}
        ]
        bill, rent = self._book(bill, self.spendings[0])
        self.assertEqual(
            [x.account_id for x in bill.move_id.invoice_line_ids.sorted("id")],
            [self.supplier.account_id, self.goods, self.other, self.brokered],
        )
        self.assertEqual(self._accounts(rent), self.services)
        self.assertIn("rent", rent.remark)

    def test_products_are_found_by_sku_and_ean(self):
        self.env["product.product"].create(
            [
                {
                    "name": "Paper",
                    "default_code": "PAP-80",
                    "property_account_expense_id": self.goods.id,
                },
                {"name": "Pen", "barcode": "5901234123457"},
            ]
        )
        raw = self._bill(
            line("Másolópapír", 1_890, quantity=2, sku="PAP-80"),
            line("Toll", 250, ean="5901234123457", unit="db"),
            line("Más", 100, sku="NONE"),
        )
        [bill] = self._book(raw)
        lines = bill.move_id.invoice_line_ids.sorted("id")
        self.assertEqual(lines.mapped("product_id.name"), ["Paper", "Pen"])
        self.assertEqual(lines[0].account_id, self.goods)
        self.assertEqual(lines[1].product_uom_id, self.env.ref("uom.product_uom_unit"))
        self.assertFalse(lines[2].product_id)
        self.assertEqual(lines.mapped("name"), ["Másolópapír", "Toll", "Más"])
        self.assertEqual(bill.move_id.amount_total, bill.gross_total)

    def test_usual_account_of_a_supplier_is_proposed(self):
        partner = self.env["res.partner"].create(
            {"name": SUPPLIER.name, "vat": SUPPLIER.tax_number, "is_company": True}
        )
        for day in (5, 6, 7):
            native = self._create_invoice_one_line(
                move_type="in_invoice",
                partner_id=partner,
                price_unit=100 + day,
                account_id=self.services,
                invoice_date=f"2026-01-{day:02d}",
                post=True,
            )
            self.assertEqual(native.invoice_line_ids.account_id, self.services)
        [bill] = self._book(self._bill(line("Papír", 10_000)))
        self.assertEqual(bill.move_id.partner_id, partner)
        self.assertEqual(self._accounts(bill), self.services)
        self.assertIn("usual", bill.remark)
        self.supplier.has_predictions = False
        [other] = self._book(self._bill(line("Papír", 20_000)))
        self.assertEqual(self._accounts(other), self.supplier.account_id)
        self.assertFalse(other.remark)

    def test_foreign_sales_are_not_domestic_revenue(self):
        euro = {"currency": "EUR", "rate": 400}
        abroad = self.invoices.issue(
            GERMAN,
            line("Consulting", 100, "ÁTHK", entitlement="EUFAD37", digits=2),
            **euro,
        )
        home = self.invoices.issue(SHOP, line("Tétel", 1_000))
        abroad, home = self._book(abroad, home)
        self.assertEqual(self._accounts(abroad).code, "931000")
        self.assertEqual(self._accounts(home).code, "911000")

    def test_quantity_price_and_discount_read_as_on_the_invoice(self):
        raw = self._bill(
            line("Tervezés", 40_000),
            line("Kivitelezés", 65_300, quantity=2),
            discount=15,
            totals={"net": 145_010, "vat": 39_153, "gross": 184_163},
        )
        [bill] = self._book(raw)
        lines = bill.move_id.invoice_line_ids.sorted("id")
        self.assertEqual(
            [(x.quantity, x.price_unit, x.discount) for x in lines],
            [(1, 40_000, 15), (2, 65_300, 15)],
        )
        self.assertEqual(bill.move_id.amount_total, 184_163)

    def test_discount_on_a_final_invoice_is_no_advance(self):
        proforma = self._bill(line("Díjbekérő", 5_000), type="proforma")
        self.supplier.has_proformas = True
        final = self._bill(
            line("Munka", 10_000),
            line("Kedvezmény", 1_000, quantity=-1),
            related=[proforma],
        )
        [bill] = self._book(final)
        self.assertEqual(self._accounts(bill), self.supplier.account_id)

    def test_exchange_difference_of_an_advance_is_settled(self):
        euro = {"currency": "EUR"}
        advance = self._bill(
            line("Előleg", 1_000, digits=2), type="advance", rate=400, **euro
        )
        final = self._bill(
            line("Gép", 3_000, digits=2),
            line(
                "Előleg",
                1_000,
                quantity=-1,
                digits=2,
                comment=f"({advance['invoice_number']})",
            ),
            related=[advance],
            rate=380,
            **euro,
        )
        advance, final = self._book(advance, final)
        account = self.supplier.advance_account_id
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        self.assertEqual(sum(lines.mapped("amount_currency")), 0)
        self.assertEqual(sum(lines.mapped("balance")), 0)
        [entry] = self.env["account.move"].search(
            [("billingo_companion", "=", "exchange")]
        )
        loss = entry.line_ids - entry.line_ids.filtered(
            lambda x: x.account_id == account
        )
        self.assertEqual((loss.account_id.code, loss.balance), ("876000", 20_000))
        self.assertEqual(entry.date, final.move_id.date)
        final.move_id.button_draft()
        self.assertEqual(entry.state, "cancel")
        final.move_id.action_post()
        entry = self.env["account.move"].search(
            [("billingo_companion", "=", "exchange"), ("state", "=", "posted")]
        )
        self.assertEqual(len(entry), 1)

    def test_exempt_line_with_filler_is_booked(self):
        raw = self._bill(
            line("Díj", 99.5, "AAM", entitlement="AAM", digits=2),
            totals={"net": 99.5, "vat": 0, "gross": 99.5},
        )
        [bill] = self._book(raw)
        self.assertEqual(
            (bill.move_id.state, bill.move_id.amount_total), ("posted", 99.5)
        )

    def test_rules_are_the_accountants_and_of_their_company(self):
        rule = self.rules.with_user(self.bookkeeper).create(
            {"text": "rent", "account_id": self.services.id}
        )
        self.assertEqual(rule.company_id, self.company)
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="account.group_account_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self.rules.with_user(stranger).search([]))

    def test_rule_needs_a_condition(self):
        with (
            self.assertRaises(CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.rules.create({"account_id": self.services.id})
