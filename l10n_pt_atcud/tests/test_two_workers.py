"""Two workers at one series, with real transactions: AT hears one call."""

import threading
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from ..at_series import Credentials, SeriesClient, open_session
from ..at_series.simulation import MemoryStore
from ..at_series.simulator import Account, Simulator
from .common import ORIGIN, USERNAME


@tagged("post_install", "-at_install", "post_install_l10n")
class TestTwoWorkers(BaseCase):
    """What commits here is really committed, and removed again."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.simulator = Simulator(MemoryStore(), {USERNAME: Account("demo")})
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            company = env.ref("base.main_company")
            series = env["l10n_pt_atcud.series"].create(
                {"company_id": company.id, "identifier": "TWICE"}
            )
            self.series_id, companies = series.id, type(company)
        self.addCleanup(self.remove)
        for name, stand_in in (
            ("_l10n_pt_atcud_client", self.client),
            ("_l10n_pt_atcud_commit", lambda one: one.env.cr.commit()),
            ("_l10n_pt_atcud_note", lambda one, error: None),
        ):
            seam = patch.object(companies, name, stand_in)
            seam.start()
            self.addCleanup(seam.stop)
        self.is_asked, self.may_answer = threading.Event(), threading.Event()

    def client(self, *_args, **_options):
        session = open_session(ORIGIN, simulator=self.slow_simulator)
        credentials = Credentials(USERNAME, "demo", self.simulator.cipher_certificate)
        return SeriesClient(session, ORIGIN, credentials)

    def slow_simulator(self, environ, start_response):
        """Answer when the test lets it."""
        self.is_asked.set()
        self.assertTrue(self.may_answer.wait(20))
        return self.simulator(environ, start_response)

    def remove(self):
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            series = env["l10n_pt_atcud.series"].browse(self.series_id)
            series.message_ids.unlink()
            # The model lets nobody delete what AT was told of.
            cursor.execute(
                "DELETE FROM l10n_pt_atcud_series WHERE id = %s", [self.series_id]
            )

    def series(self, cursor):
        env = api.Environment(cursor, SUPERUSER_ID, {})
        return env["l10n_pt_atcud.series"].browse(self.series_id)

    def register(self, worker=None):
        """Do what a worker does: everything in a transaction of its own.

        :param worker: the series in an environment that another thread can use; while
            tests run, only this thread may make one
        """
        series = worker or self.worker()
        try:
            return series._communicate()
        finally:
            series.env.cr.close()

    def worker(self):
        cursor = self.registry.cursor()
        self.addCleanup(cursor.close)
        return self.series(cursor)

    def calls(self):
        return dict(self.simulator.requests)

    def test_the_second_is_sent_away_while_the_first_waits_for_at(self):
        with ThreadPoolExecutor(1) as workers:
            first = workers.submit(self.register, self.worker())
            self.assertTrue(self.is_asked.wait(20))
            with self.assertRaises(UserError):
                self.register()
            self.may_answer.set()
            self.assertIsNone(first.result(timeout=20))
        self.assertEqual(self.calls(), {"registarSerie": 1})
        self.assertIsNone(self.register())
        self.assertEqual(self.calls(), {"registarSerie": 1})
        with self.registry.cursor() as cursor:
            self.assertEqual(self.series(cursor).state, "registered")

    def test_who_began_before_the_first_had_ended_begins_anew(self):
        self.may_answer.set()
        with self.registry.cursor() as second:
            self.assertEqual(self.series(second).state, "draft")
            self.assertIsNone(self.register())
            # Odoo runs the request once more, which finds that all is done.
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                self.series(second)._communicate()
            second.rollback()
            self.assertIsNone(self.series(second)._communicate())
        self.assertEqual(self.calls(), {"registarSerie": 1})

    def test_both_at_one_moment(self):
        self.may_answer.set()
        start = threading.Barrier(2)

        def race(series):
            start.wait(20)
            try:
                self.register(series)
            except (UserError, SerializationFailure):
                return False
            return True

        with mute_logger("odoo.sql_db"), ThreadPoolExecutor(2) as workers:
            races = [workers.submit(race, self.worker()) for _worker in range(2)]
            self.assertIn(True, [one.result(timeout=20) for one in races])
        self.assertEqual(self.calls(), {"registarSerie": 1})
