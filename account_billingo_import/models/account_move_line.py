"""Lines of imported entries: an account that a user chooses is remembered."""

from odoo import models

from ..guards import guarded


@guarded()
class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # === OVERRIDES === #

    def write(self, vals):
        # EXTENDS 'account': another account of a posted entry is remembered; that of a
        # draft when a user posts it.
        if "account_id" not in vals or self.env.su:
            return super().write(vals)
        ours = self.filtered(
            lambda x: (
                x.display_type == "product"
                and x.parent_state == "posted"
                and x.move_id.billingo_document_id
            )
        )
        before = {line: line.account_id for line in ours}
        result = super().write(vals)
        changed = ours.filtered(lambda x: x.account_id != before[x])
        for lines in changed.grouped("move_id").values():
            self.env["billingo.account.rules"]._learn(lines)
        return result

    # === HELPERS === #

    def _billingo_connection(self):
        return self.move_id.sudo().billingo_document_id.connection_id

    def _billingo_proposed_account(self):
        """Return the id of the account that the import gave to a line, or None."""
        stated = (self.extra_tax_data or {}).get("billingo") or {}
        return stated.get("account_id")
