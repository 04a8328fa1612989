"""Two workers at one series, with real transactions: AT receives one request."""

import threading
from concurrent.futures import ThreadPoolExecutor

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from .committed import CommittedCase


@tagged("post_install", "-at_install", "post_install_l10n")
class TestConcurrentCalls(CommittedCase):
    def setUp(self):
        super().setUp()
        self.series_id = self.make_series("TWICE")
        self.has_request, self.may_answer = threading.Event(), threading.Event()

    def served(self, connection):
        simulator = super().served(connection)

        def slow(environ, start_response):
            """Answer when the test lets it."""
            self.has_request.set()
            self.assertTrue(self.may_answer.wait(20))
            return simulator(environ, start_response)

        slow.cipher_certificate = simulator.cipher_certificate
        return slow

    def register(self, worker=None):
        """Do what a worker does: everything in a transaction of its own.

        :param worker: the series in an environment that another thread can use; while
            tests run, only this thread may make one
        """
        series = worker or self.worker()
        try:
            return series.env["l10n_pt_atcud.series_registration"].register(series)
        finally:
            series.env.cr.close()

    def worker(self):
        cursor = self.registry.cursor()
        self.addCleanup(cursor.close)
        return self.series(cursor, self.series_id)

    def test_the_second_is_refused_while_the_first_waits_for_at(self):
        with ThreadPoolExecutor(1) as workers:
            first = workers.submit(self.register, self.worker())
            self.assertTrue(self.has_request.wait(20))
            with self.assertRaises(UserError):
                self.register()
            self.may_answer.set()
            self.assertIsNone(first.result(timeout=20))
        self.assertEqual(self.calls(), {"registarSerie": 1})
        self.assertIsNone(self.register())
        self.assertEqual(self.calls(), {"registarSerie": 1})
        with self.registry.cursor() as cursor:
            series = self.series(cursor, self.series_id)
            self.assertEqual(series.state, "registered")
            self.assertEqual(series.connection_id.state, "active")

    def test_a_transaction_older_than_the_outcome_fails_and_is_repeated(self):
        self.may_answer.set()
        with self.registry.cursor() as second:
            series = self.series(second, self.series_id)
            self.assertEqual(series.state, "draft")
            self.assertIsNone(self.register())
            service = series.env["l10n_pt_atcud.series_registration"]
            # Odoo runs the request once more, which finds that all is done.
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                service.register(series)
            second.rollback()
            self.assertIsNone(service.register(series))
        self.assertEqual(self.calls(), {"registarSerie": 1})

    def test_two_workers_at_one_moment(self):
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
