import io
import zipfile

from lxml import etree
from odoo.tests import Form, tagged

from .common import PDF, MaventaCommon
from .test_peppol_document import NS

CSV = b"day;hours\n1;8\n"


@tagged("post_install", "-at_install")
class TestFiles(MaventaCommon):
    """The invoice's PDF, and files that somebody has ticked."""

    def _attach(self, move, name, raw, send=True, **values):
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": raw,
                "res_model": "account.move",
                "res_id": move.id,
                "maventa_send": send,
                **values,
            }
        )

    def _embedded(self, move):
        tree = etree.fromstring(self._make_document(move).file)
        path = "//cbc:EmbeddedDocumentBinaryObject"
        return [
            (node.get("filename"), node.get("mimeCode"))
            for node in tree.xpath(path, namespaces=NS)
        ]

    def _packed(self, move):
        file = io.BytesIO(self._make_document(move).file)
        with zipfile.ZipFile(file) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def test_selected_attachments_follow_the_invoice_pdf(self):
        move = self._invoice()
        self._attach(move, "Tunnit maaliskuu.pdf", PDF + b"1")
        self._attach(move, "salainen.pdf", PDF + b"2", send=False)
        self._attach(move, "tunnit", CSV, mimetype="text/csv")
        [invoice, *others] = self._embedded(move)
        self.assertIn(move.name.replace("/", "_"), invoice[0])
        self.assertEqual(
            others,
            [("Tunnit_maaliskuu.pdf", "application/pdf"), ("tunnit.csv", "text/csv")],
        )

    def test_finvoice_package_contains_attachments(self):
        self.company.maventa_format = "finvoice"
        move = self._invoice()
        stem = move.name.replace("/", "_")
        self._attach(move, f"{stem}.pdf", PDF + b"1")
        held = self._packed(move)
        self.assertEqual(held[f"{stem}.pdf"], PDF)
        self.assertEqual(held[f"{stem}_2.pdf"], PDF + b"1")
        self._to_transfer(move)
        self._run_cron()
        self.assertFalse(move.maventa_error)
        self.assertEqual(self._held()[move.name].pdfs, (PDF,), "one image")

    def test_data_only_sends_no_attachments(self):
        self.company.maventa_send_pdf = False
        move = self._invoice()
        self._attach(move, "x.exe", b"MZ")
        self.assertFalse(self._embedded(move))
        self.assertFalse(self._problems(move))

    def test_all_unsupported_attachments_are_reported_before_upload(self):
        move = self._invoice()
        self._attach(move, "ohjelma.xml", b"<x/>", mimetype="application/xml")
        self._attach(move, "iso.pdf", PDF + b"0" * 10_000_000)
        self._attach(move, "tyhja.pdf", b"", mimetype="application/pdf")
        self._attach(move, "linkki", False, type="url", url="https://a.example")
        self.partner_a.street = False
        self._to_transfer(move)
        self._run_cron()
        self.assertEqual(move.maventa_state, "invalid")
        for words in ("ohjelma.xml", "10 MB", "empty", "linkki", "street"):
            self.assertIn(words, move.maventa_error)
        self.assertFalse(self._held())

    def test_finvoice_accepts_text_attachments(self):
        move = self._invoice()
        self._attach(move, "huom.txt", b"Terveisin", mimetype="text/plain")
        self.assertIn("huom.txt", "\n".join(self._problems(move)))
        self.company.maventa_format = "finvoice"
        self.assertFalse(self._problems(move))
        self.assertEqual(self._packed(move)["huom.txt"], b"Terveisin")

    def test_accountant_selects_attachments_on_the_invoice(self):
        move = self._invoice()
        file = self._attach(move, "tunnit.pdf", PDF, send=False)
        with Form(move.with_user(self.accountant)) as form:
            with form.attachment_ids.edit(0) as line:
                line.maventa_send = True
        self.assertTrue(file.maventa_send)

    def test_new_attempt_uses_current_selection(self):
        move = self._invoice()
        file = self._attach(move, "ohjelma.xml", b"<x/>", mimetype="application/xml")
        self._to_transfer(move)
        self._run_cron()
        self.assertEqual(move.maventa_state, "invalid")
        file.maventa_send = False
        self._to_transfer(move)
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")
        self.assertEqual(len(self._held()[move.name].pdfs), 1)

    def test_attachments_added_in_send_dialog_are_sent(self):
        move = self._invoice()
        files = self.env["ir.attachment"].with_user(self.accountant)
        loose = files.create({"name": "liite.pdf", "raw": PDF})
        wizard = (
            self.env["account.move.send.wizard"]
            .with_user(self.accountant)
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"sending_methods": ["maventa"]})
        )
        self.assertTrue(wizard.display_attachments_widget)
        wizard.mail_attachments_widget = [
            *wizard.mail_attachments_widget,
            {
                "id": loose.id,
                "name": loose.name,
                "mimetype": loose.mimetype,
                "placeholder": False,
                "manual": True,
            },
        ]
        wizard.action_send_and_print()
        [file] = move._maventa_chosen_files()
        self.assertEqual((file.name, file.raw), ("liite.pdf", PDF))
        self.assertFalse(loose.maventa_send)

    def test_copy_does_not_inherit_selection(self):
        move = self._invoice()
        self._attach(move, "tunnit.pdf", PDF)
        self.assertFalse(move.copy()._maventa_chosen_files())
