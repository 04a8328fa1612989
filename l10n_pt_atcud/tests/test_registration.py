"""Registering a series: answers, refusals, and lost answers."""

import datetime
from unittest.mock import patch

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import freeze_time, tagged

from ..at_series import (
    Finalisation,
    NewSeries,
    TipoDoc,
    lisbon_date,
)
from ..at_series.simulator import Account
from .common import NIF, USERNAME, AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestRegistration(AtcudCommon):
    def at_series(self, identifier="A2026"):
        new = NewSeries(identifier, TipoDoc.FT, 1, lisbon_date())
        return self.other_program().find(new)

    def test_banner_of_a_draft_registers_its_series(self):
        series = self.make_series()
        draft = self.draft().with_user(self.accountant)
        alert = draft.alerts["l10n_pt_atcud_series"]
        self.assertEqual(alert["action_text"], "Generate validation code")
        model, method, ids = alert["action_call"]
        self.assertTrue(
            getattr(self.env[model].with_user(self.accountant).browse(ids), method)()
        )
        self.assertEqual(series.state, "registered")
        self.assertEqual(series.validation_code, self.at_series().cod_validacao_serie)
        self.assertEqual(series.registered_on, lisbon_date())
        self.assertNotIn("l10n_pt_atcud_series", draft.alerts or {})

    def test_intent_is_committed_before_the_request(self):
        series = self.make_series()
        committed = []

        def note(_service):
            asked = self.simulator.requests["registarSerie"]
            committed.append((series.state, asked))

        with patch.object(type(self.env["l10n_pt_atcud.remote_call"]), "commit", note):
            self.register(series)
        # the intent, the outcome, the state of the connection
        self.assertEqual(
            committed, [("pending", 0), ("registered", 1), ("registered", 1)]
        )

    def test_lost_answer_is_found_by_consulting(self):
        series = self.make_series()
        draft = self.draft()
        self.simulator.faults.add("accept_then_drop")
        self.register(series)
        self.assertEqual((series.state, series.validation_code), ("pending", False))
        self.assertIn("not confirmed", draft.alerts["l10n_pt_atcud_series"]["message"])
        at_code = self.at_series().cod_validacao_serie
        self.assertIsNone(self.register(series))
        self.assertEqual(
            (series.state, series.validation_code), ("registered", at_code)
        )
        self.assertNotIn("l10n_pt_atcud_series", draft.alerts or {})
        self.assertEqual(self.simulator.requests["registarSerie"], 1)

    def test_lost_request_is_sent_again(self):
        series = self.make_series()
        for fault in ("drop_before", "5000", "html", "empty", "soap_fault"):
            with self.subTest(fault):
                self.simulator.faults.add(fault)
                self.register(series)
                self.assertEqual(series.state, "pending")
                self.simulator.faults.add(fault)
                self.register(series)  # not even the question comes through
                self.assertEqual(series.state, "pending")
        self.assertIsNone(self.register(series))
        self.assertEqual(series.state, "registered")

    def test_success_without_code_stays_pending(self):
        series = self.make_series()
        for fault in ("accept_without_code", "truncated"):
            with self.subTest(fault):
                series = self.make_series(fault.replace("_", "-"))
                self.simulator.faults.add(fault)
                self.register(series)
                self.assertEqual(series.state, "pending")
                self.assertIsNone(self.register(series))
                self.assertEqual(
                    series.validation_code,
                    self.at_series(series.identifier).cod_validacao_serie,
                )

    def test_identical_series_of_another_program_is_adopted(self):
        info = self.other_program().registar_serie(
            NewSeries("A2026", TipoDoc.FT, 1, lisbon_date())
        )
        series = self.make_series()
        self.assertIsNone(self.register(series))
        self.assertEqual(series.validation_code, info.cod_validacao_serie)

    def test_different_series_is_not_adopted(self):
        today = lisbon_date()
        for number, other in enumerate(
            (
                NewSeries("X0", TipoDoc.FT, 7, today),
                NewSeries("X1", TipoDoc.FT, 1, today, num_cert_sw_fatur=12),
                NewSeries("x2", TipoDoc.FT, 1, today),
            )
        ):
            with self.subTest(other):
                self.other_program().registar_serie(other)
                series = self.make_series(f"X{number}")
                error = self.register(series)
                self.assertEqual(error.kind, "different")
                self.assertIn("(AT: ", series._explain(error))
                self.assertEqual(
                    (series.state, series.validation_code), ("draft", False)
                )

    def test_closed_series_at_at_is_refused(self):
        other = self.other_program()
        info = other.registar_serie(NewSeries("A2026", TipoDoc.FT, 1, lisbon_date()))
        other.finalizar_serie(
            Finalisation("A2026", TipoDoc.FT, info.cod_validacao_serie, 9)
        )
        series = self.make_series()
        self.assertEqual(self.register(series).kind, "identifier_used_up")
        self.assertEqual(series.state, "draft")

    def test_refusal_leads_to_the_series_with_at_message(self):
        self.simulator.accounts = {USERNAME: Account("demo", has_activity=False)}
        series = self.make_series()
        with self.assertRaises(RedirectWarning) as raised:
            series.action_register_from_document()
        message, action, *_rest = raised.exception.args
        self.assertIn("O NIF não tem atividade aberta", message)
        self.assertEqual(
            (action["res_model"], action["res_id"]), (series._name, series.id)
        )
        self.register(series)
        self.assertEqual((series.state, series.result_code), ("draft", "4043"))

    def test_wrong_credentials_lead_the_administrator_to_the_settings(self):
        self.connection.sudo().password = "wrong"
        self.simulator.accounts = {USERNAME: Account("right")}
        series = self.make_series()
        with self.assertRaises(UserError) as raised:
            series.with_user(self.accountant).action_register_from_document()
        self.assertIn("Tries left: 4", str(raised.exception))
        self.env.user.sudo().group_ids += self.env.ref("base.group_system")
        with self.assertRaises(RedirectWarning) as raised:
            series.action_register_from_document()
        settings = self.env.ref("account.action_account_config")
        self.assertEqual(raised.exception.args[1], settings.id)

    def test_wrong_credentials_are_sent_once_for_several_series(self):
        self.simulator.accounts = {USERNAME: Account("right")}
        series = self.make_series() | self.make_series("B2026")
        with self.assertRaises(UserError):
            series.action_register()
        self.assertEqual(self.simulator.requests["registarSerie"], 1)

    def test_one_failure_keeps_other_registrations(self):
        good, bad = self.make_series("GOOD"), self.make_series("BAD")
        self.other_program().registar_serie(
            NewSeries("BAD", TipoDoc.FT, 5, lisbon_date())
        )
        result = (bad | good).action_register()
        self.assertEqual(result["params"]["type"], "danger")
        self.assertEqual((good.state, bad.state), ("registered", "draft"))
        self.assertIn(good.validation_code, result["params"]["message"])

    def test_past_start_becomes_today_in_lisbon(self):
        with freeze_time("2026-06-30 12:00:00"):
            series = self.make_series()
        # One in the night in Lisbon: still the day before in UTC.
        with freeze_time("2026-07-14 23:30:00"):
            self.assertIsNone(self.register(series))
        self.assertEqual(series.start_date, datetime.date(2026, 7, 15))

    def test_start_that_passed_while_pending_is_moved(self):
        with freeze_time("2026-07-14 12:00:00"):
            series = self.make_series()
            self.simulator.faults.add("drop_before")
            self.register(series)
        with freeze_time("2026-07-15 12:00:00"):
            self.assertIsNone(self.register(series))
        self.assertEqual(series.start_date, datetime.date(2026, 7, 15))
        # The lost one, the refused one (4049), and the one of today.
        self.assertEqual(self.simulator.requests["registarSerie"], 3)

    def test_start_of_today_is_not_sent_again(self):
        self.simulator._now = lambda: datetime.datetime(
            2026, 7, 14, 23, 1, tzinfo=datetime.UTC
        )
        with freeze_time("2026-07-14 22:59:00"):  # one minute to midnight in Lisbon
            series = self.make_series()
            self.assertEqual(self.register(series).code, "4049")
        self.assertEqual(series.state, "draft")
        self.assertEqual(self.simulator.requests["registarSerie"], 1)

    def test_pending_series_is_confirmed_under_its_own_connection(self):
        demo = self.connection
        lost = self.make_series("A") | self.make_series("B")
        for series in lost:
            self.simulator.faults.add("accept_then_drop")
            self.register(series)
        self.use_environment("test")
        self.assertIsNone(self.register(lost[0]))
        self.company.sudo().vat = "PT599999993"
        self.assertNotEqual(self.company._l10n_pt_atcud_connection(), demo)
        self.assertIsNone(self.register(lost[1]))
        for series in lost:
            self.assertEqual(series.state, "registered")
            self.assertEqual((series.connection_id, series.nif), (demo, NIF))
            self.assertEqual(
                series.validation_code,
                self.at_series(series.identifier).cod_validacao_serie,
            )
        self.assertEqual(self.simulator.requests["registarSerie"], 2)

    def test_registered_series_is_not_requested_again(self):
        series = self.registered_series()
        before = dict(self.simulator.requests)
        self.assertIsNone(self.register(series))
        self.assertEqual(dict(self.simulator.requests), before)
