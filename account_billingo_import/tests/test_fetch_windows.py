from datetime import date, datetime, timedelta

from odoo.fields import Datetime
from odoo.tests import freeze_time, tagged

from ..billingo_api import BillingoClient
from ..billingo_api.simulator import samples
from ..billingo_api.transport import open_session
from .common import KEYS, ORIGIN, BillingoCommon

OWN = 37


@tagged("post_install", "-at_install")
class TestFetchWindows(BillingoCommon):
    """The requests of each run, rule by rule."""

    def setUp(self):
        super().setUp()
        self.own.state = "active"
        self.asked = []

    @property
    def _simulated_client(self):
        """The client of all tests, with a note of every query."""

        def client(connection):
            return BillingoClient(
                open_session(ORIGIN, simulator=self._service),
                ORIGIN,
                connection.sudo().api_key or "",
                page_size=100,
                clock=lambda: 0.0,
                sleep=self.slept.append,
            )

        return client

    def _service(self, environ, start_response):
        if environ["PATH_INFO"] == "/v3/documents":
            query = environ["QUERY_STRING"].replace("%3A", ":").replace("+", " ")
            self.asked.append(dict(part.split("=") for part in query.split("&")))
        return self.simulator(environ, start_response)

    def _fetch_at(self, moment):
        self.asked.clear()
        with freeze_time(moment):
            self.own.next_fetch_at = False
            self.own.action_fetch()
        return [*self.asked]

    def test_first_run_reads_from_the_start_date(self):
        [query] = self._fetch_at("2026-05-10 23:30:00")
        self.assertEqual(
            query, {"page": "1", "per_page": "100", "start_date": "2026-01-01"}
        )
        self.assertNotIn("type", query)

    def test_later_runs_overlap_by_whole_days(self):
        # Half past eleven at night in UTC is the next day in Budapest; in March and
        # October a day has 23 or 25 hours. Only whole days are compared.
        for moment in ("2026-05-10 23:30:00", "2026-03-29 00:30:00"):
            self.own.start_date = "2026-01-01"
            first = Datetime.to_datetime(moment)
            self._fetch_at(first)
            window, changes = self._fetch_at(first + timedelta(hours=2))
            day = first.date()
            self.assertEqual(window["start_date"], str(day - timedelta(days=7)))
            since = f"{day - timedelta(days=1)} 00:00:00"
            self.assertEqual(changes["last_modified_date"], since)
            self.assertNotIn("start_date", changes)
            self.assertNotIn("type", window | changes)

    def test_overlap_does_not_precede_the_start_date(self):
        self.own.start_date = "2026-05-08"
        self._fetch_at("2026-05-10 10:00:00")
        window, _changes = self._fetch_at("2026-05-10 12:00:00")
        self.assertEqual(window["start_date"], "2026-05-08")

    def test_time_of_success_is_the_start_of_the_run(self):
        self._fetch_at("2026-05-10 10:00:00")
        began = datetime(2026, 5, 10, 10)
        self.assertEqual(self.own.last_success_at, began)
        self.assertEqual(self.own.fetched_until, began)

    def test_failed_window_is_requested_again(self):
        self._fetch_at("2026-05-10 10:00:00")
        for day in (11, 20, 30):
            self.simulator.on_page(1, "500")
            [window] = self._fetch_at(f"2026-05-{day} 10:00:00")
            self.assertEqual(window["start_date"], "2026-05-03")
        window, changes = self._fetch_at("2026-05-31 10:00:00")
        self.assertEqual(window["start_date"], "2026-05-03")
        self.assertEqual(changes["last_modified_date"], "2026-05-09 00:00:00")

    def test_reactivated_connection_resumes_where_it_stopped(self):
        self._fetch_at("2026-05-10 10:00:00")
        self.own.action_deactivate()
        self._fetch_at("2026-08-01 10:00:00")
        self.assertFalse(self.asked)
        self.own.action_activate()
        self.own.fetched_whole_at = "2026-10-31 10:00:00"  # else more than that is read
        window, changes = self._fetch_at("2026-11-01 10:00:00")
        self.assertEqual(window["start_date"], "2026-05-03")
        self.assertEqual(changes["last_modified_date"], "2026-05-09 00:00:00")

    def test_last_year_is_read_again_once_a_week(self):
        self._fetch_at("2026-05-10 10:00:00")
        for day, start in ((16, "05-03"), (18, "01-01"), (19, "05-11")):
            window, _changes = self._fetch_at(f"2026-05-{day} 10:00:00")
            self.assertEqual(window["start_date"], f"2026-{start}")

    def test_earlier_start_date_reads_from_there(self):
        self.own.start_date = "2026-02-01"
        self._fetch_at("2026-05-10 10:00:00")
        before = len(self.own.document_ids)
        self.own.start_date = "2026-01-01"
        [query] = self._fetch_at("2026-05-10 12:00:00")
        self.assertEqual(query["start_date"], "2026-01-01")
        self.assertGreater(len(self.own.document_ids), before)
        self.assertEqual(len(self.own.document_ids), OWN)

    def test_document_issued_later_on_the_same_day_is_found(self):
        self._fetch_at("2026-05-10 10:00:00")
        raw = samples.own_account().documents[0]
        for place in (1, 2):
            number = f"FOLY / 2026-0009{place}"
            later = raw | {
                "id": 73_000_000 + place,
                "invoice_number": number,
                "invoice_date": "2026-05-10",
            }
            # Not in the list of changes: it has to be found by its day alone.
            self.simulator.accounts.add(KEYS["own_key"], later)
        self._fetch_at("2026-05-10 12:00:00")
        self.assertEqual(self.own.last_new, 2)
        self.assertEqual(len(self.own.document_ids), OWN + 2)

    def test_volatile_parts_are_no_change_of_content(self):
        self._fetch_at("2026-05-10 10:00:00")
        document = self._document(self.own, 1)
        document.action_process()
        raw = document._raw() | {
            "correction_type": "canceled",
            "notification_status": "readed",
            "online_szamla_status": "done",
            "paid_date": str(date(2026, 5, 11)),
            "partner": document._raw()["partner"] | {"name": "Renamed Kft."},
            "payment_status": "expired",
            "tags": ["new"],
        }
        changed = datetime(2026, 5, 11, 9)
        self.simulator.accounts.change(KEYS["own_key"], raw, changed)
        self._fetch_at("2026-05-11 10:00:00")
        self.assertEqual(document.payment_status, "expired")
        self.assertFalse(document.is_changed)
        self.assertFalse(document.activity_ids)

    def test_run_without_news_sends_few_requests(self):
        self._fetch_at("2026-05-10 10:00:00")
        self.simulator.requests.clear()
        self._fetch_at("2026-05-10 12:00:00")
        self.assertLessEqual(sum(self.simulator.requests.values()), 3)

    def test_key_is_in_no_record(self):
        for fault in ("500", "drop", "html"):
            self.simulator.on_page(1, fault)
            self._fetch_at("2026-05-10 10:00:00")
        self.simulator.accounts.refuse(KEYS["own_key"], 401)
        self._fetch_at("2026-05-10 12:00:00")
        told = [
            self.own.error,
            *self.own.run_ids.mapped("error"),
            *self.own.message_ids.mapped("body"),
            *self._messages(self.own).mapped("body"),
            *self.own.activity_ids.mapped("note"),
        ]
        self.assertGreater(len(told), 3)
        self.assertNotIn(KEYS["own_key"], "\n".join(str(text) for text in told))
