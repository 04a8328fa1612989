"""The state of a journal's series on its dashboard card."""

import json

from odoo.tests import tagged

from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestDashboard(AtcudCommon):
    def card(self, journal=None, user=None):
        journal = (journal or self.journal).with_user(user or self.env.user)
        journal.invalidate_recordset(["kanban_dashboard"])
        return json.loads(journal.kanban_dashboard).get("l10n_pt_atcud")

    def test_card_counts_series_by_state(self):
        self.assertEqual(self.card(), {"text": "none", "is_ready": False, "trial": ""})
        self.make_series("DRAFT")
        self.assertEqual(
            self.card(), {"text": "1 to register", "is_ready": False, "trial": ""}
        )
        self.registered_series("A")
        self.registered_series("B")
        self.simulator.faults.add("accept_then_drop")
        self.register(self.make_series("LOST"))
        self.assertEqual(
            self.card(user=self.accountant),
            {
                "text": "2 registered, 1 to register, 1 to be confirmed",
                "is_ready": True,
                "trial": "",
            },
        )

    def test_another_environment_does_not_count(self):
        self.registered_series("A")
        self.use_environment("test")
        expected = {"text": "none", "is_ready": False, "trial": "Test"}
        self.assertEqual(self.card(), expected)

    def test_other_journals_have_no_card(self):
        self.assertIsNone(self.card(self.company_data["default_journal_purchase"]))
        self.company.sudo().account_fiscal_country_id = self.env.ref("base.es")
        self.assertIsNone(self.card())

    def test_card_leads_to_the_series(self):
        series = self.make_series()
        action = self.journal.action_l10n_pt_atcud_open_series()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), series)

    def test_view_has_the_card(self):
        view = self.env.ref("account.account_journal_dashboard_kanban_view").sudo()
        self.assertIn("action_l10n_pt_atcud_open_series", view.get_combined_arch())
