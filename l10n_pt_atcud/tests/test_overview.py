"""The page over all connections and accounts: who may open it, and what it tells."""

from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestOverview(AtcudCommon):
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
        action = env["l10n_pt_atcud.overview"].action_open()
        return env[action["res_model"]].search(action["domain"])

    def row(self, record):
        """Return the one row of a record."""
        rows = self.rows().filtered(lambda row: row.res_id == record.id)
        return rows.ensure_one()

    def test_connection_tells_its_last_and_its_next_run(self):
        connection = self.connection.sudo()
        job = self.env.ref("l10n_pt_atcud.ir_cron_l10n_pt_atcud_nightly_check").sudo()
        later = fields.Datetime.add(job.nextcall, days=2)
        values = {"succeeded_at": "2026-03-01 02:30:00", "failures": 3}
        connection.write({**values, "failure": "no answer", "next_try_at": later})
        row = self.row(connection)
        self.assertEqual(row.succeeded_at, connection.succeeded_at)
        self.assertEqual((row.failures, row.problem), (3, "no answer"))
        self.assertEqual(row.next_run_at, later)
        connection.next_try_at = False
        self.assertEqual(self.row(connection).next_run_at, job.nextcall)
        job.active = False
        self.assertFalse(self.row(connection).next_run_at)

    def test_series_without_an_answer_is_stuck(self):
        self.assertFalse(self.row(self.connection).stuck)
        series = self.registered_series().sudo()
        for state in ("pending", "closing"):
            series.write({"state": state, "active": False})
            self.assertIn(": 1", self.row(self.connection).stuck)

    def test_first_certificate_to_expire_is_shown(self):
        made = self.env(su=True)["certificate.certificate"].create(
            [{"name": name} for name in ("client", "cipher")]
        )
        made[0].date_end = "2027-05-01 12:00:00"
        made[1].date_end = "2027-04-01 12:00:00"
        self.connection.sudo().write(
            {
                "client_certificate_id": made[0].id,
                "cipher_certificate_id": made[1].id,
            }
        )
        row = self.row(self.connection)
        self.assertEqual(str(row.expires_on), "2027-04-01")
        self.assertEqual(row.expiring, "AT Public Key")

    def test_companies_that_are_not_selected_are_shown(self):
        other = self.connection.sudo().create(
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
        other = self.connection.sudo().create(
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
        self.assertLessEqual({"Tax office", "AT"}, {*services})

    def test_accountant_does_not_open_the_page(self):
        page = self.env["l10n_pt_atcud.overview"].with_user(self.accountant)
        with self.assertRaises(AccessError):
            page.action_open()
