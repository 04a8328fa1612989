"""The documents that AT asks for in its tests of programs, as far as Odoo issues them.

The numbers are those of AT's lists (phase 1: 5.x, phase 2: T x). Each document is
printed as a PDF, which is kept to be looked at.
"""

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.tests import tagged

from ..at_series import lisbon_date
from .signing import SigningCommon
from .test_printing import PrintedPages


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningScenario(PrintedPages, SigningCommon, AccountTestInvoicingHttpCommon):
    def setUp(self):
        super().setUp()
        for document_type in ("FS", "NC", "ND"):
            self.registered_series("A2026", document_type)
        chart = self.env["account.chart.template"].with_company(self.company)
        self.normal, self.middle, self.reduced = (
            chart.ref(f"iva_pt_sale_{name}")
            for name in ("normal", "intermedia", "reduzida")
        )
        self.anonymous = self.env["res.partner"].sudo().create({"name": "Maria Alves"})

    def line(self, name, price, tax, quantity=1, **values):
        return Command.create(
            {
                "name": name,
                "price_unit": price,
                "quantity": quantity,
                "tax_ids": [Command.set(tax.ids)],
                **values,
            }
        )

    def printed(self, move, *texts):
        """Post where needed, print, and look for texts; return the document."""
        if move.state == "draft":
            move.action_post()
        page = "\n".join(self.pages(move))
        for text in ("Processado por programa certificado", *texts):
            self.assertIn(text, page)
        return move

    def total(self, move):
        return move.l10n_pt_atcud_signed["gross_total"]

    def test_documents_of_the_tests(self):
        simplified = self.printed(  # 5.1, T6
            self.draft(
                l10n_pt_atcud_document_type="FS",
                invoice_line_ids=[self.line("Café", 1, self.middle)],
            ),
            "Fatura simplificada",
        )
        cancelled = self.draft()  # 5.2, T7: another user cancels
        cancelled.with_user(self.accountant).action_post()
        self.cancel_issued(cancelled)
        self.assertNotEqual(
            cancelled.l10n_pt_atcud_cancelled_by_id, cancelled.l10n_pt_atcud_issuer_id
        )
        self.printed(cancelled, "Documento anulado")
        four = self.printed(  # 5.6
            self.draft(
                invoice_line_ids=[
                    self.line("Pão", 10, self.reduced),
                    self.line("Aula", 10, self.exempt),
                    self.line("Vinho", 10, self.middle),
                    self.line("Mesa", 10, self.normal),
                ]
            ),
            "M07",
        )
        self.assertEqual(self.total(four), "44.20")
        note = self.credit_note(four)  # 5.5, T15: a price lowered, a line returned
        note.invoice_line_ids[1].unlink()
        note.invoice_line_ids[-1].unlink()
        note.invoice_line_ids[0].price_unit = 2
        self.printed(note, four.name, "Devolução")
        discounted = self.printed(  # 5.7, T16
            self.draft(
                invoice_line_ids=[
                    self.line("Parafuso", 0.55, self.normal, 100, discount=8.8),
                    self.line("Porca", 3.45, self.normal, 3.5),
                ]
            )
        )
        self.assertEqual(self.total(discounted), "76.55")
        small = [  # 5.9, 5.10, T19 to T22: below 1.00, customers without a number
            self.printed(
                self.draft(
                    partner_id=customer.id,
                    invoice_line_ids=[self.line("Saco", 0.10, self.normal)],
                ),
                "Consumidor final",
            )
            for customer in (self.anonymous, self.anonymous.copy({"name": "Rui Sá"}))
        ]
        self.assertEqual(self.total(small[0]), "0.12")
        everything = simplified | cancelled | four | note | discounted | small[0]
        self.check(everything | small[1])

    def test_currency_training_and_recovery(self):
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
        foreign = self.printed(self.draft(currency_id=dollar.id))  # 5.8, T18
        self.assertEqual(self.total(foreign), "50.00")
        training = self.registered_series("T2026", kind="training")
        trained = self.printed(
            self.draft(l10n_pt_atcud_series_id=training.id),
            "Documento emitido para fins de Formação",
            "Olaria de Software Lda",
        )
        series = self.registered_series("R2026", kind="recovery")
        recovered = self.env["account.move"]
        for original, date in (("F 2022/23", "2026-01-14"), ("D 2022/3", "2026-01-12")):
            recovered |= self.printed(  # T28
                self.draft(
                    date=date,
                    l10n_pt_atcud_series_id=series.id,
                    l10n_pt_atcud_origin="manual",
                    l10n_pt_atcud_original_number=original,
                ),
                f"Cópia do documento original - FTM {original}",
                date,
            )
        self.check(foreign | trained | recovered)

    def check(self, moves):
        """All chains are whole, and SAF-T gets what was signed."""
        verification = self.env["l10n_pt_atcud.chain_verification"]
        self.assertEqual(verification.verify(self.signing).breaks, [])
        for move in moves:
            data = self.env["l10n_pt_atcud.saft_data"].of(move)
            self.assertEqual(data["Hash"], move.l10n_pt_atcud_hash)
            self.assertEqual(data["GrossTotal"], self.total(move))
            self.assertIn(f"*O:{self.total(move)}*", move.l10n_pt_atcud_qr_payload)
