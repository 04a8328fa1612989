from decimal import Decimal
from unittest.mock import patch

from lxml import etree
from odoo import Command
from odoo.tests import tagged

from ..maventa_api.finvoice import document_in
from .common_sellers import SellersCommon

BIS3 = "account.edi.xml.maventa_bis3"
FINVOICE = "account.edi.xml.maventa_finvoice"
BUYER_PARTY = "{*}AccountingCustomerParty/{*}Party"
BUILDER = "account.edi.xml.ubl_bis3"
CENT = Decimal("0.01")


@tagged("post_install", "-at_install")
class TestDocumentValues(SellersCommon):
    """The two formats say the same, whoever made the XML first."""

    def setUp(self):
        super().setUp()
        self._dress_buyer("FI", "FI")

    def _ubl(self, move):
        return etree.fromstring(self.env[BIS3]._maventa_export(move, [])[1])

    def _finvoice(self, move):
        file = self.env[FINVOICE]._maventa_export(move, [])[1]
        return etree.fromstring(document_in(file))

    def _term(self, **values):
        return self.env["account.payment.term"].create(
            {
                "name": "14 days",
                "note": "<p>14 days net</p>",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 14}
                    )
                ],
                **values,
            }
        )

    def test_both_formats_say_references_terms_interest_and_texts(self):
        self.company.maventa_overdue_percent = 8
        self.buyer.maventa_buyer_reference = "Aino Aalto, unit 7"
        term = self._term(
            early_discount=True,
            discount_percentage=2,
            discount_days=7,
            early_pay_discount_computation="included",
        )
        move = self._sale(
            "FI",
            "standard",
            invoice_payment_term_id=term.id,
            narration="<p>Thank you</p>",
            invoice_origin="SO 12",
            delivery_date="2026-03-01",
        )
        ubl, finvoice = self._ubl(move), self._finvoice(move)
        details = finvoice.find("InvoiceDetails")
        terms = details.find("PaymentTermsDetails")
        for one, other in (
            (
                ubl.findtext("{*}OrderReference/{*}ID"),
                details.findtext("OrderIdentifier"),
            ),
            (
                ubl.findtext("{*}OrderReference/{*}SalesOrderID"),
                details.findtext("SellerReferenceIdentifier"),
            ),
            (
                ubl.findtext("{*}BuyerReference"),
                details.findtext("BuyerReferenceIdentifier"),
            ),
            (ubl.findtext("{*}Note"), details.findtext("InvoiceFreeText")),
            (
                ubl.findtext("{*}Delivery/{*}ActualDeliveryDate").replace("-", ""),
                finvoice.findtext("DeliveryDetails/DeliveryDate"),
            ),
            (
                ubl.findtext("{*}DueDate").replace("-", ""),
                terms.findtext("InvoiceDueDate"),
            ),
        ):
            self.assertTrue(one)
            self.assertEqual(one, other)
        self.assertEqual(ubl.findtext("{*}BuyerReference"), "Aino Aalto, unit 7")
        said = ubl.findtext("{*}PaymentTerms/{*}Note")
        for text in ("14 days net", "2 % cash discount", "Overdue interest 8 %"):
            self.assertIn(text, said)
        self.assertEqual(terms.findtext("PaymentTermsFreeText"), "14 days net")
        self.assertEqual(terms.findtext("CashDiscountPercent"), "2")
        self.assertEqual(terms.findtext("CashDiscountDate"), "20260309")
        amount = Decimal(terms.findtext("CashDiscountAmount").replace(",", "."))
        self.assertEqual(amount, Decimal(f"{move.amount_total * 0.02:.2f}"))
        fine = terms.find("PaymentOverDueFineDetails")
        self.assertEqual(fine.findtext("PaymentOverDueFinePercent"), "8")

    def test_discount_whose_vat_is_reduced_at_once(self):
        term = self._term(
            early_discount=True,
            discount_percentage=2,
            discount_days=7,
            early_pay_discount_computation="mixed",
        )
        for kind in ("standard", "exempt", "construction", "outside"):
            with self.subTest(kind):
                move = self._sale("FI", kind, invoice_payment_term_id=term.id)
                root = self._ubl(move)
                total = root.findtext("{*}LegalMonetaryTotal/{*}PayableAmount")
                self.assertEqual(Decimal(total), Decimal(f"{move.amount_total:.2f}"))
                details = self._finvoice(move).find("InvoiceDetails")
                total = details.findtext("InvoiceTotalVatIncludedAmount")
                self.assertEqual(
                    Decimal(total.replace(",", ".")),
                    Decimal(f"{move.amount_total:.2f}"),
                )
                for group in details.findall("VatSpecificationDetails"):
                    rate = (group.findtext("VatRatePercent") or "0").replace(",", ".")
                    base = group.findtext("VatBaseAmount").replace(",", ".")
                    vat = Decimal(group.findtext("VatRateAmount").replace(",", "."))
                    wanted = Decimal(base) * Decimal(rate) / 100
                    self.assertLess(abs(wanted - vat), Decimal("0.02"))

    def test_cash_discount_is_the_stated_percentage_of_the_stated_base(self):
        for mode in ("included", "excluded", "mixed"):
            with self.subTest(mode):
                term = self._term(
                    early_discount=True,
                    discount_percentage=2,
                    discount_days=7,
                    early_pay_discount_computation=mode,
                )
                move = self._sale("FI", "standard", invoice_payment_term_id=term.id)
                path = ".//PaymentTermsDetails/CashDiscount%s"
                root = self._finvoice(move)
                base, percent, amount = (
                    Decimal(root.findtext(path % name).replace(",", "."))
                    for name in ("BaseAmount", "Percent", "Amount")
                )
                wanted = move.amount_total
                if mode != "included":
                    wanted = move.amount_untaxed
                self.assertEqual(base, Decimal(f"{wanted:.2f}"))
                self.assertLessEqual(abs(base * percent / 100 - amount), CENT / 2)

    def test_finvoice_takes_the_booked_amounts_of_fractions_of_hours(self):
        tax = self.taxes["FI"]["standard"]
        lines = [
            Command.create(
                {
                    "name": "Hours",
                    "quantity": 0.25,
                    "price_unit": 89.9,
                    "tax_ids": [Command.set(tax.ids)],
                }
            )
            for _turn in range(9)
        ]
        for move_type in ("out_invoice", "out_refund"):
            move = self._sale(
                "FI", "standard", invoice_line_ids=lines, move_type=move_type
            )
            sign = -1 if move_type == "out_refund" else 1
            root = self._finvoice(move)
            nets = [
                Decimal(node.text.replace(",", "."))
                for node in root.iter("RowVatExcludedAmount")
            ]
            self.assertEqual(sum(nets), Decimal(f"{move.amount_untaxed:.2f}") * sign)

    def test_tiny_price_is_said_for_many_pieces(self):
        tax = self.taxes["FI"]["standard"]
        self.env.ref("product.decimal_price").digits = 8
        line = {
            "name": "Clicks",
            "quantity": 123456,
            "price_unit": 0.000123,
            "tax_ids": [Command.set(tax.ids)],
        }
        move = self._sale("FI", "standard", invoice_line_ids=[Command.create(line)])
        row = self._finvoice(move).find("InvoiceRow")
        price = Decimal(row.findtext("UnitPriceAmount").replace(",", "."))
        base = Decimal(row.findtext("UnitPriceBaseQuantity").replace(",", "."))
        net = Decimal(row.findtext("RowVatExcludedAmount").replace(",", "."))
        made = price / base * 123456
        self.assertLess(abs(made - net), Decimal("0.01"))
        self._ubl(move)

    def test_account_of_the_company_is_taken_where_the_invoice_has_none(self):
        move = self._sale("FI", "standard", partner_bank_id=False)
        move.partner_bank_id = False
        path = "{*}PaymentMeans/{*}PayeeFinancialAccount/{*}ID"
        self.assertEqual(self._ubl(move).findtext(path), "FI2112345600000785")

    def test_dutch_buyer_of_a_dutch_seller_is_asked_for_kvk(self):
        self._dress_buyer("NL", "NL")
        self.buyer.write({"company_registry": False, "vat": False})
        move = self._sale("NL", "standard")
        self.assertIn("KVK", "\n".join(self._problems(move)))
        link = self.env["maventa.invoice.alerts"]._link_to_cause(move)
        self.assertEqual(link["action"]["res_id"], self.buyer.id)

    def test_dutch_buyer_with_a_tax_number_needs_no_kvk(self):
        self._dress_buyer("NL", "NL")
        self.buyer.company_registry = False
        move = self._sale("NL", "standard")
        endpoint = self._ubl(move).find(f"{BUYER_PARTY}/{{*}}EndpointID")
        self.assertEqual(endpoint.get("schemeID"), "9944")
        self.assertNotIn("KVK", "\n".join(self._problems(move)))
        remarks = "\n".join(self.env[BIS3]._maventa_remarks(move))
        self.assertIn("KVK", remarks)

    def test_dutch_consumer_is_not_asked_for_kvk(self):
        self._dress_buyer("person", "NL")
        move = self._sale("NL", "standard")
        texts = [*self._problems(move), *self._builder(move)._maventa_remarks(move)]
        self.assertNotIn("KVK", "\n".join(texts))

    def test_dutch_credit_note_without_original_is_refused(self):
        self._dress_buyer("NL", "NL")
        values = {"ref": False, "maventa_original_number": False}
        move = self._sale("NL", "standard", move_type="out_refund", **values)
        problems = "\n".join(self.env[BIS3]._maventa_check(move))
        self.assertIn("must name its original", problems)

    def test_registration_is_stated_only_after_the_company_says_so(self):
        for code, statement in (
            ("SE", "Godkänd för F-skatt"),
            ("NO", "Foretaksregisteret"),
        ):
            company = self.sellers[code]
            self._dress_buyer(code, code)
            move = self._sale(code, "standard")
            for answer, level in (("yes", "good"), ("no", "good"), (False, "bad")):
                with self.subTest(f"{code} {answer}"):
                    company.maventa_registered = answer
                    text = etree.tostring(self._ubl(move), encoding="unicode")
                    self.assertEqual(statement in text, answer == "yes")
                    checklist = self.env["maventa.go.live.checklist"]
                    lines = list(checklist._registration_statement(company))
                    self.assertEqual([line.level for line in lines], [level])
        checklist = self.env["maventa.go.live.checklist"]
        lines = checklist._registration_statement(self.sellers["FI"])
        self.assertFalse(list(lines))

    def test_document_does_not_depend_on_the_builder(self):
        """Lines in the order of their sequence, no numbers of parties, no payment."""
        first = self._sale("FI", "standard")
        first.invoice_line_ids[0].sequence = 99
        wanted = self._ubl(first)
        original = type(self.env[BUILDER])._export_invoice

        def other_builder(builder, invoice):
            xml, _errors = original(builder, invoice)
            root = etree.fromstring(xml)
            lines = root.findall("{*}InvoiceLine")
            for line in lines:
                root.remove(line)
            root.extend(reversed(lines))
            for path in ("EndpointID", "PartyTaxScheme", "PaymentMeans", "TaxTotal"):
                for node in root.findall(f".//{{*}}{path}"):
                    node.getparent().remove(node)
            return etree.tostring(root), {"An error that does not matter"}

        with patch.object(type(self.env[BUILDER]), "_export_invoice", other_builder):
            found = self._ubl(first)
        for path in (
            ".//{*}EndpointID",
            ".//{*}PartyTaxScheme/{*}CompanyID",
            ".//{*}PayeeFinancialAccount/{*}ID",
            "{*}TaxTotal/{*}TaxAmount",
        ):
            self.assertEqual(
                [node.text for node in found.findall(path)],
                [node.text for node in wanted.findall(path)],
                path,
            )
        for root in (wanted, found):
            notes = {
                line.findtext("{*}Item/{*}Name"): line.findtext("{*}Note")
                for line in root.findall("{*}InvoiceLine")
            }
            self.assertEqual(len(notes), 2)
