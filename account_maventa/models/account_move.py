from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column

from .maventa_transfer import TROUBLED


class AccountMove(models.Model):
    _inherit = "account.move"

    maventa_account_company_id = fields.Many2one(
        "res.company", compute="_compute_maventa_account_company_id"
    )
    maventa_is_available = fields.Boolean(compute="_compute_maventa_is_available")
    maventa_status_id = fields.Many2one(
        "maventa.invoice.status",
        copy=False,
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', '=', maventa_account_company_id)]",
    )
    maventa_transfer_ids = fields.One2many(
        "maventa.transfer", "move_id", "Maventa Transfers", copy=False
    )
    maventa_transfer_id = fields.Many2one(
        "maventa.transfer",
        "Last Maventa Transfer",
        compute="_compute_maventa_transfer",
        store=True,
        copy=False,
    )
    # The state of the last transfer (diagram there); empty when there was none.
    maventa_state = fields.Selection(
        [
            ("queued", "Queued"),
            ("uploading", "Uploading"),
            ("unknown", "Unknown"),
            ("accepted", "Accepted"),
            ("delivered", "Delivered"),
            ("invalid", "Invalid"),
            ("rejected", "Rejected"),
            ("failed", "Failed"),
        ],
        "Maventa Transfer",
        compute="_compute_maventa_transfer",
        store=True,
        copy=False,
        index="btree_not_null",
    )
    maventa_error = fields.Text(related="maventa_transfer_id.error")

    def _auto_init(self):
        # EXTENDS 'base'
        # New columns are empty for every existing entry: no need to compute that.
        if not column_exists(self.env.cr, "account_move", "maventa_state"):
            create_column(self.env.cr, "account_move", "maventa_state", "varchar")
            create_column(self.env.cr, "account_move", "maventa_transfer_id", "int4")
        return super()._auto_init()

    # === COMPUTE === #

    @api.depends("company_id")
    def _compute_maventa_account_company_id(self):
        for move in self:
            company = move.company_id
            move.maventa_account_company_id = (
                company and company._maventa_account_company()
            )

    @api.depends("move_type", "company_id")
    def _compute_maventa_is_available(self):
        for move in self:
            company = move.maventa_account_company_id.sudo()
            move.maventa_is_available = (
                move.move_type in ("out_invoice", "out_refund")
                and company.maventa_account_state != "none"
            )

    @api.depends("maventa_transfer_ids.state")
    def _compute_maventa_transfer(self):
        for move in self:
            last = move.sudo().maventa_transfer_ids.sorted("id")[-1:]
            move.maventa_transfer_id = last
            move.maventa_state = last.state

    @api.depends(
        "maventa_state", "maventa_error", "company_id.maventa_account_state", "state"
    )
    def _compute_alerts(self):
        # EXTENDS 'account'
        super()._compute_alerts()

    @api.depends("maventa_status_id.not_editable", "maventa_state")
    def _compute_show_reset_to_draft_button(self):
        # EXTENDS 'account'
        super()._compute_show_reset_to_draft_button()
        for move in self.filtered("maventa_status_id"):
            if move._maventa_is_frozen():
                move.show_reset_to_draft_button = False

    # === BUSINESS === #

    def _get_alerts(self):
        # EXTENDS 'account'
        alerts = super()._get_alerts()
        if not self.maventa_is_available:
            return alerts
        error = self.maventa_transfer_id._shortened(self.maventa_error)
        if self.maventa_state in TROUBLED and error:
            alerts["maventa_error"] = {"level": "danger", "message": error}
        elif self.maventa_state in ("queued", "unknown") and error:
            alerts["maventa_delay"] = {"level": "warning", "message": error}
        company = self.maventa_account_company_id.sudo()
        if (
            self.maventa_state == "queued"
            and company.maventa_account_state != "verified"
        ):
            alerts["maventa_account"] = self._maventa_account_alert(company)
        return alerts

    def _maventa_account_alert(self, company):
        alert = {
            "level": "danger",
            "message": company.maventa_problem
            or self.env._("The Maventa account of %s is not verified.", company.name),
        }
        if self.env.user.has_group("base.group_system"):
            alert |= {
                "action_text": self.env._("Settings"),
                "action": self.env["ir.actions.act_window"]._for_xml_id(
                    "account.action_account_config"
                ),
            }
        return alert
