"""Documents of Demo and real ones neither correct nor settle one another."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..at_series import lisbon_date
from .common import AtcudCommon
from .test_immutability import FORGED
from .test_receipts import Receipts

REFUSED = "neither corrects nor settles it"


@tagged("post_install", "-at_install", "post_install_l10n")
class TestEnvironments(Receipts, AtcudCommon):
    """``demo`` was issued in Demo, ``real`` in Production; Production is in use."""

    def setUp(self):
        super().setUp()
        for name in ("FT", "NC", "ND"):
            self.production("A2026", name, self.journal)
        self.real = self.issued()
        self.in_demo()
        for name in ("FT", "NC", "ND"):
            self.production("A2026", name, self.journal)
        self.production("R2026", "RG", self.bank)
        self.demo = self.issued()
        self.assertEqual(self.demo.name, "DEMO-FT A2026/1")
        self.use_environment("production")

    def in_demo(self):
        self.use_environment("demo")

    def issued(self, **values):
        invoice = self.draft(**values)
        invoice.action_post()
        return invoice

    def note(self, corrected, **values):
        return self.draft(
            "out_refund",
            reversed_entry_id=corrected.id,
            l10n_pt_atcud_reason="Devolução",
            **values,
        )

    def assertRefused(self, function, *arguments, **options):
        with (
            self.assertRaisesRegex(UserError, REFUSED),
            self.cr.savepoint(),
        ):
            function(*arguments, **options)
        self.env.invalidate_all()

    def remark(self, draft):
        draft.invalidate_recordset(["alerts"])
        alert = (draft.alerts or {}).get("l10n_pt_atcud_environment", {})
        return alert.get("message", "")

    def receivable(self, move):
        return move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    def entry_payment(self, **values):
        """Return a confirmed payment that settles nothing yet, with an entry."""
        method = self.bank.inbound_payment_method_line_ids[:1]
        method.sudo().payment_account_id = self.env["account.account"].create(
            {
                "name": "Recebimentos",
                "code": "119999",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        return self.paid(payment_method_line_id=method.id, **values)

    # === CORRECTIONS === #

    def test_real_credit_note_of_a_demo_document_is_refused_by_every_door(self):
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=self.demo.ids
        )
        values = {"journal_id": self.journal.id, "reason": "Engano"}
        action = wizard.create(values).refund_moves()
        note = self.env["account.move"].browse(action["res_id"])
        self.assertIn(REFUSED, self.remark(note))
        self.assertIn("DEMO-FT A2026/1", self.remark(note))
        for setting in ("refuse", "warn"):
            self.company.sudo().l10n_pt_atcud_document_rules = setting
            self.company.sudo().l10n_pt_atcud_without_series = setting
            self.assertRefused(note.action_post)
            self.assertRefused(note._post)
            self.assertRefused(
                call_kw,
                self.env["account.move"].with_user(self.accountant),
                "action_post",
                [note.ids],
                {"context": FORGED},
            )
        self.assertRefused((self.draft() | note)._post)
        self.assertRefused(wizard.create(values).modify_moves)
        self.assertEqual(note.state, "draft")
        self.assertFalse(note.name)

    def test_real_debit_note_of_a_demo_document_is_refused(self):
        wizard = self.env["account.debit.note"].with_context(
            active_model="account.move", active_ids=self.demo.ids
        )
        values = {"reason": "Juros", "copy_lines": True}
        action = wizard.create(values).create_debit()
        self.assertRefused(
            self.env["account.move"].browse(action["res_id"]).action_post
        )

    def test_document_outside_all_series_names_no_demo_document(self):
        self.company.sudo().l10n_pt_atcud_without_series = "warn"
        note = self.note(self.demo)
        note.l10n_pt_atcud_series_id = False
        self.assertRefused(note.action_post)
        external = self.note(self.demo, l10n_pt_atcud_is_external=True, name="NC X/1")
        self.assertRefused(external.action_post)

    def test_demo_credit_note_of_a_real_document_is_refused(self):
        earlier = self.issued_before("INV/2026/7")
        external = self.draft(l10n_pt_atcud_is_external=True, name="FT X/9")
        external.action_post()
        self.in_demo()
        for corrected in (self.real, earlier, external):
            with self.subTest(corrected.name):
                note = self.note(corrected)
                self.assertIn("really issued", self.remark(note))
                self.assertRefused(note.action_post)

    def test_documents_of_one_environment_correct_one_another(self):
        note = self.note(self.real)
        self.assertFalse(self.remark(note))
        note.action_post()
        self.assertEqual(note.name, "NC A2026/1")
        self.in_demo()
        note = self.note(self.demo)
        self.assertFalse(self.remark(note))
        note.action_post()
        self.assertEqual(note.name, "DEMO-NC A2026/1")

    def test_demo_document_that_is_issued_again_can_be_corrected(self):
        note = self.note(self.demo)
        self.demo.button_draft()
        self.demo.action_post()
        self.assertEqual(self.demo.name, "FT A2026/2")
        note.action_post()
        self.assertEqual(note.name, "NC A2026/1")

    def test_issued_demo_document_is_not_given_a_real_one(self):
        self.in_demo()
        note = self.note(self.demo)
        note.action_post()
        self.assertRefused(note.write, {"reversed_entry_id": self.real.id})
        self.assertEqual(note.reversed_entry_id, self.demo)

    def test_demo_document_is_not_issued_again_beside_its_demo_note(self):
        self.in_demo()
        note = self.note(self.demo)
        note.action_post()
        self.use_environment("production")
        self.demo.button_draft()
        self.assertIn("DEMO-NC A2026/1", self.remark(self.demo))
        self.assertRefused(self.demo.action_post)
        note.button_draft()
        self.demo.action_post()
        self.assertEqual(self.demo.name, "FT A2026/2")

    def test_demo_document_is_not_issued_again_beside_its_demo_receipt(self):
        for has_entry in (True, False):
            with self.subTest(has_entry):
                self.in_demo()
                demo = self.issued()
                if not has_entry:
                    self.pay_without_entries()
                payment = self.pay(demo)
                self.assertEqual(bool(payment.move_id), has_entry)
                self.use_environment("production")
                demo.button_draft()
                self.assertRefused(demo.action_post)
                payment.action_draft()
                payment.action_cancel()
                demo.action_post()
                self.assertIn("FT A2026/", demo.name)

    # === RECEIPTS === #

    def test_real_receipt_names_no_demo_document(self):
        self.assertRefused(self.pay, self.demo)
        self.assertRefused(self.pay, self.demo | self.real, group_payment=True)
        self.assertRefused(self.pay, self.demo | self.real, group_payment=False)
        self.assertFalse(self.series.document_counter)
        self.assertEqual(self.pay(self.real).l10n_pt_atcud_number, "RG R2026/1")

    def test_demo_receipt_names_no_real_document(self):
        self.in_demo()
        self.assertRefused(self.pay, self.real)
        self.assertRefused(self.pay, self.real | self.demo, group_payment=True)
        payment = self.pay(self.demo)
        self.assertEqual(payment.l10n_pt_atcud_number, "DEMO-RG R2026/1")

    def test_payment_without_a_receipt_is_free(self):
        cash = self.company_data["default_journal_cash"]
        payment = self.pay(self.demo, journal_id=cash.id)
        self.assertFalse(payment.l10n_pt_atcud_value)
        self.assertIn(self.demo.payment_state, ("paid", "in_payment"))

    # === RECONCILIATION === #

    def test_receipt_settles_no_demo_document_afterwards(self):
        payment = self.entry_payment()
        self.assertTrue(payment.move_id)
        lines = self.receivable(payment.move_id)
        self.assertRefused((lines | self.receivable(self.demo)).reconcile)
        self.assertRefused(
            self.demo.with_user(self.accountant).js_assign_outstanding_line, lines.id
        )
        (lines | self.receivable(self.real)).reconcile()
        self.assertIn(self.real.payment_state, ("paid", "in_payment"))

    def test_credit_note_settles_no_document_of_another_environment(self):
        note = self.draft("out_refund", l10n_pt_atcud_reason="Desconto")
        note.action_post()
        lines = self.receivable(note)
        self.assertRefused((lines | self.receivable(self.demo)).reconcile)
        (lines | self.receivable(self.real)).reconcile()
        self.assertEqual(self.real.amount_residual, 0)

    def test_other_entries_settle_whatever_they_like(self):
        entry = self.env["account.move"].create(
            {
                "date": lisbon_date(),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.receivable(self.demo).account_id.id,
                            "partner_id": self.partner_a.id,
                            "credit": 100.0,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_expense"
                            ].id,
                            "debit": 100.0,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        (self.receivable(entry) | self.receivable(self.demo)).reconcile()
        self.assertEqual(self.demo.amount_residual, 0)

    # === NAMES === #

    def test_series_of_demo_shows_what_it_is(self):
        series = self.demo.l10n_pt_atcud_series_id
        real = self.real.l10n_pt_atcud_series_id
        self.assertEqual(series.display_name, "DEMO-FT A2026")
        self.assertEqual(real.display_name, "FT A2026")
        all_series = self.env["l10n_pt_atcud.series"].with_context(active_test=False)
        for operator in ("=", "ilike"):
            found = all_series.search([("display_name", operator, "DEMO-FT A2026")])
            self.assertEqual(found, series)
        groups = self.env["account.move"].formatted_read_group(
            [("id", "in", (self.demo | self.real).ids)],
            ["l10n_pt_atcud_series_id"],
            ["__count"],
        )
        names = {one["l10n_pt_atcud_series_id"][1] for one in groups}
        self.assertEqual(names, {"DEMO-FT A2026", "FT A2026"})
