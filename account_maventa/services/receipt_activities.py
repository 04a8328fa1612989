"""One activity per receipt and cause, for who is responsible; closed by the cure."""

from odoo import api, models

from ..guards import internal
from ..models.comparing import inside
from ..remote_text import as_html
from .payee_accounts import VALIDATORS

ACTIVITY = "account_maventa.mail_activity_type_receipt"


@internal
class MaventaReceiptActivities(models.AbstractModel):
    _name = "maventa.receipt.activities"
    _description = "Activities on Received Invoices"

    # === PUBLIC === #

    @api.model
    def _follow(self, receipt):
        """Open an activity per point to decide, and close those that are settled.

        Of a posted bill the account to pay to is decided until it is paid.
        """
        receipt = inside(receipt)  # an activity changes its bill, which is compared
        move, stops = receipt.move_id, receipt._stops()
        messages = self.env["maventa.receipt.messages"]
        if move.state == "posted":
            stops = self.env["maventa.bill.payments"]._open_points(receipt)
        rows = {row["code"]: row for row, _text in messages._lines(stops)}
        codes = rows.keys()
        kept = self._open(receipt)
        for code in kept.keys() - codes:
            kept.pop(code).unlink()
        for code in codes - kept.keys():
            user = self._user(receipt, rows[code])
            reader = messages.with_context(lang=user.lang)
            lines = reader._lines(stops)
            note = "\n".join(text for row, text in lines if row["code"] == code)
            kept[code] = self._record(receipt).activity_schedule(
                ACTIVITY,
                summary=f"{receipt.display_name}: {reader._label(code)}",
                note=as_html(note),
                user_id=user.id,
            )
        receipt.activity_refs = {code: row.id for code, row in kept.items()}

    @api.model
    def _close(self, receipt):
        """Remove the activities of a receipt that is done with."""
        receipt = inside(receipt)
        for activity in self._open(receipt).values():
            activity.unlink()
        receipt.activity_refs = False

    # === HELPERS === #

    def _open(self, receipt):
        """Return the open activities by code."""
        refs = receipt.activity_refs
        activities = self.env["mail.activity"].sudo()
        found = {
            code: activities.browse(number).exists()
            for code, number in (refs if isinstance(refs, dict) else {}).items()
        }
        return {code: activity for code, activity in found.items() if activity}

    def _record(self, receipt):
        """Return the bill, or the journal of a receipt without one."""
        return receipt.move_id or receipt.account_id._purchase_journal()

    def _user(self, receipt, row):
        """Return who decides: somebody who may, where few may.

        Accounts are validated, and taxes made, by those with the rights for it.
        """
        journal = receipt.move_id.journal_id or receipt.account_id._purchase_journal()
        fallback = receipt.account_id.admin_id or self.env.ref("base.user_admin")
        user = journal.maventa_responsible_id or fallback
        group = self._group(row)
        if group and not user.has_group(group):
            users = self.env["res.users"].search(
                [
                    ("all_group_ids", "in", self.env.ref(group).ids),
                    ("company_ids", "in", receipt.company_id.ids),
                ],
                limit=1,
            )
            user = users or user
        return user

    def _group(self, row):
        """Return the group of those who can decide about a point, if not all can."""
        if row["code"].startswith("account_"):
            return VALIDATORS
        is_creatable = self.env["maventa.chart.purchases"]._key_of(row)
        return "account.group_account_manager" if is_creatable else ""
