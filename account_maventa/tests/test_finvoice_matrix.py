import re
from decimal import Decimal
from itertools import product

from lxml import etree
from odoo.tests import tagged

from ..maventa_api.finvoice import document_in
from .common_finvoice import TOTALS
from .common_matrix import WITHOUT_NUMBER, MatrixCommon

# The standard's order, and its lengths: what a reader of Finvoice 3.0 relies on.
ROOT_ORDER = (
    "MessageTransmissionDetails SellerPartyDetails SellerOrganisationUnitNumber "
    "SellerContactPersonName SellerCommunicationDetails SellerInformationDetails "
    "BuyerPartyDetails BuyerOrganisationUnitNumber BuyerContactPersonName "
    "BuyerCommunicationDetails DeliveryPartyDetails DeliveryDetails InvoiceDetails "
    "PaymentStatusDetails InvoiceRow EpiDetails"
).split()
DETAILS_ORDER = (
    "InvoiceTypeCode InvoiceTypeCodeUN InvoiceTypeText OriginCode InvoiceNumber "
    "InvoiceDate OriginalInvoiceNumber OriginalInvoiceDate "
    "SellerReferenceIdentifier SellersBuyerIdentifier OrderIdentifier "
    "AgreementIdentifier BuyerReferenceIdentifier ProjectReferenceIdentifier "
    "RowsTotalVatExcludedAmount DiscountsTotalVatExcludedAmount "
    "ChargesTotalVatExcludedAmount "
    "InvoiceTotalVatExcludedAmount InvoiceTotalVatAmount "
    "InvoiceTotalVatAccountingAmount InvoiceTotalVatIncludedAmount "
    "InvoiceTotalRoundoffAmount InvoicePaidAmount VatSpecificationDetails "
    "InvoiceFreeText PaymentTermsDetails DiscountDetails ChargeDetails"
).split()
ROW_ORDER = (
    "ArticleIdentifier ArticleName DeliveredQuantity InvoicedQuantity "
    "UnitPriceAmount UnitPriceNetAmount UnitPriceBaseQuantity "
    "RowPositionIdentifier RowFreeText "
    "RowDiscountPercent RowDiscountAmount RowDiscountBaseAmount RowDiscountTypeCode "
    "RowVatRatePercent RowVatCode RowVatExcludedAmount"
).split()
LENGTHS = {
    "ArticleName": (1, 100),
    "BuyerContactPersonName": (1, 70),
    "BuyerOrganisationName": (2, 70),
    "BuyerPartyIdentifier": (1, 35),
    "BuyerPostCodeIdentifier": (2, 35),
    "BuyerStreetName": (2, 35),
    "BuyerTownName": (2, 35),
    "DeliveredQuantity": (1, 14),
    "DeliveryOrganisationName": (2, 35),
    "EpiNameAddressDetails": (2, 35),
    "InvoiceFreeText": (1, 512),
    "InvoiceNumber": (1, 20),
    "InvoicedQuantity": (1, 14),
    "MessageIdentifier": (2, 48),
    "PaymentTermsFreeText": (1, 70),
    "RowFreeText": (1, 512),
    "SellerOrganisationName": (2, 70),
    "VatFreeText": (1, 70),
}
AMOUNT = re.compile(r"-?[0-9]{1,15},[0-9]{2,5}")
REFERENCE = "EpiDetails/EpiPaymentInstructionDetails/EpiRemittanceInfoIdentifier"


