"""The banner on a received bill: each point to decide, with its remedy as a button."""

from odoo import api, models

from ..guards import internal
from ..models.point_kinds import CONFIRM, decision_key, kind_of
from ..models.receipt_state import ReceiptState

DIALOGS = {
    "action_account": "maventa.account.review",
    "action_duplicate": "maventa.duplicate.review",
}
SET_ASIDE = (ReceiptState.IGNORED, ReceiptState.SAME)


@internal
class MaventaBillAlerts(models.AbstractModel):
    """Alerts in the form that ``account.move._get_alerts`` returns."""

    _name = "maventa.bill.alerts"
    _description = "Maventa Banners on Received Bills"

    # === PUBLIC === #

    @api.model
    def _alerts(self, move, receipts):
        """Return the alerts of a bill, by key: draft, posted, and Demo."""
        alerts = {}
        if receipts._are_demo():
            text = self.env._("Demo: an invented invoice. Do not post or pay it.")
            alerts["maventa_receipt_demo"] = {"level": "info", "message": text}
        if move.state == "posted":
            return {**alerts, **self._of_payment(move), **self._of_posted(move)}
        if move.state != "draft":
            return alerts
        for receipt in receipts.filtered(lambda row: row.state not in SET_ASIDE):
            for number, alert in enumerate(self._of_receipt(receipt)):
                alerts[f"maventa_receipt_{receipt.id}_{number}"] = alert
        return alerts

    # === HELPERS === #

    def _of_receipt(self, receipt):
        """Return an alert per cause, each with its own remedy."""
        messages = self.env["maventa.receipt.messages"]
        alerts = []
        for rows, text in messages._with_texts(receipt._points()):
            alerts.append(self._alert(receipt, rows, text))
            if rows[0]["level"] == "stop":
                alerts += self._other_ways_out(receipt, rows[0])
        return alerts

    def _of_payment(self, move):
        """Return the alerts of a posted bill that is not to be paid in full."""
        payments = self.env["maventa.bill.payments"]
        if not payments._withheld(move):
            return {}
        alerts = {}
        for receipt, row in payments._told(move):
            if receipt._is_withdrawal():
                continue
            call = ("maventa.receipt", "action_pay_in_full", receipt.ids)
            alerts[f"maventa_receipt_{receipt.id}_{row['code']}"] = {
                "level": "danger",
                "message": self.env["maventa.receipt.messages"]._text(row),
                "action_text": self.env._("Pay in full"),
                "action_call": call,
            }
        return alerts

    def _of_posted(self, move):
        """Return the alerts about what is still to be decided about a posted bill."""
        messages, alerts = self.env["maventa.receipt.messages"], {}
        for receipt in move.sudo().maventa_receipt_ids:
            for row in self.env["maventa.bill.payments"]._open_points(receipt):
                key = f"maventa_receipt_{receipt.id}_{row['code']}"
                alerts[key] = self._alert(receipt, [row], messages._text(row))
                for number, alert in enumerate(self._other_ways_out(receipt, row)):
                    alerts[f"{key}_{number}"] = alert
        return alerts

    def _alert(self, receipt, rows, text):
        is_stop = rows[0]["level"] == "stop"
        is_urgent = is_stop and any(kind_of(row).is_urgent for row in rows)
        return {
            "level": "danger" if is_urgent else "warning" if is_stop else "info",
            "message": text,
            **(self._button(receipt, rows) if is_stop else {}),
        }

    def _other_ways_out(self, receipt, row):
        """Return an alert for each further remedy of a point."""
        others = self.env["maventa.receipt.messages"]._other_remedies(row)
        return [
            {
                "level": "warning",
                "message": text,
                "action_text": label,
                "action_call": self._call(receipt, [row], action),
            }
            for text, label, action in others
        ]

    def _button(self, receipt, rows):
        """Return the remedy as a button; nothing if a person corrects the bill."""
        label, action = self.env["maventa.receipt.messages"]._remedy(rows[0])
        if not action:
            return {}
        if action == "action_reverse":
            return {"action_text": label, "action": self._reversal(receipt.move_id)}
        if action in DIALOGS:
            dialog = receipt._dialog(DIALOGS[action], label)
            return {"action_text": label, "action": dialog}
        return {"action_text": label, "action_call": self._call(receipt, rows, action)}

    def _call(self, receipt, rows, action):
        ids = receipt.ids
        if action == CONFIRM:
            ids = [receipt.id, [decision_key(row) for row in rows]]
        return ("maventa.receipt", action, ids)

    def _reversal(self, move):
        """Return Odoo's dialog that credits a bill."""
        context = {"active_model": move._name, "active_ids": move.ids}
        return {**move.action_reverse(), "context": context}
