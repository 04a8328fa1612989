"""Limits of simplified invoices, payment of invoice-receipts, what notes must name."""

import datetime

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..at_series import lisbon_date
from .common import AtcudCommon


class Rules:
    def setUp(self):
        super().setUp()
        self.company.sudo().l10n_pt_atcud_document_rules = "refuse"

    def line(self, price, quantity=1, **values):
        return Command.create(
            {
                "name": "Azulejo",
                "price_unit": price,
                "quantity": quantity,
                "tax_ids": False,
                **values,
            }
        )

    def of_type(self, document_type, *lines, **values):
        return self.draft(
            l10n_pt_atcud_document_type=document_type,
            invoice_line_ids=list(lines) or [self.line(100)],
            **values,
        )

    def remark(self, draft):
        return (draft.alerts or {}).get("l10n_pt_atcud_rules", {}).get("message", "")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSimplifiedInvoice(Rules, AtcudCommon):
    def setUp(self):
        super().setUp()
        self.registered_series("S", "FS")
        self.partner_a.sudo().is_company = False

    def post(self, *lines):
        invoice = self.of_type("FS", *lines)
        invoice.action_post()
        return invoice.state

    def test_the_limit_is_100_euro(self):
        self.assertEqual(self.post(self.line(100)), "posted")
        draft = self.of_type("FS", self.line(100.01))
        self.assertIn("100.00", self.remark(draft))
        with self.assertRaisesRegex(UserError, "100.01"):
            draft.action_post()

    def test_retailers_sell_goods_to_private_customers_up_to_1000_euro(self):
        self.company.sudo().l10n_pt_atcud_is_retailer = True
        self.assertEqual(self.post(self.line(1000)), "posted")
        with self.assertRaises(UserError):
            self.post(self.line(1000.01))
        service = self.env["product.product"].create(
            {"name": "Montagem", "type": "service"}
        )
        with self.assertRaises(UserError):
            self.post(self.line(500, product_id=service.id))
        self.partner_a.sudo().is_company = True
        with self.assertRaises(UserError):
            self.post(self.line(500))

    def test_tax_belongs_to_the_total(self):
        tax = self.company_data["default_tax_sale"]
        with self.assertRaises(UserError):
            self.post(self.line(99, tax_ids=[Command.set(tax.ids)]))

    def test_vat_is_due_in_portugal(self):
        reasons = self.env["l10n_pt_atcud.exemption_reason"]
        taxes = self.exempt | self.company_data["default_tax_sale"]
        abroad = self.exempt.sudo().copy({"name": "Fora"})
        for code in ("M05", "M16", "M40", "M44", "M45"):
            with self.subTest(code):
                reason = reasons.search([("code", "=", code)])
                abroad.l10n_pt_atcud_exemption_reason_id = reason
                draft = self.of_type("FS", self.line(10, tax_ids=abroad.ids))
                self.assertIn("due in Portugal", self.remark(draft))
                with self.assertRaisesRegex(UserError, "due in Portugal"):
                    draft.action_post()
        abroad.l10n_pt_atcud_exemption_reason_id = False
        abroad.l10n_pt_atcud_space = "OSS"
        with self.assertRaisesRegex(UserError, "due in Portugal"):
            self.post(self.line(10, tax_ids=abroad.ids))
        for tax in taxes:
            self.assertEqual(self.post(self.line(10, tax_ids=tax.ids)), "posted")

    def test_foreign_customer_of_a_supply_in_portugal(self):
        self.partner_a.sudo().country_id = self.env.ref("base.fr")
        tax = self.company_data["default_tax_sale"]
        self.assertEqual(self.post(self.line(10, tax_ids=tax.ids)), "posted")

    def test_company_may_be_warned(self):
        self.company.sudo().l10n_pt_atcud_document_rules = "warn"
        invoice = self.of_type("FS", self.line(5000))
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        self.assertIn("Choose the type FT or FR", invoice.message_ids[0].body)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestInvoiceReceipt(Rules, AtcudCommon):
    def setUp(self):
        super().setUp()
        self.registered_series("R", "FR")
        self.bank = self.company_data["default_journal_bank"]

    def test_it_is_paid_when_it_is_issued(self):
        invoice = self.of_type("FR", l10n_pt_atcud_payment_journal_id=self.bank.id)
        self.assertFalse(self.remark(invoice))
        invoice.with_user(self.accountant).action_post()
        self.assertEqual(invoice.name, "FR R/1")
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        payment = invoice.matched_payment_ids
        self.assertEqual(payment.journal_id, self.bank)
        self.assertEqual(payment.amount, 100.0)
        self.assertEqual(payment.date, invoice.invoice_date)

    def test_without_a_payment_it_is_refused(self):
        invoice = self.of_type("FR")
        self.assertIn("Paid by", self.remark(invoice))
        with self.assertRaises(UserError):
            invoice.action_post()
        self.company.sudo().l10n_pt_atcud_document_rules = "warn"
        invoice.action_post()
        self.assertEqual(invoice.payment_state, "not_paid")

    def test_other_types_are_not_paid(self):
        self.registered_series()
        invoice = self.of_type("FT", l10n_pt_atcud_payment_journal_id=self.bank.id)
        invoice.action_post()
        self.assertEqual(invoice.payment_state, "not_paid")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestInvoice(Rules, AtcudCommon):
    def setUp(self):
        super().setUp()
        self.registered_series()
        self.portugal = self.env.ref("base.pt")

    def test_1000_euro_need_name_and_address(self):
        self.partner_a.sudo().write({"street": False, "city": False, "zip": False})
        self.assertFalse(self.remark(self.of_type("FT", self.line(999.99))))
        invoice = self.of_type("FT", self.line(1000))
        self.assertIn("name and address", self.remark(invoice))
        with self.assertRaisesRegex(UserError, "name and address"):
            invoice.action_post()
        self.partner_a.sudo().write({"street": "Rua do Ouro 1", "city": "Lisboa"})
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_company_needs_its_tax_number(self):
        partner = self.partner_a.sudo()
        values = {"is_company": True, "vat": False, "country_id": self.portugal.id}
        partner.write(values)
        with self.assertRaisesRegex(UserError, "tax number"):
            self.of_type("FT").action_post()
        partner.country_id = self.env.ref("base.us")
        self.assertFalse(self.remark(self.of_type("FT")))
        partner.write({"country_id": self.portugal.id, "vat": "PT509987656"})
        invoice = self.of_type("FT")
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_early_discount_that_changes_the_vat_is_refused(self):
        terms = self.env["account.payment.term"].create(
            {"name": "Prazo", "early_discount": True, "discount_percentage": 2}
        )
        for computation in ("included", "mixed"):
            with self.subTest(computation):
                terms.early_pay_discount_computation = computation
                invoice = self.of_type("FT", invoice_payment_term_id=terms.id)
                self.assertIn("discount", self.remark(invoice))
                with self.assertRaisesRegex(UserError, "discount"):
                    invoice.action_post()
        terms.early_pay_discount_computation = "excluded"
        invoice = self.of_type("FT", invoice_payment_term_id=terms.id)
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_empty_type_becomes_the_default(self):
        invoice = self.of_type(False)
        self.assertEqual(invoice.l10n_pt_atcud_document_type, "FT")
        invoice.l10n_pt_atcud_document_type = False
        self.assertEqual(invoice.l10n_pt_atcud_document_type, "FT")
        invoice.action_post()
        self.assertEqual(invoice.name, "FT A2026/1")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestCorrections(Rules, AtcudCommon):
    def setUp(self):
        super().setUp()
        for document_type in ("FT", "NC", "ND"):
            self.registered_series("A", document_type)
        self.tiles, self.bricks = self.env["product.product"].create(
            [{"name": "Azulejo"}, {"name": "Tijolo"}]
        )
        self.invoice = self.of_type(
            "FT",
            self.line(5, 10, product_id=self.tiles.id),
            self.line(50, 1, product_id=self.bricks.id),
        )
        self.invoice.action_post()

    def note(self, *lines, **values):
        return self.draft(
            "out_refund",
            invoice_line_ids=list(lines),
            **{
                "reversed_entry_id": self.invoice.id,
                "l10n_pt_atcud_reason": "Devolução",
                **values,
            },
        )

    def returned(self, quantity, price=5):
        note = self.note(self.line(price, quantity, product_id=self.tiles.id))
        note.action_post()
        return note

    def test_credit_note_names_document_and_reason(self):
        note = self.note(self.line(5), reversed_entry_id=False)
        self.assertIn("names the document", self.remark(note))
        with self.assertRaises(UserError):
            note.action_post()
        note.reversed_entry_id = self.invoice
        note.l10n_pt_atcud_reason = "  "
        with self.assertRaisesRegex(UserError, "reason"):
            note.action_post()
        note.l10n_pt_atcud_reason = "Devolução"
        self.assertFalse(self.remark(note))
        note.action_post()
        self.assertEqual(note.name, "NC A/1")

    def test_debit_note_names_document_and_reason(self):
        wizard = self.env["account.debit.note"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        values = {"copy_lines": True, "reason": "Juros"}
        action = wizard.create(values).create_debit()
        note = self.env["account.move"].browse(action["res_id"])
        note.l10n_pt_atcud_reason = False
        with self.assertRaisesRegex(UserError, "reason"):
            note.action_post()
        note.l10n_pt_atcud_reason = "Juros"
        note.action_post()
        self.assertEqual((note.name, note.debit_origin_id), ("ND A/1", self.invoice))

    def test_reasons_come_from_the_dialogs(self):
        context = {"active_model": "account.move", "active_ids": self.invoice.ids}
        reversal = self.env["account.move.reversal"].with_context(**context)
        action = reversal.create(
            {"journal_id": self.journal.id, "reason": "Engano"}
        ).refund_moves()
        refund = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(refund.l10n_pt_atcud_reason, "Engano")
        debit = self.env["account.debit.note"].with_context(**context)
        action = debit.create({"reason": "Juros"}).create_debit()
        note = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(note.l10n_pt_atcud_reason, "Juros")

    def test_all_credit_notes_do_not_exceed_the_amount(self):
        other = self.line(60, name="Desconto", product_id=False)
        self.note(other).action_post()
        too_much = self.note(self.line(40.01, name="Desconto", product_id=False))
        self.assertIn("100.01", self.remark(too_much))
        with self.assertRaisesRegex(UserError, "100.01"):
            too_much.action_post()
        self.note(self.line(40, name="Desconto", product_id=False)).action_post()

    def test_two_credit_notes_posted_together_count_both(self):
        notes = self.note(self.line(60, name="X")) | self.note(self.line(60, name="X"))
        with self.assertRaises(UserError):
            notes._post()

    def test_cancelled_credit_notes_do_not_count(self):
        self.note(self.line(100, name="X")).action_post()
        first = self.invoice.reversal_move_ids
        self.cancel_issued(first)
        self.note(self.line(100, name="X")).action_post()

    def test_debit_notes_raise_the_limit(self):
        debit = self.draft(
            debit_origin_id=self.invoice.id,
            l10n_pt_atcud_reason="Juros",
            invoice_line_ids=[self.line(20, name="Juros")],
        )
        debit.action_post()
        self.note(self.line(120, name="X")).action_post()

    def test_all_credit_notes_do_not_exceed_the_quantity(self):
        self.returned(6)
        with self.assertRaisesRegex(UserError, "Azulejo"):
            self.returned(5)
        self.returned(4)

    def test_a_lower_price_with_more_pieces_is_refused(self):
        with self.assertRaisesRegex(UserError, "Azulejo"):
            self.returned(20, price=2)

    def test_a_lowered_price_does_not_hinder_the_return(self):
        self.returned(10, price=0.5)
        self.returned(10, price=4.5)
        with self.assertRaises(UserError):
            self.note(self.line(50.01, product_id=self.bricks.id)).action_post()

    def test_another_customer_is_refused(self):
        self.invoice.partner_id.sudo().vat = False
        note = self.note(self.line(5), partner_id=self.partner_b.id)
        self.assertIn("another customer", self.remark(note))
        with self.assertRaisesRegex(UserError, "another customer"):
            note.action_post()
        debit = self.draft(
            debit_origin_id=self.invoice.id,
            l10n_pt_atcud_reason="Juros",
            partner_id=self.partner_b.id,
        )
        self.assertIn("another customer", self.remark(debit))

    def test_tax_number_decides_who_the_customer_is(self):
        self.partner_a.sudo().write({"is_company": True, "vat": "PT509987656"})
        self.partner_a.sudo().country_id = self.env.ref("base.pt")
        invoice = self.of_type("FT", self.line(100))
        invoice.action_post()
        values = {"is_company": True, "vat": "509987656"}
        self.partner_b.sudo().write(values)
        note = self.note(
            self.line(5), reversed_entry_id=invoice.id, partner_id=self.partner_b.id
        )
        self.assertFalse(self.remark(note))
        self.partner_b.sudo().vat = "PT501234560"
        note.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "another customer"):
            note.action_post()

    def test_correction_is_not_dated_before_the_document(self):
        earlier = lisbon_date() - datetime.timedelta(days=1)
        note = self.note(self.line(5), date=earlier)
        self.assertIn("not dated before", self.remark(note))
        with self.assertRaisesRegex(UserError, "not dated before"):
            note.action_post()

    def test_credit_note_has_the_taxes_of_the_document(self):
        normal = self.company_data["default_tax_sale"]
        note = self.note(self.line(5, tax_ids=normal.ids))
        self.assertIn(normal.name, self.remark(note))
        with self.assertRaisesRegex(UserError, "would credit"):
            note.action_post()

    def test_each_tax_has_its_limit(self):
        normal = self.company_data["default_tax_sale"]
        self.invoice = self.of_type(
            "FT", self.line(100), self.line(50, tax_ids=normal.ids)
        )
        self.invoice.action_post()
        self.note(self.line(30, tax_ids=normal.ids)).action_post()
        note = self.note(self.line(20.01, tax_ids=normal.ids))
        with self.assertRaisesRegex(UserError, "50.01"):
            note.action_post()
        note = self.note(self.line(20, tax_ids=normal.ids), self.line(100))
        note.action_post()
        self.assertEqual(note.state, "posted")

    def test_product_that_was_never_sold_is_not_credited(self):
        other = self.env["product.product"].create({"name": "Cimento"})
        note = self.note(self.line(5, product_id=other.id))
        with self.assertRaisesRegex(UserError, "Cimento"):
            note.action_post()

    def test_credited_debit_note_raises_no_limit(self):
        debit = self.draft(
            debit_origin_id=self.invoice.id,
            l10n_pt_atcud_reason="Juros",
            invoice_line_ids=[self.line(20, name="Juros")],
        )
        debit.action_post()
        self.note(self.line(20), reversed_entry_id=debit.id).action_post()
        with self.assertRaisesRegex(UserError, "120.01"):
            self.note(self.line(100.01)).action_post()
        self.note(self.line(100)).action_post()

    def test_debit_note_that_is_credited_with_its_document_is_not_credited_again(self):
        debit = self.draft(
            debit_origin_id=self.invoice.id,
            l10n_pt_atcud_reason="Juros",
            invoice_line_ids=[self.line(20, name="Juros")],
        )
        debit.action_post()
        self.note(self.line(110)).action_post()
        with self.assertRaisesRegex(UserError, "20.01"):
            self.note(self.line(20.01), reversed_entry_id=debit.id).action_post()
        with self.assertRaisesRegex(UserError, "120.01"):
            self.note(self.line(10.01), reversed_entry_id=debit.id).action_post()

    def test_cancelled_document_is_not_corrected(self):
        self.cancel_issued(self.invoice)
        note = self.note(self.line(5))
        with self.assertRaisesRegex(UserError, "cancelled"):
            note.action_post()

    def test_company_may_be_warned(self):
        self.company.sudo().l10n_pt_atcud_document_rules = "warn"
        note = self.note(self.line(500), l10n_pt_atcud_reason=False)
        note.action_post()
        self.assertEqual(note.state, "posted")
        body = note.message_ids[0].body
        self.assertIn("reason", body)
        self.assertIn("500.00", body)

    def test_another_currency_is_compared_in_that_of_the_company(self):
        dollar = self.env.ref("base.USD")
        dollar.sudo().active = True
        self.env["res.currency.rate"].sudo().create(
            {
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "name": self.invoice.invoice_date,
                "rate": 2.0,
            }
        )
        note = self.note(self.line(202, name="X"), currency_id=dollar.id)
        with self.assertRaisesRegex(UserError, "101.00"):
            note.action_post()
        self.note(self.line(200, name="X"), currency_id=dollar.id).action_post()

    def test_dialogs_ask_for_the_reason_where_it_is_required(self):
        context = {"active_model": "account.move", "active_ids": self.invoice.ids}
        for name, make in (
            ("account.move.reversal", "refund_moves"),
            ("account.debit.note", "create_debit"),
        ):
            dialogs = self.env[name].with_context(**context)
            values = {"reason": "  ", "journal_id": self.journal.id}
            with self.subTest(name):
                self.assertTrue(dialogs.create(values).l10n_pt_atcud_needs_reason)
                with self.assertRaisesRegex(UserError, "names its reason"):
                    getattr(dialogs.create(values), make)()
                with self.assertRaisesRegex(AssertionError, "reason"):
                    Form(dialogs).save()
                self.company.sudo().l10n_pt_atcud_document_rules = "warn"
                dialog = dialogs.create(values)
                self.assertFalse(dialog.l10n_pt_atcud_needs_reason)
                self.assertTrue(getattr(dialog, make)()["res_id"])
                self.company.sudo().l10n_pt_atcud_document_rules = "refuse"

    def test_reverse_and_create_needs_a_reason(self):
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        with self.assertRaises(UserError), self.cr.savepoint():
            wizard.create({"journal_id": self.journal.id}).modify_moves()
        wizard.create(
            {"journal_id": self.journal.id, "reason": "Cliente errado"}
        ).modify_moves()
        self.assertEqual(self.invoice.reversal_move_ids.state, "posted")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestCashScheme(Rules, AtcudCommon):
    """Taxes that are due on payment make a document one of the VAT cash scheme."""

    def setUp(self):
        super().setUp()
        self.company.sudo().tax_exigibility = True
        self.normal = self.company_data["default_tax_sale"]
        self.cash = self.normal.sudo().copy(
            {
                "name": "IVA de caixa",
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": self.env["account.account"]
                .create({"name": "IVA a liquidar", "code": "24999", "reconcile": True})
                .id,
            }
        )
        self.plain_series = self.registered_series("A")

    def taxed(self, *taxes, **values):
        lines = [self.line(10, tax_ids=tax.ids) for tax in taxes]
        return self.of_type("FT", *lines, **values)

    def html(self, move):
        html, _kind = self.env["ir.actions.report"]._render(
            "account.account_invoices", move.ids, data={"report_type": "html"}
        )
        return html.decode()

    def test_documents_have_a_series_of_their_own(self):
        draft = self.taxed(self.cash)
        self.assertIn("series of their own", self.remark(draft))
        with self.assertRaisesRegex(UserError, "series of their own"):
            draft.action_post()
        series = self.registered_series("C", is_cash_scheme=True)
        draft = self.taxed(self.cash)
        self.assertEqual(draft.l10n_pt_atcud_series_id, series)
        self.assertFalse(self.remark(draft))
        draft.action_post()
        self.assertEqual(draft.name, "FT C/1")
        plain = self.taxed(self.normal)
        self.assertEqual(plain.l10n_pt_atcud_series_id, self.plain_series)
        plain.l10n_pt_atcud_series_id = series
        with self.assertRaisesRegex(UserError, "is for documents of the VAT cash"):
            plain.action_post()

    def test_series_follows_the_taxes_of_a_draft(self):
        series = self.registered_series("C", is_cash_scheme=True)
        draft = self.taxed(self.normal)
        self.assertEqual(draft.l10n_pt_atcud_series_id, self.plain_series)
        draft.invoice_line_ids.tax_ids = self.cash
        self.assertEqual(draft.l10n_pt_atcud_series_id, series)

    def test_company_may_be_warned(self):
        self.company.sudo().l10n_pt_atcud_document_rules = "warn"
        invoice = self.taxed(self.cash)
        invoice.action_post()
        self.assertEqual(invoice.name, "FT A/1")
        self.assertIn("series of their own", invoice.message_ids[0].body)

    def test_mention_is_printed_as_it_was(self):
        self.registered_series("C", is_cash_scheme=True)
        invoice, plain = self.taxed(self.cash), self.taxed(self.normal)
        (invoice | plain).action_post()
        self.assertIn("IVA - regime de caixa", self.html(invoice))
        self.assertNotIn("regime de caixa", self.html(plain))
        (self.cash | self.normal).sudo().tax_exigibility = "on_invoice"
        self.assertIn("IVA - regime de caixa", self.html(invoice))

    def test_series_with_documents_stays_in_its_scheme(self):
        unused = self.registered_series("U")
        unused.is_cash_scheme = True
        self.taxed(self.normal).action_post()
        with self.assertRaisesRegex(UserError, "stays in or out"):
            self.plain_series.is_cash_scheme = True
