"""Odd and hostile documents: an equal draft, or a draft with the reason."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from ..maventa_api import documents_in
from ..maventa_api.simulator.samples import Allowed, DraftRow
from .common_receive import MaventaReceiveCommon

D = Decimal
SEK_VAT = (
    '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">35.10</cbc:TaxAmount>'
    "</cac:TaxTotal><cac:LegalMonetaryTotal>"
)
TYPE = r"<cbc:InvoiceTypeCode>380<"
MEANS = "<cbc:PaymentMeansCode>30<"
# Name, replacements in the document, what a person has to decide at least
UBL = (
    ("card", [(MEANS, "<cbc:PaymentMeansCode>48<")], {"collected"}),
    ("direct debit", [(MEANS, "<cbc:PaymentMeansCode>59<")], {"collected"}),
    ("correction", [(TYPE, "<cbc:InvoiceTypeCode>384<")], {"correction"}),
    ("no date", [(r"<cbc:IssueDate>.*?</cbc:IssueDate>", "")], {"reader_missing_date"}),
    (
        "date of 1900",
        [(r"(<cbc:IssueDate>)20\d\d", r"\g<1>1900")],
        {"reader_odd_date", "reader_missing_date"},
    ),
    ("no number", [(r"<cbc:ID>P-1</cbc:ID>", "")], {"reader_missing_number"}),
    ("no currency", [(r"<cbc:DocumentCurrencyCode>.*?>", "")], set()),
    (
        "no currency at all",
        [(r"<cbc:DocumentCurrencyCode>.*?>", ""), (r' currencyID="EUR"', "")],
        {"reader_currency_assumed"},
    ),
    (
        "sums in another currency",
        [(r"(DocumentCurrencyCode>)EUR", r"\1SEK")],
        {"reader_several_currencies"},
    ),
    ("no seller", [(r"Kahvi[^<]*(</cbc:(?:Name|RegistrationName)>)", r"\1")], set()),
    ("VAT in the books' currency", [("<cac:LegalMonetaryTotal>", SEK_VAT)], set()),
    (
        "more to pay than the total",
        [(r"(PayableAmount currencyID=\"EUR\">)", r"\g<1>9")],
        {"contradiction"},
    ),
    ("no VAT number", [(r"<cac:PartyTaxScheme>.*?</cac:PartyTaxScheme>", "")], set()),
    ("broken file", [(r"(</cbc:ID>)", r"\1<x>&#0;</x>")], set()),
    (
        "order of a line",
        [
            (
                "<cac:Item>",
                "<cac:OrderLineReference><cbc:LineID>7</cbc:LineID>"
                "</cac:OrderLineReference><cac:Item>",
            )
        ],
        set(),
    ),
)
FINVOICE = (
    ("type codes", [("TypeCodeUN>380", "TypeCodeUN>381")], {"reader_odd_type"}),
    ("correction", [("TypeCodeUN>380", "TypeCodeUN>384")], {"correction"}),
    (
        "direct debit",
        [
            (
                "</EpiRemittanceInfoIdentifier>",
                "</EpiRemittanceInfoIdentifier>"
                "<EpiPaymentMeansCode>59</EpiPaymentMeansCode>",
            )
        ],
        {"collected"},
    ),
    (
        "buyer by address alone",
        [
            (r"<BuyerPartyIdentifier>.*?</BuyerPartyIdentifier>", ""),
            (r"<BuyerOrganisationTaxCode>.*?</BuyerOrganisationTaxCode>", ""),
            (r"(BuyerOrganisationUnitNumber>)0037\d{8}", r"\g<1>003729205798"),
        ],
        {"recipient_other"},
    ),
    (
        "own address alone",
        [
            (r"<BuyerPartyIdentifier>.*?</BuyerPartyIdentifier>", ""),
            (r"<BuyerOrganisationTaxCode>.*?</BuyerOrganisationTaxCode>", ""),
        ],
        set(),
    ),
    ("invalid account", [(r"FI\d{16}", "FI0012345600000785")], {"account_changed"}),
    ("no account", [(r"<EpiAccountID.*?</EpiAccountID>", "")], set()),
    ("year of 1900", [(r"(<InvoiceDate[^>]*>)20", r"\g<1>19")], {"reader_odd_date"}),
    (
        "amount cut by a comment",
        [(r"(InvoiceTotalVatIncludedAmount[^>]*>3)", r"\1<!-- 0 -->")],
        set(),
    ),
    ("amount that is a word", [(r"(UnitPriceAmount[^>]*>)[\d,]+", r"\1many")], set()),
    (
        "sum that is a word",
        [(r"(TotalVatExcludedAmount[^>]*>)[\d,]+", r"\1many")],
        {"reader_odd_number"},
    ),
    (
        "instalments",
        [
            (
                "</PaymentTermsDetails>",
                "</PaymentTermsDetails><PaymentTermsDetails>"
                '<InvoiceDueDate Format="CCYYMMDD">20260601</InvoiceDueDate>'
                "</PaymentTermsDetails>",
            )
        ],
        set(),
    ),
)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveOdd(MaventaReceiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        taxes = cls.env["maventa.chart.purchases"].sudo()
        taxes._create_for(cls.company, D("13.5"))

    def _edited(self, key, name, kind, pairs, **values):
        """Return a sample whose original has replacements in its text."""
        sample = self._changed(key, source_format=kind, **values)
        encoding = "utf-8" if kind == "PEPPOLBIS30" else "iso-8859-15"
        text = sample.formats[kind].decode(encoding)
        for old, new in pairs:
            text, count = re.subn(old, new, text, flags=re.DOTALL)
            self.assertTrue(count or name == "no seller", (name, old))
        draft = replace(sample.draft, number=name)
        formats = {kind: text.encode(encoding)}
        return replace(sample, draft=draft, formats=formats)

    def _assert_sound(self, receipt, expected=frozenset()):
        """Check that a receipt is an equal draft, or one with the reason."""
        self.assertFalse(receipt.error)
        self.assertTrue(receipt.move_id, receipt.state)
        move, codes = receipt.move_id, self._codes(receipt)
        self.assertEqual(move.state, "draft")
        self.assertLessEqual(expected, codes, receipt.points_text)
        self.assertEqual(bool(codes), receipt.state in ("review", "duplicate"))
        document = documents_in(receipt.document_id.raw)[0]
        figures = document.figures
        if "totals" not in codes and figures.total is not None:
            total = figures.total + document.round_off
            self.assertEqual(D(f"{move.amount_total:.2f}"), total)
            if figures.vat is not None:  # in the document's currency
                self.assertEqual(D(f"{move.amount_tax:.2f}"), figures.vat)

    def test_odd_ubl_is_an_equal_draft_or_says_why(self):
        self._supplier("peppol_finland")
        for name, pairs, expected in UBL:
            with self.subTest(name):
                sample = self._edited("peppol_finland", name, "PEPPOLBIS30", pairs)
                receipt = self._receive(sample)
                self._assert_sound(receipt, expected)
                receipt.move_id.unlink()

    def test_odd_finvoice_is_an_equal_draft_or_says_why(self):
        self._supplier("clean")
        for name, pairs, expected in FINVOICE:
            with self.subTest(name):
                sample = self._edited("clean", name, "FINVOICE30", pairs)
                receipt = self._receive(sample)
                self._assert_sound(receipt, expected)
                receipt.move_id.unlink()

    def test_odd_rows_are_an_equal_draft_or_say_why(self):
        self._supplier("clean")
        row = DraftRow("Siivous", D("10.00"))
        for name, values in (
            ("nothing", {"rows": (replace(row, net=D(0), price=D(0)),)}),
            ("twice the same", {"rows": (row, row)}),
            ("quantity of zero", {"rows": (replace(row, quantity=D(0)),)}),
            (
                "negative quantity",
                {"rows": (row, replace(row, net=D(-4), quantity=D(-2)))},
            ),
            ("million of millions", {"rows": (replace(row, net=D(10) ** 12),)}),
            (
                "price of 8 digits",
                {"rows": (replace(row, price=D("0.00012345"), quantity=D(81004)),)},
            ),
            (
                "discount of all",
                {"rows": (row, replace(row, net=D(0), price=D(5), discount=D(5)))},
            ),
            (
                "discount beyond",
                {"rows": (row, replace(row, net=D(-1), price=D(5), discount=D(6)))},
            ),
            (
                "negative discount",
                {"rows": (replace(row, net=D(12), price=D(10), discount=D(-2)),)},
            ),
            (
                "charge of a row",
                {"rows": (replace(row, net=D(12), price=D(10), charge=D(2)),)},
            ),
            (
                "price per hundred",
                {"rows": (replace(row, price=D(20), quantity=D(50), base=D(100)),)},
            ),
            (
                "discount of two rates",
                {
                    "rows": (row, replace(row, rate=D(0), code="Z")),
                    "allowed": (Allowed(D(1)), Allowed(D(2), rate=D(0), code="Z")),
                },
            ),
            (
                "rounding",
                {"rows": (replace(row, net=D("10.03")),), "round_off": D("0.01")},
            ),
            ("discount of everything", {"rows": (row,), "allowed": (Allowed(D(10)),)}),
            (
                "negative in total",
                {"rows": (replace(row, net=D(-10), quantity=D(-1)),)},
            ),
            (
                "long texts",
                {"rows": (replace(row, name="‮\u200bä🙂" * 900, texts=("x" * 5000,)),)},
            ),
            ("prepaid beyond", {"rows": (row,), "paid": D(90)}),
        ):
            for kind in ("FINVOICE30", "PEPPOLBIS30"):
                with self.subTest(f"{name} {kind}"):
                    sample = self._changed(
                        "clean", number=f"{name} {kind}", source_format=kind, **values
                    )
                    receipt = self._receive(sample)
                    self._assert_sound(receipt)
                    receipt.move_id.unlink()

    def test_invoice_with_the_type_of_a_credit_note_is_a_refund(self):
        self._supplier("peppol_finland")
        sample = self._edited(
            "peppol_finland",
            "381",
            "PEPPOLBIS30",
            [(TYPE, "<cbc:InvoiceTypeCode>381<")],
        )
        receipt = self._receive(sample)
        self.assertEqual(receipt.move_id.move_type, "in_refund")
        self.assertEqual(receipt.state, "billed", receipt.points_text)
        self._assert_sound(receipt)

    def test_invoice_inside_of_an_invoice_is_a_file_and_no_bill(self):
        inner = self._sample("peppol_germany").formats["PEPPOLBIS30"]
        files = (("inner.xml", "application/xml", inner),)
        for kind in ("FINVOICE30", "PEPPOLBIS30"):
            with self.subTest(kind):
                sample = self._changed(
                    "peppol_finland", number=kind, source_format=kind, files=files
                )
                before = len(self._receipts())
                receipt = self._receive(sample)
                self.assertEqual(len(self._receipts()), before + 1)
                self.assertEqual(receipt.move_id.ref, kind)
                self._assert_sound(receipt)
                self.assertIn(inner, receipt.file_ids.mapped("raw"))
                self.assertNotIn("xml", "".join(receipt.file_ids.mapped("mimetype")))

    def test_vat_of_another_country_is_never_deducted_by_itself(self):
        row = DraftRow("Papier", D("100.00"), D(19), "S")
        sample = self._changed("peppol_germany", number="DE-19", rows=(row,))
        receipt = self._receive(sample)
        self.assertIn("foreign_vat", self._codes(receipt))
        self.assertEqual(receipt.move_id.amount_tax, 0)
        self.assertEqual(receipt.move_id.amount_total, 119)

    def test_vat_of_a_seller_without_a_number_waits(self):
        seller = replace(self._sample("peppol_germany").draft.seller, vat="")
        row = DraftRow("Papier", D("100.00"), D(19), "S")
        sample = self._changed("peppol_germany", rows=(row,), seller=seller)
        receipt = self._receive(sample)
        self.assertIn("vat_without_number", self._codes(receipt))

    def test_indicator_of_digits_makes_an_equal_bill(self):
        """In the standard's own example a discount has the indicator 0."""
        pairs = [("Indicator>true", "Indicator>1"), ("Indicator>false", "Indicator>0")]
        key = "document_discount"
        receipt = self._receive(self._edited(key, "I-1", "PEPPOLBIS30", pairs))
        self._assert_sound(receipt)
        self.assertFalse({"totals", "contradiction"} & self._codes(receipt))

    def test_vat_for_the_books_is_told_beside_a_foreign_currency(self):
        pairs = [("<cac:LegalMonetaryTotal>", SEK_VAT)]
        sample = self._edited("peppol_sweden", "S-1", "PEPPOLBIS30", pairs)
        move = self._receive(sample).move_id
        self.assertIn("35.10 EUR", move.narration)
        self.assertEqual(move.currency_id.name, "SEK")
        total = "<InvoiceTotalVatIncludedAmount"
        vat = '<InvoiceTotalVatAccountingAmount AmountCurrencyIdentifier="EUR">7,77'
        pairs = [(total, f"{vat}</InvoiceTotalVatAccountingAmount>{total}")]
        sample = self._edited("peppol_sweden", "S-2", "FINVOICE30", pairs)
        self.assertIn("7.77 EUR", self._receive(sample).move_id.narration)

    def test_texts_and_references_of_either_format_are_in_the_bill(self):
        said = ("Toimitus viikolla 10", "KP 210", "A-7", "P-8", "4100", "03/31/2026")
        ubl = [
            (
                "(<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>)",
                r"\1<cbc:AccountingCost>4100</cbc:AccountingCost>",
            ),
            (
                "<cac:AccountingSupplierParty>",
                "<cac:InvoicePeriod><cbc:StartDate>2026-03-01</cbc:StartDate>"
                "<cbc:EndDate>2026-03-31</cbc:EndDate></cac:InvoicePeriod>"
                "<cac:ContractDocumentReference><cbc:ID>A-7</cbc:ID>"
                "</cac:ContractDocumentReference><cac:ProjectReference><cbc:ID>P-8"
                "</cbc:ID></cac:ProjectReference><cac:AccountingSupplierParty>",
            ),
        ]
        day = '<{0} Format="CCYYMMDD">{1}</{0}>'.format
        finvoice = [
            (
                "(<BuyerReferenceIdentifier>)",
                day("InvoicingPeriodStartDate", "20260301")
                + day("InvoicingPeriodEndDate", "20260331")
                + "<AgreementIdentifier>A-7</AgreementIdentifier>"
                "<ProjectReferenceIdentifier>P-8</ProjectReferenceIdentifier>"
                r"<NormalProposedAccountIdentifier>4100"
                r"</NormalProposedAccountIdentifier>\1",
            )
        ]
        texts = ("Toimitus viikolla 10.",)
        for kind, pairs in (("PEPPOLBIS30", ubl), ("FINVOICE30", finvoice)):
            with self.subTest(kind):
                values = {"texts": texts, "buyer_reference": "KP 210"}
                key = "peppol_finland"
                sample = self._edited(key, kind, kind, pairs, **values)
                move = self._receive(sample).move_id
                for text in said:
                    self.assertIn(text, move.narration)

    def test_due_dates_of_instalments_are_told(self):
        [(name, pairs, _codes)] = [row for row in FINVOICE if row[0] == "instalments"]
        move = self._receive(self._edited("clean", name, "FINVOICE30", pairs)).move_id
        self.assertIn("06/01/2026", move.narration)

    def test_sender_who_is_not_the_seller_is_told_and_stops_the_rule(self):
        self._supplier("clean")
        receipt = self._receive("clean")
        self.assertFalse(receipt._points())
        receipt.sender_bid = "2920579-8"
        self.env["maventa.bill.booking"].sudo()._check_again(receipt)
        [row] = receipt._points()
        self.assertEqual((row["code"], row["level"]), ("sender_other", "note"))
        self.assertFalse(self.env["maventa.bill.booking"]._may_autopost(receipt))

    def test_other_currency_in_maventas_list_waits(self):
        self._supplier("clean")
        receipt = self._receive("clean")
        receipt.currency = "SEK"
        self.env["maventa.bill.booking"].sudo()._check_again(receipt)
        self.assertEqual(self._codes(receipt), {"service_totals"})
        self.assertIn("SEK", receipt.points_text)

    def test_bill_of_a_locked_period_is_a_draft_with_its_own_date(self):
        self._supplier("clean")
        self.company.tax_lock_date = date(2026, 3, 31)
        self.company.fiscalyear_lock_date = date(2026, 3, 31)
        receipt = self._receive("clean")
        move = receipt.move_id
        self.assertEqual(move.state, "draft")
        self.assertEqual(move.invoice_date, self._sample("clean").draft.date)
        self.assertFalse(receipt.error)

    def test_bill_of_five_hundred_lines_is_equal(self):
        self._supplier("clean")
        rows = tuple(DraftRow(f"Rivi {n}", D(n % 97) + D("0.33")) for n in range(500))
        receipt = self._receive(self._changed("clean", number="500", rows=rows))
        self.assertEqual(len(receipt.move_id.invoice_line_ids), 500)
        self._assert_sound(receipt)
        self.assertEqual(receipt.state, "billed", receipt.points_text)

    def test_two_suppliers_with_the_accounts_of_each_other_are_not_paid(self):
        pairs = ("clean", "plain"), ("plain", "clean")
        for key, other in pairs:
            self._supplier(key, iban=self._sample(other).draft.seller.iban)
        for key, _other in pairs:
            receipt = self._receive(key)
            self.assertFalse(receipt.move_id.partner_bank_id)
            self.assertIn("account_other", self._codes(receipt))
