"""Lines of imported entries: an account that a user chooses is remembered."""

from odoo import models

from ..guards import guarded


@guarded()
class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # === OVERRIDES === #

    def write(self, vals):
        # EXTENDS 'account': another account is remembered for the partner.
        if "account_id" not in vals:
            return super().write(vals)
        ours = self.filtered(
            lambda x: x.display_type == "product" and x.move_id.billingo_document_id
        )
        before = {line: line.account_id for line in ours}
        result = super().write(vals)
        changed = ours.filtered(
            lambda x: (
                x.account_id != before[x]
                and before[x] != x._billingo_connection().advance_account_id
            )
        )
        if changed:
            self.env["billingo.account.rules"]._learn(changed)
        return result

    # === HELPERS === #

    def _billingo_connection(self):
        return self.move_id.sudo().billingo_document_id.connection_id
