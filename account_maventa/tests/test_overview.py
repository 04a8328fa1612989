"""The page over all connections and accounts: who may open it, and what it tells."""

from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestOverview(MaventaCommon):
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
        action = env["maventa.overview"].action_open()
        return env[action["res_model"]].search(action["domain"])

    def row(self, record):
        """Return the one row of a record."""
        rows = self.rows().filtered(lambda row: row.res_id == record.id)
        return rows.ensure_one()

    def test_account_tells_its_last_and_its_next_run(self):
        job = self.env.ref("account_maventa.ir_cron_maventa_transfer").sudo()
        later = fields.Datetime.add(job.nextcall, hours=2)
        values = {"succeeded_at": "2026-03-01 02:30:00", "failures": 3}
        account = self.account.sudo()
        account.write({**values, "problem": "no answer", "paused_until": later})
        row = self.row(account)
        self.assertEqual(row.succeeded_at, account.succeeded_at)
        self.assertEqual((row.failures, row.problem), (3, "no answer"))
        self.assertEqual(row.next_run_at, later)
        account.paused_until = False
        self.assertEqual(self.row(account).next_run_at, job.nextcall)
        account.state = "refused"
        self.assertFalse(self.row(account).next_run_at)

    def test_uploads_without_an_outcome_and_overdue_deliveries_are_stuck(self):
        self.assertFalse(self.row(self.account).stuck)
        transfer = self._to_transfer(self._invoice()).sudo().maventa_transfer_id
        transfer.state = "unknown"
        self.assertIn("without an outcome: 1", self.row(self.account).stuck)
        transfer.write({"state": "accepted", "warned_at": "2026-03-01 02:30:00"})
        self.assertIn("Overdue deliveries: 1", self.row(self.account).stuck)

    def test_companies_that_are_not_selected_are_shown(self):
        other = self.account.sudo().create(
            {"company_id": self.other_company.id, "environment": "test"}
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
        other = self.account.sudo().create(
            {"company_id": self.other_company.id, "environment": "test"}
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
        self.assertLessEqual({"Tax office", "Maventa"}, {*services})

    def test_accountant_does_not_open_the_page(self):
        page = self.env["maventa.overview"].with_user(self.accountant)
        with self.assertRaises(AccessError):
            page.action_open()
