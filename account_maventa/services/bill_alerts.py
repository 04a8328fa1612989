"""The banner on a received bill: each point to decide, with its remedy as a button."""

from odoo import api, models

from ..guards import internal
from ..models.receipt_state import ReceiptState

DIALOGS = ("action_account",)
URGENT = ("account_changed", "account_differs", "account_other", "detect", "duplicate")


@internal
class MaventaBillAlerts(models.AbstractModel):
    """Alerts in the form that ``account.move._get_alerts`` returns."""

    _name = "maventa.bill.alerts"
    _description = "Maventa Banners on Received Bills"

    # === PUBLIC === #

    @api.model
    def _alerts(self, move, receipts):
        """Return the alerts of a draft bill, by key."""
        if move.state != "draft":
            return {}
        alerts = {}
        messages = self.env["maventa.receipt.messages"]
        for receipt in receipts:
            if receipt.state == ReceiptState.IGNORED:
                continue
            if receipt.is_demo:
                text = self.env._("Demo: an invented invoice. Do not post or pay it.")
                alerts["maventa_receipt_demo"] = {"level": "info", "message": text}
            for number, row in enumerate(receipt._points()):
                is_stop = row["level"] == "stop"
                urgent = is_stop and row["code"] in URGENT
                level = "danger" if urgent else "warning" if is_stop else "info"
                alerts[f"maventa_receipt_{receipt.id}_{number}"] = {
                    "level": level,
                    "message": messages._text(row),
                    **(self._button(receipt, row) if is_stop else {}),
                }
        return alerts

    # === HELPERS === #

    def _button(self, receipt, row):
        """Return the remedy as a button; nothing if a person corrects the bill."""
        label, action = self.env["maventa.receipt.messages"]._remedy(row)
        if not action:
            return {}
        if action in DIALOGS:
            dialog = receipt._dialog("maventa.account.review", label)
            return {"action_text": label, "action": dialog}
        call = ("maventa.receipt", action, receipt.ids)
        return {"action_text": label, "action_call": call}
