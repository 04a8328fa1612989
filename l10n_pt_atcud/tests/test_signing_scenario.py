"""The documents that AT asks for in its tests of programs, as far as Odoo issues them.

The numbers are those of AT's lists (phase 1: 5.x, phase 2: T x). Each document is
printed as a PDF, which is kept to be looked at.
"""

from datetime import UTC, datetime
from unittest.mock import patch

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.tests import tagged

from ..at_series import lisbon_date
from ..services import entry_clock
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
        self.bank = self.company_data["default_journal_bank"]
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
        for text in ("Processado por programa certificado", move.name, *texts):
            self.assertIn(text, page)
        self.assertNotIn("2.ª via", page)
        self.assertIn(str(move.invoice_date), page)
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

    def test_exemptions_payments_and_small_amounts(self):
        art53 = self.exempt.copy({"name": "Isenção artigo 53"})
        art53.l10n_pt_atcud_exemption_reason_id = self.env[
            "l10n_pt_atcud.exemption_reason"
        ].search([("code", "=", "M10")])
        taxes = (self.reduced, self.exempt, self.middle, self.normal, art53)
        prices = (12, 10, 10, 10, 10)
        five = self.printed(  # T13: two reasons, each with its lines
            self.draft(
                invoice_line_ids=[
                    self.line(f"Artigo {number}", price, tax)
                    for number, (price, tax) in enumerate(
                        zip(prices, taxes, strict=True)
                    )
                ]
            ),
            *("(M07)", "(M10)", "IVA – regime de isenção"),
        )
        self.assertEqual(self.total(five), "56.32")
        self.registered_series("A2026", "FR")
        paid = self.printed(  # T17: the payment is part of the document
            self.draft(
                l10n_pt_atcud_document_type="FR",
                l10n_pt_atcud_payment_journal_id=self.bank.id,
                invoice_line_ids=[self.line("Jarra", 10, self.normal)],
            ),
            *("Fatura-recibo", "Paid on"),
        )
        precision = self.env["decimal.precision"].sudo()
        precision.search([("name", "=", "Product Price")]).digits = 3
        screws = self.printed(  # T21
            self.draft(invoice_line_ids=[self.line("Prego", 0.001, self.normal, 2000)]),
            "0.001",
        )
        self.assertEqual(self.total(screws), "2.46")
        more = self.draft(  # 5.13
            debit_origin_id=five.id,
            l10n_pt_atcud_reason="Portes em falta",
            invoice_line_ids=[self.line("Portes", 5, self.normal)],
        )
        self.printed(more, five.name, "Portes em falta")
        self.check(five | paid | screws | more)

    def test_receipt_of_an_invoice(self):
        self.bank.l10n_pt_atcud_receipt_type = "RG"
        self.registered_series("A2026", "RG", journal_id=self.bank.id)
        move = self.printed(self.draft())
        register = self.env["account.payment.register"].with_context(
            active_model=move._name, active_ids=move.ids
        )
        payment = register.create({"journal_id": self.bank.id})._create_payments()
        self.report = "account.action_report_payment_receipt"
        page = "\n".join(self.pages(payment))
        for text in (
            *("Emitido por programa certificado", "não serve de fatura"),
            *("RG A2026/1", move.name, str(payment.l10n_pt_atcud_date)),
        ):
            self.assertIn(text, page)

    def test_document_before_ten_of_a_customer_known_by_number(self):
        known = {"name": "502757191", "vat": "PT502757191"}
        customer = self.env["res.partner"].sudo().create(known)  # T6
        today = lisbon_date()
        morning = datetime(today.year, today.month, today.day, 8, 5, 9, tzinfo=UTC)
        with patch.object(entry_clock, "utc_now", lambda: morning):
            move = self.printed(  # T22
                self.draft(
                    partner_id=customer.id,
                    l10n_pt_atcud_document_type="FS",
                    invoice_line_ids=[self.line("Café", 1, self.middle)],
                ),
                "502757191",
            )
        entry = move.l10n_pt_atcud_signed["entry"]
        self.assertRegex(entry, r"^\d{4}-\d\d-\d\dT0[89]:05:09$")
        self.check(move)

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
