"""Two workers at one series, and at the simulator's register."""

import time
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from ..models.database_store import DatabaseStore


@tagged("post_install", "-at_install", "post_install_l10n")
class TestLocking(BaseCase):
    """With real transactions, which the other test classes do not have."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            series = env["l10n_pt_atcud.series"].create(
                {
                    "company_id": env.ref("base.main_company").id,
                    "identifier": "LOCKED",
                    "document_type": "FT",
                }
            )
            self.series_id = series.id
        self.addCleanup(self.remove)

    def remove(self):
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            series = env["l10n_pt_atcud.series"].browse(self.series_id)
            series.message_ids.unlink()
            series.unlink()

    def series(self, cursor):
        env = api.Environment(cursor, SUPERUSER_ID, {})
        return env["l10n_pt_atcud.series"].browse(self.series_id)

    def lock(self, series):
        series.env["l10n_pt_atcud.remote_call"].lock(series)

    def register(self, series):
        return series.env["l10n_pt_atcud.series_registration"].register(series)

    def close(self, series, closing):
        return series.env["l10n_pt_atcud.series_closing"].close(series, closing)

    def test_second_worker_is_refused(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.lock(self.series(first))
            connections = type(self.series(second).connection_id)
            with (
                patch.object(connections, "_make_client") as client,
                self.assertRaises(UserError),
            ):
                self.register(self.series(second))
            client.assert_not_called()

    def test_a_series_is_not_closed_while_a_document_is_posted_into_it(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.series(first)._block_closing()
            self.series(second)._block_closing()  # many post at once
            second.rollback()
            with self.assertRaises(UserError):
                self.close(self.series(second), "annul")

    def test_older_snapshot_of_a_changed_series_fails(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.assertEqual(self.series(second).state, "draft")
            self.series(first).sequence = 11
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                self.series(second)._block_closing()

    def test_documents_may_refer_to_a_series_that_is_being_registered(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.lock(self.series(first))
            # What a foreign key checks; it would wait for a stronger lock.
            second.execute(
                "SELECT id FROM l10n_pt_atcud_series WHERE id = %s "
                "FOR KEY SHARE NOWAIT",
                [self.series_id],
            )
            self.assertEqual(second.rowcount, 1)

    def test_waiting_worker_sees_the_newest_register(self):
        def count():
            with self.store() as state:
                state["count"] = state.get("count", 0) + 1
                return state["count"]

        self.addCleanup(self.forget_count)
        with ThreadPoolExecutor(1) as other:
            with self.store() as state:
                later = other.submit(count)
                self.wait_for_a_waiting_lock()
                state["count"] = 41
            self.assertEqual(later.result(timeout=60), 42)

    def store(self):
        return DatabaseStore(self.registry, "l10n_pt_atcud_simulator_state")

    def forget_count(self):
        with self.store() as state:
            del state["count"]

    def wait_for_a_waiting_lock(self):
        """Return when another transaction waits for the register."""
        waiting = """
            SELECT 1 FROM pg_locks
             WHERE NOT granted AND relation = 'l10n_pt_atcud_simulator_state'::regclass
        """
        deadline = time.monotonic() + 60
        with self.registry.cursor() as cursor:
            cursor.execute(waiting)
            while not cursor.rowcount:
                self.assertLess(time.monotonic(), deadline, "nobody waits")
                cursor.execute(waiting)
