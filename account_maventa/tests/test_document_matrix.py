from decimal import Decimal

from lxml import etree
from odoo.tests import tagged

from ..maventa_api.finvoice import document_in
from ..maventa_api.ubl import Severity, problems_of
from .common_sellers import BUYERS, KINDS, SELLERS, SellersCommon

REASONS = {
    "AE": ("VATEX-EU-AE", "Reverse charge"),
    "K": ("VATEX-EU-IC", "Intra-Community supply"),
    "G": ("VATEX-EU-G", "Export outside the EU"),
    "O": ("VATEX-EU-O", "Not subject to VAT"),
    "E": ("VATEX-EU-132", None),
}
NORWEGIAN_REASONS = {
    "AE": (None, "Omvendt avgiftsplikt - Merverdiavgift ikke beregnet. Reverse charge"),
    "G": (None, "Export of goods from Norway, zero-rated"),
}
SELLER = "{*}AccountingSupplierParty/{*}Party"
BUYER = "{*}AccountingCustomerParty/{*}Party"
STATEMENTS = {"SE": ["Godkänd för F-skatt"], "NO": ["Foretaksregisteret"]}


@tagged("post_install", "-at_install")
class TestDocumentMatrix(SellersCommon):
    """Seller's country, buyer, tax, type and format: the values that the rules want."""

    def test_matrix_of_sellers_buyers_taxes_types_and_formats(self):
        count = 0
        for code, kind in self._combinations():
            buyers = self._buyers_of(code, kind)
            self._dress_buyer(buyers[0], code)
            invoice = self._sale(code, kind)
            moves = {"invoice": invoice, "credit": self._credit(invoice)}
            invoice.maventa_settled_as = "asked"  # it goes with its credit note
            if kind == "standard":
                moves["debit"] = self._debit(invoice)
                usd = self.env.ref("base.USD").id
                moves["dollars"] = self._sale(code, kind, currency_id=usd)
            for buyer in buyers:
                self._dress_buyer(buyer, code)
                for name, move in moves.items():
                    with self.subTest(f"{code} {kind} {buyer} {name}"):
                        self._assert_peppol(move, code, kind, buyer)
                        self._assert_finvoice(move, code, kind, buyer)
                        count += 2
        self.assertGreater(count, 250)

    # === PEPPOL === #

    def _assert_peppol(self, move, code, kind, buyer):
        builder = self.env["account.edi.xml.maventa_bis3"]
        if BUYERS[buyer][1] is None:  # e-mail and print: Peppol has no document
            problems = "\n".join(builder._maventa_check(move))
            self.assertIn("PEPPOL-EN16931-R010", problems)
            self.assertEqual(self._builder(move)._maventa_key, "finvoice")
            return
        _name, file = builder._maventa_export(move, [])
        found = [row for row in problems_of(file) if row.severity == Severity.ERROR]
        self.assertFalse(found)
        root = etree.fromstring(file)
        is_credit = move.move_type == "out_refund"
        name = "CreditNote" if is_credit else "Invoice"
        self.assertEqual(etree.QName(root).localname, name)
        type_code = "381" if is_credit else "380"
        self.assertEqual(root.findtext(f"{{*}}{name}TypeCode"), type_code)
        for node in root.iter("*"):
            self.assertTrue(len(node) or (node.text or "").strip(), node.tag)
        self._assert_parties(root, code, kind, buyer)
        self._assert_categories(root, code, kind)
        self._assert_references(root, move)
        self._assert_payment(root, move, code)
        total = root.findtext("{*}LegalMonetaryTotal/{*}TaxInclusiveAmount")
        self.assertEqual(Decimal(total), Decimal(f"{move.amount_total:.2f}"))
        other = root.findtext("{*}TaxCurrencyCode")
        foreign = move.currency_id != move.company_currency_id
        self.assertEqual(other, move.company_currency_id.name if foreign else None)

    def _identifier(self, party, path):
        node = party.find(path)
        return None if node is None else (node.text, node.get("schemeID"))

    def _assert_parties(self, root, code, kind, buyer):
        facts, (_values, endpoint, legal, vat) = SELLERS[code], BUYERS[buyer]
        outside = KINDS[kind][0] == "O"
        company = "{*}PartyLegalEntity/{*}CompanyID"
        seller = root.find(SELLER)
        self.assertEqual(self._identifier(seller, "{*}EndpointID"), facts["endpoint"])
        self.assertEqual(self._identifier(seller, company), facts["legal"])
        numbers = [
            node.text for node in seller.findall("{*}PartyTaxScheme/{*}CompanyID")
        ]
        wanted = [] if outside else [facts["vat"]]
        self.assertEqual(numbers, wanted + STATEMENTS.get(code, []))
        party = root.find(BUYER)
        self.assertEqual(self._identifier(party, "{*}EndpointID"), endpoint)
        self.assertEqual(self._identifier(party, company), legal)
        said = party.findtext("{*}PartyTaxScheme/{*}CompanyID")
        self.assertEqual(said, None if outside else vat)
        number = party.findtext("{*}PartyIdentification/{*}ID")
        self.assertEqual(number, "K-77")

    def _assert_categories(self, root, code, kind):
        category, rate, _reason, _buyers = KINDS[kind]
        rate = SELLERS[code]["rate"] if rate is None else rate
        rates = [None if category == "O" else Decimal(str(rate))]
        for path in (
            "//*[local-name()='ClassifiedTaxCategory']",
            "//*[local-name()='TaxSubtotal']/*[local-name()='TaxCategory']",
        ):
            for node in root.xpath(path):
                self.assertEqual(node.findtext("{*}ID"), category)
                percent = node.findtext("{*}Percent")
                self.assertIn(percent and Decimal(percent), rates)
        subtotals = root.findall("{*}TaxTotal/{*}TaxSubtotal/{*}TaxCategory")
        self.assertEqual(len(subtotals), 1)
        reason_code = subtotals[0].findtext("{*}TaxExemptionReasonCode")
        reason = subtotals[0].findtext("{*}TaxExemptionReason")
        wanted = REASONS.get(category, (None, None))
        wanted = NORWEGIAN_REASONS.get(category, wanted) if code == "NO" else wanted
        self.assertEqual(reason_code, wanted[0])
        if wanted[1] or category in "SZ":
            self.assertEqual(reason, wanted[1])
        if category == "K":
            delivery = root.find("{*}Delivery")
            self.assertTrue(delivery.findtext("{*}ActualDeliveryDate"))
            path = "{*}DeliveryLocation/{*}Address/{*}Country/{*}IdentificationCode"
            self.assertTrue(delivery.findtext(path))

    def _assert_references(self, root, move):
        self.assertEqual(root.findtext("{*}OrderReference/{*}ID"), "PO 7")
        path = "{*}BillingReference/{*}InvoiceDocumentReference/{*}ID"
        original = move.reversed_entry_id or move.debit_origin_id
        self.assertEqual(root.findtext(path), original.name or None)
        self.assertNotIn("Reversal", etree.tostring(root, encoding="unicode"))
        notes = [node.text for node in root.findall(".//{*}Note")]
        self.assertIn("Brr", notes)

    def _assert_payment(self, root, move, code):
        means = root.findall("{*}PaymentMeans")
        if move.move_type == "out_refund":
            # set off against the invoice in the books, and not paid
            payable = root.findtext("{*}LegalMonetaryTotal/{*}PayableAmount")
            self.assertEqual(Decimal(payable), Decimal(f"{move.amount_total:.2f}"))
            accounts = root.findall("{*}PaymentMeans/{*}PayeeFinancialAccount")
            self.assertFalse(accounts)
            self.assertLessEqual(
                {one.findtext("{*}PaymentMeansCode") for one in means}, {"1"}
            )
            return
        found = []
        for one in means:
            account = one.find("{*}PayeeFinancialAccount")
            branch = account.findtext("{*}FinancialInstitutionBranch/{*}ID")
            found.append((account.findtext("{*}ID"), branch))
            self.assertEqual(one.findtext("{*}PaymentMeansCode"), "30")
        wanted = SELLERS[code]["paid_to"]
        if move.commercial_partner_id.country_code == code:
            self.assertEqual(found, [wanted])
            return
        self.assertEqual(found[-1], wanted)
        self.assertEqual(found[0][0], SELLERS[code]["accounts"][-1], "abroad an IBAN")

    # === FINVOICE === #

    def _assert_finvoice(self, move, code, kind, buyer):
        builder = self.env["account.edi.xml.maventa_finvoice"]
        if not self.env["maventa.document.values"]._iban(move):
            return
        _name, file = builder._maventa_export(move, [])
        root = etree.fromstring(document_in(file))
        details = root.find("InvoiceDetails")
        sign = -1 if move.move_type == "out_refund" else 1
        total = details.findtext("InvoiceTotalVatIncludedAmount").replace(",", ".")
        self.assertEqual(Decimal(total), Decimal(f"{move.amount_total:.2f}") * sign)
        category, rate, _reason, _buyers = KINDS[kind]
        rate = SELLERS[code]["rate"] if rate is None else rate
        [group] = details.findall("VatSpecificationDetails")
        self.assertEqual(group.findtext("VatCode"), category)
        percent = (group.findtext("VatRatePercent") or "").replace(",", ".")
        if category == "O":
            self.assertFalse(percent)
        else:
            self.assertEqual(Decimal(percent), Decimal(str(rate)))
        base = Decimal(group.findtext("VatBaseAmount").replace(",", "."))
        vat = Decimal(group.findtext("VatRateAmount").replace(",", "."))
        self.assertEqual(vat, (base * Decimal(str(rate)) / 100).quantize(vat))
        self.assertEqual(details.findtext("OrderIdentifier"), "PO 7")
        self.assertEqual(details.findtext("SellersBuyerIdentifier"), "K-77")
        original = move.reversed_entry_id or move.debit_origin_id
        found = details.findtext("OriginalInvoiceNumber")
        self.assertEqual(found, original.name or None)
        _values, _endpoint, legal, vat_number = BUYERS[buyer]
        party = root.find("BuyerPartyDetails")
        number = party.findtext("BuyerPartyIdentifier")
        self.assertEqual(number, legal[0] if legal else None)
        self.assertEqual(party.findtext("BuyerOrganisationTaxCode"), vat_number)
        iban = next(row for row in SELLERS[code]["accounts"] if row[:2].isalpha())
        path = "EpiDetails/EpiPartyDetails/EpiBeneficiaryPartyDetails/EpiAccountID"
        self.assertEqual(root.findtext(path), iban)
        texts = [node.text for node in root.iter("RowFreeText")]
        self.assertIn("Brr", texts)
