"""Every form, journal, portal page and printed page of Demo says what it is."""

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.tests import Form, tagged

from ..at_series import lisbon_date
from .common import AtcudCommon
from .test_printing import LAYOUTS, PrintedPages

MARK = {
    "en_US": "Demo: the validation code is invented, and this document has no fiscal "
    "value.",
    "pt_PT": "Demo: o código de validação é inventado, e este documento não tem valor "
    "fiscal.",
}
TYPES = ("FT", "FS", "FR", "NC", "ND")


class DemoDocuments:
    """Documents of every type, issued in Demo for a customer who reads Portuguese."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"].sudo()._activate_lang("pt_PT")
        self.partner_a.sudo().lang = "pt_PT"
        self.use_environment("demo")
        for name in TYPES:
            self.registered_series("A2026", name)
        self.bank = self.company_data["default_journal_bank"]
        self.bank.sudo().l10n_pt_atcud_receipt_type = "RG"
        self.registered_series("R2026", "RG", journal_id=self.bank.id)

    def issued_of_each_type(self):
        moves = self.env["account.move"]
        for name in ("FT", "FS"):
            moves |= self.draft(l10n_pt_atcud_document_type=name)
        moves |= self.draft(
            l10n_pt_atcud_document_type="FR",
            l10n_pt_atcud_payment_journal_id=self.bank.id,
        )
        moves.action_post()
        wizards = self.env["account.debit.note"].with_context(
            active_model="account.move", active_ids=moves[0].ids
        )
        action = wizards.create({"reason": "Portes"}).create_debit()
        debit = moves.browse(action["res_id"])
        debit.invoice_line_ids = [Command.create({"name": "Portes", "price_unit": 5})]
        credit = moves[0]._reverse_moves([{"date": moves[0].date}])
        (debit | credit).invoice_date = lisbon_date()
        (debit | credit).action_post()
        moves |= debit | credit | self.draft("out_receipt")
        moves.filtered(lambda move: move.state == "draft").action_post()
        found = set(moves.mapped("l10n_pt_atcud_document_type"))
        self.assertEqual(found, set(TYPES))
        return moves

    def receipt(self):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner_a.id,
                "journal_id": self.bank.id,
                "amount": 100.0,
                "date": lisbon_date(),
            }
        )
        payment.action_post()
        return payment


@tagged("post_install", "-at_install", "post_install_l10n")
class TestTrialForms(DemoDocuments, AtcudCommon):
    def test_every_form_says_it_in_the_language_of_its_reader(self):
        issued = self.issued_of_each_type()
        for lang, mark in MARK.items():
            issued.invalidate_recordset(["alerts"])
            for move in issued | self.draft():
                with self.subTest(lang, document=move.name):
                    alerts = move.with_context(lang=lang).alerts
                    self.assertEqual(alerts["l10n_pt_atcud_trial"]["message"], mark)
            payment = self.receipt().with_context(lang=lang)
            self.assertEqual(Form(payment).l10n_pt_atcud_mark, mark)
            journal = self.journal.with_context(lang=lang)
            self.assertIn("Demo: ", journal.l10n_pt_atcud_notice)

    def test_real_receipt_has_no_mark(self):
        self.use_environment("production")
        self.registered_series("R2026", "RG", journal_id=self.bank.id)
        self.assertFalse(self.receipt().l10n_pt_atcud_mark)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestTrialPages(
    DemoDocuments, PrintedPages, AtcudCommon, AccountTestInvoicingHttpCommon
):
    def assertMarked(self, records):
        for layout in LAYOUTS:
            with self.subTest(layout, report=self.report):
                self.company.sudo().external_report_layout_id = self.env.ref(
                    f"web.external_layout_{layout}"
                )
                pages = self.pages(records)
                self.assertGreaterEqual(len(pages), len(records))
                for page in pages:
                    text = " ".join(page.split())
                    self.assertIn("o código de validação é inventado", text)
                    self.assertIn("não tem valor fiscal", text)

    def test_every_printed_page_says_it_in_the_language_of_the_document(self):
        lines = [
            Command.create({"name": f"Azulejo {number}", "price_unit": 10.0})
            for number in range(50)
        ]
        long = self.draft(invoice_line_ids=lines)
        long.action_post()
        self.assertMarked(self.issued_of_each_type() | long | self.draft())

    def test_every_page_of_a_receipt_says_it(self):
        self.report = "account.action_report_payment_receipt"
        self.assertMarked(self.receipt())

    def test_portal_page_of_every_type_says_it(self):
        moves = self.issued_of_each_type()
        # Odoo has no portal page for a sales receipt.
        for move in moves.filtered(lambda one: one.move_type != "out_receipt"):
            with self.subTest(move.name):
                page = self.url_open(move.sudo().get_portal_url()).text
                self.assertTrue(any(mark in page for mark in MARK.values()))
