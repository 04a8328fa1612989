"""The comparison of numbers: does every number of Billingo have its document here?

Only of our own invoices: most of a supplier's are not addressed to us. Numbers missing
between the stored ones are requested, whatever their date.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..billingo_api.numbers import (
    DocumentNumber,
    NumberRange,
    missing_ranges,
    parse_number,
    windows,
)
from ..client_actions import notification
from ..guards import internal
from .connection_domains import working

INTERVAL = timedelta(days=6, hours=12)  # the job runs once a week
PAUSE = timedelta(hours=3)  # until an interrupted comparison continues
GAP_JOB = "account_billingo_import.ir_cron_billingo_gaps"
PROCESS_JOB = "account_billingo_import.ir_cron_billingo_process"
SHOWN = 20  # ranges that a message names


@internal
class BillingoGapCheck(models.AbstractModel):
    _name = "billingo.gap.check"
    _description = "Comparison of Billingo numbers"

    # === PUBLIC === #

    def _cron_billingo_gaps(self):
        """Compare the numbers of every connection that is due; commits each window."""
        connections = self.env["billingo.connection"]
        domain = self._ready_domain() & self._due_domain()
        due = connections.search(domain, order="tried_at NULLS FIRST, id")
        self.env["billingo.remote.call"]._run_steps(due, self._step)
        begun = Domain("gaps_started_at", "!=", False) & working()
        if connections.search_count(begun, limit=1):
            # A search failed: the others are not to wait for the next week.
            self.env.ref(GAP_JOB)._trigger(at=fields.Datetime.now() + PAUSE)

    def _compare_by_hand(self, connection):
        """Compare numbers for a few seconds; the job does the rest. Commits.

        :return: a notification for the user
        :raise UserError: the fetch is not complete
        """
        if not connection.filtered_domain(self._ready_domain()):
            raise UserError(
                self.env._(
                    "Numbers can be compared when all documents are fetched. Use Fetch "
                    "now, and wait until the fetch is complete."
                )
            )
        connection.gaps_checked_at = connection.gaps_started_at = False
        calls = self.env["billingo.remote.call"]
        calls._run_steps_by_hand(connection, self._step, GAP_JOB)
        message = connection.error or self.env._(
            "Missing documents found: %(found)s. Numbers missing at Billingo: "
            "%(missing)s.",
            found=connection.gaps_found,
            missing=len(connection.gap_ids.filtered(lambda x: x.state == "missing")),
        )
        if connection.gaps_started_at and not connection.error:
            message = self.env._(
                "There are many numbers to compare. The comparison continues in the "
                "background."
            )
        return notification(message, "warning" if connection.error else "success")

    def _step(self, session, connection):
        """Request one window of numbers; return whether there may be more.

        The try is committed before the request: a window that fails, in whatever way,
        is not tried again before the others.
        """
        found = None
        with self._locked(session, connection) as ours:
            if ours:
                found = self._take_window(ours)
        if not found or not session.is_kept:
            return False
        with self._locked(session, connection) as ours:
            if ours:
                self._request_window(session.client, ours, *found)
        return session.is_kept

    # === STEPS === #

    def _ready_domain(self):
        """Return where a fetch is complete and Billingo does not ask us to wait."""
        return (
            working()
            & Domain("mode", "=", "customer")
            & Domain("fetched_until", "!=", False)
            & Domain("fetch_page", "=", 0)
            & Domain("failures", "=", 0)
        )

    def _due_domain(self):
        before = fields.Datetime.now() - INTERVAL
        return Domain("gaps_checked_at", "=", False) | Domain(
            "gaps_checked_at", "<", before
        )

    def _locked(self, session, connection):
        domain = self._ready_domain()
        return session.locked(connection, domain, allow_referencing=True)

    def _take_window(self, connection):
        """Return the next window, with its try noted; without one, end the comparison.

        :return: a stored number beside it and its ranges, or None
        """
        if not connection.gaps_started_at:
            connection.write(
                {"gaps_started_at": fields.Datetime.now(), "gaps_found": 0}
            )
        found = self._next_window(connection)
        if found:
            self._record(connection, *found, {"tried_at": fields.Datetime.now()})
        else:
            self._end(connection)
        return found

    def _request_window(self, client, connection, beside, ranges):
        window = NumberRange(beside.year, ranges[0][0], ranges[-1][1])
        documents = [*client.all_documents(numbers=window)]
        connection.gaps_found += self._settle(connection, beside, ranges, documents)

    def _end(self, connection):
        """End the comparison; report numbers that are nowhere, each once."""
        connection.write(
            {"gaps_started_at": False, "gaps_checked_at": fields.Datetime.now()}
        )
        if connection.gaps_found:
            self.env.ref(PROCESS_JOB)._trigger()
        new = connection.gap_ids.filtered(
            lambda x: x.state == "missing" and not x.is_notified
        )
        if not new:
            return
        new.is_notified = True
        shown = new[:SHOWN].mapped("numbers")
        more = ["…"] if len(new) > SHOWN else []
        numbers = ", ".join(shown + more)
        self.env["billingo.notifications"]._send(
            connection,
            "mt_document_error",
            lambda env: (
                env._("Billingo: numbers are missing"),
                env._(
                    "Documents with these numbers exist neither in Odoo nor at "
                    "Billingo: %s. Ask the person who issues your invoices about them.",
                    numbers,
                ),
            ),
        )

    # === RANGES === #

    def _next_window(self, connection):
        """Return ranges that this comparison has not tried yet: tried longest ago.

        Ranges that are not missing any more are deleted.

        :return: a stored number beside them and the ranges, or None
        """
        wanted = connection.gap_ids.filtered(lambda x: x.state != "unwanted")
        rows = {row._key(): row for row in wanted}
        found = []
        for (head, year), numbers in sorted(self._known_numbers(connection).items()):
            tried = {}
            for one in missing_ranges(numbers):
                row = rows.pop((head, year, *one), connection.gap_ids.browse())
                at = row.tried_at or datetime.min
                if at < connection.gaps_started_at:
                    tried[one] = at
            found += [
                (max(map(tried.get, ranges)), numbers[ranges[0][0] - 1], ranges)
                for ranges in windows(tried)
            ]
        connection.gap_ids.browse().union(*rows.values()).unlink()
        return min(found, key=lambda x: x[0])[1:] if found else None

    def _known_numbers(self, connection):
        """Return, by series, the numbers that are stored or known to be unwanted.

        What could not be stored is known, too, and has its own turns.
        """
        known = defaultdict(dict)
        documents = self.env["billingo.document"].search_fetch(
            [("connection_id", "=", connection.id)], ["name"], order="id"
        )
        names = connection.unstored_ids.mapped("name") + documents.mapped("name")
        for number in filter(None, map(parse_number, names)):
            known[number.head, number.year][number.number] = number
        for row in connection.gap_ids.filtered(lambda x: x.state == "unwanted"):
            head, year, first, _last = row._key()
            known[head, year][first] = DocumentNumber(head, year, first, row.digits)
        return known

    def _settle(self, connection, beside, ranges, documents):
        """Store what Billingo has; record what is unwanted and what is missing.

        :param beside: a stored number of the series
        :param ranges: first and last number of what was requested
        :param documents: parsed documents, also of other series
        :return: how many documents are new
        """
        store = self.env["billingo.document.store"]
        requested = {n for first, last in ranges for n in range(first, last + 1)}
        found = {}
        for document in documents:
            number = parse_number(document.invoice_number)
            if number and (number.head, number.year) == (beside.head, beside.year):
                found[number.number] = document
        found = {n: document for n, document in found.items() if n in requested}
        counts = store._store(connection, [*found.values()])
        now = {"checked_at": fields.Datetime.now()}
        # What is neither stored nor noted as failed is not taken by this connection.
        kept = self._kept_names(connection, found.values())
        unwanted = ((n, n) for n in found if found[n].invoice_number not in kept)
        self._record(connection, beside, unwanted, {"state": "unwanted", **now})
        edges = {n for first, last in ranges for n in (first - 1, last + 1)}
        missing = (
            one
            for one in missing_ranges(edges | found.keys())
            if requested.issuperset(range(one[0], one[1] + 1))
        )
        self._record(connection, beside, missing, {"state": "missing", **now})
        return counts["new"]

    def _kept_names(self, connection, documents):
        """Return those numbers of documents that are stored or noted as failed."""
        names = [document.invoice_number for document in documents]
        ours = [("connection_id", "=", connection.id), ("name", "in", names)]
        models = self.env["billingo.document"], self.env["billingo.unstored"]
        return {name for rows in models for name in rows.search(ours).mapped("name")}

    def _record(self, connection, beside, ranges, values):
        """Write values on the rows of ranges; a new row is open without a state."""
        rows = {row._key(): row for row in connection.gap_ids}
        for first, last in ranges:
            row = rows.get((beside.head, beside.year, first, last))
            if row:
                row.write(values)
                continue
            connection.gap_ids.create(
                {
                    "connection_id": connection.id,
                    "series": beside.head,
                    "year": beside.year,
                    "first_number": first,
                    "last_number": last,
                    "digits": beside.digits,
                    "state": "open",
                    "tried_at": fields.Datetime.now(),
                    **values,
                }
            )
