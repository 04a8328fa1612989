from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError

LIVE = ("queued", "uploading", "unknown")
CARRIED = ("uploading", "unknown", "accepted", "delivered")
TROUBLED = ("invalid", "rejected", "failed")


class MaventaTransfer(models.Model):
    """One attempt to hand one invoice to Maventa.

    Rows are only ever added: a corrected invoice gets a new one. Nobody but the
    code writes them; a row that is still queued goes when the user takes the
    invoice back out of the transfer status.
    """

    _name = "maventa.transfer"
    _description = "Maventa Transfer"
    _order = "id desc"

    move_id = fields.Many2one(
        "account.move", "Invoice", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="move_id.company_id", store=True, index=True, precompute=True
    )
    account_company_id = fields.Many2one(
        "res.company", "Account of", required=True, index=True
    )
    partner_id = fields.Many2one(related="move_id.partner_id", store=True)
    uuid = fields.Char(
        "UUID",
        required=True,
        default=lambda self: str(uuid4()),
        copy=False,
        help="Chosen by us before anything is sent: how Maventa knows the invoice, "
        "and how we find it again after a lost answer.",
    )
    # STATE DIAGRAM
    #   (none) --status set--> queued --documents made, committed--> uploading
    #   queued --a check fails--> invalid
    #   uploading --accepted--> accepted      uploading --refused--> rejected
    #   uploading --no clear answer, or the process died--> unknown
    #   uploading --surely nothing happened (429, keys, no connection)--> queued
    #   unknown --found by its UUID--> accepted
    #   unknown --not found (404): same bytes, same UUID again--> as uploading
    #   accepted --route says so--> delivered      accepted --route refuses--> failed
    #   failed --rerouted here or at Maventa--> accepted, delivered
    state = fields.Selection(
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
        required=True,
        default="queued",
        readonly=True,
        index=True,
        copy=False,
    )
    again = fields.Boolean(
        "Again as new",
        readonly=True,
        copy=False,
        help="Somebody has confirmed that Maventa gets the invoice once more although "
        "it had it already.",
    )
    account_ref = fields.Char(readonly=True, copy=False)
    attempts = fields.Integer("Tries", readonly=True, copy=False)
    attempted_at = fields.Datetime("Last try", readonly=True, copy=False)
    accepted_at = fields.Datetime("Accepted on", readonly=True, copy=False)
    finished_at = fields.Datetime("Finished on", readonly=True, copy=False)
    checked_at = fields.Datetime("Last look", readonly=True, copy=False)
    attachment_id = fields.Many2one(
        "ir.attachment", "Document", readonly=True, copy=False, ondelete="restrict"
    )
    sha256 = fields.Char("SHA-256", readonly=True, copy=False)
    document_format = fields.Char("Maventa's format", readonly=True, copy=False)
    recipient_eia = fields.Char("E-invoice Address", readonly=True, copy=False)
    recipient_email = fields.Char("E-mail", readonly=True, copy=False)
    disabled_routes = fields.Char(readonly=True, copy=False)
    remote_id = fields.Char("Id at Maventa", readonly=True, copy=False, index=True)
    remote_status = fields.Char("Maventa's status", readonly=True, copy=False)
    destination = fields.Char(readonly=True, copy=False)
    actions = fields.Json(readonly=True, copy=False)
    actions_text = fields.Text("Events", compute="_compute_actions_text")
    error = fields.Text(readonly=True, copy=False)
    error_code = fields.Char(readonly=True, copy=False)

    _uuid_uniq = models.UniqueIndex("(uuid)")
    _live_uniq = models.UniqueIndex(
        "(move_id) WHERE state IN ('queued', 'uploading', 'unknown')",
        "This invoice is on its way to Maventa already.",
    )

    # === COMPUTE === #

    @api.depends("move_id.name", "number")
    def _compute_display_name(self):
        for transfer in self:
            transfer.display_name = f"{transfer.move_id.name} / {transfer.number}"

    @api.depends("actions")
    def _compute_actions_text(self):
        for transfer in self:
            transfer.actions_text = "\n".join(
                " ".join(filter(None, action)) for action in transfer.actions or []
            )

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_attempted(self):
        if any(transfer.state != "queued" for transfer in self):
            raise UserError(self.env._("Transfers to Maventa are kept."))

    # === ACTIONS === #

    def action_maventa_refresh(self):
        """Ask Maventa what became of these, now."""
        self.check_access("read")
        self.move_id.check_access("write")
        self.sudo()._follow_up_now()
        return True

    def action_open_document(self):
        """Download the exact bytes that were sent."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.sudo().attachment_id.id}?download=true",
            "target": "download",
        }
