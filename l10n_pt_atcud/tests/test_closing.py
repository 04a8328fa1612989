"""Finalising and annulling a series; afterwards nothing is posted in it."""

import datetime
from contextlib import suppress
from unittest.mock import patch

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import freeze_time, tagged

from ..at_series import (
    Finalisation,
    NewSeries,
    SetupError,
    TipoDoc,
    UnknownOutcomeError,
    lisbon_date,
)
from ..at_series.simulator import Account
from .common import USERNAME, AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestClosing(AtcudCommon):
    def used_series(self, documents=2):
        series = self.registered_series()
        for _number in range(documents):
            self.draft().action_post()
        return series

    def at_estado(self, series):
        new = NewSeries(series.identifier, TipoDoc.FT, 1, lisbon_date())
        return self.other_program().find(new).estado

    def wizard(self, series, closing, **values):
        action = getattr(series, f"action_{closing}")()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        return wizard.create(values)

    def test_finalise_proposes_the_last_number(self):
        series = self.used_series()
        last = self.draft()
        last.action_post()
        self.cancel_issued(last)  # keeps its number
        wizard = self.wizard(series, "finalise", reason="Mudança <&> de ano")
        self.assertEqual(wizard.last_number, 3)
        wizard.action_confirm()
        self.assertEqual((series.state, series.last_number), ("finalised", 3))
        self.assertEqual(self.at_estado(series), "F")
        self.assertEqual(series.result_code, False)

    def test_nothing_is_posted_into_a_finalised_series(self):
        series = self.used_series()
        draft = self.draft()
        self.assertIsNone(self.close(series, "finalise", last_number=2))
        self.assertFalse(draft.l10n_pt_atcud_series_id)
        draft.l10n_pt_atcud_series_id = series
        with self.assertRaises(RedirectWarning):
            draft.action_post()

    def test_intent_is_committed_before_the_request(self):
        series = self.used_series()
        committed = []

        def note(_service):
            committed.append((series.state, self.simulator.requests["finalizarSerie"]))

        with patch.object(type(self.env["l10n_pt_atcud.remote_call"]), "commit", note):
            self.close(series, "finalise", last_number=2)
        # the intent, the outcome; the state of the connection stays
        self.assertEqual(committed, [("closing", 0), ("finalised", 1)])

    def test_lost_answer_blocks_posting_until_confirmed(self):
        for fault, requests in (("accept_then_drop", 1), ("drop_before", 2)):
            with self.subTest(fault):
                series = self.registered_series(fault.replace("_", "-"))
                for _number in range(2):
                    self.draft(l10n_pt_atcud_series_id=series.id).action_post()
                before = self.simulator.requests["finalizarSerie"]
                self.simulator.faults.add(fault)
                error = self.close(series, "finalise", last_number=2, reason="Fim")
                self.assertIsInstance(error, UnknownOutcomeError)
                self.assertEqual(series.state, "closing")
                with self.assertRaises(RedirectWarning):
                    self.draft(l10n_pt_atcud_series_id=series.id).action_post()
                self.simulator.faults.add("html")
                self.assertTrue(
                    self.close(series)
                )  # not even the question comes through
                self.assertEqual(series.state, "closing")
                self.assertTrue(series.action_resume_closing())
                self.assertEqual((series.state, series.last_number), ("finalised", 2))
                asked = self.simulator.requests["finalizarSerie"] - before
                self.assertEqual(asked, requests)

    def test_document_issued_meanwhile_stops_finalising(self):
        series = self.used_series()
        wizard = self.wizard(series, "finalise")
        self.draft().action_post()
        error = self.close(series, "finalise", last_number=wizard.last_number)
        self.assertEqual(
            (error.kind, series.state), ("last_number_changed", "registered")
        )
        self.assertIn("number of the series is 3", series._explain(error))
        self.assertEqual(self.simulator.requests["finalizarSerie"], 0)

    def test_an_unused_series_cannot_be_finalised(self):
        series = self.registered_series()
        self.connection.sudo()._set_state("unchecked")
        self.assertEqual(self.close(series, "finalise").kind, "no_documents")
        # AT was not asked, so nothing is known of the connection.
        self.assertEqual(self.connection.display_state, "unchecked")
        self.assertEqual(self.simulator.requests["finalizarSerie"], 0)

    def test_series_with_one_document_stays_open(self):
        series = self.used_series(documents=1)
        error = self.close(series, "finalise", last_number=1)
        self.assertEqual((error.code, series.state), ("4047", "registered"))
        self.assertIn("tem de ser superior", series._explain(error))
        self.draft().action_post()
        self.assertIsNone(self.close(series, "finalise", last_number=2))

    def test_archived_series_is_not_proposed(self):
        series, other = self.used_series(documents=1), self.make_series("B")
        draft = self.draft()
        self.assertEqual(draft.l10n_pt_atcud_series_id, series)
        series.active = False
        self.assertEqual(draft.l10n_pt_atcud_series_id, other)
        draft.l10n_pt_atcud_series_id = series
        with self.assertRaises(RedirectWarning):
            draft.action_post()

    def test_annul_needs_a_declaration(self):
        series = self.registered_series()
        with self.assertRaises(UserError):
            self.wizard(series, "annul").action_confirm()
        self.assertEqual(self.simulator.requests["anularSerie"], 0)
        self.wizard(series, "annul", declaration=True).action_confirm()
        self.assertEqual((series.state, self.at_estado(series)), ("annulled", "N"))

    def test_a_used_series_cannot_be_annulled(self):
        series = self.used_series(documents=1)
        invoice = series.move_ids
        for is_cancelled in (False, True):
            if is_cancelled:
                self.cancel_issued(invoice)
            error = self.close(series, "annul")
            self.assertEqual(
                (error.kind, series.state), ("has_documents", "registered")
            )
        self.assertEqual(self.simulator.requests["anularSerie"], 0)

    def test_annulment_is_possible_for_two_days_in_lisbon(self):
        with freeze_time("2026-07-14 23:30:00"):  # the 15th in Lisbon
            series = self.registered_series()
            self.assertEqual(series._annulment_deadline(), datetime.date(2026, 7, 16))
        with freeze_time("2026-07-16 23:30:00"):
            self.assertEqual(self.close(series, "annul").kind, "annulment_period_over")
        self.assertEqual(self.simulator.requests["anularSerie"], 0)
        with freeze_time("2026-07-16 22:30:00"):
            self.assertIsNone(self.close(series, "annul"))

    def test_closing_on_the_portal_is_adopted(self):
        series = self.used_series()
        code = series.validation_code
        with self.other_program() as other:
            other.finalizar_serie(Finalisation("A2026", TipoDoc.FT, code, 7))
        self.assertIsNone(self.close(series, "finalise", last_number=2))
        self.assertEqual((series.state, series.last_number), ("finalised", 7))

    def test_series_is_closed_under_its_own_connection(self):
        series = self.used_series()
        self.use_environment("test")
        self.assertIsNone(self.close(series, "finalise", last_number=2))
        self.assertEqual((series.state, self.at_estado(series)), ("finalised", "F"))

    def test_wrong_credentials_change_nothing(self):
        series = self.used_series()
        self.simulator.accounts = {USERNAME: Account("right")}
        error = self.close(series, "finalise", last_number=2)
        self.assertIsInstance(error, SetupError)
        self.assertEqual(series.state, "registered")
        self.assertEqual(self.connection.display_state, "refused")

    def test_only_managers_can_close(self):
        series = self.used_series()
        with self.assertRaises(AccessError):
            series.with_user(self.accountant).action_resume_closing()
        wizard = self.env["l10n_pt_atcud.series.close"].with_user(self.accountant)
        with self.assertRaises(AccessError):
            wizard.create({"series_id": series.id, "closing": "finalise"})
        manager = self.new_user("atcud_manager", "account.group_account_manager")
        self.wizard(series.with_user(manager), "finalise").action_confirm()
        self.assertEqual(series.state, "finalised")

    def test_killed_worker_leaves_number_and_intent(self):
        used, annulled = self.used_series(), self.registered_series("B")
        for series, closing, last_number in (
            (used, "finalise", 2),
            (annulled, "annul", 0),
        ):
            with (
                self.subTest(closing),
                patch.object(
                    type(self.env["l10n_pt_atcud.series_closing"]),
                    "_request",
                    side_effect=KeyboardInterrupt,
                ),
                suppress(KeyboardInterrupt),  # assertRaises() rolls back
            ):
                self.close(series, closing, last_number=last_number, reason="Fim")
        self.assertEqual((used.state, used.last_number), ("closing", 2))
        # A posting that was under way then has ended since.
        move = self.draft(l10n_pt_atcud_series_id=annulled.id)
        annulled.sudo().state = "registered"
        move.action_post()
        annulled.sudo().state = "closing"
        self.assertEqual(self.close(annulled).kind, "has_documents")
        self.assertEqual((annulled.state, annulled.closing), ("registered", False))
        self.assertEqual(self.simulator.requests["anularSerie"], 0)
        self.assertIsNone(self.close(used))
        self.assertEqual((used.state, used.last_number), ("finalised", 2))
        self.assertEqual(self.at_estado(used), "F")

    def test_a_series_from_another_program_ends_with_its_last_number_there(self):
        series = self.make_series(first_number=40)
        code = self.other_program().registar_serie(series._new_series())
        code = code.cod_validacao_serie
        self.assertIsNone(self.enter_code(series, code, lisbon_date(), 45))
        self.assertEqual(self.close(series, "annul").kind, "has_documents")
        wizard = self.wizard(series, "finalise")
        self.assertEqual((wizard.last_number, wizard.is_entered), (45, False))
        wizard.action_confirm()
        self.assertEqual((series.state, series.last_number), ("finalised", 45))
