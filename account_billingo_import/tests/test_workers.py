import threading

from odoo.orm.registry import DummyRLock, Registry
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BillingoCommitted

OWN = 37
TURNS = 2_000  # far more than needed: a worker that waits in vain must not hang


@tagged("post_install", "-at_install")
class TestWorkers(BillingoCommitted):
    """Several workers use one connection, with transactions of their own."""

    def _session(self, connection):
        return connection.env["billingo.remote.call"]._session(connection, is_job=True)

    def _step(self, session, connection):
        return connection.env["billingo.fetcher"]._step(session, connection)

    def _assert_each_once(self):
        with self.registry.cursor() as cursor:
            connection = self._of(cursor)
            ids = connection.document_ids.mapped("billingo_id")
            self.assertEqual(len(ids), OWN)
            self.assertEqual(len(set(ids)), OWN)
            self.assertEqual(connection.run_ids.mapped("count_new"), [OWN])
            self.assertEqual(connection.run_ids.mapped("state"), ["done"])
            self.assertTrue(connection.fetched_until)
            self.assertEqual((connection.failures, connection.error), (0, False))

    def _work(self, barrier, errors):
        """Be one worker: go on until the run is over, whoever made the last step."""
        try:
            with self.registry.cursor() as cursor:
                connection = self._of(cursor)
                with self._session(connection) as session:
                    barrier.wait(30)
                    for _turn in range(TURNS):
                        self._step(session, connection)
                        cursor.commit()
                        if connection.fetched_until:
                            return
            errors.append("never over")
        except Exception as error:
            errors.append(error)

    @mute_logger("odoo.sql_db")  # the database says no to who comes second
    def test_two_workers_read_no_page_twice(self):
        # The thread of the tests holds this lock, for which others would wait.
        self.patch(Registry, "_lock", DummyRLock())
        barrier, errors = threading.Barrier(2), []
        workers = [
            threading.Thread(target=self._work, args=(barrier, errors), daemon=True)
            for _ in range(2)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
        self.assertEqual(errors, [])
        self._assert_each_once()
        self.assertEqual(self.simulator.requests["documents"], 11, "no page twice")

    def test_locked_connection_sends_no_request(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            ours, theirs = self._of(first), self._of(second)
            with self._session(ours) as session:
                self.assertTrue(self._step(session, ours))
                asked = self.simulator.requests.copy()
                self.assertFalse(self._step(session, theirs))
                self.assertEqual(self.simulator.requests, asked)
                second.rollback()
                # The first worker dies here, with a page that nobody kept.
                first.rollback()
                self._work(threading.Barrier(1), errors := [])
        self.assertEqual(errors, [])
        self._assert_each_once()

    @mute_logger("odoo.sql_db")  # the database says no to who comes second
    def test_page_stored_in_the_meantime_is_no_failure(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            ours, theirs = self._of(first), self._of(second)
            self.assertFalse(theirs.fetch_page)
            with self._session(ours) as session:
                self._step(session, ours)
                first.commit()
                self.assertFalse(self._step(session, theirs))
                second.commit()
                self.assertTrue(self._step(session, theirs), "with fresh eyes")
                second.commit()
        self._work(threading.Barrier(1), errors := [])
        self.assertEqual(errors, [])
        self._assert_each_once()

    def test_memory_keeps_nothing_of_a_page(self):
        kept = []
        with self.registry.cursor() as cursor:
            connection = self._of(cursor)
            with self._session(connection) as session:
                while self._step(session, connection):
                    cursor.commit()
                    data = connection.env.transaction.field_data
                    kept.append(sum(len(values) for values in data.values()))
        self.assertEqual(len(kept), 10)
        self.assertEqual({*kept}, {0}, "10,000 documents need no more than a page")
