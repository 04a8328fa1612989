"""Payments that stay with what they settle: of invoice-receipts, and with receipts."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..at_series import lisbon_date
from .common import AtcudCommon
from .test_receipts import Receipts


class InvoiceReceipts:
    def setUp(self):
        super().setUp()
        self.company.sudo().l10n_pt_atcud_document_rules = "refuse"
        self.bank = self.company_data["default_journal_bank"]
        self.registered_series("R2026", "FR")

    def invoice_receipt(self, **values):
        invoice = self.draft(
            l10n_pt_atcud_document_type="FR",
            l10n_pt_atcud_payment_journal_id=self.bank.id,
            **values,
        )
        invoice.action_post()
        return invoice

    def terms(self, **values):
        return self.env["account.payment.term"].create({"name": "Prazo", **values})

    def own_partials(self, invoice):
        return invoice.line_ids.matched_credit_ids


@tagged("post_install", "-at_install", "post_install_l10n")
class TestInvoiceReceiptPaid(InvoiceReceipts, AtcudCommon):
    def test_all_instalments_are_paid(self):
        halves = [
            Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
            for days in (0, 30)
        ]
        terms = self.terms(line_ids=halves)
        invoice = self.invoice_receipt(invoice_payment_term_id=terms.id)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(invoice.matched_payment_ids.amount, 100)

    def test_no_early_discount_is_taken(self):
        terms = self.terms(
            early_discount=True,
            discount_percentage=10,
            discount_days=5,
            early_pay_discount_computation="excluded",
        )
        invoice = self.invoice_receipt(invoice_payment_term_id=terms.id)
        self.assertEqual(invoice.matched_payment_ids.amount, 100)
        self.assertEqual(invoice.amount_residual, 0)

    def test_paper_says_how_it_was_paid(self):
        invoice = self.invoice_receipt()
        html, _kind = self.env["ir.actions.report"]._render(
            "account.account_invoices", invoice.ids, data={"report_type": "html"}
        )
        page = html.decode()
        self.assertRegex(page, f"Paid by:.*{self.bank.name}")
        self.assertNotIn("Due Date", page)
        self.assertNotIn("Payment Communication", page)

    def test_unpaid_rest_issues_nothing(self):
        rules = self.env["l10n_pt_atcud.document_type_rules"]
        self.registered_series()
        invoice = self.draft()
        invoice.action_post()
        with self.assertRaisesRegex(UserError, "100.00.*unpaid"):
            rules._check_paid(invoice, self.env["account.payment"])


@tagged("post_install", "-at_install", "post_install_l10n")
class TestInvoiceReceiptPaymentStays(InvoiceReceipts, AtcudCommon):
    def test_it_is_not_reset_cancelled_or_deleted(self):
        payment = self.invoice_receipt().matched_payment_ids
        self.assertTrue(payment.l10n_pt_atcud_is_locked)
        for method in ("action_draft", "action_cancel", "action_reject", "unlink"):
            with self.subTest(method), self.assertRaisesRegex(UserError, "is part of"):
                getattr(payment, method)()
        for method in ("button_draft", "button_cancel"):
            with self.subTest(method), self.assertRaisesRegex(UserError, "is part of"):
                getattr(payment.move_id, method)()

    def test_it_does_not_change(self):
        payment = self.invoice_receipt().matched_payment_ids
        for values in (
            {"amount": 99.0},
            {"date": "2026-01-01"},
            {"partner_id": self.partner_b.id},
            {"state": "draft"},
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, "is part of"):
                payment.write(values)

    def test_it_is_not_unreconciled(self):
        invoice = self.invoice_receipt()
        partial = self.own_partials(invoice)
        with self.assertRaisesRegex(UserError, "is part of"):
            invoice.js_remove_outstanding_partial(partial.id)
        with self.assertRaisesRegex(UserError, "is part of"):
            invoice.line_ids.remove_move_reconcile()
        self.assertEqual(invoice.amount_residual, 0)

    def test_it_is_cancelled_with_the_document(self):
        invoice = self.invoice_receipt()
        payment = invoice.matched_payment_ids
        self.cancel_issued(invoice)
        self.assertEqual((invoice.state, payment.state), ("cancel", "canceled"))

    def test_payment_without_entry_keeps_its_link(self):
        Receipts.pay_without_entries(self)
        invoice = self.invoice_receipt()
        payment = invoice.matched_payment_ids
        self.assertFalse(payment.move_id)
        with self.assertRaisesRegex(UserError, "is part of"):
            invoice.matched_payment_ids = False

    def test_link_of_a_payment_without_entry_stays(self):
        Receipts.pay_without_entries(self)
        payment = self.invoice_receipt().matched_payment_ids
        with self.assertRaisesRegex(UserError, "is part of"):
            payment.invoice_ids = False

    def test_bank_transaction_is_matched_and_undone(self):
        payment = self.invoice_receipt().matched_payment_ids
        lines = payment.move_id.line_ids
        outstanding = lines.filtered(
            lambda one: one.account_id == payment.outstanding_account_id
        )
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance})
                    for account, balance in (
                        (payment.outstanding_account_id, -100),
                        (self.bank.default_account_id, 100),
                    )
                ],
            }
        )
        entry.action_post()
        counterpart = entry.line_ids.filtered(
            lambda one: one.account_id == payment.outstanding_account_id
        )
        (outstanding | counterpart).reconcile()
        self.assertEqual(payment.state, "paid")
        outstanding.remove_move_reconcile()
        self.assertFalse(outstanding.reconciled)

    def test_in_demo_it_is_free(self):
        self.use_environment("demo")
        self.registered_series("D2026", "FR")
        payment = self.invoice_receipt().matched_payment_ids
        payment.action_draft()
        self.assertEqual(payment.state, "draft")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiptStays(Receipts, AtcudCommon):
    """A receipt settles the documents that it names."""

    def issued(self):
        invoice = self.draft()
        invoice.action_post()
        return invoice

    def test_receipt_keeps_the_documents_that_it_names(self):
        self.production("A2026", "FT", self.journal)
        invoice = self.issued()
        payment = self.pay(invoice)
        partial = invoice.line_ids.matched_credit_ids
        with self.assertRaisesRegex(UserError, "RG R2026/1"):
            invoice.js_remove_outstanding_partial(partial.id)
        with self.assertRaisesRegex(UserError, "RG R2026/1"):
            payment.move_id.line_ids.remove_move_reconcile()
        payment._l10n_pt_atcud_cancel("Engano")
        self.assertEqual(invoice.amount_residual, 100)

    def test_what_it_does_not_name_is_free(self):
        self.production("A2026", "FT", self.journal)
        invoice, payment = self.issued(), self.paid(date=lisbon_date())
        lines = (invoice | payment.move_id).line_ids.filtered(
            lambda one: one.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.assertEqual(invoice.amount_residual, 0)
        lines.remove_move_reconcile()
        self.assertEqual(invoice.amount_residual, 100)

    def test_in_demo_it_is_free(self):
        self.use_environment("demo")
        self.registered_series("D2026", "RG", journal_id=self.bank.id)
        self.registered_series("A2026")
        invoice = self.issued()
        self.pay(invoice).move_id.line_ids.remove_move_reconcile()
        self.assertEqual(invoice.amount_residual, 100)
