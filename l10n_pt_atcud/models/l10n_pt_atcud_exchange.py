"""The log of requests to AT and its answers: user, time, duration; secrets masked.

An exchange is created with the outcome of a call, never changed, and deleted after the
number of days that its company sets.
"""

import logging

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools.constants import GC_UNLINK_LIMIT

from ..guards import guarded
from .res_company import MOST_DAYS

_logger = logging.getLogger(__name__)


@guarded(
    *("connection_id", "company_id", "environment", "series_id", "user_id"),
    *("operation", "address", "code", "status", "seconds", "request", "answer"),
)
class L10nPtAtcudExchange(models.Model):
    _name = "l10n_pt_atcud.exchange"
    _description = "Exchange with AT"
    _order = "id desc"
    _rec_name = "operation"

    connection_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.connection",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    environment = fields.Selection(related="connection_id.environment", store=True)
    series_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series",
        string="AT series",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Requested by",
        readonly=True,
        ondelete="set null",
    )
    operation = fields.Char(readonly=True)
    address = fields.Char(readonly=True)
    code = fields.Char(
        readonly=True, help="AT's code, or the error when there was no answer."
    )
    status = fields.Integer(
        string="HTTP Status", readonly=True, help="0 when there was no answer."
    )
    seconds = fields.Float(string="Duration (s)", readonly=True, digits=(8, 3))
    request = fields.Text(readonly=True)
    answer = fields.Text(readonly=True)

    # === HELPERS === #

    @api.autovacuum
    def _gc_exchanges(self):
        """Delete exchanges that are older than their company keeps them.

        :return: how many were deleted, and whether there may be more: Odoo's vacuum
            then comes again
        """
        done, more = 0, False
        companies = self.env["res.company"].sudo()
        for company in companies.search([("l10n_pt_atcud_exchange_days", ">", 0)]):
            try:
                with self.env.cr.savepoint():
                    deleted = self._delete_old(company)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception:
                # The other companies have their turn.
                _logger.exception("Exchanges with AT of %s stay", company.name)
                continue
            done += deleted
            more |= deleted == GC_UNLINK_LIMIT
        return done, more

    def _delete_old(self, company):
        """Delete a part of the old exchanges of a company; return how many."""
        days = min(company.l10n_pt_atcud_exchange_days, MOST_DAYS)
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=days)
        domain = [("company_id", "=", company.id), ("create_date", "<", limit)]
        old = self.sudo().search(domain, order="id", limit=GC_UNLINK_LIMIT)
        old.unlink()
        return len(old)