@tagged("post_install", "-at_install")
class TestFinvoiceMatrix(MatrixCommon):
    """Every document: well-formed, in order and length, with Odoo's totals."""

    def test_all_documents_of_the_matrix_are_consistent(self):
        builder = self.env["account.edi.xml.maventa_finvoice"]
        halves, count = self._posted(), 0
        moves = self.env["account.move"].union(*halves[0].values(), *halves[1].values())
        for options, (turn, (guise, values)) in product(
            (0, 1), enumerate(self.guises.items())
        ):
            if not turn:
                moves.write(self.OPTIONS[options])
                self.company.maventa_send_email = not options
            self.partner_a.write(values)
            for name, move in halves[(turn + options) % 2].items():
                name = f"{guise}-{options}-{name}"
                if guise in WITHOUT_NUMBER and "-reverse-" in name:
                    problems = "\n".join(builder._maventa_check(move))
                    self.assertIn(WITHOUT_NUMBER[guise], problems)
                    count += 1
                    continue
                with self.subTest(name):
                    _name, file = builder._maventa_export(move, [])
                    count += 1
                    self._assert_document(move, file)
        self.assertEqual(count, len(self.guises) * 9 * 2 * 3)

    def _assert_document(self, move, file):
        root = etree.fromstring(document_in(file))
        if file.startswith(b"<SOAP-ENV"):
            etree.fromstring(file[: file.index(b"<?xml")])
        self._assert_order(root, ROOT_ORDER)
        self._assert_order(root.find("InvoiceDetails"), DETAILS_ORDER)
        rows = root.findall("InvoiceRow")
        for row in rows:
            self._assert_order(row, ROW_ORDER)
        marked = b"<SpecificationIdentifier>EN16931" in file
        for node in root.iter(etree.Element):
            least, most = LENGTHS.get(node.tag, (0, 512))
            self.assertTrue(least <= len(node.text or "") <= most, node.tag)
            if node.tag.endswith("Amount"):
                self.assertRegex(node.text, f"^{AMOUNT.pattern}$", node.tag)
                self.assertTrue(node.get("AmountCurrencyIdentifier"))
            if node.tag.startswith("UnitPrice"):
                self.assertFalse(node.text.startswith("-"))
            if marked and node.tag == "InvoiceRow":
                self.assertIsNotNone(node.find("RowVatExcludedAmount"))
        self._assert_totals(move, root)

    def _assert_order(self, node, order):
        positions = [order.index(child.tag) for child in node if child.tag in order]
        self.assertEqual(len(positions), len(node), [child.tag for child in node])
        self.assertEqual(positions, sorted(positions))

    def _assert_totals(self, move, root):
        sign = -1 if move.move_type == "out_refund" else 1
        details = root.find("InvoiceDetails")
        nets = [
            self._number(row, "RowVatExcludedAmount")
            for row in root.findall("InvoiceRow")
            if row.find("RowVatExcludedAmount") is not None
        ]
        groups = details.findall("VatSpecificationDetails")
        net = self._number(root, f"{TOTALS}ExcludedAmount")
        vat = self._number(root, f"{TOTALS}Amount")
        total = self._number(root, f"{TOTALS}IncludedAmount")
        self.assertEqual(sum(nets), net)
        self.assertEqual(sum(self._number(g, "VatBaseAmount") for g in groups), net)
        self.assertEqual(sum(self._number(g, "VatRateAmount") for g in groups), vat)
        self.assertEqual(net + vat, total)
        self.assertEqual(net, Decimal(f"{move.amount_untaxed:.2f}") * sign)
        self.assertEqual(vat, Decimal(f"{move.amount_tax:.2f}") * sign)
        self.assertEqual(total, Decimal(f"{move.amount_total:.2f}") * sign)
        path = "EpiDetails/EpiPaymentInstructionDetails/EpiInstructedAmount"
        self.assertEqual(self._number(root, path), total)
        currencies = {
            node.get("AmountCurrencyIdentifier")
            for node in root.iter("{*}*")
            if node.get("AmountCurrencyIdentifier")
            and node.tag != "InvoiceTotalVatAccountingAmount"
        }
        self.assertEqual(currencies, {move.currency_id.name})
        if move.currency_id.name != "EUR":
            euro = self._number(root, "InvoiceDetails/InvoiceTotalVatAccountingAmount")
            self.assertEqual(euro, Decimal(f"{move.amount_tax_signed:.2f}"))

    def test_only_valid_references_are_written(self):
        for typed, written, scheme in (
            ("1234 5672", "12345672", "SPY"),
            ("RF18 5390 0754 7034", "RF18539007547034", "ISO"),
            ("12345673", None, None),
            ("INV/2026/00001", None, None),
        ):
            with self.subTest(typed):
                tree = self._tree(self._invoice(payment_reference=typed))
                node = tree.find(REFERENCE)
                if written is None:
                    self.assertIsNone(node)
                    continue
                self.assertEqual(node.text, written)
                self.assertEqual(node.get("IdentificationSchemeName"), scheme)
