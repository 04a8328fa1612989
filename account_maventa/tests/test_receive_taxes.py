"""What a received document says about VAT, and what may follow from it in law."""

import re
from dataclasses import replace
from decimal import Decimal
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..guards import as_service
from ..maventa_api import documents_in
from ..maventa_api.simulator.samples import DraftRow
from ..models.point_kinds import KINDS
from ..services.purchase_taxes import VatKey
from .common_receive import MaventaReceiveCommon

NONE = Decimal(0)
FORMATS = ("FINVOICE30", "PEPPOLBIS30")
REVERSE = "Käännetty verovelvollisuus, AVL 8 c §"


def _row(code, rate="0", net="100.00", **values):
    return DraftRow("Row", Decimal(net), Decimal(rate), code, **values)


class ReceiveTaxesCommon(MaventaReceiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.number = 0

    def _bill(self, key, *rows, **values):
        """Return the receipt of a document with these rows."""
        type(self).number += 1
        values = {"number": f"T-{self.number}", "rows": rows, **values}
        values.setdefault("paid", NONE)
        values.setdefault("currency", "EUR")
        return self._receive(self._changed(key, **values))

    def _check_all(self, receipt):
        """Press *Checked* for everything that it settles."""
        receipt.action_confirm()

    def _assert_held(self, receipt, text=""):
        """Assert that the bill is not posted although all else is settled."""
        self._check_all(receipt)
        with self.assertRaisesRegex(UserError, text):
            receipt.move_id.action_post()
        self.assertEqual(receipt.move_id.state, "draft")

    def _taxes(self, receipt):
        return receipt.move_id.invoice_line_ids.tax_ids

    def _service(self):
        return self.env["maventa.chart.purchases"].sudo()

    def _activate_reverse(self):
        """Activate the chart's tax for a reverse charge at home."""
        taxes = self._service()._domestic_reverse(self.company, active=False)
        taxes[:1].active = True

    def _buttons(self, receipt, user):
        """Return label and call of the banner's buttons."""
        alerts = receipt.move_id.with_user(user)._get_alerts()
        return {
            row["action_text"]: row.get("action_call")
            for row in alerts.values()
            if row.get("action_text")
        }


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveVatCategories(ReceiveTaxesCommon):
    # === WHAT HOLDS === #

    def test_line_without_a_tax_holds_the_posting_until_no_vat_is_said_to_be_right(
        self,
    ):
        for key, code in (("peppol_norway", "O"), ("clean", "K")):
            with self.subTest(f"{key} {code}"):
                receipt = self._bill(key, _row(code))
                self.assertFalse(self._taxes(receipt))
                self._assert_held(receipt, "tax")
                receipt.with_user(self.accountant).action_without_vat()
                receipt.move_id.action_post()
                self.assertIn("Without VAT is right", receipt.timeline)

    def test_tax_chosen_on_the_line_is_the_answer(self):
        receipt = self._bill("clean", _row("K"))
        self._assert_held(receipt)
        receipt.move_id.invoice_line_ids.tax_ids = self._service()._of_chart(
            self.company, NONE
        )
        self.assertFalse(self._codes(receipt) - {"account_new"})
        receipt.move_id.action_post()

    def test_every_question_holds_but_of_accounts_and_what_posting_decides(self):
        messages = self.env["maventa.receipt.messages"]
        free = {
            row["code"]
            for row in ({"code": code} for code in KINDS)
            if row not in messages._asked_before_posting([row])
        }
        posting = {"tax_proposed", "supplier_new", "supplier_unconfirmed"}
        self.assertEqual(
            {code for code in free - posting if not code.startswith("account_")}, set()
        )
        self.assertLessEqual(posting, free)

    def test_answer_about_one_category_is_none_about_another(self):
        receipt = self._bill("clean", _row("K"))
        receipt.action_without_vat()
        self.assertNotIn("tax_doubtful", self._codes(receipt))
        as_service(receipt.move_id.invoice_line_ids).maventa_vat_key = "G|0"
        self.env["maventa.bill.booking"].sudo()._check_again(receipt)
        self.assertIn("tax_doubtful", self._codes(receipt))

    def test_banner_has_both_ways_out_for_those_who_may_create_taxes(self):
        self._service()._of_chart(self.company, NONE).active = False
        receipt = self._bill("rent", _row("E"))
        self.assertLessEqual(
            {"Create the tax", "Without VAT is right"},
            {*self._buttons(receipt, self.env.user)},
        )
        buttons = self._buttons(receipt, self.accountant)
        self.assertNotIn("Create the tax", buttons)
        self.assertEqual(buttons["Without VAT is right"][1], "action_without_vat")

    def test_charged_vat_without_a_tax_is_never_without_vat(self):
        receipt = self._bill("clean", _row("S", "13.5"))
        self.assertIn("tax_missing", self._codes(receipt))
        self.assertNotIn("Without VAT is right", self._buttons(receipt, self.env.user))
        receipt.action_without_vat()
        self._assert_held(receipt, "13.5")

    # === NO VAT AT HOME === #

    def test_no_vat_without_a_reason_is_asked_and_the_answer_remembered(self):
        for kind in FORMATS:
            with self.subTest(kind):
                receipt = self._bill("clean", _row(""), source_format=kind)
                self.assertFalse(self._taxes(receipt))
                self.assertIn("tax_reason", self._codes(receipt))
                self._assert_held(receipt, "does not say why")
        tax = self._service()._of_chart(self.company, NONE)
        receipt.move_id.invoice_line_ids.tax_ids = tax
        receipt.move_id.action_post()
        again = self._bill("clean", _row(""))
        self.assertEqual(self._taxes(again), tax)
        self.assertNotIn("tax_reason", self._codes(again))

    def test_reverse_charge_in_words_alone_is_one_and_is_told(self):
        self._activate_reverse()
        for kind in FORMATS:
            with self.subTest(kind):
                receipt = self._bill(
                    "builder_reverse",
                    _row(""),
                    exempt_reason="",
                    texts=(REVERSE,),
                    source_format=kind,
                )
                self.assertEqual(self._taxes(receipt).name, "25.5% FI C")
                self.assertIn("reverse_named", self._codes(receipt))
                self.assertIn("Käännetty verovelvollisuus", receipt.points_text)
                with self.assertRaisesRegex(UserError, "names a reverse charge"):
                    receipt.move_id.action_post()
        receipt.action_confirm()
        receipt.move_id.action_post()
        again = self._bill(
            "builder_reverse", _row(""), exempt_reason="", texts=(REVERSE,)
        )
        self.assertNotIn("reverse_named", self._codes(again))

    def test_words_of_a_reverse_charge_change_no_stated_category(self):
        receipt = self._bill("rent", _row("E"), texts=(REVERSE,))
        self.assertEqual(self._taxes(receipt).amount, 0)
        self.assertNotIn("reverse_named", self._codes(receipt))

    def test_export_and_supply_to_the_union_cannot_be_between_two_of_one_country(self):
        for code in ("G", "K"):
            with self.subTest(code):
                receipt = self._bill("clean", _row(code))
                self.assertIn("tax_doubtful", self._codes(receipt))
                self.assertFalse(self._taxes(receipt))

    def test_reverse_charge_at_home_is_no_tax_of_sellers_outside_the_union(self):
        taxes = self._service()
        home = taxes._domestic_reverse(self.company, active=False)
        self.assertTrue(home)
        outside = self.env["account.fiscal.position"].create(
            {"name": "Outside", "auto_apply": True, "company_id": self.company.id}
        )
        (home | taxes._domestic_reverse(self.company)).fiscal_position_ids = outside
        self.assertFalse(taxes._domestic_reverse(self.company, active=False))
        receipt = self._bill("builder_reverse", _row("AE"))
        self.assertFalse(self._taxes(receipt))
        self.assertIn("tax_owed", self._codes(receipt))
        with self.assertRaisesRegex(UserError, "no purchase tax for a domestic"):
            receipt.action_create_tax()

    def test_exempt_purchase_without_a_tax_in_the_chart_has_a_way_out(self):
        zero = self._service()._of_chart(self.company, NONE)
        zero.active = False
        receipt = self._bill("rent", _row("E"))
        self.assertIn("tax_missing", self._codes(receipt))
        receipt.action_without_vat()
        receipt.move_id.action_post()
        again = self._bill("rent", _row("E"))
        self.assertFalse(self._taxes(again))
        self.assertFalse(self._codes(again) - {"account_new"})
        other = self._bill("pension_sub_rows", _row("E"))
        self.assertIn("tax_missing", self._codes(other))

    def test_nobody_says_that_a_stated_reverse_charge_is_without_vat(self):
        owed = {"tax_owed", "tax_owed_proposed"}
        for key, code in (
            ("builder_reverse", "AE"),
            ("peppol_germany", "AE"),
            ("peppol_germany", "K"),
        ):
            with self.subTest(f"{key} {code}"):
                receipt = self._bill(key, _row(code))
                receipt.move_id.invoice_line_ids.tax_ids = False
                self.assertTrue(owed & self._codes(receipt))
                self.assertNotIn("There is no purchase tax", receipt.points_text)
                buttons = self._buttons(receipt, self.env.user)
                self.assertNotIn("Without VAT is right", buttons)
                receipt.action_without_vat()
                self._assert_held(receipt, "may owe the VAT")
        self.assertIn("proposal: 25.5% EU G", receipt.points_text)

    def test_exempt_purchase_of_a_stated_reverse_charge_has_a_tax_of_nothing(self):
        receipt = self._bill("peppol_germany", _row("AE"))
        zero = self._service()._of_chart(self.company, NONE)
        receipt.move_id.invoice_line_ids.tax_ids = zero
        self._check_all(receipt)
        receipt.action_without_vat()
        receipt.move_id.action_post()

    def test_row_without_a_rate_is_told_as_the_document_says_it(self):
        sample = self._changed("plain", number="T-rate")
        raw = sample.formats["FINVOICE30"].decode("iso-8859-15")
        raw = re.sub(r"<RowVatRatePercent>.*?</RowVatRatePercent>", "", raw, count=1)
        sample.formats["FINVOICE30"] = raw.encode("iso-8859-15")
        receipt = self._receive(sample)
        self.assertIn("tax_without_rate", self._codes(receipt))
        self.assertIn("category S for a line, but no rate", receipt.points_text)
        self.assertNotIn("for 0 %", receipt.points_text)

    # === THE UNION === #

    def test_service_has_the_plain_tax_of_services_and_never_one_of_goods(self):
        taxes = self.env["maventa.purchase.taxes"].sudo()
        services = self._taxes(self._bill("peppol_germany", _row("AE")))
        self.assertTrue(services.name.endswith("EU S"))
        special = services.copy({"name": "25.5% EU RS", "original_tax_ids": False})
        self.assertEqual(special.fiscal_position_ids, services.fiscal_position_ids)
        again = self._bill("peppol_germany", _row("AE"))
        self.assertEqual(self._taxes(again), services)
        services.original_tax_ids = False
        asked = self._bill("peppol_germany", _row("AE"))
        self.assertFalse(self._taxes(asked))
        self.assertIn("tax_owed", self._codes(asked))
        partner = asked.move_id.commercial_partner_id
        goods = taxes._tax(self.company, partner, "eu", VatKey("K", NONE))[0]
        self.assertTrue(goods.name.endswith("EU G"))

    def test_exempt_sale_of_another_country_is_asked_and_assesses_nothing(self):
        for code in ("E", "Z", "O"):
            for kind in FORMATS:
                with self.subTest(f"{code} {kind}"):
                    receipt = self._bill(
                        "peppol_germany", _row(code), source_format=kind
                    )
                    self.assertFalse(self._taxes(receipt))
                    self.assertIn("tax_exempt", self._codes(receipt))
                    self._assert_held(receipt, "That may be right")
        receipt.action_without_vat()
        receipt.move_id.action_post()
        rows = self.env["maventa.purchase.tax"].search([("place", "=", "eu")])
        self.assertEqual([(row.code, row.tax_id.id) for row in rows], [("O", False)])

    def _assert_asked_and_not_learned(self, receipt, tax, code, remedy):
        """Assert that a tax chosen on the lines is a question, and no lesson."""
        receipt.move_id.invoice_line_ids.tax_ids = tax
        self.assertIn(code, self._codes(receipt))
        self._check_all(receipt)
        getattr(receipt, remedy)()
        receipt.move_id.action_post()
        rows = self.env["maventa.purchase.tax"].search([("tax_id", "=", tax.id)])
        self.assertFalse(rows)

    def test_tax_of_a_group_of_countries_with_the_own_is_one_at_home(self):
        tax = self.company.account_purchase_tax_id
        group = self.env["res.country.group"].create(
            {
                "name": "Mainland",
                "country_ids": [Command.set(self.env.ref("base.fi").ids)],
            }
        )
        tax.fiscal_position_ids = self.env["account.fiscal.position"].create(
            {"name": "At home", "country_group_id": group.id}
        )
        found = self._service()._of_chart(self.company, Decimal("25.5"))
        self.assertEqual(found, tax)

    def test_tax_that_assesses_nothing_is_no_answer_to_a_reverse_charge(self):
        zero = self._taxes(self._bill("clean", _row("Z")))
        self.assertFalse(zero.amount)
        for key, code in (("peppol_germany", "AE"), ("peppol_germany", "K")):
            with self.subTest(code):
                receipt = self._bill(key, _row(code))
                receipt.move_id.invoice_line_ids.tax_ids = zero
                self._assert_held(receipt, f"owes the VAT .*{zero.name} assesses none")
                self._assert_asked_and_not_learned(
                    self._bill(key, _row(code, net="90.00")),
                    *(zero, "tax_unassessed", "action_without_vat"),
                )

    def test_tax_of_the_other_kind_is_asked_and_not_learned(self):
        services = self._taxes(self._bill("peppol_germany", _row("AE")))
        goods = self._taxes(self._bill("peppol_germany", _row("K", net="80.00")))
        for key, code, tax, asked, text in (
            ("peppol_germany", "AE", goods, "tax_other_supply", "another kind"),
            ("peppol_germany", "K", services, "tax_other_supply", "another kind"),
            ("clean", "Z", services, "tax_assessed", "The seller accounts for"),
        ):
            with self.subTest(code):
                receipt = self._bill(key, _row(code, net="70.00"))
                receipt.move_id.invoice_line_ids.tax_ids = tax
                self.assertIn(text, receipt.points_text)
                self.assertIn(tax.name, receipt.points_text)
                self._assert_asked_and_not_learned(
                    receipt, *(tax, asked, "action_confirm")
                )

    def test_no_category_assesses_vat_only_with_signs(self):
        for unit, end in (("HUR", "EU S"), ("KGM", "EU G")):
            receipt = self._bill("peppol_germany", _row("", unit_code=unit, unit="-"))
            self.assertTrue(self._taxes(receipt).name.endswith(end))
        receipt = self._bill("peppol_germany", _row(""))
        self.assertFalse(self._taxes(receipt))
        self.assertIn("tax_reason", self._codes(receipt))

    def test_reverse_charge_in_words_of_a_seller_in_the_union_is_one_of_services(self):
        receipt = self._bill(
            "peppol_germany",
            _row(""),
            texts=("Steuerschuldnerschaft des Leistungsempfängers",),
        )
        self.assertTrue(self._taxes(receipt).name.endswith("EU S"))
        self.assertIn("reverse_named", self._codes(receipt))


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveVatForeign(ReceiveTaxesCommon):
    def _assert_cost(self, receipt, vat):
        """Assert that the bill owes the document's total and deducts nothing."""
        move = receipt.move_id
        self.assertFalse(move.line_ids.tax_ids)
        self.assertFalse(move.line_ids.filtered("tax_line_id"))
        self.assertIn("foreign_vat", self._codes(receipt))
        self.assertNotIn("totals", self._codes(receipt), receipt.points_text)
        self.assertNotIn("tax_missing", self._codes(receipt))
        lines = move.invoice_line_ids.filtered(
            lambda line: VatKey.of_cost(line.maventa_vat_key)
        )
        self.assertEqual(round(sum(lines.mapped("price_subtotal")), 2), vat)

    def test_foreign_vat_is_cost_and_the_bill_owes_the_total_of_the_document(self):
        for key, rate, vat in (
            ("peppol_germany", "19", 190),
            ("peppol_sweden", "12", 120),
            ("peppol_norway", "25", 250),
        ):
            for kind in FORMATS:
                with self.subTest(f"{key} {kind}"):
                    row = _row("S", rate, "1000.00")
                    receipt = self._bill(key, row, source_format=kind)
                    self._assert_cost(receipt, vat)
                    self.assertEqual(receipt.move_id.amount_total, 1000 + vat)
                    self.assertEqual(receipt.move_id.amount_tax, 0)

    def test_foreign_vat_of_two_rates_with_a_discount_and_of_a_credit_note(self):
        for kind in FORMATS:
            with self.subTest(kind):
                rows = (_row("S", "19", "33.33"), _row("S", "7", "10.07"))
                receipt = self._bill("peppol_germany", *rows, source_format=kind)
                self._assert_cost(receipt, 7.03)
                self.assertEqual(receipt.move_id.amount_total, 50.43)
                credit = self._bill(
                    "peppol_denmark", _row("S", "25", "8.00"), source_format=kind
                )
                self._assert_cost(credit, 2)
                self.assertEqual(credit.move_id.move_type, "in_refund")
                self.assertEqual(credit.move_id.amount_total, 10)

    def test_bill_with_foreign_vat_is_posted_in_full_after_a_look(self):
        receipt = self._bill("peppol_germany", _row("S", "19", "1000.00"))
        with self.assertRaisesRegex(UserError, "of another country .Germany."):
            receipt.move_id.action_post()
        receipt.with_user(self.accountant).action_confirm()
        receipt.move_id.action_post()
        self.assertEqual(receipt.move_id.amount_residual, 1190)
        self.assertFalse(self.env["maventa.purchase.tax"].search([("rate", "=", 19)]))

    def test_tax_beside_foreign_vat_is_another_question(self):
        receipt = self._bill("peppol_germany", _row("S", "19", "1000.00"))
        receipt.action_confirm()
        line = receipt.move_id.invoice_line_ids[:1]
        tax = self._taxes(self._bill("peppol_germany", _row("K")))
        line.tax_ids = tax
        self.assertIn("foreign_vat_taxed", self._codes(receipt))
        with self.assertRaisesRegex(UserError, "Remove the tax"):
            receipt.move_id.action_post()

    def test_foreign_vat_ignores_what_was_taught_before(self):
        receipt = self._bill("peppol_germany", _row("K"))
        self.env["maventa.purchase.tax"].create(
            {
                "company_id": self.company.id,
                "place": "eu",
                "code": "S",
                "rate": 19,
                "tax_id": self._taxes(receipt).id,
            }
        )
        self._assert_cost(self._bill("peppol_germany", _row("S", "19")), 19)

    def test_vat_number_on_the_document_decides_whose_vat_it_is_not_the_address(self):
        seller = replace(self._sample("peppol_germany").draft.seller, vat="FI29770658")
        for kind in FORMATS:
            with self.subTest(kind):
                receipt = self._bill(
                    "peppol_germany",
                    _row("S", "25.5"),
                    seller=seller,
                    source_format=kind,
                )
                self.assertEqual(self._taxes(receipt).amount, 25.5)
                self.assertEqual(receipt.move_id.amount_tax, 25.5)
                self.assertNotIn("foreign_vat", self._codes(receipt))
        home = replace(self._sample("clean").draft.seller, vat="DE293949835")
        receipt = self._bill("clean", _row("S", "25.5"), seller=home)
        self._assert_cost(receipt, 25.5)

    def test_reverse_charge_of_a_foreign_seller_at_home_is_none_of_construction(self):
        self._activate_reverse()
        seller = replace(self._sample("peppol_germany").draft.seller, vat="FI29770658")
        receipt = self._bill("peppol_germany", _row("AE"), seller=seller)
        self.assertFalse(self._taxes(receipt))
        self.assertIn("tax_owed", self._codes(receipt))

    def test_no_tax_is_made_for_vat_of_another_country(self):
        taxes = self.env["account.tax"].with_context(active_test=False)
        for key, row in (
            ("peppol_norway", _row("S", "25")),
            ("peppol_norway", _row("O")),
        ):
            receipt = self._bill(key, row)
            before = taxes.search([])
            self.assertNotIn("Create the tax", self._buttons(receipt, self.env.user))
            receipt.action_create_tax()
            self.assertEqual(taxes.search([]), before)

    def test_vat_of_aland_is_that_of_finland(self):
        seller = replace(self._sample("clean").draft.seller, country="AX")
        for vat in (seller.vat, ""):
            for kind in FORMATS:
                with self.subTest(f"{kind} {vat}"):
                    receipt = self._bill(
                        "clean",
                        _row("S", "25.5"),
                        seller=replace(seller, vat=vat),
                        source_format=kind,
                    )
                    self.assertEqual(self._taxes(receipt).amount, 25.5)
                    found = {"tax_missing", "foreign_vat", "vat_without_number"}
                    self.assertFalse(found & self._codes(receipt))
                    self.assertEqual(receipt.move_id.amount_tax, 25.5)

    def test_seller_outside_the_union_is_no_seller_of_the_union(self):
        taxes = self.env["maventa.purchase.taxes"].sudo()
        [document] = documents_in(self._sample("peppol_sweden").formats["PEPPOLBIS30"])
        partner = self.env["res.partner"]
        self.assertEqual(taxes._place(self.company, partner, document), "eu")
        with patch.object(type(taxes), "_own_country", lambda *_args: "NO"):
            self.assertEqual(taxes._place(self.company, partner, document), "abroad")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveVatRounding(ReceiveTaxesCommon):
    def setUp(self):
        super().setUp()
        self._supplier("clean")

    def _rounded_by_row(self, *, stated=9, kind="FINVOICE30"):
        """Return the receipt of three rows of 0.10, each with 0.03 VAT."""
        rows = tuple(_row("S", "25.5", "0.10") for _number in range(3))
        sample = self._changed(
            "clean", rows=rows, number=f"R-{stated}-{kind[:1]}", source_format=kind
        )
        raw = sample.formats[kind]
        for mark in (b",", b"."):
            old, new = b"0%s08<" % mark, b"0%s%02d<" % (mark, stated)
            raw = raw.replace(b">" + old, b">" + new)
            old, new = b"0%s38<" % mark, b"0%s%02d<" % (mark, 30 + stated)
            raw = raw.replace(b">" + old, b">" + new)
        sample.formats[kind] = raw
        receipt = self._receive(sample)
        receipt._confirm("service_totals")
        return receipt

    def test_vat_rounded_by_row_is_taken_over_by_a_button(self):
        for kind in FORMATS:
            with self.subTest(kind):
                receipt = self._rounded_by_row(kind=kind)
                move = receipt.move_id
                self.assertEqual(self._codes(receipt), {"rounding"})
                self.assertEqual(move.amount_total, 0.38)
                self._assert_held(receipt, "by rounding")
                buttons = self._buttons(receipt, self.accountant)
                self.assertEqual(
                    buttons["Take the document's VAT"][1], "action_take_vat"
                )
                receipt.with_user(self.accountant).action_take_vat()
                self.assertFalse(self._codes(receipt))
                self.assertEqual(move.amount_tax, 0.09)
                self.assertEqual(move.amount_total, 0.39)
                move.action_post()
                self.assertEqual(move.amount_residual, 0.39)
                self.assertEqual(round(sum(move.line_ids.mapped("balance")), 2), 0)
                self.assertIn("has taken the VAT", receipt.timeline)

    def test_more_than_rounding_is_not_taken_over(self):
        receipt = self._rounded_by_row(stated=19)
        self.assertIn("totals", self._codes(receipt))
        self.assertNotIn("rounding", self._codes(receipt))
        with self.assertRaisesRegex(UserError, "More than rounding"):
            receipt.action_take_vat()

    def test_other_amount_to_pay_is_no_rounding(self):
        sample = self._changed("clean", number="R-pay")
        raw = sample.formats["FINVOICE30"]
        pattern = rb"(<EpiInstructedAmount[^>]*>)[\d,]+"
        sample.formats["FINVOICE30"] = re.sub(pattern, rb"\g<1>301,19", raw)
        codes = self._codes(self._receive(sample))
        self.assertIn("totals", codes)
        self.assertNotIn("rounding", codes)

    def test_vat_of_a_changed_bill_is_not_taken_over(self):
        receipt = self._rounded_by_row()
        line = receipt.move_id.invoice_line_ids[:1]
        receipt.move_id.write(
            {"invoice_line_ids": [Command.update(line.id, {"price_unit": 0.11})]}
        )
        self.assertIn("totals", self._codes(receipt))
        with self.assertRaisesRegex(UserError, "More than rounding"):
            receipt.action_take_vat()

    def test_posted_bill_takes_no_other_vat(self):
        receipt = self._rounded_by_row()
        receipt.action_take_vat()
        receipt.move_id.action_post()
        with self.assertRaises(UserError):
            receipt.action_take_vat()
