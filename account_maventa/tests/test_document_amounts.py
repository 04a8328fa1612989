"""Amounts, discounts, dates, texts and earlier invoices: both formats say the same."""

from decimal import Decimal
from unittest.mock import patch

from lxml import etree
from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..maventa_api.finvoice import document_in
from .common_sellers import SellersCommon

BIS3 = "account.edi.xml.maventa_bis3"
FINVOICE = "account.edi.xml.maventa_finvoice"
# Unassigned by Unicode, forbidden in XML, a control character
ODD = "Lumi\ufffe\uffff\x07 työ"
INCLUDED = "tax_included"
CENT = Decimal("0.01")


@tagged("post_install", "-at_install")
class TestDocumentAmounts(SellersCommon):
    def setUp(self):
        super().setUp()
        self._dress_buyer("FI", "FI")
        self.standard = self.taxes["FI"]["standard"]
        self.reduced, self.lowest = self._tax(13.5), self._tax(10)

    # === HELPERS === #

    def _tax(self, amount, **values):
        company = self.sellers["FI"]
        return self.env["account.tax"].create(
            {
                "name": f"T{amount} {values}",
                "type_tax_use": "sale",
                "amount": amount,
                "company_id": company.id,
                "country_id": company.account_fiscal_country_id.id,
                "tax_group_id": self.standard.tax_group_id.id,
                **values,
            }
        )

    def _line(self, name, quantity, price, tax, **values):
        return Command.create(
            {
                "name": name,
                "quantity": quantity,
                "price_unit": price,
                "tax_ids": [Command.set(tax.ids)],
                **values,
            }
        )

    def _ubl(self, move):
        return etree.fromstring(self.env[BIS3]._maventa_export(move, [])[1])

    def _finvoice(self, move):
        file = self.env[FINVOICE]._maventa_export(move, [])[1]
        return etree.fromstring(document_in(file))

    def _groups(self, move):
        """Return rate, base and VAT of each group: of Peppol, and of Finvoice."""
        sign = -1 if move.move_type == "out_refund" else 1
        ubl, finvoice = self._ubl(move), self._finvoice(move)
        currency = move.currency_id.name
        [total] = [
            node
            for node in ubl.iterfind("{*}TaxTotal")
            if node.find("{*}TaxAmount").get("currencyID") == currency
        ]
        peppol = {
            _number(node.findtext("{*}TaxCategory/{*}Percent")): (
                _number(node.findtext("{*}TaxableAmount")),
                _number(node.findtext("{*}TaxAmount")),
            )
            for node in total.iterfind("{*}TaxSubtotal")
        }
        other = {
            _number(node.findtext("VatRatePercent")): (
                _number(node.findtext("VatBaseAmount")) * sign,
                _number(node.findtext("VatRateAmount")) * sign,
            )
            for node in finvoice.iter("VatSpecificationDetails")
        }
        return peppol, other

    def _many_lines(self):
        taxes = (self.standard, self.reduced, self.lowest)
        return [
            self._line(f"{i}", 1 + i / 7, 3.333 + i, taxes[i % 3], discount=i % 5)
            for i in range(60)
        ]

    def _rounding(self, strategy):
        accounts = self.env["account.account"]
        company = self.sellers["FI"]

        def account(kind):
            domain = [("account_type", "=", kind), ("company_ids", "in", company.ids)]
            return accounts.search(domain, limit=1).id

        return self.env["account.cash.rounding"].create(
            {
                "name": strategy,
                "rounding": 1,
                "strategy": strategy,
                "profit_account_id": account("income"),
                "loss_account_id": account("expense"),
            }
        )

    def _snow(self, **values):
        return self._line("Snow", 1, 215.49, self.standard, **values)

    # === LINES AND BASES === #

    def test_bases_are_those_of_the_taxes_in_both_formats(self):
        for move_type in ("out_invoice", "out_refund"):
            move = self._sale(
                "FI",
                "standard",
                move_type=move_type,
                invoice_line_ids=self._many_lines(),
            )
            booked = {
                Decimal(f"{line.tax_line_id.amount:g}"): (
                    Decimal(f"{line.tax_base_amount * move.direction_sign:.2f}"),
                    Decimal(f"{line.amount_currency * move.direction_sign:.2f}"),
                )
                for line in move.line_ids.filtered("tax_line_id")
            }
            with self.subTest(move_type):
                peppol, finvoice = self._groups(move)
                self.assertEqual(peppol, booked)
                self.assertEqual(finvoice, booked)

    def test_prices_with_vat_have_the_same_bases_in_both_formats(self):
        taxes = [
            self._tax(rate, price_include_override=INCLUDED) for rate in (25.5, 13.5)
        ]
        lines = [
            self._line(f"{i}", 1 + i / 7, 1.07 + i, taxes[i % 2], discount=i % 4)
            for i in range(40)
        ]
        move = self._sale("FI", "standard", invoice_line_ids=lines)
        peppol, finvoice = self._groups(move)
        self.assertEqual(peppol, finvoice)
        self.assertEqual(
            sum(base for base, _vat in peppol.values()),
            Decimal(f"{move.amount_untaxed:.2f}"),
        )

    def test_bases_in_another_currency_make_up_the_booked_sum(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "name": "2026-03-02", "rate": 1.15}
        )
        move = self._sale(
            "FI",
            "standard",
            currency_id=dollar.id,
            invoice_line_ids=self._many_lines(),
        )
        peppol, finvoice = self._groups(move)
        self.assertEqual(peppol, finvoice)
        self.assertEqual(
            sum(base for base, _vat in peppol.values()),
            Decimal(f"{move.amount_untaxed:.2f}"),
        )

    def test_bases_that_do_not_make_up_the_sum_give_way(self):
        lines = [
            self._line("Tick", 1, 0.335, tax) for tax in (self.standard, self.reduced)
        ]
        move = self._sale("FI", "standard", invoice_line_ids=lines)
        peppol, finvoice = self._groups(move)
        self.assertEqual(peppol, finvoice)
        total = self._ubl(move).find("{*}LegalMonetaryTotal")
        self.assertEqual(
            _number(total.findtext("{*}TaxExclusiveAmount")),
            Decimal(f"{move.amount_untaxed:.2f}"),
        )
        self.assertIsNone(total.find("{*}PayableRoundingAmount"))

    def test_rounding_is_no_discount(self):
        move = self._sale("FI", "standard", invoice_line_ids=self._many_lines())
        granted = [line.discount for line in move.invoice_line_ids]
        lines = self._ubl(move).findall("{*}InvoiceLine")
        rows = list(self._finvoice(move).iter("InvoiceRow"))
        for discount, line, row in zip(granted, lines, rows, strict=True):
            allowance = line.find("{*}AllowanceCharge")
            self.assertEqual(allowance is not None, bool(discount))
            self.assertEqual(row.find("RowDiscountAmount") is not None, bool(discount))
            self.assertEqual(
                _number(line.findtext("{*}LineExtensionAmount")),
                _number(row.findtext("RowVatExcludedAmount")),
            )

    # === CASH ROUNDING === #

    def test_cash_rounding_that_is_booked_as_vat_is_refused(self):
        strategies = (("biggest_tax", True), ("add_invoice_line", False))
        for strategy, is_refused in strategies:
            rounding = self._rounding(strategy)
            for move_type in ("out_invoice", "out_refund"):
                move = self._sale(
                    "FI",
                    "standard",
                    move_type=move_type,
                    maventa_original_number="17",
                    invoice_line_ids=[self._snow()],
                    invoice_cash_rounding_id=rounding.id,
                )
                self.assertEqual(move.amount_total, 270)
                for name in (BIS3, FINVOICE):
                    with self.subTest(name, strategy=strategy, move_type=move_type):
                        found = self.env[name]._maventa_findings(move)
                        self.assertEqual(len(found), is_refused, found)
                        for finding in found:
                            self.assertIn("Add a rounding line", finding.text)
                            self.assertEqual(finding.record, rounding)

    def test_cash_rounding_of_its_own_is_said_apart_in_both_formats(self):
        rounding = self._rounding("add_invoice_line")
        for move_type in ("out_invoice", "out_refund"):
            move = self._sale(
                "FI",
                "standard",
                move_type=move_type,
                invoice_line_ids=[self._snow()],
                invoice_cash_rounding_id=rounding.id,
            )
            with self.subTest(move_type):
                wanted = {Decimal("25.5"): (Decimal("215.49"), Decimal("54.95"))}
                self.assertEqual(self._groups(move), (wanted, wanted))
                total = self._ubl(move).find("{*}LegalMonetaryTotal")
                off = Decimal(270) - Decimal("215.49") - Decimal("54.95")
                said = total.findtext("{*}PayableRoundingAmount")
                self.assertEqual(_number(said), off)
                said = total.findtext("{*}PayableAmount")
                self.assertEqual(_number(said), Decimal(270))
                sign = -1 if move_type == "out_refund" else 1
                said = self._finvoice(move).findtext(".//InvoiceTotalRoundoffAmount")
                self.assertEqual(_number(said) * sign, off)

    def test_vat_in_the_currency_of_the_books_is_that_of_the_books(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "name": "2026-03-02", "rate": 2}
        )
        for move_type in ("out_invoice", "out_refund"):
            move = self._sale(
                "FI",
                "standard",
                move_type=move_type,
                currency_id=dollar.id,
                invoice_line_ids=[self._snow()],
            )
            amounts = {
                node.get("currencyID"): _number(node.text)
                for node in self._ubl(move).iterfind("{*}TaxTotal/{*}TaxAmount")
            }
            with self.subTest(move_type):
                self.assertEqual(amounts["USD"], Decimal("54.95"))
                self.assertLessEqual(abs(amounts["EUR"] - Decimal("54.95") / 2), CENT)
                sign = -1 if move_type == "out_refund" else 1
                path = ".//InvoiceTotalVatAccountingAmount"
                said = self._finvoice(move).findtext(path)
                self.assertEqual(_number(said) * sign, amounts["EUR"])

    # === EARLY PAYMENT DISCOUNT === #

    def test_discount_for_early_payment_is_called_the_same(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % of 7 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 7,
                "early_pay_discount_computation": "mixed",
            }
        )
        move = self._sale("FI", "standard", invoice_payment_term_id=term.id)
        root, details = self._ubl(move), self._finvoice(move).find("InvoiceDetails")
        reasons = {
            (
                node.findtext("{*}AllowanceChargeReasonCode"),
                node.findtext("{*}AllowanceChargeReason"),
            )
            for node in root.iterfind("{*}AllowanceCharge")
        }
        self.assertEqual(reasons, {("95", "Cash discount"), ("ZZZ", "Cash discount")})
        [discount] = details.findall("DiscountDetails")
        self.assertEqual(discount.findtext("ReasonCode"), "95")
        self.assertEqual(discount.findtext("FreeText"), "Cash discount")
        grounds = root.xpath("//*[local-name()='TaxExemptionReason']/text()")
        self.assertEqual(grounds, ["Exempt from VAT"])
        self.assertEqual(
            [node.text for node in details.iter("VatFreeText")], ["Exempt from VAT"]
        )

    # === DATES AND ARTICLES === #

    def test_credit_note_has_its_due_date_in_both_formats(self):
        move = self._sale(
            "FI", "standard", move_type="out_refund", invoice_date_due="2026-04-15"
        )
        means = self._ubl(move).findall("{*}PaymentMeans")
        self.assertEqual(
            [node.findtext("{*}PaymentDueDate") for node in means], ["2026-04-15"]
        )
        self.assertEqual(self._finvoice(move).findtext(".//InvoiceDueDate"), "20260415")

    def test_article_number_is_a_gtin_in_both_formats_or_in_none(self):
        for barcode, is_gtin in (("7310865004703", True), ("7310865004704", False)):
            product = self.env["product.product"].create(
                {"name": "Ice", "barcode": barcode, "taxes_id": False}
            )
            lines = [self._line("Ice", 1, 5, self.standard, product_id=product.id)]
            move = self._sale("FI", "standard", invoice_line_ids=lines)
            with self.subTest(barcode):
                path = ".//{*}StandardItemIdentification/{*}ID[@schemeID='0160']"
                wanted = barcode if is_gtin else None
                self.assertEqual(self._ubl(move).findtext(path), wanted)
                said = self._finvoice(move).findtext(".//EanCode[@SchemeID='0160']")
                self.assertEqual(said, wanted)

    # === TEXTS === #

    def test_characters_that_xml_does_not_know_are_left_away(self):
        product = self.env["product.product"].create(
            {"name": ODD, "default_code": ODD, "taxes_id": False}
        )
        self.buyer.write({"name": ODD, "street": ODD, "city": ODD, "ref": ODD})
        self.buyer.maventa_buyer_reference = ODD
        lines = [
            Command.create({"display_type": "line_note", "name": ODD}),
            self._line(ODD, 1, 5, self.standard, product_id=product.id),
        ]
        move = self._sale(
            "FI",
            "standard",
            ref=ODD,
            narration=f"<p>{ODD}</p>",
            invoice_origin=ODD,
            invoice_line_ids=lines,
        )
        self.assertFalse(self.env["maventa.upload.checks"]._problems(move))
        for root in (self._ubl(move), self._finvoice(move)):
            said = etree.tostring(root, encoding="unicode")
            self.assertIn("Lumi", said)
            self.assertFalse({"\ufffe", "\uffff", "\x07"} & set(said))

    def test_what_the_builder_cannot_write_is_told_and_not_sent(self):
        move = self._sale("FI", "standard")
        error = ValueError("All strings must be XML compatible")
        builder = self.env.registry["account.edi.xml.ubl_bis3"]
        with patch.object(builder, "_export_invoice", side_effect=error):
            [problem] = self.env[BIS3]._maventa_check(move)
            self.assertIn("could not make the Peppol document: All strings", problem)
            with self.assertRaises(ValidationError):
                self.env[BIS3]._maventa_export(move, [])

    # === ADVANCES === #

    def test_final_invoice_names_the_advances_that_it_deducts(self):
        advance, other, final = self._ordered()
        path = "{*}BillingReference/{*}InvoiceDocumentReference"
        named = [
            (node.findtext("{*}ID"), node.findtext("{*}IssueDate"))
            for node in self._ubl(final).iterfind(path)
        ]
        details = self._finvoice(final).find("InvoiceDetails")
        also = [
            (node.findtext("InvoiceNumber"), node.findtext("InvoiceDate"))
            for node in details.iterfind("OriginalInvoiceReference")
        ]
        self.assertIsNone(details.find("OriginalInvoiceNumber"))
        wanted = [advance, other] if "sale.order" in self.env else []
        days = [(move.name, move.invoice_date) for move in wanted]
        self.assertEqual(named, [(name, f"{day}") for name, day in days])
        self.assertEqual(also, [(name, f"{day:%Y%m%d}") for name, day in days])
        for move in (advance, other):
            self.assertIsNone(self._ubl(move).find("{*}BillingReference"))

    def _ordered(self):
        """Return two invoices for advances, and the one that deducts both.

        Without *Sales* nothing tells what they have to do with each other.
        """
        if "sale.order" not in self.env:
            advance, other = self._sale("FI", "standard"), self._sale("FI", "standard")
            return advance, other, self._sale("FI", "standard")
        self.env.user.group_ids |= self.env.ref("sales_team.group_sale_manager")
        product = self.env["product.product"].create(
            {"name": "Work", "type": "service", "invoice_policy": "order"}
        )
        line = {
            "product_id": product.id,
            "price_unit": 1000,
            "tax_ids": [Command.set(self.standard.ids)],
        }
        order = self.env["sale.order"].create(
            {"partner_id": self.buyer.id, "order_line": [Command.create(line)]}
        )
        order.action_confirm()
        return (
            self._invoiced(order, "percentage", "2026-03-02", amount=30),
            self._invoiced(order, "fixed", "2026-03-05", fixed_amount=50),
            self._invoiced(order, "delivered", "2026-03-09"),
        )

    def _invoiced(self, order, method, day, **values):
        before = order.invoice_ids
        self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        ).create({"advance_payment_method": method, **values}).create_invoices()
        move = order.invoice_ids - before
        move.write({"invoice_date": day, "invoice_date_due": "2026-04-15"})
        move.action_post()
        return move


def _number(text):
    return Decimal((text or "0").replace(",", "."))
