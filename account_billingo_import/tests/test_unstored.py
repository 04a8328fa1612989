"""A document that cannot be stored keeps none of the others away, and is not lost."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger
from psycopg2.errors import DiskFull

from ..billingo_api import BillingoClient
from ..billingo_api.errors import TemporaryError
from ..billingo_api.simulator import samples
from .common import KEYS, BillingoCommon

OWN = 37
NOWHERE = 2**31 - 1  # no record has this id
START = datetime(2026, 5, 10, 10)
STORE = "odoo.addons.account_billingo_import.services.document_store"
FETCHER = "odoo.addons.account_billingo_import.services.fetcher"
CALLS = "odoo.addons.account_billingo_import.services.remote_call"


@tagged("post_install", "-at_install")
class TestUnstored(BillingoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own.state = "active"

    def setUp(self):
        super().setUp()
        self.bad = {}  # id at Billingo -> what becomes of the document's values
        stores = type(self.env["billingo.document.store"])
        values = stores._values

        def spoiled(this, connection, parsed):
            spoil = self.bad.get(parsed.id, lambda found, _parsed: found)
            return spoil(values(this, connection, parsed), parsed)

        self.patch(stores, "_values", spoiled)
        self.raws = [x for x in samples.own_account().documents if x["invoice_number"]]
        self.first = str(self.raws[0]["id"])
        for logger in (STORE, "odoo.sql_db"):
            self.enterContext(mute_logger(logger))

    def _refuse(self, error, *ids):
        def spoil(_values, _parsed):
            raise error

        self.bad |= dict.fromkeys(ids or (self.first,), spoil)

    def _fetch_at(self, moment):
        with freeze_time(moment):
            self._fetch()

    def _stored(self):
        return {*self.own.document_ids.mapped("billingo_id")}

    def test_other_documents_of_the_page_are_stored(self):
        """Trouble of a compute, of another addon, and of the database."""
        ids = [str(raw["id"]) for raw in self.raws[:3]]
        self._refuse(KeyError("unheard of"), ids[0])
        self._refuse(ValidationError("Not with us."), ids[1])
        self.bad[ids[2]] = lambda found, _parsed: found | {"raw_attachment_id": NOWHERE}
        self._fetch()
        rows = self.own.unstored_ids
        self.assertEqual(len(self.own.document_ids), OWN - 3)
        self.assertFalse(self._stored() & {*ids})
        reasons = {row.billingo_id: row.error for row in rows}
        self.assertIn("KeyError", reasons[ids[0]])
        self.assertEqual(reasons[ids[1]], "Not with us.")
        self.assertIn("ForeignKeyViolation", reasons[ids[2]])
        self.assertEqual({*rows.mapped("name")}, {*self._names(ids)})
        self.assertFalse(self.own.failures, "the connection itself is well")

    def _names(self, ids):
        return [x["invoice_number"] for x in self.raws if str(x["id"]) in ids]

    def test_run_is_incomplete_and_people_see_it(self):
        self._refuse(KeyError("unheard of"))
        self._fetch()
        run, [name] = self.own.run_id, self._names([self.first])
        self.assertEqual((run.state, run.count_failed), ("incomplete", 1))
        self.assertEqual(run.count_new, OWN - 1)
        self.assertTrue(self.own.fetched_until, "the mark is with the document")
        alert = self.own.alerts["unstored"]
        self.assertIn(": 1.", alert["message"])
        action = alert["action"]
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(rows.with_user(self.bookkeeper).mapped("name"), [name])
        page = self.env["billingo.overview"].sudo()
        shown = page.search(page.action_open()["domain"])
        row = shown.filtered(lambda x: x.res_id == self.own.id)
        self.assertIn("could not be stored: 1", row.stuck)
        self._fetch()
        [message] = self._messages(self.own, "mt_document_error")
        self.assertIn(name, message.body)

    def test_document_appears_when_the_cause_is_gone(self):
        self._refuse(KeyError("unheard of"))
        self._fetch_at(START)
        self.bad.clear()
        self._fetch_at(START + timedelta(hours=2))
        self.assertEqual(len(self.own.document_ids), OWN)
        self.assertFalse(self.own.unstored_ids)
        self.assertEqual(self.own.run_id.state, "done")
        self.assertNotIn("unstored", self.own.alerts)
        self._process()
        document = self.own.document_ids.filtered(lambda x: x.billingo_id == self.first)
        self.assertEqual(document.state, "processed")

    def test_document_is_tried_again_less_and_less_often(self):
        self._refuse(KeyError("unheard of"))
        failures = []
        for hours in (0, 0.5, 1.5, 3, 5, 7, 13, 14):
            self._fetch_at(START + timedelta(hours=hours))
            failures.append(self.own.unstored_ids.failures)
        self.assertEqual(failures, [1, 1, 2, 2, 3, 3, 4, 4])
        with freeze_time(START + timedelta(hours=15)):
            answer = self.own.action_fetch()
        self.assertEqual(self.own.unstored_ids.failures, 5, "a user tries at once")
        self.assertIn("Could not be stored: 1", answer["params"]["message"])
        self.assertEqual(answer["params"]["type"], "warning")

    def test_document_that_no_list_has_any_more_is_requested(self):
        """Lists have what is new; what Billingo has deleted is known from the list."""
        second = str(self.raws[1]["id"])
        self._refuse(KeyError("unheard of"), self.first, second)
        self._fetch_at(START)
        self.bad.clear()
        self.simulator.accounts.remove(KEYS["own_key"], int(second))
        self.own.fetched_whole_at = START
        self.simulator.requests.clear()
        self._fetch_at(START + timedelta(days=3))
        self.assertEqual(self.simulator.requests["document"], 2)
        self.assertLessEqual({self.first, second}, self._stored())
        self.assertFalse(self.own.unstored_ids)

    def test_all_are_requested_however_many(self):
        self._refuse(KeyError("unheard of"), *(str(x["id"]) for x in self.raws[:5]))
        self._fetch_at(START)
        self.bad.clear()
        self.own.fetched_whole_at = START
        with patch(f"{FETCHER}.MOST_SINGLE", 2):
            self._fetch_at(START + timedelta(days=3))
        self.assertFalse(self.own.unstored_ids)
        self.assertEqual(self.own.run_id.state, "done")

    def test_document_that_cannot_be_requested_waits_like_the_others(self):
        self._refuse(KeyError("unheard of"))
        self._fetch_at(START)
        self.own.fetched_whole_at = START
        later = START + timedelta(days=3)
        asked = []

        def failing(client, billingo_id):
            asked.append(billingo_id)
            raise TemporaryError(code="500")

        self.bad.clear()
        with patch.object(BillingoClient, "document", failing):
            self._fetch_at(later)
            self.assertEqual(self.own.failures, 1)
            self._fetch_at(later + timedelta(hours=1))
        self.assertEqual(asked, [self.first])
        self.assertEqual((self.own.failures, self.own.unstored_ids.failures), (0, 2))

    def test_change_of_a_stored_document_is_not_lost(self):
        self._fetch_at(START)
        raw = self.raws[0] | {"comment": "new words"}
        later = START + timedelta(hours=1)
        self.simulator.accounts.change(KEYS["own_key"], raw, later)
        self._refuse(KeyError("unheard of"))
        self._fetch_at(later)
        document = self.own.document_ids.filtered(lambda x: x.billingo_id == self.first)
        self.assertNotEqual(document._raw(), raw)
        self.assertEqual(self.own.unstored_ids.billingo_id, self.first)
        self.bad.clear()
        self._fetch_at(later + timedelta(days=9))
        self.assertEqual(document._raw(), raw)
        self.assertFalse(self.own.unstored_ids)

    def test_lines_of_a_spending_that_cannot_be_stored(self):
        costs = self._connect("spending", KEYS["own_key"])
        costs.state = "active"
        raw = samples.own_spendings()[0]

        def spoil(found, parsed):
            # The list has no lines: it is stored, and the document waits for them.
            if "items" in parsed.raw:
                raise KeyError("unheard of")
            return found

        self.bad[str(raw["id"])] = spoil
        with freeze_time(START):
            costs.action_fetch()
        document = costs.document_ids.filtered(
            lambda x: x.billingo_id == str(raw["id"])
        )
        self.assertEqual(document.error_code, "lines_unread")
        self.assertEqual(costs.unstored_ids.billingo_id, document.billingo_id)
        self.assertEqual(len(costs.document_ids), len(samples.own_spendings()))
        others = costs.document_ids - document
        self.assertEqual({*others.mapped("state")}, {"fetched"})
        self._fetch_spendings(costs, START + timedelta(hours=1.5))
        self.assertEqual(
            costs.unstored_ids.failures, 2, "the list alone settles nothing"
        )
        self.bad.clear()
        self._fetch_spendings(costs, START + timedelta(hours=4))
        self.assertEqual((document.state, document.error_code), ("fetched", False))
        self.assertFalse(costs.unstored_ids)

    def _fetch_spendings(self, connection, moment):
        connection.next_fetch_at = False
        with freeze_time(moment):
            self._run("ir_cron_billingo_fetch")

    @mute_logger(CALLS)
    def test_trouble_of_the_database_is_of_the_run(self):
        self._refuse(DiskFull("no space left"))
        self._fetch()
        self.assertFalse(self.own.unstored_ids)
        self.assertFalse(self.own.fetched_until)
        self.assertEqual(self.own.failures, 1)
        self.assertIn("DiskFull", self.own.error)
        self.bad.clear()
        self._fetch()
        self.assertEqual(len(self.own.document_ids), OWN)

    def test_number_of_what_cannot_be_stored_is_not_missing(self):
        self.own.write({"has_receipts": True, "has_proformas": True})
        raw = self.raws[4]  # neither the first nor the last of its series
        self.simulator.accounts.remove(KEYS["own_key"], raw["id"])
        self._fetch()
        self.simulator.accounts.add(KEYS["own_key"], raw)
        self._refuse(KeyError("unheard of"), str(raw["id"]))
        self._run("ir_cron_billingo_gaps")
        self.assertEqual(self.own.unstored_ids.billingo_id, str(raw["id"]))
        self.assertFalse(self.own.gap_ids)
        self.assertTrue(self.own.gaps_checked_at, "the comparison has ended")
