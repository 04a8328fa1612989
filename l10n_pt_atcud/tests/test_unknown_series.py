"""Series that AT knows and Odoo does not: found at night, taken over by hand."""

from odoo.tests import tagged

from ..at_series import MeioProcessamento, NewSeries, TipoDoc, lisbon_date
from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestUnknown(AtcudCommon):
    def setUp(self):
        super().setUp()
        self.registered_series("HERE")

    def watch(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("l10n_pt_atcud.ir_cron_l10n_pt_atcud_nightly_check")
            cron.sudo().method_direct_trigger()
        self.env.invalidate_all()

    def told(self):
        activities = self.connection.sudo().activity_ids
        return activities.filtered(lambda one: "do not exist" in one.note)

    def at_at(self, identifier, **values):
        new = NewSeries(identifier, TipoDoc.FT, 1, lisbon_date(), **values)
        with self.other_program() as other:
            other.registar_serie(new)

    def test_an_administrator_is_told_once_of_each(self):
        self.watch()
        self.assertFalse(self.told())
        self.at_at("Foreign")
        self.watch()
        self.watch()
        (activity,) = self.told()
        self.assertIn("FT Foreign", activity.note)
        self.assertIn('href="/odoo/at-series"', activity.note)
        self.assertNotIn("HERE", activity.note)
        self.at_at("SECOND")
        self.watch()
        self.assertEqual(len(self.told()), 2)
        self.assertNotIn("Foreign", self.told().sorted("id")[-1].note)

    def test_what_is_drafted_here_is_told_and_what_is_taken_over_is_not(self):
        self.make_series("drafted")
        self.at_at("DRAFTED")
        self.at_at("TAKEN")
        action = self.env["l10n_pt_atcud.series"].action_import()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.journal_id, self.journal)
        wizard.line_ids.filtered(
            lambda line: line.identifier == "DRAFTED"
        ).is_selected = False
        wizard.action_confirm()
        self.watch()
        self.assertIn("FT DRAFTED", self.told().note)
        self.assertNotIn("TAKEN", self.told().note)

    def test_series_of_the_portal_are_no_news(self):
        self.at_at("PORTAL", meio_processamento=MeioProcessamento.PORTAL)
        self.watch()
        self.assertFalse(self.told())

    def test_the_journal_of_an_import_can_be_chosen(self):
        self.at_at("FOREIGN")
        other = self.journal.copy()
        action = self.journal.action_l10n_pt_atcud_import()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.journal_id = other
        wizard.action_confirm()
        self.assertEqual(other.l10n_pt_atcud_series_ids.identifier, "FOREIGN")
