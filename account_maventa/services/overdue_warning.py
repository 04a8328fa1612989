"""Warn of deliveries that take too long."""

from datetime import timedelta

from odoo import api, fields, models

from ..guards import internal
from ..models.res_company import MOST_DAYS
from ..models.transfer_state import TransferState
from ..remote_text import as_html


@internal
class MaventaOverdueWarning(models.AbstractModel):
    """One warning per delivery, after the number of days that the company chose."""

    _name = "maventa.overdue.warning"
    _description = "Warning of Overdue Deliveries by Maventa"

    # === PUBLIC === #

    @api.model
    def _warn_if_overdue(self, transfer):
        """Show that a delivery is overdue, and notify the salesperson, once."""
        if not self._is_overdue(transfer):
            return
        move, text = transfer.move_id, transfer._overdue_text()
        transfer.warned_at = fields.Datetime.now()
        transfer._tell("warning", lambda env: transfer.with_env(env)._overdue_text())
        move.activity_schedule(
            "account_maventa.mail_activity_type_pending",
            note=as_html(text),
            user_id=(move.invoice_user_id or transfer.create_uid).id,
        )

    # === HELPERS === #

    def _is_overdue(self, transfer):
        days = max(transfer.account_id.company_id.maventa_warn_days, 0)
        limit = fields.Datetime.now() - timedelta(days=min(days, MOST_DAYS))
        return (
            transfer.state == TransferState.ACCEPTED
            and days > 0
            and not transfer.warned_at
            and bool(transfer.pending_since)
            and transfer.pending_since <= limit
        )
