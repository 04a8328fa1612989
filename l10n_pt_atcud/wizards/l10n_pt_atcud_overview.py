"""A page for administrators: how every connection and account is doing."""

from odoo import api, fields, models

from ..guards import guarded
from ..overview import overview_rows


@guarded()
class L10nPtAtcudOverview(models.TransientModel):
    """A row for each connection or account, as it is when the page is opened."""

    _name = "l10n_pt_atcud.overview"
    _description = "Overview of Connections and Accounts"
    _order = "id"

    res_model = fields.Char(required=True)
    res_id = fields.Integer(required=True)
    service = fields.Char(required=True)
    account = fields.Char("Connection", required=True)
    # As text: the page shows companies that are not selected at the moment.
    company = fields.Char(required=True)
    company_res_id = fields.Integer(required=True)
    state = fields.Char()
    problem = fields.Text()
    succeeded_at = fields.Datetime("Last success")
    next_run_at = fields.Datetime("Next run")
    failures = fields.Integer("Failures in a row")
    stuck = fields.Char()
    expires_on = fields.Date()
    expiring = fields.Char("What expires")

    # === ACTIONS === #

    @api.model
    def action_open(self):
        """Return the page, with all companies of the user."""
        self.check_access("create")
        rows = self.create(overview_rows(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Connections and accounts"),
            "res_model": self._name,
            "views": [[False, "list"]],
            "domain": [("id", "in", rows.ids)],
        }

    def action_open_record(self):
        """Return the form of the connection or account, in its company."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [[False, "form"]],
            "context": {"allowed_company_ids": [self.company_res_id]},
        }
