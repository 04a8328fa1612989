"""What a certified program prints, and that it prints nothing unsigned."""

import re

from lxml.html import fromstring
from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..at_series.signing import signature_characters
from .signing import NUMBER, SigningCommon
from .test_printing import LAYOUTS, Footers, PrintedPages
from .test_qr_print import Scanner

MENTION = f"Processado por programa certificado n.º {NUMBER}/AT"


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningPrint(Footers, SigningCommon):
    def html(self, move, **context):
        reports = self.env["ir.actions.report"].with_context(**context)
        html, _kind = reports._render_qweb_html("account.account_invoices", move.ids)
        return html.decode()

    def test_mention_is_on_every_layout_with_the_stored_characters(self):
        move = self.issued()
        characters = signature_characters(move.l10n_pt_atcud_hash)
        for layout in LAYOUTS:
            with self.subTest(layout):
                self.company.sudo().external_report_layout_id = self.env.ref(
                    f"web.external_layout_{layout}"
                )
                footers = str(self.footers(move))
                self.assertEqual(footers.count(f"{characters}-{MENTION}"), 1)

    def test_draft_is_neither_printed_nor_shown(self):
        draft = self.draft()
        for context in (
            {},
            {"proforma_invoice": True},
            {"l10n_pt_atcud_test_print": True},
        ):
            with (
                self.subTest(context),
                self.assertRaisesRegex(UserError, "signed documents only"),
            ):
                self.html(draft, **context)
        reports = self.env["ir.actions.report"]
        with self.assertRaisesRegex(UserError, "signed documents only"):
            reports._render_qweb_pdf("account.account_invoices", draft.ids)

    def test_draft_prints_where_nothing_is_signed(self):
        self.signing.action_switch_off()
        self.assertTrue(self.html(self.draft()))

    def test_second_print_says_so_and_keeps_its_content(self):
        move = self.issued()
        first = self.html(move)
        self.assertNotIn("2.ª via", first)
        self.env["ir.actions.report"]._render_qweb_pdf(
            "account.account_invoices", move.ids
        )
        self.partner_a.sudo().street = "Outra rua 2"
        second = self.html(move)
        self.assertIn("2.ª via", second)
        self.assertIn("Rua do Ouro 1", second)
        self.assertNotIn("Outra rua 2", second)

    def test_training_documents_show_the_producer_in_every_header(self):
        training = self.registered_series("T2026", kind="training")
        move = self.issued(l10n_pt_atcud_series_id=training.id)
        normal = self.issued()
        self.signing.producer_vat = "PT999999990"
        for layout in LAYOUTS:
            self.company.sudo().external_report_layout_id = self.env.ref(
                f"web.external_layout_{layout}"
            )
            with self.subTest(layout):
                html = self.html(move)
                self.assertEqual(html.count('name="l10n_pt_atcud_producer"'), 1)
                self.assertIn("NIF PT502757191", html)
                self.assertNotIn('name="company_address_list"', html)
                self.assertIn('name="company_address_list"', self.html(normal))

    def test_customer_without_a_number_is_the_final_consumer(self):
        with_number = self.html(self.issued())
        self.assertNotIn("Consumidor final", with_number)
        self.partner_b.sudo().write({"vat": False})
        self.assertIn(
            "Consumidor final", self.html(self.issued(partner_id=self.partner_b.id))
        )

    def test_date_has_the_form_of_the_law(self):
        move = self.issued()
        found = re.search(
            r'name="invoice_date".*?</div>\s*</div>', self.html(move), re.S
        )
        self.assertIn(str(move.invoice_date), found[0])

    def test_withholding_stands_below_the_signed_total(self):
        """The printed total is the one that is signed, also at the second print."""
        chart = self.env["account.chart.template"].with_company(self.company)
        own = self.env["account.tax.group"].create(
            {"name": "Retenção", "country_id": self.env.ref("base.pt").id}
        )
        withholding = self.env["account.tax"].create(
            {
                "name": "Retenção",
                "amount": -11.5,
                "type_tax_use": "sale",
                "country_id": self.env.ref("base.pt").id,
                "tax_group_id": own.id,
            }
        )
        normal = chart.ref("iva_pt_sale_normal")
        for group in (own, normal.tax_group_id):  # of its own, and shared
            withholding.tax_group_id = group
            line = Command.create(
                {
                    "name": "Consultoria",
                    "price_unit": 1000,
                    "tax_ids": [Command.set((normal | withholding).ids)],
                }
            )
            move = self.issued(invoice_line_ids=[line])
            self.assertEqual(move.l10n_pt_atcud_signed["gross_total"], "1230.00")
            for _print in range(2):
                html = fromstring(self.html(move))
                (total,) = html.xpath("//tr[@class='o_total']/td[2]")
                (withheld,) = html.xpath("//td[@name='l10n_pt_atcud_withheld']")
                (tax,) = html.xpath("//td[contains(@class, 'o_price_total')]/span")[-1:]
                self.assertIn("1,230.00", total.text_content())
                self.assertIn("115.00", withheld.text_content())
                self.assertIn("230.00", tax.text_content())

    def test_day_of_supply_is_entered_printed_and_exported(self):
        with Form(self.draft()) as form:
            form.delivery_date = "2026-03-04"
        move = form.record
        move.action_post()
        saft = self.env["l10n_pt_atcud.saft_data"]
        # A sale order computes it anew when goods leave later: not on paper.
        with self.env.protecting([move._fields["delivery_date"]], move):
            move.delivery_date = "2026-04-05"
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.account_invoices", move.ids
        )
        self.assertIn("2026-03-04", html.decode())
        self.assertNotIn("2026-04-05", html.decode())
        self.assertEqual(saft.of(move)["TaxPointDate"], "2026-03-04")
        other = self.issued()
        self.assertEqual(saft.of(other)["TaxPointDate"], str(other.invoice_date))

    def test_recovered_document_names_its_original(self):
        series = self.registered_series("R2026", kind="recovery")
        move = self.issued(
            l10n_pt_atcud_series_id=series.id,
            l10n_pt_atcud_origin="manual",
            l10n_pt_atcud_original_number="abc/00001",
        )
        footers = str(self.footers(move))
        self.assertIn("Cópia do documento original - FTM abc/00001", footers)
        self.assertIn(MENTION, footers)
        self.registered_series("A2026", "NC")
        note = self.credit_note(move)
        note.l10n_pt_atcud_series_id = self.env["l10n_pt_atcud.series"].search(
            [("document_type", "=", "NC")]
        )
        note.action_post()
        self.assertIn("abc/00001", self.html(note))

    def test_receipt_is_issued_by_the_program_and_not_signed(self):
        journal = self.company_data["default_journal_bank"]
        journal.l10n_pt_atcud_receipt_type = "RG"
        self.registered_series("A2026", "RG", journal_id=journal.id)
        invoice = self.issued()
        register = self.env["account.payment.register"].with_context(
            active_model=invoice._name, active_ids=invoice.ids
        )
        payment = register.create({"journal_id": journal.id})._create_payments()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.action_report_payment_receipt", payment.ids
        )
        text = html.decode()
        self.assertIn(f"Emitido por programa certificado n.º {NUMBER}/AT", text)
        self.assertIn("Este documento não serve de fatura", text)
        service = self.env["l10n_pt_atcud.qr_code"]
        payload = service.payload_of_document(
            payment, payment._l10n_pt_atcud_signature()
        )
        self.assertTrue(payload.endswith(f"*Q:0*R:{NUMBER}"))


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningPdf(
    Scanner, PrintedPages, SigningCommon, AccountTestInvoicingHttpCommon
):
    def test_qr_code_decodes_from_the_pdf_to_what_was_signed(self):
        move = self.issued()
        found = self.scan(self.picture(self.pdf(move)))
        self.assertEqual(found.text, move.l10n_pt_atcud_qr_payload)
        characters = signature_characters(move.l10n_pt_atcud_hash)
        self.assertTrue(found.text.endswith(f"*Q:{characters}*R:{NUMBER}"))

    def test_mention_is_on_every_page(self):
        lines = [
            Command.create({"name": f"Azulejo {number}", "price_unit": 10.0})
            for number in range(50)
        ]
        move = self.issued(invoice_line_ids=lines)
        pages = self.pages(move)
        self.assertGreater(len(pages), 1)
        for page in pages:
            self.assertEqual(page.count(MENTION), 1)
            self.assertNotIn("2.ª via", page)
        for page in self.pages(move):
            self.assertIn("2.ª via", page)

    def test_customers_page_shows_no_draft(self):
        draft = self.draft()
        token = draft._portal_ensure_token()
        self.env.flush_all()
        for suffix in ("", "&report_type=html", "&report_type=pdf"):
            address = f"/my/invoices/{draft.id}?access_token={token}{suffix}"
            answer = self.url_open(address, allow_redirects=False)
            with self.subTest(suffix):
                self.assertEqual(answer.status_code, 303)
                self.assertTrue(answer.headers["Location"].endswith("/my"))
