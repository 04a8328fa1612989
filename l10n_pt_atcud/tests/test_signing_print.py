"""What a certified program prints, and that it prints nothing unsigned."""

import re
import subprocess

from lxml.html import fromstring
from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..at_series import lisbon_date
from ..at_series.signing import signature_characters
from .signing import NUMBER, SigningCommon
from .test_printing import LAYOUTS, Footers, PrintedPages
from .test_qr_print import Scanner

_EDGE = 4  # points that stay free at the edge of the paper
MENTION = f"Processado por programa certificado n.º {NUMBER}/AT"


class Prints:
    def print_once(self, record, report="account.account_invoices"):
        """Return the HTML of a print, which counts."""
        html, _kind = self.env["ir.actions.report"]._render_qweb_pdf(report, record.ids)
        return html.decode()


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningPrint(Prints, Footers, SigningCommon):
    def html(self, move, **context):
        """Return what a screen shows, which is never an original."""
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

    def test_what_is_not_issued_is_neither_printed_nor_shown(self):
        cancelled = self.draft()
        cancelled.button_cancel()
        manager = self.new_user("atcud_manager", "account.group_account_manager")
        external = self.draft().with_user(manager)
        external.write({"name": "ZZ 1/1", "l10n_pt_atcud_is_external": True})
        for move in (self.draft(), cancelled, external):
            with self.subTest(move.state, external=move.l10n_pt_atcud_is_external):
                self.assertWithheld(move.with_env(self.env))

    def assertWithheld(self, draft):
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
        together = draft | self.issued()  # printed together with others
        template = self.env.ref("account.email_template_edi_invoice").sudo()
        template.report_template_ids = self.env.ref("account.account_invoices")
        for door in (
            lambda: self.print_once(together),
            lambda: draft._get_invoice_legal_documents("pdf", allow_fallback=True),
            lambda: template.send_mail(draft.id),
        ):
            with self.assertRaisesRegex(UserError, "signed documents only"):
                door()
        with self.assertRaises(UserError):
            draft._generate_and_send()

    def test_mail_of_what_is_not_issued_names_no_amount(self):
        template = self.env.ref("account.email_template_edi_invoice").sudo()
        template.report_template_ids = False
        draft, issued = self.draft(), self.issued()
        composers = self.env["mail.compose.message"]

        def compose(move):
            values = {
                "model": "account.move",
                "res_ids": str(move.ids),
                "template_id": template.id,
            }
            return composers.create(values).body

        for door in (lambda: template.send_mail(draft.id), lambda: compose(draft)):
            refused = self.assertRaisesRegex(UserError, "signed documents only")
            with refused, self.env.cr.savepoint():
                door()
        self.assertIn(issued.name, compose(issued))
        for move, is_named in ((draft, False), (issued, True)):
            message = move.message_post(body="Bom dia")
            context = move._notify_by_email_prepare_rendering_context(message)
            named = "100.00" in str(context["subtitles"])
            self.assertEqual(named, is_named)

    def test_draft_prints_where_nothing_is_signed(self):
        self.signing.action_switch_off()
        self.assertTrue(self.html(self.draft()))

    def test_second_print_says_so_and_keeps_its_content(self):
        move = self.issued()
        first = self.print_once(move)
        self.assertNotIn("2.ª via", first)
        self.partner_a.sudo().street = "Outra rua 2"
        second = self.print_once(move)
        self.assertIn("2.ª via", second)
        self.assertIn("Rua do Ouro 1", second)
        self.assertNotIn("Outra rua 2", second)

    def test_what_a_screen_shows_is_a_second_print(self):
        move = self.issued()
        reports = self.env["ir.actions.report"]
        for forged in (True, 1, "PRINT"):
            html, _kind = reports.with_context(
                l10n_pt_atcud_print=forged
            )._render_qweb_html(
                "account.account_invoices", move.ids, data={"report_type": "pdf"}
            )
            self.assertIn("2.ª via", html.decode())
        self.assertNotIn("2.ª via", self.print_once(move))

    def test_prints_of_every_report_count(self):
        own = self.env.ref("account.account_invoices").sudo().copy()
        own.write({"is_invoice_report": False, "report_name": "account.report_invoice"})
        move = self.issued()
        self.assertNotIn("2.ª via", self.print_once(move, own))
        self.assertIn("2.ª via", self.print_once(move))

    def test_signed_document_is_never_a_pro_forma(self):
        move = self.issued()
        name = move.name.replace("/", "_")
        (document,) = move._get_invoice_legal_documents_all(allow_fallback=True)
        self.assertEqual(document["filename"], f"{name}.pdf")
        for html in (
            document["content"].decode(),
            self.html(move, proforma_invoice=True),
        ):
            self.assertIn('name="l10n_pt_atcud_title"', html)
            self.assertNotIn("Proforma", html)

    def test_later_payments_are_not_printed(self):
        journal = self.company_data["default_journal_bank"]
        self.registered_series("A2026", "FR")
        own = self.issued(
            l10n_pt_atcud_document_type="FR",
            l10n_pt_atcud_payment_journal_id=journal.id,
        )
        self.assertIn("Paid on", self.print_once(own))
        move = self.issued()
        first = self.print_once(move)
        self.pay(move)
        self.assertEqual(move.amount_residual, 0)
        self.assertNotIn("Paid on", first + self.html(move))

    def pay(self, move):
        register = self.env["account.payment.register"].with_context(
            active_model=move._name, active_ids=move.ids
        )
        journal = self.company_data["default_journal_bank"]
        return register.create({"journal_id": journal.id})._create_payments()

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
        for vat in (False, "PT999999990"):
            customer = self.partner_b.sudo().copy({"vat": vat})
            move = self.issued(partner_id=customer.id)
            with self.subTest(vat):
                html = self.html(move)
                self.assertIn("Consumidor final", html)
                self.assertNotIn("999999990", html.partition("invoice_main")[0])
                self.assertIn("*B:999999990*", move.l10n_pt_atcud_qr_payload)

    def test_all_dates_have_the_form_of_the_law(self):
        self.registered_series("A2026", "NC")
        move = self.issued(delivery_date=lisbon_date())
        note = self.credit_note(move)
        note.action_post()
        self.cancel_issued(note)
        for document, dates in ((move, 3), (note, 3)):
            html = self.html(document)
            self.assertGreaterEqual(html.count(f">{move.invoice_date}<"), dates)
            self.assertFalse(re.findall(r">\s*\d\d/\d\d/\d{4}\s*<", html))

    def test_withholding_stands_below_the_signed_total(self):
        """The printed total is the one that is signed, also at the second print."""
        self.company.sudo().display_invoice_amount_total_words = True
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
                (words,) = html.xpath("//p[contains(., 'Total amount in words')]")
                self.assertIn("Two Hundred And Thirty", words.text_content())
                self.assertIn("115.00", withheld.text_content())
                self.assertIn("230.00", tax.text_content())

    def test_total_in_euro_beside_another_currency_is_the_signed_one(self):
        dollar = self.env.ref("base.USD").sudo()
        dollar.active = True
        dollar.rate_ids.create(
            {
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "name": lisbon_date(),
                "rate": 2,
            }
        )
        chart = self.env["account.chart.template"].with_company(self.company)
        withholding = self.env["account.tax"].create(
            {
                "name": "Retenção",
                "amount": -11.5,
                "type_tax_use": "sale",
                "country_id": self.env.ref("base.pt").id,
            }
        )
        taxes = chart.ref("iva_pt_sale_normal") | withholding
        line = {"name": "X", "price_unit": 200, "tax_ids": [Command.set(taxes.ids)]}
        move = self.issued(
            currency_id=dollar.id, invoice_line_ids=[Command.create(line)]
        )
        self.assertEqual(move.l10n_pt_atcud_signed["gross_total"], "123.00")
        html = fromstring(self.html(move))
        totals = html.xpath("//tr[@class='o_total']/td[2]")
        found = [total.text_content().strip() for total in totals]
        self.assertEqual(len(found), 2)
        self.assertIn("246.00", found[0])
        self.assertIn("123.00", found[1])

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
        payment = self.pay(self.issued())
        report = "account.action_report_payment_receipt"
        text = self.print_once(payment, report)
        self.assertIn(f">{payment.l10n_pt_atcud_date}<", text)
        self.assertNotIn("2.ª via", text)
        self.assertIn("2.ª via", self.print_once(payment, report))
        self.assertIn(f"Emitido por programa certificado n.º {NUMBER}/AT", text)
        self.assertIn("Este documento não serve de fatura", text)
        service = self.env["l10n_pt_atcud.qr_code"]
        payload = service.payload_of_document(
            payment, payment._l10n_pt_atcud_signature()
        )
        self.assertTrue(payload.endswith(f"*Q:0*R:{NUMBER}"))

    def test_receipt_without_a_number_is_not_printed(self):
        payment = self.pay(self.issued())
        with self.assertRaisesRegex(UserError, "no number of a receipt"):
            self.print_once(payment, "account.action_report_payment_receipt")
        supplier = payment.create(
            {"payment_type": "outbound", "partner_type": "supplier", "amount": 7}
        )
        report = "account.action_report_payment_receipt"
        self.assertTrue(self.print_once(supplier, report))


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningPdf(
    Prints, Scanner, PrintedPages, SigningCommon, AccountTestInvoicingHttpCommon
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

    def test_all_mentions_find_room_on_the_paper_of_every_layout(self):
        training = self.registered_series("T2026", kind="training")
        recovery = self.registered_series("R2026", kind="recovery")
        moves = self.issued(l10n_pt_atcud_series_id=training.id) | self.issued(
            l10n_pt_atcud_series_id=recovery.id,
            l10n_pt_atcud_origin="duplicate",
            l10n_pt_atcud_original_number="FT A2025/123456",
        )
        for move in moves:
            self.cancel_issued(move)
            self.print_once(move)
        for layout in LAYOUTS:
            self.company.sudo().external_report_layout_id = self.env.ref(
                f"web.external_layout_{layout}"
            )
            for page in self.words(self.pdf(moves)):
                words = page.iter("word")
                text = " ".join(word.text for word in page.iter("word"))
                lowest = max(float(word.get("ymax")) for word in words)
                with self.subTest(layout, text=text[-200:]):
                    self.assertIn("2.ª via Documento anulado", text)
                    self.assertRegex(text, "Page 1 / 1")
                    self.assertLess(lowest, float(page.get("height")) - _EDGE)

    def words(self, pdf):
        """Return the pages of a PDF, with the place of each word."""
        answer = subprocess.run(
            ["pdftotext", "-bbox", "-", "-"],
            input=pdf,
            capture_output=True,
            check=True,
        )
        return fromstring(answer.stdout.decode()).iter("page")

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

    def test_addresses_of_reports_show_no_draft(self):
        draft, move = self.draft(), self.issued()
        self.authenticate(self.env.user.login, self.env.user.login)
        for address in (
            f"/report/html/account.report_invoice/{draft.id}",
            f"/report/html/account.report_invoice_with_payments/{move.id},{draft.id}",
            f"/report/pdf/account.report_invoice/{draft.id}",
            f"/report/text/account.report_invoice/{draft.id}",
            f"/account/download_invoice_documents/{draft.id}/pdf",
            f"/account/download_invoice_documents/{draft.id}/all",
            f"/account/download_invoice_documents/{draft.id}/ubl",
        ):
            with self.subTest(address), mute_logger("odoo.http"):
                answer = self.url_open(address)
                self.assertGreaterEqual(answer.status_code, 400)
                self.assertIn("signed documents only", answer.text)
                self.assertNotIn("Azulejo", answer.text)

    def test_prints_by_address_count(self):
        move = self.issued()
        self.authenticate(self.env.user.login, self.env.user.login)
        for prints in (1, 2):
            address = f"/report/pdf/account.report_invoice/{move.id}"
            # Begun with a cursor that only reads, and repeated by Odoo.
            with mute_logger("odoo.http", "odoo.sql_db"):
                self.assertEqual(self.url_open(address).status_code, 200)
            self.env.invalidate_all()
            self.assertEqual(move.l10n_pt_atcud_prints, prints)
