from collections import defaultdict

from odoo import api, fields, models

from ..billingo_api.numbers import (
    DocumentNumber,
    missing_ranges,
    parse_number,
    windows,
)


class BillingoGap(models.Model):
    """Numbers of a series of documents that are not among the stored ones.

    What was found out about them is kept, so that it is asked for and told once.
    """

    _name = "billingo.gap"
    _description = "Missing numbers of Billingo documents"
    _order = "connection_id, year desc, series, first_number"
    _rec_name = "numbers"

    connection_id = fields.Many2one(
        "billingo.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    series = fields.Char("Prefix", help="What stands before the year.")
    year = fields.Integer(required=True)
    first_number = fields.Integer("First", required=True)
    last_number = fields.Integer("Last", required=True)
    digits = fields.Integer(help="How wide Billingo writes the number.")
    numbers = fields.Char(compute="_compute_numbers")
    # STATE DIAGRAM
    # * missing --(documents arrive)--> gone
    # * unwanted: its document is at Billingo, and no question any more
    state = fields.Selection(
        [
            ("missing", "Not at Billingo either"),
            ("unwanted", "Passed over by this connection"),
        ],
        required=True,
        help="Passed over: of a kind, a block or a day that the connection does not "
        "take.",
    )
    checked_at = fields.Datetime("Looked for", required=True)
    is_told = fields.Boolean("Told")

    @api.depends("series", "year", "first_number", "last_number", "digits")
    def _compute_numbers(self):
        for gap in self:
            number = DocumentNumber(
                gap.series or "", gap.year, gap.first_number, gap.digits
            )
            ends = (number.shown(), number.shown(gap.last_number))
            gap.numbers = " – ".join(dict.fromkeys(ends))

    def _key(self):
        return (self.series or "", self.year, self.first_number, self.last_number)

    @api.model
    def _next(self, connection):
        """Return ranges that this check has not asked for, and a number beside them.

        Ranges that are not missing any more are forgotten.
        """
        there = self._known_numbers(connection)
        missing = connection.gap_ids.filtered(lambda x: x.state == "missing")
        rows = {row._key(): row for row in missing}
        found = None
        for (head, year), numbers in sorted(there.items()):
            ranges = []
            for one in missing_ranges(numbers):
                row = rows.pop((head, year, *one), None)
                if not row or row.checked_at < connection.gaps_started_at:
                    ranges.append(one)
            if ranges and not found:
                beside = numbers[ranges[0][0] - 1]
                found = beside, next(windows(ranges))
        self.union(*rows.values()).unlink()
        return found

    @api.model
    def _known_numbers(self, connection):
        """Return, by series, the numbers that are stored or known to be unwanted."""
        there = defaultdict(dict)
        for document in self.env["billingo.document"].search_fetch(
            [("connection_id", "=", connection.id)], ["name"], order="id"
        ):
            number = parse_number(document.name)
            if number:
                there[number.head, number.year][number.number] = number
        for row in connection.gap_ids.filtered(lambda x: x.state == "unwanted"):
            head, year, first, _last = row._key()
            number = DocumentNumber(head, year, first, row.digits)
            there[head, year][first] = number
        return there

    @api.model
    def _settle(self, connection, beside, ranges, documents):
        """Store what Billingo has; note what is passed over, and what is nowhere.

        :return: how many documents are new
        """
        store = self.env["billingo.document"]
        series = (beside.head, beside.year)
        found = {}
        for document in documents:
            number = parse_number(document.invoice_number)
            if number and (number.head, number.year) == series:
                found[number.number] = document
        asked = {n for first, last in ranges for n in range(first, last + 1)}
        found = {n: document for n, document in found.items() if n in asked}
        passed_over = {
            n for n, document in found.items() if store._verdict(connection, document)
        }
        counts = store._store(connection, [*found.values()])
        self._note(connection, beside, "unwanted", ((n, n) for n in passed_over))
        edges = {n for first, last in ranges for n in (first - 1, last + 1)}
        nowhere = (
            one
            for one in missing_ranges(edges | found.keys())
            if asked.issuperset(range(one[0], one[1] + 1))
        )
        self._note(connection, beside, "missing", nowhere)
        return counts["new"]

    @api.model
    def _note(self, connection, beside, state, ranges):
        rows = {row._key(): row for row in connection.gap_ids}
        for first, last in ranges:
            values = {
                "connection_id": connection.id,
                "series": beside.head,
                "year": beside.year,
                "first_number": first,
                "last_number": last,
                "digits": beside.digits,
                "state": state,
                "checked_at": fields.Datetime.now(),
            }
            row = rows.get((beside.head, beside.year, first, last))
            if row:
                row.write(values)
            else:
                self.create(values)
