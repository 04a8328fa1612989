"""The dialog in which a person confirms the clock, and issues documents then."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..guards import guarded


@guarded()
class L10nPtAtcudClock(models.TransientModel):
    _name = "l10n_pt_atcud.clock"
    _description = "Confirm date and time"

    move_ids = fields.Many2many(
        comodel_name="account.move", string="Documents", readonly=True
    )
    moment = fields.Datetime(
        string="Date and time now", default=fields.Datetime.now, readonly=True
    )

    # === ACTIONS === #

    def action_confirm(self):
        """Post the documents: date and time are right, the earlier ones were not."""
        self.ensure_one()
        drafts = self.move_ids.filtered(lambda move: move.state == "draft")
        if not drafts:
            raise UserError(self.env._("There is no draft to post."))
        drafts.check_access("write")
        self.env["l10n_pt_atcud.entry_clock"].confirmed(drafts).action_post()
        return {"type": "ir.actions.act_window_close"}
