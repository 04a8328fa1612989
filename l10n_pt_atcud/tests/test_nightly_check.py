"""The nightly job: changes on the portal, unfinished requests, expiry."""

import base64
import datetime
import pathlib
import tempfile

from odoo import fields
from odoo.exceptions import RedirectWarning
from odoo.tests import freeze_time, tagged

from ..at_series import Annulment, Finalisation, TipoDoc
from ..at_series.simulator import Account
from ..at_series.simulator.certificates import SandboxFiles
from .common import USERNAME, AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestNightlyCheck(AtcudCommon):
    def run_job(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("l10n_pt_atcud.ir_cron_l10n_pt_atcud_nightly_check")
            cron.sudo().method_direct_trigger()
        self.env.invalidate_all()

    def warn_of_expiry(self):
        service = self.env["l10n_pt_atcud.nightly_check"].sudo()
        service.warn_of_expiry(self.connection.sudo())

    def alerts(self):
        """Return what an administrator was told about the company."""
        activities = self.connection.sudo().activity_ids
        return activities.filtered(lambda one: one.summary == "Connection to AT")

    def test_series_closed_on_the_portal_is_closed(self):
        finalised, annulled, alive = map(self.registered_series, "ABC")
        draft = self.draft(l10n_pt_atcud_series_id=finalised.id)
        with self.other_program() as other:
            code = finalised.validation_code
            other.finalizar_serie(Finalisation("A", TipoDoc.FT, code, 7))
            code = annulled.validation_code
            other.anular_serie(Annulment("B", TipoDoc.FT, code, True))
        self.run_job()
        self.assertEqual((finalised.state, finalised.last_number), ("finalised", 7))
        self.assertEqual((annulled.state, alive.state), ("annulled", "registered"))
        self.assertEqual(draft.l10n_pt_atcud_series_id, alive)
        draft.l10n_pt_atcud_series_id = finalised
        with self.assertRaises(RedirectWarning):
            draft.action_post()
        self.run_job()
        self.assertEqual(len(finalised.activity_ids), 1)
        self.assertEqual(finalised.activity_ids.user_id, self.env.user)
        self.assertFalse(alive.activity_ids)

    def test_unfinished_requests_are_completed(self):
        pending, closing = self.make_series("A"), self.registered_series("B")
        self.simulator.faults.add("accept_then_drop")
        self.register(pending)
        self.simulator.faults.add("accept_then_drop")
        self.close(closing, "annul")
        self.assertEqual((pending.state, closing.state), ("pending", "closing"))
        self.run_job()
        self.assertEqual((pending.state, closing.state), ("registered", "annulled"))
        self.assertEqual(self.simulator.requests["registarSerie"], 2)
        self.assertEqual(self.simulator.requests["anularSerie"], 1)

    def test_unknown_code_gives_one_activity(self):
        series = self.registered_series()
        with self.simulator.store as state:
            kept = state.pop("series/509987656/FT/a2026")
        self.run_job()
        self.run_job()
        self.assertEqual(series.state, "registered")
        self.assertEqual(len(series.activity_ids), 1)
        with self.simulator.store as state:
            state["series/509987656/FT/a2026"] = {
                **kept,
                "codValidacaoSerie": "AABBBBBBBB",
            }
        self.run_job()
        self.assertEqual(len(series.activity_ids), 2)
        with self.simulator.store as state:
            state["series/509987656/FT/a2026"] = kept
        self.run_job()
        self.assertEqual((len(series.activity_ids), series.result_code), (2, False))

    def test_refusal_gives_one_activity_and_one_request(self):
        self.registered_series()
        self.simulator.accounts = {USERNAME: Account("right")}
        for _night in range(3):
            self.run_job()
        self.assertEqual(self.simulator.requests["consultarSeries"], 1)
        self.assertIn("Tries left: 4", self.alerts().note)

    def test_unavailable_service_gives_no_activity(self):
        series = self.registered_series()
        self.simulator.faults.add("html")
        self.run_job()
        self.assertEqual((series.state, series.activity_ids.ids), ("registered", []))
        self.assertFalse(self.alerts())

    def test_without_series_nothing_is_sent(self):
        self.run_job()
        self.assertFalse(self.simulator.requests)

    def test_expiry_warnings_come_60_30_and_7_days_before(self):
        with tempfile.TemporaryDirectory() as folder:
            files = SandboxFiles(pathlib.Path(folder))
            certificate = (
                self.env["certificate.certificate"]
                .sudo()
                .create(
                    {
                        "content": base64.b64encode(files.certificate("cipher")),
                        "company_id": self.company.id,
                    }
                )
            )
        self.connection.sudo().cipher_certificate_id = certificate
        end = fields.Datetime.now() + datetime.timedelta(days=61, hours=1)
        certificate.date_end = end
        for days_before, count in (
            (61, 0),
            (60, 1),
            (59, 1),
            (30, 2),
            (29, 2),
            (7, 3),
            (3, 3),
            (-1, 3),
        ):
            with self.subTest(days_before):
                with freeze_time(end - datetime.timedelta(days=days_before)):
                    self.warn_of_expiry()
                self.assertEqual(len(self.alerts()), count)
        self.assertIn("AT Public Key", self.alerts()[0].note)
        certificate.date_end = end + datetime.timedelta(days=700)
        with freeze_time(end + datetime.timedelta(days=695)):
            self.warn_of_expiry()
        self.assertEqual(len(self.alerts()), 4)
