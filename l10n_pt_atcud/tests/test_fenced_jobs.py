"""Odd data of one record: nothing is stuck by it, and a job goes on with the others."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..at_series import (
    RejectedError,
    SetupError,
    TemporaryError,
    UnknownOutcomeError,
)
from ..exceptions import SeriesProblem
from .common import AtcudCommon

LOGGER = "odoo.addons.l10n_pt_atcud.services.remote_call"
PLACE = "series/509987656/FT/"
CODES = (
    *("missing_value", "bad_request", "no_code", "different", "other_series"),
    *("cut_answer", "unreadable_series", "ambiguous"),
)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestFencedJobs(AtcudCommon):
    def run_job(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("l10n_pt_atcud.ir_cron_l10n_pt_atcud_nightly_check")
            cron.sudo().method_direct_trigger()
        self.env.invalidate_all()

    def change_at_at(self, identifier, **values):
        """Change AT's row of a series."""
        key = PLACE + identifier.lower()
        with self.simulator.store as state:
            state[key] = {**state[key], **values}

    def closed_at_at(self, *identifiers):
        for identifier in identifiers:
            self.change_at_at(identifier, estado="F")

    def test_one_odd_series_does_not_stop_the_others(self):
        first, odd, last = map(self.registered_series, "ABC")
        self.closed_at_at("A", "B", "C")
        service = type(self.env["l10n_pt_atcud.call_outcome"])
        record_closed = service.record_closed

        def fail_once(outcome, series, *arguments):
            if series == odd:
                raise ZeroDivisionError
            return record_closed(outcome, series, *arguments)

        with (
            patch.object(service, "record_closed", fail_once),
            self.assertLogs(LOGGER, "ERROR") as logged,
        ):
            self.run_job()
        self.assertEqual(
            (first.state, odd.state, last.state),
            ("finalised", "registered", "finalised"),
        )
        self.assertIn(str(odd), logged.output[0])

    def test_one_odd_connection_does_not_stop_the_others(self):
        series = self.registered_series()
        self.closed_at_at("A2026")
        companies = (
            self.env["res.company"].sudo().with_context(chart_template_load=True)
        )
        other = companies.create(
            {
                "name": "Barro Lda",
                "vat": "PT599999993",
                "country_id": self.env.ref("base.pt").id,
            }
        )
        other.account_fiscal_country_id = self.env.ref("base.pt")
        other = other.with_env(other.env(context={}))
        odd = other._l10n_pt_atcud_use_environment("production")
        self.assertGreater(odd.id, self.connection.id)  # it comes first
        service = type(self.env["l10n_pt_atcud.nightly_check"])
        for task in ("warn_of_expiry", "remind", "compare"):
            original = getattr(service, task)

            def fail_once(job, connection, original=original):
                if connection == odd:
                    raise ZeroDivisionError
                return original(job, connection)

            with (
                self.subTest(task),
                patch.object(service, task, fail_once),
                self.assertLogs(LOGGER, "ERROR"),
            ):
                self.run_job()
                self.assertEqual(series.state, "finalised")
            series.sudo().state = "registered"
            odd.next_try_at = False  # its failure postpones its next turn

    def test_control_characters_in_a_reason_close_no_series_for_ever(self):
        for reason in ("Fim\x0b do\x00 ano", "\ud800 meio", " \x1f "):
            with self.subTest(reason=ascii(reason)):
                series = self.registered_series(f"R{len(reason)}")
                for _number in range(2):
                    self.draft(l10n_pt_atcud_series_id=series.id).action_post()
                self.assertIsNone(
                    self.close(series, "finalise", last_number=2, reason=reason)
                )
                self.assertEqual(series.state, "finalised")

    def test_what_cannot_be_sent_is_never_an_intent(self):
        series = self.registered_series()
        self.draft().action_post()
        self.draft().action_post()
        registering = self.make_series("B")
        before = dict(self.simulator.requests)
        client = "odoo.addons.l10n_pt_atcud.at_series.client.SeriesClient.check_request"
        refusal = RejectedError("serie", code="bad_request")
        with patch(client, side_effect=refusal):
            error = self.close(series, "finalise", last_number=2)
            self.assertEqual(error.code, "bad_request")
            self.assertEqual((series.state, series.closing), ("registered", False))
            error = self.register(registering)
            self.assertEqual((error.code, registering.state), ("bad_request", "draft"))
        self.assertEqual(dict(self.simulator.requests), before)

    def test_series_that_cannot_be_read_leaves_the_others_alone(self):
        series = self.registered_series()
        with self.simulator.store as state:
            row = state.pop(PLACE + "a2026")
            state[PLACE + "odd"] = {**row, "serie": "", "codValidacaoSerie": "ODD"}
        self.run_job()
        self.assertFalse(series.result_code)
        self.assertFalse(series.activity_ids)
        lines = "\n".join(
            self.env["l10n_pt_atcud.series_comparison"].compare_now(series)
        )
        self.assertIn("not certain", lines)
        with self.simulator.store as state:
            state.pop(PLACE + "odd")
        self.run_job()
        self.assertEqual(series.result_code, "unknown_at_at")

    def test_numbers_that_odoo_cannot_keep_are_left_out(self):
        series = self.registered_series()
        self.change_at_at("A2026", estado="F", seqUltimoDocEmitido="9" * 25)
        self.run_job()
        self.assertEqual((series.state, series.last_number), ("finalised", 0))
        self.registered_series("B")
        with self.simulator.store as state:
            row = state[PLACE + "b"]
            state[PLACE + "long"] = {
                **row,
                "serie": "LONG",
                "numInicialSeq": "9" * 25,
                "codValidacaoSerie": "LLLLLLLLLL",
            }
            state[PLACE + "used"] = {
                **row,
                "serie": "USED",
                "seqUltimoDocEmitido": "9" * 25,
                "codValidacaoSerie": "VVVVVVVVVV",
            }
        action = self.journal.action_l10n_pt_atcud_import()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.line_ids.mapped("identifier"), ["USED"])
        self.assertEqual(wizard.line_ids.numbered_until, 0)

    def test_series_without_dates_and_software_number_is_imported(self):
        self.registered_series("B")
        with self.simulator.store as state:
            state[PLACE + "bare"] = {
                **state[PLACE + "b"],
                "serie": "BARE",
                "codValidacaoSerie": "LLLLLLLLLL",
                "dataInicioPrevUtiliz": "",
                "dataRegisto": "",
                "dataEstado": "",
                "numCertSWFatur": "",
            }
        action = self.journal.action_l10n_pt_atcud_import()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.line_ids.write({"is_selected": True, "is_unused": True})
        wizard.action_confirm()
        series = self.env["l10n_pt_atcud.series"].search([("identifier", "=", "BARE")])
        self.assertEqual(series.state, "registered")
        self.assertFalse(series._annulment_deadline())
        invoice = self.draft(l10n_pt_atcud_series_id=series.id)
        invoice.action_post()
        self.assertEqual(invoice.l10n_pt_atcud_value, "LLLLLLLLLL-1")

    def test_every_code_of_the_protocol_has_a_text_about_the_series(self):
        series = self.make_series()
        for family in (RejectedError, TemporaryError, UnknownOutcomeError):
            for code in CODES:
                with self.subTest(code, family=family.__name__):
                    text = series._explain(family("numInicialSeq: 1 / 2", code=code))
                    self.assertIn("FT A2026", text)
                    self.assertNotIn("%(", text)
        self.assertIn(
            "cannot be sent", self.connection._explain(SetupError(code="credentials"))
        )
        self.assertIn("valid code", series._explain(SeriesProblem("no_code_at_at")))

    def test_suspended_and_wrong_password_are_told_apart(self):
        for tries, words, other in (
            (0, "has suspended", "its password"),
            (3, "or its password", "too many"),
            (None, "or it has suspended", "Tries left"),
        ):
            with self.subTest(tries=tries):
                error = SetupError("Erro", code="99", tries_left=tries)
                text = self.connection._explain(error)
                self.assertIn(words, text)
                self.assertNotIn(other, text)
                with mute_logger("odoo.tracking"):
                    self.connection.sudo()._set_state("refused", error=error)
                self.connection.invalidate_recordset(["diagnosis"])
                self.assertIn(words, self.connection.diagnosis)
