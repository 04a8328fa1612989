from decimal import Decimal

from lxml import etree
from odoo.tests import tagged

from .common_matrix import WITHOUT_NUMBER, MatrixCommon

ENDPOINTS = {  # of the buyer, in Peppol
    "operator": ("003712345671", "0216"),
    "bank": ("FI2112345600000785", "9918"),
    "looked up": ("003712345671", "0216"),
    "union": ("991-1-6", "0204"),
}


@tagged("post_install", "-at_install")
class TestPeppolMatrix(MatrixCommon):
    """The same documents in Peppol BIS 3: Odoo's totals, Finland's addresses."""

    def test_all_documents_of_the_matrix_are_built(self):
        builder = self.env["account.edi.xml.maventa_bis3"]
        halves = self._posted(codes=("EUR", "SEK"))
        for turn, (guise, values) in enumerate(self.guises.items()):
            self.partner_a.write(values)
            for name, move in halves[turn % 2].items():
                if guise in WITHOUT_NUMBER:
                    self._assert_refused(builder, move, guise, name)
                    continue
                with self.subTest(f"{guise}-{name}"):
                    _name, file = builder._maventa_export(move, [])
                    self._assert_peppol(move, etree.fromstring(file), guise)

    def _assert_refused(self, builder, move, guise, name):
        problems = "\n".join(builder._maventa_check(move))
        if name.startswith("reverse"):
            self.assertIn(WITHOUT_NUMBER[guise], problems)
            return
        self.assertIn("has no electronic address", problems)

    def test_line_without_tax_is_refused(self):
        rows = self._lines(("Gift", 1, 5, 0, self.env["account.tax"]))
        move = self._document(rows)
        builder = self.env["account.edi.xml.maventa_bis3"]
        self.assertIn("has no tax", "\n".join(builder._maventa_check(move)))

    def _assert_peppol(self, move, root, guise):
        kind = "Invoice" if move.move_type == "out_invoice" else "CreditNote"
        self.assertEqual(etree.QName(root).localname, kind)
        total = root.find("{*}LegalMonetaryTotal")
        for tag, amount in (
            ("TaxExclusiveAmount", move.amount_untaxed),
            ("TaxInclusiveAmount", move.amount_total),
            ("PayableAmount", move.amount_total),
        ):
            node = total.find(f"{{*}}{tag}")
            self.assertEqual(Decimal(node.text), Decimal(f"{amount:.2f}"), tag)
            self.assertEqual(node.get("currencyID"), move.currency_id.name)
        buyer = root.find("{*}AccountingCustomerParty/{*}Party")
        endpoint = buyer.find("{*}EndpointID")
        if guise in ENDPOINTS:
            found = (endpoint.text, endpoint.get("schemeID"))
            self.assertEqual(found, ENDPOINTS[guise])
        seller = root.find("{*}AccountingSupplierParty/{*}Party")
        self.assertEqual(seller.findtext("{*}EndpointID"), "003723456780")
        number = seller.find("{*}PartyLegalEntity/{*}CompanyID")
        self.assertEqual((number.text, number.get("schemeID")), ("2345678-0", "0212"))
