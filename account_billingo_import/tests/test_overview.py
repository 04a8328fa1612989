"""The page over all connections and accounts: who may open it, and what it tells."""

from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import BillingoCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestOverview(BillingoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env(su=True)["res.company"].create({"name": "Other"})
        cls.administrator = new_test_user(
            cls.env(su=True),
            "overview_administrator",
            "base.group_system",
            company_id=cls.company.id,
            company_ids=[Command.set((cls.company | cls.other_company).ids)],
        )

    def rows(self):
        """Return what an administrator sees who has selected one of two companies."""
        env = self.env(user=self.administrator, context={})
        env = env(context={"allowed_company_ids": self.company.ids})
        action = env["billingo.overview"].action_open()
        return env[action["res_model"]].search(action["domain"])

    def row(self, record):
        """Return the one row of a record."""
        rows = self.rows().filtered(lambda row: row.res_id == record.id)
        return rows.ensure_one()

    def test_connection_tells_its_last_and_its_next_run(self):
        job = self.env.ref("account_billingo_import.ir_cron_billingo_fetch").sudo()
        later = fields.Datetime.add(job.nextcall, hours=2)
        values = {"last_success_at": "2026-03-01 02:30:00", "failures": 3}
        own = self.own.sudo()
        own.write({**values, "state": "active", "next_fetch_at": later})
        row = self.row(own)
        self.assertEqual(row.succeeded_at, own.last_success_at)
        self.assertEqual((row.failures, row.next_run_at), (3, later))
        own.state = "suspended"
        self.assertFalse(self.row(own).next_run_at)

    def test_subscription_and_documents_with_errors_are_shown(self):
        self.own.sudo().state = "active"
        self._fetch()
        self.own.sudo().subscription_end = "2027-04-01"
        self.assertFalse(self.row(self.own).stuck)
        self.own.document_ids[0].sudo().state = "error"
        row = self.row(self.own)
        self.assertIn(": 1", row.stuck)
        self.assertEqual(
            (str(row.expires_on), row.expiring), ("2027-04-01", "Subscription")
        )

    def test_companies_that_are_not_selected_are_shown(self):
        other = self.own.sudo().create(
            {
                "name": "Other",
                "company_id": self.other_company.id,
                "environment": "test",
                "mode": "customer",
            }
        )
        row = self.row(other)
        self.assertEqual(row.company, "Other")
        action = row.action_open_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (other._name, other.id)
        )
        self.assertEqual(
            action["context"], {"allowed_company_ids": self.other_company.ids}
        )

    def test_companies_of_others_are_not_shown(self):
        other = self.own.sudo().create(
            {
                "name": "Other",
                "company_id": self.other_company.id,
                "environment": "test",
                "mode": "customer",
            }
        )
        self.administrator.company_ids -= self.other_company
        self.assertNotIn(other.id, self.rows().mapped("res_id"))

    def test_other_bridges_have_their_rows_on_the_page(self):
        def rows(_model):
            return [
                {
                    **{
                        "res_model": "res.partner",
                        "res_id": 1,
                        "service": "Tax office",
                    },
                    **{"account": "A", "company": "C", "company_res_id": 1},
                }
            ]

        partners, name = self.registry["res.partner"], "_fiscal_bridge_overview"
        with patch.object(partners, name, rows, create=True):
            services = self.rows().mapped("service")
        self.assertLessEqual({"Tax office", "Billingo"}, {*services})

    def test_accountant_does_not_open_the_page(self):
        page = self.env["billingo.overview"].with_user(self.bookkeeper)
        with self.assertRaises(AccessError):
            page.action_open()
