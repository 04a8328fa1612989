"""Series at AT that do not exist in Odoo: reported at night, imported by hand."""

from odoo.tests import tagged

from ..at_series import MeioProcessamento, NewSeries, TipoDoc, lisbon_date
from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestUnknownSeries(AtcudCommon):
    def setUp(self):
        super().setUp()
        self.registered_series("HERE")

    def run_job(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("l10n_pt_atcud.ir_cron_l10n_pt_atcud_nightly_check")
            cron.sudo().method_direct_trigger()
        self.env.invalidate_all()

    def alerts(self):
        activities = self.connection.sudo().activity_ids
        return activities.filtered(lambda one: "do not exist" in one.note)

    def at_at(self, identifier, **values):
        new = NewSeries(identifier, TipoDoc.FT, 1, lisbon_date(), **values)
        with self.other_program() as other:
            other.registar_serie(new)

    def test_administrator_gets_one_activity_per_series(self):
        self.run_job()
        self.assertFalse(self.alerts())
        self.at_at("Foreign")
        self.run_job()
        self.run_job()
        (activity,) = self.alerts()
        self.assertIn("FT Foreign", activity.note)
        self.assertIn('href="/odoo/at-series"', activity.note)
        self.assertNotIn("HERE", activity.note)
        self.at_at("SECOND")
        self.run_job()
        self.assertEqual(len(self.alerts()), 2)
        self.assertNotIn("Foreign", self.alerts().sorted("id")[-1].note)

    def test_drafted_series_is_reported_and_imported_is_not(self):
        self.make_series("drafted")
        self.at_at("DRAFTED")
        self.at_at("TAKEN")
        action = self.env["l10n_pt_atcud.series"].action_import()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.journal_id, self.journal)
        taken = wizard.line_ids.filtered(lambda line: line.identifier == "TAKEN")
        taken.write({"is_selected": True, "is_unused": True})
        wizard.action_confirm()
        self.run_job()
        self.assertIn("FT DRAFTED", self.alerts().note)
        self.assertNotIn("TAKEN", self.alerts().note)

    def test_portal_series_are_not_reported(self):
        self.at_at("PORTAL", meio_processamento=MeioProcessamento.PORTAL)
        self.run_job()
        self.assertFalse(self.alerts())

    def test_the_journal_of_an_import_can_be_chosen(self):
        self.at_at("FOREIGN")
        other = self.journal.copy()
        action = self.journal.action_l10n_pt_atcud_import()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.journal_id = other
        wizard.line_ids.write({"is_selected": True, "is_unused": True})
        wizard.action_confirm()
        self.assertEqual(other.l10n_pt_atcud_series_ids.identifier, "FOREIGN")
