"""Each connection and each series has its turn, whatever happens to the others."""

from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..at_series import TemporaryError
from .common import AtcudCommon

LOGGER = "odoo.addons.l10n_pt_atcud.services.remote_call"


@tagged("post_install", "-at_install", "post_install_l10n")
class TestTurns(AtcudCommon):
    def setUp(self):
        super().setUp()
        self.comparison = type(self.env["l10n_pt_atcud.series_comparison"])

    def night(self):
        with self.enter_registry_test_mode(), mute_logger(LOGGER):
            cron = self.env.ref("l10n_pt_atcud.ir_cron_l10n_pt_atcud_nightly_check")
            cron.sudo().method_direct_trigger()
        self.env.invalidate_all()

    def test_try_is_written_before_the_call(self):
        self.registered_series()
        seen = []

        def fetch(_service, connection):
            seen.append(connection.tried_at)
            return (), None

        with patch.object(self.comparison, "try_fetch", fetch):
            self.night()
        self.assertTrue(seen[0])

    def test_connection_tried_longest_ago_comes_first(self):
        other = self.connection.sudo().copy({"environment": "test"})
        tried = []
        nightly = type(self.env["l10n_pt_atcud.nightly_check"])
        compare = patch.object(nightly, "compare", lambda _self, one: tried.append(one))
        self.connection.sudo().tried_at = "2026-01-01"
        other.tried_at = "2026-01-02"
        with compare:
            self.night()
        ours = [self.connection.id, other.id]
        self.assertEqual([x.id for x in tried if x.id in ours], ours)

    def test_error_with_one_connection_leaves_the_others_their_turn(self):
        other = self.connection.sudo().copy({"environment": "test"})
        nightly = type(self.env["l10n_pt_atcud.nightly_check"])
        tried = []

        def compare(_self, connection):
            tried.append(connection)
            if connection == other:
                raise KeyError("unforeseen")

        with patch.object(nightly, "compare", compare):
            self.night()
        self.assertIn(self.connection, tried)
        self.assertEqual(other.failures, 1)
        self.assertIn("KeyError", other.failure)
        self.assertGreater(other.next_try_at, fields.Datetime.now())

    def test_error_with_one_series_leaves_the_others_their_turn(self):
        first, second = self.registered_series(), self.registered_series("B2026")
        compared = []

        def compare(_self, series, *_known):
            compared.append(series)
            if series == first:
                raise ValueError("an empty answer")

        with patch.object(self.comparison, "compare", compare):
            self.night()
        self.assertEqual(set(compared), {first, second})

    def test_failures_back_off_and_alert_once(self):
        self.registered_series()
        error = TemporaryError("down", code="no_answer")
        with patch.object(self.comparison, "try_fetch", lambda *_: ((), error)):
            for failures in range(1, 6):
                self.connection.sudo().next_try_at = False
                self.night()
                self.assertEqual(self.connection.failures, failures)
                self.assertEqual(
                    len(self.connection.sudo().activity_ids), failures >= 3
                )
            wait = self.connection.next_try_at - fields.Datetime.now()
            self.assertGreater(wait.days, 5)
            self.night()  # not yet
            self.assertEqual(self.connection.failures, 5)
        self.connection.sudo().next_try_at = False
        self.night()
        self.assertEqual(self.connection.failures, 0)
        self.assertTrue(self.connection.succeeded_at)
