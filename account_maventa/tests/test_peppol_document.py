from unittest.mock import patch

from lxml import etree
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MaventaCommon

NS = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}


@tagged("post_install", "-at_install")
class TestPeppolDocument(MaventaCommon):
    def _tree(self, move):
        return etree.fromstring(self._make_document(move).file)

    def _texts(self, tree, path):
        return [
            (node.text, node.get("schemeID"))
            for node in tree.xpath(path, namespaces=NS)
        ]

    def test_finnish_parties_have_ovt_and_business_id(self):
        tree = self._tree(self._invoice())
        self.assertEqual(
            self._texts(tree, "//cac:Party/cbc:EndpointID"),
            [("003723456780", "0216"), ("003712345671", "0216")],
        )
        self.assertEqual(
            self._texts(tree, "//cac:PartyLegalEntity/cbc:CompanyID"),
            [("2345678-0", "0212"), ("1234567-1", "0212")],
        )
        self.assertEqual(
            self._texts(tree, "//cac:PartyTaxScheme/cbc:CompanyID"),
            [("FI23456780", None), ("FI12345671", None)],
        )

    def test_typed_peppol_address_is_kept(self):
        self.partner_a.write(
            {"peppol_eas": "0216", "peppol_endpoint": "00371234567199999"}
        )
        move = self._invoice()
        tree = self._tree(move)
        self.assertIn(
            ("00371234567199999", "0216"),
            self._texts(tree, "//cac:Party/cbc:EndpointID"),
        )
        self.assertEqual(self._recipient(move)["recipient_eia"], "00371234567199999")

    def test_foreign_customer_keeps_its_address(self):
        self.partner_a.write(
            {"country_id": self.env.ref("base.de").id, "vat": "DE123456788"}
        )
        tree = self._tree(self._invoice())
        self.assertIn(
            ("DE123456788", "9930"), self._texts(tree, "//cac:Party/cbc:EndpointID")
        )

    def test_credit_note_refers_to_its_invoice(self):
        invoice = self._invoice()
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "reason": "Melted"})
        )
        note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        note.action_post()
        tree = self._tree(note)
        path = "//cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"
        self.assertEqual(self._texts(tree, path), [(invoice.name, None)])
        self.assertEqual(etree.QName(tree).localname, "CreditNote")

    def test_pdf_is_embedded_at_the_schema_position(self):
        for move_type in ("out_invoice", "out_refund"):
            tree = self._tree(self._invoice(move_type=move_type))
            names = [etree.QName(node).localname for node in tree]
            position = names.index("AdditionalDocumentReference")
            self.assertEqual(names[position + 1], "AccountingSupplierParty")
            before = set(names[:position])
            self.assertLessEqual({"ID", "IssueDate", "DocumentCurrencyCode"}, before)

    def test_file_names_meet_remote_rules(self):
        move = self._invoice()
        document = self._make_document(move)
        names = [document.filename]
        names += etree.fromstring(document.file).xpath("//@filename")
        self.assertEqual(len(names), 2)
        for name in names:
            self.assertRegex(name, r"^[A-Za-z0-9._]{1,50}$")

    def test_every_attempt_makes_new_documents(self):
        move = self._invoice()
        first = self._make_document(move).file
        move.partner_id.name = "Uusi Oy"
        self.assertNotEqual(self._make_document(move).file, first)
        self.assertFalse(move.ubl_cii_xml_id, "Odoo's own files are left alone")
        self.assertFalse(move.invoice_pdf_report_id)

    def test_rendered_pdf_is_a_pdf(self):
        move = self._invoice()
        self.report_patch.stop()
        try:
            # what this machine's wkhtmltopdf grumbles about is not our matter
            quiet = mute_logger("odoo.addons.base.models.ir_actions_report")
            with quiet, self.allow_pdf_render():
                documents = self.env["maventa.document.maker"]
                documents = documents.with_context(force_report_rendering=True)
                made = documents._make_pdfs(move)[move]
        finally:
            self.report_patch.start()
        self.assertTrue(made.raw.startswith(b"%PDF-"))
        self.assertIn(b"%%EOF", made.raw[-32:])
        self.assertTrue(made.name.endswith(".pdf"))

    def test_html_report_is_not_accepted_as_pdf(self):
        move = self._to_transfer(self._invoice())

        def render(_self, _report, res_ids=None, data=None):
            return b"<main><div class='article'></div></main>", "html"

        reports = self.registry["ir.actions.report"]
        with (
            patch.object(reports, "_pre_render_qweb_pdf", render),
            patch.object(
                reports, "_get_splitted_report", lambda *_args: {move.id: b"<main/>"}
            ),
        ):
            self._run_cron()
        self.assertEqual(move.maventa_state, "invalid")
        self.assertIn("PDF", move.maventa_error)

    def test_line_without_label_gets_a_name(self):
        move = self._invoice()
        move.invoice_line_ids.with_context(skip_readonly_check=True).name = False
        tree = self._tree(move)
        self.assertEqual(self._texts(tree, "//cac:Item/cbc:Name"), [("Item", None)])

    def test_problems_of_the_document_are_shown(self):
        move = self._invoice()
        self.company.vat = False
        self.company.company_registry = False
        self._to_transfer(move)
        self._run_cron()
        self.assertEqual(move.maventa_state, "invalid")
        self.assertIn("VAT number", move.maventa_error)
