"""Codes of AT's portal that are typed in before AT's register can be asked."""

import datetime

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tools import file_open

from ..at_series import Annulment, NewSeries, TipoDoc, lisbon_date
from ..guards import as_service
from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestEnteredCode(AtcudCommon):
    def on_the_portal(self, first=1):
        new = NewSeries("A2026", TipoDoc.FT, first, lisbon_date())
        with self.other_program() as other:
            return other.registar_serie(new).cod_validacao_serie

    def enter(self, series, code, day=None):
        return self.enter_code(series, code, day or lisbon_date())

    def unconfigure(self):
        as_service(self.company).sudo().l10n_pt_atcud_connection_id = False
        self.connection.sudo().unlink()

    def test_without_environment_documents_are_issued(self):
        self.unconfigure()
        code = self.on_the_portal()
        asked = dict(self.simulator.requests)
        self.simulated = ()
        series = self.make_series()
        self.assertIsNone(self.enter(series, code))
        self.assertTrue(series.is_uncompared)
        self.assertEqual(
            (series.state, series.environment), ("registered", "production")
        )
        self.assertFalse(self.company._l10n_pt_atcud_connection())
        invoice = self.draft()
        self.assertEqual(invoice.l10n_pt_atcud_series_id, series)
        invoice.action_post()
        self.assertEqual(invoice.l10n_pt_atcud_value, f"{code}-1")
        self.assertFalse(invoice._l10n_pt_atcud_mark())
        self.assertEqual(dict(self.simulator.requests), asked)

    def test_first_accepted_check_compares(self):
        self.unconfigure()
        code = self.on_the_portal()
        self.simulated = ()
        series = self.make_series()
        self.enter(series, code)
        self.simulated = ("production",)
        self.use_environment("production").sudo().password = "demo"
        self.assertIsNone(self.check())
        self.assertFalse(series.is_uncompared)
        self.assertIn("agrees with AT", series.message_ids[0].body)

    def test_nightly_job_compares(self):
        code = self.on_the_portal()
        series = self.make_series()
        self.simulator.faults.add("html")
        self.enter(series, code)
        self.assertTrue(series.is_uncompared)
        self.use_environment("demo")  # Production can be asked all the same
        with self.enter_registry_test_mode():
            cron = self.env.ref("l10n_pt_atcud.ir_cron_l10n_pt_atcud_nightly_check")
            cron.sudo().method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(series.is_uncompared)

    def contradicted(self, code):
        """Return a series whose code AT contradicts, after two comparisons."""
        series = self.make_series()
        self.simulator.faults.add("html")
        self.enter(series, code)
        service = self.env["l10n_pt_atcud.series_comparison"]
        service.compare_entered(self.connection)
        service.compare_entered(self.connection)
        self.assertTrue(series.is_uncompared)
        self.assertEqual(len(series.activity_ids), 1)
        return series

    def test_other_first_number_at_at_is_shown(self):
        series = self.contradicted(self.on_the_portal(first=5))
        self.assertEqual(series.result_code, "different")
        self.assertIn("numInicialSeq", series.result_message)

    def test_mistyped_code_can_be_corrected_until_a_document_is_issued(self):
        code = self.on_the_portal()
        series = self.contradicted("AABBBBBBBB")
        self.assertEqual(series.result_code, "different_code")
        draft = self.draft()
        self.assertIn("contradicts", draft.alerts["l10n_pt_atcud_series"]["message"])
        with self.assertRaises(RedirectWarning):
            draft.action_post()
        self.assertIsNone(self.enter(series, code))
        self.assertFalse(series.is_uncompared)
        self.assertEqual(series.validation_code, code)
        self.assertFalse(series.result_code)
        draft.action_post()
        self.assertEqual(draft.l10n_pt_atcud_value, f"{code}-1")

    def test_series_that_was_closed_on_the_portal_is_closed(self):
        code = self.on_the_portal()
        series = self.make_series()
        self.simulator.faults.add("html")
        self.enter(series, code)
        with self.other_program() as other:
            other.anular_serie(Annulment("A2026", TipoDoc.FT, code, True))
        self.env["l10n_pt_atcud.series_comparison"].compare_entered(self.connection)
        self.assertEqual((series.state, series.is_uncompared), ("annulled", False))

    def test_used_code_is_not_replaced(self):
        series = self.make_series()
        self.simulator.faults.add("html")
        self.enter(series, "AABBBBBBBB")
        self.draft().action_post()
        self.enter(series, "CCCCCCCCCC")
        self.assertEqual(series.validation_code, "AABBBBBBBB")

    def test_in_demo_a_real_code_waits_for_production(self):
        self.unconfigure()
        code = self.on_the_portal()
        self.simulated = ("demo",)
        self.use_environment("demo")
        series = self.make_series()
        self.assertIsNone(self.enter(series, code))
        self.assertEqual(series.environment, "production")
        self.assertTrue(series.is_uncompared)
        self.assertFalse(self.draft().l10n_pt_atcud_series_id)
        self.use_environment("production")
        invoice = self.draft()
        invoice.action_post()
        self.assertEqual(invoice.name, "FT A2026/1")

    def test_neutralised_copy_issues_nothing_in_a_real_series(self):
        self.unconfigure()
        self.simulated = ()
        series = self.make_series()
        self.enter(series, "AABBBBBBBB")
        self.env.flush_all()
        with file_open("l10n_pt_atcud/data/neutralize.sql") as file:
            self.cr.execute(file.read())
        self.env.invalidate_all()
        connection = self.company._l10n_pt_atcud_connection()
        self.assertEqual(connection.environment, "demo")
        self.assertNotIn(series, self.draft().l10n_pt_atcud_allowed_series_ids)

    def test_registration_in_the_future_is_refused(self):
        series = self.make_series()
        tomorrow = lisbon_date() + datetime.timedelta(days=1)
        problem = self.enter(series, self.on_the_portal(), tomorrow)
        self.assertEqual(
            (problem.kind, series.state), ("registered_in_future", "draft")
        )
        self.assertIn("in the future", series._explain(problem))

    def test_registration_before_at_registered_series_is_refused(self):
        series = self.make_series()
        problem = self.enter(series, self.on_the_portal(), datetime.date(2020, 12, 31))
        self.assertEqual(
            (problem.kind, series.state), ("registered_too_early", "draft")
        )
        self.assertIn("before 2021", series._explain(problem))

    def test_too_large_number_is_refused_in_words(self):
        series = self.make_series()
        for name, field in (
            ("l10n_pt_atcud.series.code", "numbered_until"),
            ("l10n_pt_atcud.series.counter", "last_number"),
        ):
            with self.subTest(name), self.assertRaisesRegex(UserError, "is at most"):
                self.env[name].create({"series_id": series.id, field: 2**31})
        with self.assertRaisesRegex(UserError, "is at most"):
            series.first_number = 2**31 - 1

    def test_dialog_says_whether_the_code_is_compared(self):
        series = self.make_series()
        wizards = self.env["l10n_pt_atcud.series.code"]
        wizard = wizards.new({"series_id": series.id})
        self.assertTrue(wizard.will_be_compared)
        self.simulated = ("demo",)
        self.use_environment("demo")
        wizard = wizards.new({"series_id": series.id})
        self.assertFalse(wizard.will_be_compared)
        self.assertEqual(wizard.trial_remark, "Demo")
