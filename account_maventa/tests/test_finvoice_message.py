from lxml import etree
from odoo import Command
from odoo.tests import tagged

from ..maventa_api.finvoice import document_in
from .common_finvoice import FinvoiceCommon

MARK = "MessageTransmissionDetails/MessageDetails/SpecificationIdentifier"
RECEIVER = "MessageTransmissionDetails/MessageReceiverDetails/ToIdentifier"
APIX = "003723327487"


@tagged("post_install", "-at_install")
class TestFinvoiceMessage(FinvoiceCommon):
    """Routing, frame, EN 16931 mark, delivery address, consumers."""

    def _give_operator(self, edicode="003712345671", operator=APIX):
        operators = self.env["res.partner"]
        self.partner_a.write(
            {
                "edicode": edicode,
                "einvoice_operator_id": operators._maventa_operator(operator).id,
            }
        )

    def _is_marked(self, move):
        return self._tree(move).findtext(MARK) == "EN16931"

    def test_missing_operator_omits_routing(self):
        tree = self._tree(self._invoice())
        self.assertIsNone(tree.find("MessageTransmissionDetails"))

    def test_routing_is_in_message_and_envelope(self):
        self._give_operator()
        move = self._to_transfer(self._invoice())
        self._run_cron()
        transfer = move.maventa_transfer_id
        self.assertFalse(transfer.error)
        self.assertIn(move.name, self._held())
        file = self._xml(transfer.attachment_id.raw)
        tree = etree.fromstring(document_in(file))
        details = tree.find("MessageTransmissionDetails")
        self.assertEqual(
            [(node.text, node.get("SchemeID")) for node in details.iterfind("*/*")][:4],
            [
                ("003723456780", "0216"),
                ("003721291126", None),
                ("003712345671", "0216"),
                (APIX, None),
            ],
        )
        path = "MessageDetails/MessageIdentifier"
        self.assertEqual(details.findtext(path), transfer.uuid)
        frame = etree.fromstring(file[: file.index(b"<?xml")])
        self.assertEqual(frame.findtext(".//{*}MessageId"), transfer.uuid)

    def _use_account_without_bic(self):
        """Pay to an account abroad: the BIC of Finnish accounts is found."""
        banks = self.company.partner_id.bank_ids
        banks.allow_out_payment = False
        banks.write({"bank_id": False, "acc_number": "DE89370400440532013000"})

    def test_envelope_can_be_omitted(self):
        self._give_operator()
        move = self._invoice()
        self.assertTrue(
            self._xml(self._make_document(move).file).startswith(b"<SOAP-ENV:")
        )
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("account_maventa.finvoice_envelope", "0")
        self.assertTrue(self._xml(self._make_document(move).file).startswith(b"<?xml"))

    def test_iban_address_has_iban_scheme(self):
        self._give_operator("FI2112345600000785", "NDEAFIHH")
        node = self._tree(self._invoice()).find(RECEIVER)
        self.assertEqual(
            (node.text, node.get("SchemeID")), ("FI2112345600000785", "9918")
        )

    def test_own_address_of_seller_is_used(self):
        self._give_operator()
        self.company.partner_id.edicode = "00372345678077"
        path = "MessageTransmissionDetails/MessageSenderDetails/FromIdentifier"
        self.assertEqual(self._tree(self._invoice()).findtext(path), "00372345678077")

    def test_complete_document_is_marked(self):
        self._give_operator()
        self.assertTrue(self._is_marked(self._invoice()))

    def test_incomplete_document_is_sent_unmarked(self):
        self._give_operator()
        lines = self._lines(("Gift", 1, 5, 0, self.zero))
        self.assertTrue(self._is_marked(self._document(lines)), "exempt, with reason")
        self._use_account_without_bic()
        move = self._to_transfer(self._invoice())
        self.assertFalse(self._is_marked(move))
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")

    def test_reasons_for_missing_mark_are_shown(self):
        self._give_operator()
        marked = self._to_transfer(self._invoice())
        self._use_account_without_bic()
        without_bic = self._invoice()
        self.assertEqual(
            self._make_document(without_bic).remarks,
            (
                "Sent without the mark EN16931; the receiver gets the invoice anyway. "
                "Missing for the mark: your bank account has no BIC.",
            ),
        )
        self.partner_a.write({"edicode": False, "einvoice_operator_id": False})
        unrouted = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertIn("with an operator", str(unrouted.maventa_timeline))
        self.assertEqual(unrouted.maventa_transfer_id.level, "info")
        self.company.partner_id.bank_ids.bank_id = self.env["res.bank"].search(
            [("bic", "=", "NDEAFIHH")], limit=1
        )
        self._give_operator()
        self.assertFalse(self._make_document(marked).remarks)
        self.company.maventa_format = "peppol"
        self.assertFalse(self._make_document(without_bic).remarks)

    def test_every_rule_has_a_text(self):
        messages = self.env["maventa.messages"]
        reasons = messages._finvoice_rules(["BR-62", "BR-63", "BR-CO-17"])
        self.assertEqual(len(reasons), 2, "every meaning once")
        self.assertIn("BR-CO-17", reasons[1])

    def test_marked_document_folds_headings_and_notes(self):
        self._give_operator()
        lines = self._lines(("Snow", 1, 10, 0, self.standard))
        lines.insert(
            0, Command.create({"display_type": "line_section", "name": "Winter"})
        )
        lines.append(Command.create({"display_type": "line_note", "name": "Brr"}))
        tree = self._tree(self._document(lines))
        [row] = tree.findall("InvoiceRow")
        self.assertEqual(self._texts(row, "ArticleName"), ["Snow"])
        self.assertEqual(self._texts(row, "RowFreeText"), ["Winter", "Brr"])

    def test_goods_to_the_union_have_delivery_address(self):
        self.partner_a.write(
            {
                "country_id": self.env.ref("base.de").id,
                "vat": "DE123456788",
                "zip": "10115",
                "city": "Berlin",
            }
        )
        self._give_operator("DE-4711", APIX)
        self.zero.ubl_cii_tax_category_code = "K"
        lines = self._lines(("Snow", 1, 10, 0, self.zero))
        move = self._document(lines, delivery_date="2026-03-01")
        tree = self._tree(move)
        group = tree.find("InvoiceDetails/VatSpecificationDetails")
        self.assertEqual(group.findtext("VatCode"), "K")
        self.assertEqual(group.findtext("VatExemptionReasonCode"), "VATEX-EU-IC")
        path = "DeliveryPartyDetails/DeliveryPostalAddressDetails/CountryCode"
        self.assertEqual(tree.findtext(path), "DE")
        # 'DE-4711' is an operator's own numbering: it has no scheme, so no mark
        self.assertIsNone(tree.find(MARK))

    def test_separate_delivery_address_is_written(self):
        tree = self._tree(self._invoice())
        self.assertIsNone(tree.find("DeliveryPartyDetails"))
        place = self.env["res.partner"].create(
            {
                "name": "Jään varasto",
                "parent_id": self.partner_a.id,
                "type": "delivery",
                "street": "Varastotie 5",
                "zip": "33200",
                "city": "Tampere",
                "country_id": self.partner_a.country_id.id,
            }
        )
        tree = self._tree(self._invoice(partner_shipping_id=place.id))
        details = tree.find("DeliveryPartyDetails")
        self.assertEqual(
            self._texts(details, "DeliveryOrganisationName"), ["Jään varasto"]
        )
        path = "DeliveryPostalAddressDetails/DeliveryStreetName"
        self.assertEqual(self._texts(details, path), ["Varastotie 5"])

    def test_number_of_a_person_is_not_sent(self):
        person = self.env["res.partner"].create(
            {
                "name": "Aino Asiakas",
                "company_registry": "131052-308T",
                "street": "Kotikuja 3",
                "zip": "00200",
                "city": "Helsinki",
                "country_id": self.env.ref("base.fi").id,
            }
        )
        file = self._xml(self._make_document(self._invoice(person)).file)
        self.assertNotIn(b"131052", file)
        tree = etree.fromstring(document_in(file))
        self.assertEqual(
            self._texts(tree, "BuyerPartyDetails/BuyerOrganisationName"),
            ["Aino Asiakas"],
        )
        for name in ("BuyerPartyIdentifier", "BuyerOrganisationTaxCode"):
            self.assertIsNone(tree.find(f"BuyerPartyDetails/{name}"))

    def test_reverse_charge_has_reason(self):
        lines = self._lines(("Roof", 1, 100, 0, self.reverse))
        tree = self._tree(self._document(lines))
        group = tree.find("InvoiceDetails/VatSpecificationDetails")
        self.assertEqual(
            [node.text for node in group][1:],
            ["0", "AE", "0,00", "Reverse charge", "VATEX-EU-AE"],
        )
