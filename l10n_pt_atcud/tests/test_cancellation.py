"""An issued document is cancelled with a reason, for ever."""

from lxml import etree
from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import AtcudCommon
from .test_immutability import Issued, facts, refused
from .test_printing import Footers
from .test_receipts import Receipts


@tagged("post_install", "-at_install", "post_install_l10n")
class TestCancellation(Issued, Footers, AtcudCommon):
    def cancel(self, move, reason="Cliente errado"):
        action = move.action_l10n_pt_atcud_cancel()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        return wizard.create({"reason": reason}).action_confirm()

    def test_it_keeps_number_atcud_amounts_and_lines(self):
        before = facts(self.invoice)
        self.cancel(self.invoice.with_user(self.accountant))
        after = facts(self.invoice)
        self.assertEqual(self.invoice.state, "cancel")
        place = 1  # of the state
        self.assertEqual(before[0][:place], after[0][:place])
        self.assertEqual(before[0][place + 1 :], after[0][place + 1 :])
        self.assertEqual(before[1], after[1])
        self.assertEqual(self.invoice.l10n_pt_atcud_cancel_reason, "Cliente errado")
        self.assertTrue(self.invoice.l10n_pt_atcud_cancelled_on)
        self.assertTrue(self.invoice.l10n_pt_atcud_cancelled_by_id)
        self.assertIn("Cliente errado", self.invoice.message_ids[0].body)

    def test_cancel_by_the_dialog(self):
        action = self.invoice.action_l10n_pt_atcud_cancel()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        with Form(wizard) as form:
            form.reason = "Duplicado"
        form.record.action_confirm()
        self.assertEqual(self.invoice.state, "cancel")

    def test_a_reason_is_required(self):
        for reason in ("", "   ", "x" * 51):
            with self.subTest(reason), self.assertRaises(UserError):
                self.env["l10n_pt_atcud.document_cancellation"].cancel(
                    self.invoice, reason
                )
        with self.assertRaises(RedirectWarning) as raised:
            self.invoice.button_cancel()
        self.assertEqual(raised.exception.args[1]["res_model"], "l10n_pt_atcud.cancel")
        with self.assertRaises(UserError):
            self.invoice.with_context(cron_id=1).button_cancel()
        self.assertEqual(self.invoice.state, "posted")

    def test_it_is_final(self):
        self.cancel(self.invoice)
        for method in ("button_draft", "button_cancel", "action_post"):
            with self.subTest(method), self.assertRaises(UserError):
                getattr(self.invoice, method)()
        with self.assertRaises(UserError):
            self.cancel(self.invoice, "Outra vez")
        for values in (
            {"state": "draft"},
            {"state": "posted"},
            {"partner_id": self.partner_b.id},
            {"invoice_date": "2026-05-03"},
            {"l10n_pt_atcud_cancel_reason": "Outra"},
        ):
            with self.subTest(values), refused(self):
                self.invoice.write(values)
        with refused(self):
            self.invoice.unlink()
        self.assertFalse(self.invoice.show_reset_to_draft_button)

    def test_its_number_is_not_given_again(self):
        self.cancel(self.invoice)
        following = self.draft()
        following.action_post()
        self.assertEqual(following.name, "FT A2026/2")
        self.assertFalse(following.made_sequence_gap)

    def test_a_corrected_document_is_not_cancelled(self):
        self.registered_series("A2026", "NC")
        refund = self.invoice._reverse_moves(
            [{"date": self.invoice.date, "l10n_pt_atcud_reason": "Devolução"}]
        )
        refund.action_post()
        with self.assertRaisesRegex(UserError, "NC A2026/1"):
            self.cancel(self.invoice)
        self.cancel(refund)
        self.cancel(self.invoice)
        self.assertEqual((refund.state, self.invoice.state), ("cancel", "cancel"))

    def test_payments_are_released(self):
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        payment = register.create({})._create_payments()
        action = self.invoice.action_l10n_pt_atcud_cancel()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        self.assertIn("This payment stays", Form(wizard).consequence)
        self.cancel(self.invoice)
        self.assertEqual(self.invoice.state, "cancel")
        self.assertNotIn(payment.state, ("canceled", "rejected"))
        lines = self.invoice.line_ids
        self.assertFalse(lines.matched_credit_ids | lines.matched_debit_ids)

    def test_cancelled_number_is_no_irregularity(self):
        second, third = self.draft(), self.draft()
        (second | third).action_post()
        for move in (second, self.invoice):
            self.cancel(move)
        self.env.flush_all()
        moves = self.invoice | second | third
        self.assertEqual(moves.mapped("made_sequence_gap"), [False] * 3)
        self.assertFalse(self.journal.has_sequence_holes)
        view = self.env.ref("account.view_account_move_with_gaps_in_sequence_filter")
        arch = self.env["account.move"].get_view(view.id, "search")["arch"]
        (irregular,) = etree.fromstring(arch).iterfind(
            ".//filter[@name='irregular_sequences']"
        )
        domain = safe_eval(irregular.get("domain"))
        self.assertFalse(moves.filtered_domain(domain))

    def test_dialog_opens_only_where_it_can_end(self):
        self.registered_series("A2026", "NC")
        refund = self.invoice._reverse_moves(
            [{"date": self.invoice.date, "l10n_pt_atcud_reason": "Devolução"}]
        )
        refund.action_post()
        with self.assertRaisesRegex(UserError, "NC A2026/1"):
            self.invoice.action_l10n_pt_atcud_cancel()
        with self.assertRaisesRegex(UserError, "Only issued"):
            self.draft().action_l10n_pt_atcud_cancel()

    def test_it_shows_on_paper_and_in_the_form(self):
        self.assertNotIn("Documento anulado", str(self.footers(self.invoice)))
        self.cancel(self.invoice)
        self.assertIn("Documento anulado", str(self.footers(self.invoice)))
        html, _kind = self.env["ir.actions.report"]._render(
            "account.account_invoices", self.invoice.ids, data={"report_type": "html"}
        )
        self.assertIn("Cliente errado", html.decode())
        self.assertIn(
            "Cliente errado",
            self.invoice.alerts["l10n_pt_atcud_cancelled"]["message"],
        )
        self.assertIn(
            f"ATCUD:{self.invoice.l10n_pt_atcud_value}",
            str(self.footers(self.invoice)),
        )

    def test_it_shows_in_the_qr_code(self):
        self.invoice._l10n_pt_atcud_write_protected(
            l10n_pt_atcud_qr_payload="A:1*B:2*C:PT*D:FT*E:N*F:20261130*E:N"
        )
        self.cancel(self.invoice)
        self.assertEqual(
            self.invoice.l10n_pt_atcud_qr_payload,
            "A:1*B:2*C:PT*D:FT*E:A*F:20261130*E:N",
        )

    def test_document_of_demo_can_be_cancelled_with_a_reason(self):
        self.use_environment("demo")
        series = self.registered_series("DEMO")
        invoice = self.draft(l10n_pt_atcud_series_id=series.id)
        with self.assertRaises(UserError):
            self.cancel(invoice)  # not issued yet
        invoice.action_post()
        self.cancel(invoice)
        self.assertEqual(invoice.state, "cancel")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestInvoiceReceiptCancellation(Receipts, AtcudCommon):
    """The payment of an FR is part of it."""

    def setUp(self):
        super().setUp()
        self.bank.sudo().l10n_pt_atcud_receipt_type = False
        self.registered_series("R2026", "FR")
        self.registered_series("A2026", "FT")

    def with_entries(self):
        """Let payments of the bank have entries of their own."""
        method = self.bank.inbound_payment_method_line_ids[:1]
        method.sudo().payment_account_id = self.env["account.account"].create(
            {
                "name": "Recebimentos",
                "code": "119999",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )

    def issued(self):
        invoice = self.draft(
            l10n_pt_atcud_document_type="FR",
            l10n_pt_atcud_payment_journal_id=self.bank.id,
        )
        invoice.action_post()
        self.assertEqual(invoice.l10n_pt_atcud_document_type, "FR")
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        return invoice, invoice.matched_payment_ids

    def wizard(self, invoice):
        invoice = invoice.with_user(self.accountant)
        action = invoice.action_l10n_pt_atcud_cancel()
        return invoice.env[action["res_model"]].with_context(**action["context"])

    def test_its_payment_is_cancelled_with_it(self):
        for with_entries in (True, False):
            with self.subTest(with_entries):
                self.with_entries() if with_entries else self.pay_without_entries()
                invoice, payment = self.issued()
                self.assertEqual(bool(payment.move_id), with_entries)
                form = Form(self.wizard(invoice))
                self.assertIn("is cancelled with it", form.consequence)
                self.assertIn(payment.name or payment.memo, form.consequence)
                self.assertIn("100.00", form.consequence)
                form.reason = "Engano"
                form.save().action_confirm()
                self.assertEqual(invoice.state, "cancel")
                self.assertEqual(payment.state, "canceled")
                self.assertIn(payment.move_id.state, (False, "cancel"))
                self.assertIn(invoice.name, payment.message_ids[0].body)

    def test_payment_that_cannot_be_cancelled_keeps_the_document(self):
        self.with_entries()
        invoice, payment = self.issued()
        self.company.sudo().sale_lock_date = False
        self.company.sudo().fiscalyear_lock_date = payment.date
        with self.assertRaises(UserError), self.cr.savepoint():
            self.cancel_issued(invoice)
        self.assertEqual(invoice.state, "posted")
        self.assertNotEqual(payment.state, "canceled")

    def test_payment_on_a_bank_statement_is_named(self):
        self.with_entries()
        invoice, payment = self.issued()
        statement = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "payment_ref": "Recebido",
                "amount": 100.0,
                "date": payment.date,
            }
        )
        _liquidity, suspense, _other = statement._seek_for_lines()
        account = payment.outstanding_account_id
        statement.with_context(skip_readonly_check=True).move_id.write(
            {"line_ids": [Command.update(suspense.id, {"account_id": account.id})]}
        )
        lines = (payment.move_id | statement.move_id).line_ids
        lines.filtered(lambda line: line.account_id == account).reconcile()
        with self.assertRaisesRegex(UserError, "bank transaction"):
            self.wizard(invoice)
        with self.assertRaisesRegex(UserError, "bank transaction"):
            self.cancel_issued(invoice)
        self.assertEqual(invoice.state, "posted")

    def test_payment_that_settles_more_is_named(self):
        self.with_entries()
        invoice = self.draft(l10n_pt_atcud_document_type="FR")
        other = self.draft()
        (invoice | other).action_post()
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=(invoice | other).ids
        )
        values = {"journal_id": self.bank.id, "group_payment": True}
        register.create(values)._create_payments()
        with self.assertRaisesRegex(UserError, "settles other documents"):
            self.cancel_issued(invoice)
        self.assertEqual(invoice.state, "posted")
