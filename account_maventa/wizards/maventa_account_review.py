"""The dialog that shows the account of an invoice beside the known ones."""

from odoo import api, fields, models

from ..guards import guarded


@guarded()
class MaventaAccountReview(models.TransientModel):
    _name = "maventa.account.review"
    _description = "Check the Account to Pay to"

    receipt_id = fields.Many2one("maventa.receipt", required=True, readonly=True)
    supplier = fields.Char(compute="_compute_numbers", compute_sudo=False)
    known = fields.Text(
        "Known accounts", compute="_compute_numbers", compute_sudo=False
    )
    named = fields.Text(
        "Accounts of the invoice", compute="_compute_numbers", compute_sudo=False
    )
    warning = fields.Text(compute="_compute_numbers", compute_sudo=False)
    number = fields.Char(
        "Account to trust",
        compute="_compute_number",
        store=True,
        compute_sudo=False,
        readonly=False,
    )

    # === COMPUTES === #

    @api.depends("receipt_id")
    def _compute_numbers(self):
        messages = self.env["maventa.receipt.messages"]
        for dialog in self:
            receipt = dialog.receipt_id
            rows = [x for x in receipt._stops() if x["code"].startswith("account_")]
            values = rows[0]["values"] if rows else {}
            detects = [x for x in receipt._points() if x["code"] == "detect"]
            dialog.supplier = receipt.move_id.commercial_partner_id.display_name
            dialog.known = values.get("known", "-").replace(", ", "\n")
            dialog.named = values.get("named", "-").replace(", ", "\n")
            dialog.warning = "\n".join(map(messages._text, detects))

    @api.depends("receipt_id")
    def _compute_number(self):
        for dialog in self:
            dialog.number = (dialog.named or "").partition("\n")[0]

    # === ACTIONS === #

    def action_trust(self):
        """Make the number a trusted account of the supplier, and pay to it."""
        self.ensure_one()
        receipt = self.receipt_id._for_action()
        self.env["maventa.bill.booking"].sudo()._trust_account(
            receipt, self.number or ""
        )
        return self.receipt_id._decided_in_dialog()
