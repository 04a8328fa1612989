"""Posting needs a registered series, and an issued document does not change."""

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from .common import AtcudCommon
from .test_immutability import refused


@tagged("post_install", "-at_install", "post_install_l10n")
class TestPosting(AtcudCommon):
    def test_without_a_registered_series_nothing_is_posted(self):
        series = self.make_series()
        draft = self.draft()
        with self.assertRaises(RedirectWarning) as raised:
            draft.action_post()
        self.assertEqual(raised.exception.args[1]["res_id"], series.id)
        self.assertEqual((draft.state, draft.name), ("draft", False))
        self.assertFalse(self.simulator.requests)
        self.register(series)
        draft.action_post()
        self.assertEqual(draft.name, "FT A2026/1")

    def test_without_any_series_the_manager_can_create_one(self):
        draft = self.draft()
        alert = draft.alerts["l10n_pt_atcud_series"]
        context = alert["action"]["context"]
        self.assertEqual(context["default_journal_id"], self.journal.id)
        with self.assertRaises(RedirectWarning):
            draft.action_post()
        with self.assertRaises(UserError):
            draft.with_user(self.accountant).action_post()

    def test_a_new_series_is_offered_to_waiting_drafts(self):
        draft = self.draft()
        series = self.make_series()
        self.assertEqual(draft.l10n_pt_atcud_series_id, series)

    def test_deleted_series_leaves_its_drafts_to_the_next(self):
        wrong, right = self.make_series("WRONG"), self.make_series("RIGHT")
        draft = self.draft()
        self.assertEqual(draft.l10n_pt_atcud_series_id, wrong)
        wrong.unlink()
        self.assertEqual(draft.l10n_pt_atcud_series_id, right)

    def test_a_branch_issues_in_the_series_of_its_parent(self):
        branch = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Loja do Porto", "parent_id": self.company.id})
        )
        self.cr.precommit.run()  # gives the branch its chart of accounts
        self.env.user.sudo().company_ids += branch
        series = self.registered_series()
        allowed = (branch | self.company).ids
        self.env = self.env(
            context={**self.env.context, "allowed_company_ids": allowed}
        )
        invoice = self.draft(company_id=branch.id)
        self.assertEqual(invoice.l10n_pt_atcud_series_id, series)
        invoice.action_post()
        self.assertEqual((invoice.company_id, invoice.name), (branch, "FT A2026/1"))

    def test_posting_sends_nothing_to_at(self):
        self.registered_series()
        before = dict(self.simulator.requests)
        self.draft().action_post()
        self.assertEqual(dict(self.simulator.requests), before)

    def test_a_pending_series_does_not_post(self):
        series = self.make_series()
        self.simulator.faults.add("accept_then_drop")
        self.register(series)
        with self.assertRaises(RedirectWarning):
            self.draft().action_post()

    def test_a_series_of_another_environment_does_not_post(self):
        series = self.registered_series()
        draft = self.draft()
        self.use_environment("test")
        self.assertFalse(draft.l10n_pt_atcud_series_id)
        draft.l10n_pt_atcud_series_id = series
        with self.assertRaises(RedirectWarning):
            draft.action_post()
        self.use_environment("production")
        draft.action_post()
        self.assertEqual(draft.name, "FT A2026/1")

    def test_an_invoice_for_later_may_wait_without_a_series(self):
        draft = self.draft(date="2099-01-01", auto_post="at_date")
        draft._post(soft=True)
        self.assertEqual(draft.state, "draft")

    def test_job_posts_the_documents_that_can_be_posted(self):
        self.registered_series()
        waiting = self.draft("out_refund", date="2026-05-03", auto_post="at_date")
        ready = self.draft(date="2026-05-03", auto_post="at_date")
        job = self.env.ref("account.ir_cron_auto_post_draft_entry").sudo()
        with self.enter_registry_test_mode():
            job.method_direct_trigger()
        self.assertEqual((ready.state, ready.name), ("posted", "FT A2026/1"))
        self.assertEqual((waiting.state, waiting.name), ("draft", False))
        self.assertIn("no AT series", waiting.message_ids[0].body)

    def test_jobs_and_pages_get_a_plain_error(self):
        draft = self.draft()
        for nobody in (
            draft.with_context(cron_id=1),
            draft.with_user(self.env.ref("base.public_user")).sudo(),
        ):
            with self.assertRaises(UserError):
                nobody._post()

    def test_issued_document_does_not_change(self):
        series = self.registered_series()
        other = self.registered_series("B")
        invoice = self.draft()
        invoice.action_post()
        atcud = f"{series.validation_code}-1"
        self.assertEqual(invoice.l10n_pt_atcud_value, atcud)
        for state in ("posted", "cancel"):
            for values in (
                {"name": "FT A2026/9"},
                {"name": False},
                {"l10n_pt_atcud_series_id": other.id},
                {"l10n_pt_atcud_value": "AAAAAAAA-1"},
                {"journal_id": self.journal.copy().id},
            ):
                with self.subTest(values, state=state), refused(self):
                    invoice.write(values)
            with self.subTest("unlink", state=state), refused(self):
                invoice.with_context(force_delete=True).unlink()
            if state == "posted":
                self.cancel_issued(invoice)
        self.assertEqual(
            (invoice.name, invoice.l10n_pt_atcud_value), ("FT A2026/1", atcud)
        )

    def test_documents_of_a_finalised_series_can_be_corrected(self):
        series = self.registered_series()
        self.registered_series("A2026", "NC")
        invoice, other = self.draft(), self.draft()
        (invoice | other)._post()
        series.sudo().state = "finalised"
        self.assertNotIn("l10n_pt_atcud_series", invoice.alerts or {})
        refund = invoice._reverse_moves([{"date": invoice.date}])
        refund.action_post()
        self.assertEqual(refund.name, "NC A2026/1")
        self.cancel_issued(other)
        self.assertEqual(other.state, "cancel")

    def test_renumbering_is_refused(self):
        self.registered_series()
        invoices = self.draft() | self.draft()
        invoices._post()
        wizard = self.env["account.resequence.wizard"].create(
            {"move_ids": invoices.ids, "first_name": "FT A2026/7"}
        )
        with refused(self):
            wizard.resequence()

    def test_duplicate_gets_its_own_atcud(self):
        self.registered_series()
        invoice = self.draft()
        invoice.action_post()
        copy = invoice.copy()
        self.assertFalse(copy.l10n_pt_atcud_value)
        copy.action_post()
        self.assertEqual(copy.name, "FT A2026/2")

    def test_atcud_cannot_be_written_by_hand(self):
        self.registered_series()
        with self.assertRaises(UserError):
            self.draft(l10n_pt_atcud_value="AAAAAAAA-1")
