"""The banner on a received bill: each point to decide, with its remedy as a button."""

from odoo import api, models

from ..guards import internal
from ..models.receipt_state import ReceiptState

DIALOGS = {
    "action_account": "maventa.account.review",
    "action_duplicate": "maventa.duplicate.review",
}
SET_ASIDE = (ReceiptState.IGNORED, ReceiptState.SAME)
URGENT = (
    *("account_changed", "account_differs", "account_other", "detect", "duplicate"),
    "supplier_namesake",
)


@internal
class MaventaBillAlerts(models.AbstractModel):
    """Alerts in the form that ``account.move._get_alerts`` returns."""

    _name = "maventa.bill.alerts"
    _description = "Maventa Banners on Received Bills"

    # === PUBLIC === #

    @api.model
    def _alerts(self, move, receipts):
        """Return the alerts of a bill, by key: a draft's, and the mark of Demo."""
        alerts = {}
        if receipts._are_demo():
            text = self.env._("Demo: an invented invoice. Do not post or pay it.")
            alerts["maventa_receipt_demo"] = {"level": "info", "message": text}
        if move.state != "draft":
            return alerts
        for receipt in receipts.filtered(lambda row: row.state not in SET_ASIDE):
            for number, alert in enumerate(self._of_receipt(receipt)):
                alerts[f"maventa_receipt_{receipt.id}_{number}"] = alert
        return alerts

    # === HELPERS === #

    def _of_receipt(self, receipt):
        """Return an alert per cause; what only needs a look is one with one button."""
        messages = self.env["maventa.receipt.messages"]
        alerts, looks = [], []
        for row, text in messages._lines(receipt._points()):
            if row["level"] == "stop" and row["code"] in messages._confirmable():
                looks.append((row, text))
                continue
            alerts.append(self._alert(receipt, [row], text))
            if row["level"] == "stop":
                alerts += self._second_way_out(receipt, row)
        if looks:
            rows, texts = zip(*looks, strict=True)
            alerts.append(self._alert(receipt, rows, "\n".join(texts)))
        return alerts

    def _alert(self, receipt, rows, text):
        is_stop = rows[0]["level"] == "stop"
        is_urgent = is_stop and any(row["code"] in URGENT for row in rows)
        return {
            "level": "danger" if is_urgent else "warning" if is_stop else "info",
            "message": text,
            **(self._button(receipt, rows[0]) if is_stop else {}),
        }

    def _second_way_out(self, receipt, row):
        """Return an alert for a second remedy of a point, if it has two."""
        messages = self.env["maventa.receipt.messages"]
        other = messages._other_remedy(row)
        if not other or messages._remedy(row) == other[1:]:
            return []
        text, label, action = other
        call = ("maventa.receipt", action, receipt.ids)
        return [
            {
                "level": "warning",
                "message": text,
                "action_text": label,
                "action_call": call,
            }
        ]

    def _button(self, receipt, row):
        """Return the remedy as a button; nothing if a person corrects the bill."""
        label, action = self.env["maventa.receipt.messages"]._remedy(row)
        if not action:
            return {}
        if action in DIALOGS:
            dialog = receipt._dialog(DIALOGS[action], label)
            return {"action_text": label, "action": dialog}
        call = ("maventa.receipt", action, receipt.ids)
        return {"action_text": label, "action_call": call}
