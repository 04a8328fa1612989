"""A gap: numbers of a series that are not among the stored documents.

What a comparison found out about them is kept, so that each is requested and reported
once. See ``state``.
"""

from odoo import api, fields, models

from ..billingo_api.numbers import DocumentNumber
from ..guards import guarded


@guarded(
    *"connection_id company_id series year first_number last_number".split(),
    *"digits state checked_at tried_at is_notified".split(),
)
class BillingoGap(models.Model):
    _name = "billingo.gap"
    _description = "Missing numbers of Billingo documents"
    _order = "connection_id, year desc, series, first_number"
    _rec_name = "numbers"

    connection_id = fields.Many2one(
        "billingo.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    series = fields.Char("Prefix", help="The part of the number before the year.")
    year = fields.Integer(required=True)
    first_number = fields.Integer("First", required=True)
    last_number = fields.Integer("Last", required=True)
    digits = fields.Integer(help="Number of digits that Billingo writes.")
    numbers = fields.Char(compute="_compute_numbers")
    # STATE DIAGRAM
    # * open --(Billingo answers)--> missing, deleted
    # * missing --(documents arrive)--> deleted
    # * unwanted: Billingo has the document, and the connection does not take it
    state = fields.Selection(
        [
            ("open", "Not searched yet"),
            ("missing", "Not found at Billingo"),
            ("unwanted", "Not taken by this connection"),
        ],
        required=True,
        help="Not taken: the type, block or date is not selected on the connection.",
    )
    checked_at = fields.Datetime("Searched on")
    # Written before the request: a search that fails comes last from then on.
    tried_at = fields.Datetime("Last try")
    is_notified = fields.Boolean("Reported")

    # === COMPUTES === #

    @api.depends("series", "year", "first_number", "last_number", "digits")
    def _compute_numbers(self):
        for gap in self:
            number = DocumentNumber(
                gap.series or "", gap.year, gap.first_number, gap.digits
            )
            ends = (number.shown(), number.shown(gap.last_number))
            gap.numbers = " – ".join(dict.fromkeys(ends))

    # === HELPERS === #

    def _key(self):
        return (self.series or "", self.year, self.first_number, self.last_number)
