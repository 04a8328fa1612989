"""Odoo repeats a request after a serialization failure: nothing may happen twice."""

from datetime import timedelta
from functools import partial
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KEYS, BillingoCommitted

OWN = 37
PAGES = 11  # of the first run
COMMIT = "odoo.addons.account_billingo_import.services.remote_call.commit"
WAIT = "odoo.service.model.random.uniform"
BY_HAND = "odoo.addons.account_billingo_import.services.remote_call.BY_HAND"
CONFLICT = "DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$"


@tagged("post_install", "-at_install")
class TestRetrying(BillingoCommitted):
    """Every button that calls Billingo, with a conflict at one of its commits."""

    def setUp(self):
        super().setUp()
        self.commits = 0

    def _press(self, button, conflict_at=1):
        """Press a button as the web client does; the n-th commit meets a conflict.

        :param button: takes the connection
        """

        def commit(env):
            self.commits += 1
            if self.commits == conflict_at:
                env.flush_all()
                env.cr.execute(CONFLICT)
            env.cr.commit()

        with (
            self.registry.cursor() as cursor,
            patch(COMMIT, commit),
            patch(WAIT, lambda *_: 0),
            patch(BY_HAND, timedelta(minutes=10)),
            mute_logger("odoo.service.model", "odoo.sql_db"),
        ):
            connection = self._of(cursor)
            return retrying(partial(button, connection), connection.env)

    def _fetched(self):
        self._press(lambda connection: connection.action_fetch(), conflict_at=0)
        self.commits = 0

    def _read(self, *names):
        with self.registry.cursor() as cursor:
            [values] = self._of(cursor).read([*names])
            return [values[name] for name in names]

    def _messages(self):
        with self.registry.cursor() as cursor:
            env = self._env(cursor)
            kind = env.ref("account_billingo_import.mt_connection_problem")
            return env["mail.message"].search_count(
                [
                    ("model", "=", "billingo.connection"),
                    ("res_id", "=", self.connection_id),
                    ("subtype_id", "=", kind.id),
                ]
            )

    def _let_admin_read(self, choice):
        with self.registry.cursor() as cursor:
            admin = self._env(cursor).ref("base.user_admin")
            admin.billingo_connection_messages = choice

    def test_fetch_continues_with_the_page_that_met_the_conflict(self):
        self._press(lambda connection: connection.action_fetch(), conflict_at=3)
        with self.registry.cursor() as cursor:
            connection = self._of(cursor)
            ids = connection.document_ids.mapped("billingo_id")
            self.assertEqual((len(ids), len(set(ids))), (OWN, OWN))
            self.assertEqual(connection.run_ids.mapped("count_new"), [OWN])
        self.assertEqual(self.simulator.requests["documents"], PAGES + 1)

    def test_refused_key_is_notified_once(self):
        self._let_admin_read("all")
        self.addCleanup(self._let_admin_read, "followed")
        self.simulator.accounts.refuse(KEYS["own_key"], 401)
        for button in ("action_fetch", "action_check"):
            self.commits = 0
            self._press(lambda connection, name=button: getattr(connection, name)())
            self.assertEqual(self._messages(), 1, button)
        state, activities = self._read("state", "activity_ids")
        self.assertEqual((state, len(activities)), ("suspended", 1))

    def test_failure_counts_once(self):
        self.simulator.on_page(1, "500", times=2)
        self._press(lambda connection: connection.action_fetch())
        self.assertEqual(self._read("failures"), [1])

    def test_check_stores_its_result_once(self):
        self._press(lambda connection: connection.action_check())
        with self.registry.cursor() as cursor:
            connection = self._of(cursor)
            self.assertTrue(connection.checked_at)
            blocks = connection.env["billingo.block"].search_count(
                [("connection_id", "=", connection.id)]
            )
        self.assertEqual(blocks, 2)

    def test_pdf_is_stored_once(self):
        self._fetched()

        def download(connection):
            document = connection.document_ids[0]
            client = connection._client()
            client.download(document.billingo_id)  # Billingo has made it then
            return document.action_get_pdf()

        self._press(download)
        with self.registry.cursor() as cursor:
            document = self._of(cursor).document_ids[0]
            files = document.env["ir.attachment"].search(
                [
                    ("res_model", "=", document._name),
                    ("res_id", "=", document.id),
                    ("mimetype", "=", "application/pdf"),
                ]
            )
            self.assertEqual(files, document.pdf_attachment_id)
            self.assertEqual(len(files), 1)

    def test_reading_again_stores_once_and_errors_are_raised(self):
        self._fetched()

        def read_again(connection):
            fetcher = connection.env["billingo.fetcher"]
            fetcher._read_again(connection.document_ids[0])

        self._press(read_again)
        self.assertEqual(self.simulator.requests["document"], 2)
        self.simulator.faults.add("500", 2)
        self.commits = 0
        with self.assertRaises(UserError):
            self._press(read_again)
        self.assertEqual(self._read("failures"), [0])

    def test_missing_numbers_are_recorded_once(self):
        _total, documents = self.simulator.accounts.documents(KEYS["own_key"])
        [gone] = [x for x in documents if x["invoice_number"].endswith("-000012")]
        self.simulator.accounts.remove(KEYS["own_key"], gone["id"])
        self._fetched()
        self._press(lambda connection: connection.action_compare_numbers())
        with self.registry.cursor() as cursor:
            gaps = self._of(cursor).gap_ids
            missing = gaps.filtered(lambda x: x.state == "missing")
            self.assertEqual(missing.mapped("first_number"), [12])
            self.assertEqual(len(gaps.mapped("numbers")), len(gaps))

    def test_job_leaves_a_conflict_to_the_other_worker(self):
        conflicts = []

        def commit(env):
            if not conflicts:
                conflicts.append(True)
                env.flush_all()
                env.cr.execute(CONFLICT)
            env.cr.commit()

        with (
            self.registry.cursor() as cursor,
            patch(COMMIT, commit),
            mute_logger("odoo.sql_db"),
        ):
            connection = self._of(cursor)
            calls = connection.env["billingo.remote.call"]
            fetcher = connection.env["billingo.fetcher"]
            with calls._session(connection, is_job=True) as session:
                for _turn in range(PAGES + 2):
                    fetcher._step(session, connection)
        failures, error, mark = self._read("failures", "error", "fetched_until")
        self.assertEqual((failures, error), (0, False))
        self.assertTrue(mark)
        with self.registry.cursor() as cursor:
            self.assertEqual(len(self._of(cursor).document_ids), OWN)
