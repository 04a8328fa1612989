"""A later change of anything that a document was printed from changes no reprint."""

import datetime
import re

from lxml import html as lxml_html
from odoo import Command
from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..at_series import lisbon_date
from .common import AtcudCommon
from .signing import SigningCommon
from .test_immutability import FORGED, refused


class Printed:
    def html(self, move):
        """Return the pages as the accountant's browser gets them."""
        reports = self.env["ir.actions.report"].with_user(self.accountant)
        html, _kind = reports._render(
            "account.report_invoice", move.ids, data={"report_type": "html"}
        )
        return html.decode()

    def text(self, move):
        """Return what stands on the paper, letterhead and footer left out."""
        self.env.flush_all()
        self.env.invalidate_all()
        (page,) = lxml_html.fromstring(self.html(move)).xpath(
            "//div[contains(@class, 'article')]"
        )
        for place in page.xpath(".//div[contains(@class, 'footer')]"):
            place.getparent().remove(place)
        return " ".join(page.text_content().split())


class Document(Printed):
    """An invoice that is printed from as many records as possible."""

    def setUp(self):
        super().setUp()
        self.registered_series()
        for group in (
            "account.group_delivery_invoice_address",
            "uom.group_uom",
        ):
            self.accountant.sudo().group_ids += self.env.ref(group)
        self.company.sudo().display_invoice_amount_total_words = True
        self.partner_a.sudo().write(
            {"ref": "C-1", "street": "Rua A 1", "lang": "en_US", "is_company": True}
        )
        self.shipping = self.partner_a.sudo().create(
            {
                "name": "Armazém",
                "parent_id": self.partner_a.id,
                "type": "delivery",
                "street": "Rua do Cais 5",
                "city": "Aveiro",
            }
        )
        self.tax = self.company_data["default_tax_sale"].sudo()
        self.tax.invoice_legal_notes = "<p>Nota do imposto</p>"
        self.terms = (
            self.env["account.payment.term"]
            .sudo()
            .create(
                {
                    "name": "Duas vezes",
                    "note": "<p>Pague em duas vezes</p>",
                    "display_on_invoice": True,
                    "early_discount": False,
                    "line_ids": [
                        Command.create(
                            {"value": "percent", "value_amount": 50, "nb_days": days}
                        )
                        for days in (10, 40)
                    ],
                }
            )
        )
        self.position = (
            self.env["account.fiscal.position"]
            .sudo()
            .create({"name": "Especial", "note": "<p>Nota da posição</p>"})
        )
        self.bank_account = (
            self.env["res.partner.bank"]
            .sudo()
            .create(
                {
                    "acc_number": "PT50000201231234567890154",
                    "partner_id": self.company.partner_id.id,
                    "allow_out_payment": True,
                }
            )
        )
        self.incoterm = self.env["account.incoterms"].sudo().search([], limit=1)
        self.unit = self.env.ref("uom.product_uom_dozen").sudo()
        self.product = self.product_a.sudo()
        self.invoice = self.draft(
            partner_shipping_id=self.shipping.id,
            invoice_payment_term_id=self.terms.id,
            fiscal_position_id=self.position.id,
            partner_bank_id=self.bank_account.id,
            invoice_incoterm_id=self.incoterm.id,
            incoterm_location="Leixões",
            payment_reference="REF-1",
            delivery_date=lisbon_date(),
            narration="<p>Obrigado</p>",
            invoice_line_ids=[
                Command.create(
                    {
                        "name": "Azulejo",
                        "product_id": self.product.id,
                        "product_uom_id": self.unit.id,
                        "quantity": 2,
                        "price_unit": 50.0,
                        "tax_ids": [Command.set(self.tax.ids)],
                    }
                )
            ],
        )
        self.invoice.action_post()


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReprint(Document, AtcudCommon):
    def test_all_that_is_printed_is_there(self):
        text = self.text(self.invoice)
        for part in (
            "Armazém",
            "Rua do Cais 5",
            "C-1",
            "Nota do imposto",
            "Nota da posição",
            "Pague em duas vezes",
            "REF-1",
            "PT50 0002 0123",
            self.incoterm.code,
            "Leixões",
            "Dozens",
            "24.00",
            "Installment of",
            "Obrigado",
            "One Hundred",
        ):
            with self.subTest(part):
                self.assertIn(part, text)

    def test_a_draft_is_printed_as_it_will_be_issued(self):
        draft = self.invoice.copy({"invoice_date": lisbon_date()})
        self.terms.note = "<p>Outras condições</p>"
        self.position.note = "<p>Outra posição</p>"
        text = self.text(draft)
        self.assertIn("Outras condições", text)
        self.assertIn("Outra posição", text)

    def test_no_record_behind_it_changes_the_reprint(self):
        before = self.text(self.invoice)
        records = (
            self.partner_a,
            self.shipping,
            self.terms,
            self.terms.line_ids,
            self.position,
            self.bank_account,
            self.incoterm,
            self.tax,
            self.tax.tax_group_id,
            self.unit,
            self.product,
            self.product.product_tmpl_id,
            self.product.uom_id,
        )
        for record in records:
            with self.subTest(record._name):
                self.change_every_field(record.sudo())
                self.assertEqual(self.text(self.invoice), before)
        self.company.sudo().display_invoice_amount_total_words = False
        self.assertEqual(self.text(self.invoice), before)

    @mute_logger("odoo.sql_db", "odoo.models.unlink")
    def change_every_field(self, record):
        """Write another value to each field; what Odoo refuses stays."""
        other_unit = self.env.ref("uom.product_uom_unit")
        changed = []
        for name, field in record._fields.items():
            if not field.store or field.readonly or name in ("id", "active"):
                continue
            values = {
                "char": "Outro",
                "text": "Outro",
                "html": "<p>Outro</p>",
                "float": 7.0,
                "integer": 7,
                "monetary": 7.0,
                "boolean": not record[:1][name],
                "date": "2027-01-01",
            }
            value = values.get(field.type)
            if name in ("uom_id", "relative_uom_id"):
                value = other_unit.id
            if field.type == "selection":
                value = next(
                    (x for x in field.get_values(self.env) if x != record[:1][name]),
                    None,
                )
            if value is None:
                continue
            try:
                with self.cr.savepoint():
                    record[:1].with_context(no_vat_validation=True)[name] = value
                    self.env.flush_all()
                changed.append(name)
            except Exception:  # noqa: BLE001, S112 - any refusal will do
                self.env.invalidate_all()
        self.assertTrue(changed)

    def test_language_of_the_reprint_is_that_of_the_document(self):
        before = self.text(self.invoice)
        self.env["res.lang"].sudo()._activate_lang("pt_PT")
        self.partner_a.sudo().lang = "pt_PT"
        self.assertEqual(self.text(self.invoice), before)

    def test_what_is_printed_beside_the_lines_cannot_be_written(self):
        other = self.bank_account.copy({"acc_number": "PT50002700000001234567833"})
        for name, value in (
            ("payment_reference", "REF-2"),
            ("payment_reference", False),
            ("partner_bank_id", other.id),
            ("partner_bank_id", False),
            ("invoice_incoterm_id", False),
            ("incoterm_location", "Sines"),
            ("partner_shipping_id", self.partner_a.id),
            ("delivery_date", "2026-01-01"),
            ("invoice_origin", "S1"),
            ("ref", "X"),
            ("narration", "<p>X</p>"),
            ("invoice_payment_term_id", False),
        ):
            with self.subTest(name, value=value), refused(self):
                moves = self.env["account.move"].with_user(self.accountant)
                values = {name: value}
                call_kw(moves, "write", [self.invoice.ids, values], {"context": FORGED})
        line = self.invoice.invoice_line_ids
        for name in ("collapse_composition", "collapse_prices"):
            with self.subTest(name), refused(self):
                line.write({name: True})

    def test_due_date_is_not_before_the_document(self):
        earlier = self.invoice.invoice_date - datetime.timedelta(days=1)
        with self.assertRaisesRegex(UserError, "not due before"):
            self.invoice.invoice_date_due = earlier

    def test_a_later_due_date_may_be_agreed_and_changes_no_reprint(self):
        invoice = self.draft(
            invoice_payment_term_id=False, invoice_date_due=lisbon_date()
        )
        invoice.action_post()
        before = self.text(invoice)
        later = lisbon_date() + datetime.timedelta(days=40)
        invoice.with_user(self.accountant).invoice_date_due = later
        self.assertEqual(invoice.invoice_date_due, later)
        self.assertEqual(self.text(invoice), before)
        terms = self.invoice.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        before = self.text(self.invoice)
        terms[:1].date_maturity = later
        self.assertEqual(self.text(self.invoice), before)

    def test_payment_changes_no_reprint(self):
        before = self.text(self.invoice)
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        register.create({})._create_payments()
        self.assertEqual(self.invoice.payment_state, "partial")
        self.assertEqual(self.invoice.payment_reference, "REF-1")
        self.assertEqual(self.text(self.invoice), before)

    def test_early_discount_is_printed_as_it_was_offered(self):
        terms = self.env["account.payment.term"].sudo()
        terms = terms.create(
            {
                "name": "Com desconto",
                "display_on_invoice": True,
                "early_discount": True,
                "discount_percentage": 10,
                "discount_days": 5,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        invoice = self.draft(invoice_payment_term_id=terms.id)
        invoice.action_post()
        before = self.text(invoice)
        self.assertIn("due if paid before", before)
        terms.discount_percentage = 50
        terms.discount_days = 20
        self.assertEqual(self.text(invoice), before)

    def test_note_names_the_document_as_it_was(self):
        self.registered_series("A2026", "NC")
        self.env.user.group_ids += self.env.ref("account.group_account_manager")
        external = self.draft(
            l10n_pt_atcud_is_external=True, name="FT X/9", date="2026-05-03"
        )
        external.action_post()
        note = self.draft(
            "out_refund",
            reversed_entry_id=external.id,
            l10n_pt_atcud_reason="Devolução",
        )
        note.action_post()
        before = self.text(note)
        self.assertIn("FT X/9", before)
        external.button_draft()
        external.write({"name": "FT X/10", "invoice_date": "2026-06-04"})
        external.action_post()
        self.assertEqual(self.text(note), before)

    def test_documents_of_other_kinds_are_printed_as_by_odoo(self):
        journal = self.company_data["default_journal_purchase"]
        bill = self.draft(
            "in_refund", journal_id=journal.id, ref="B1", payment_reference="X-1"
        )
        bill.action_post()
        self.assertIn("X-1", self.text(bill))
        bill.payment_reference = "X-2"
        self.assertIn("X-2", self.text(bill))


@tagged("post_install", "-at_install", "post_install_l10n")
class TestHeadings(Printed, AtcudCommon):
    def setUp(self):
        super().setUp()
        self.partner_a.sudo().country_id = self.env.ref("base.pt")
        for name in ("FT", "FR", "NC", "ND"):
            self.registered_series("A2026", name)

    def test_draft_has_the_name_of_its_type(self):
        bank = self.company_data["default_journal_bank"]
        draft = self.draft(
            l10n_pt_atcud_document_type="FR", l10n_pt_atcud_payment_journal_id=bank.id
        )
        self.assertIn("Fatura-recibo - rascunho", self.text(draft))
        draft.action_post()
        text = self.text(draft)
        self.assertIn("Fatura-recibo FR A2026/1", text)
        self.assertNotIn("rascunho", text)
        self.partner_a.sudo().country_id = self.env.ref("base.fr")
        self.assertIn("Invoice - draft", self.text(self.draft()))

    def test_debit_note_has_no_date_of_an_invoice(self):
        invoice = self.draft()
        invoice.action_post()
        note = self.draft(
            debit_origin_id=invoice.id, l10n_pt_atcud_reason="Portes de envio"
        )
        note.action_post()
        self.assertEqual(note.l10n_pt_atcud_document_type, "ND")
        self.assertIn("Invoice Date", self.text(invoice))
        self.assertNotIn("Invoice Date", self.text(note))

    def test_draft_without_a_series_shows_no_number_to_come(self):
        draft = self.draft("out_receipt")
        self.assertEqual(draft.l10n_pt_atcud_document_type, "FS")
        self.assertFalse(draft.l10n_pt_atcud_series_id)
        self.assertFalse(draft.name_placeholder)
        self.assertEqual(self.draft().name_placeholder, "FT A2026/1")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSignedDates(Printed, SigningCommon):
    def test_every_date_of_a_signed_document_has_one_form(self):
        self.registered_series("A2026", "NC")
        terms = self.env.ref("account.account_payment_term_end_following_month")
        invoice = self.issued(
            delivery_date=lisbon_date(), invoice_payment_term_id=terms.id
        )
        note = self.credit_note(invoice)
        note.action_post()
        self.cancel_issued(note)
        for move in (invoice, note):
            text = self.text(move)
            self.assertIn(str(lisbon_date()), text)
            self.assertFalse(re.findall(r"\d{2}/\d{2}/\d{4}", text))
