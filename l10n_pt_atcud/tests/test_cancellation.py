"""An issued document is cancelled with a reason, for ever."""

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import Form, tagged

from .common import AtcudCommon
from .test_immutability import Issued, facts, refused
from .test_printing import Footers


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
        self.cancel(self.invoice)
        self.assertEqual(self.invoice.state, "cancel")
        self.assertNotIn(payment.state, ("canceled", "rejected"))
        lines = self.invoice.line_ids
        self.assertFalse(lines.matched_credit_ids | lines.matched_debit_ids)

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
