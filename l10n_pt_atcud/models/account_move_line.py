"""Lines of documents: those of an issued document do not change."""

from odoo import api, models

from ..guards import guarded


@guarded()
class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env["l10n_pt_atcud.immutability"].check_lines(lines)
        return lines

    def write(self, vals):
        immutability = self.env["l10n_pt_atcud.immutability"]
        immutability.check_lines(self, vals)
        moved = self.browse()
        if "move_id" in vals:
            moved = self.filtered(lambda line: line.move_id.id != vals["move_id"])
        result = super().write(vals)
        immutability.check_lines(moved)  # into an issued document
        return result

    def unlink(self):
        self.env["l10n_pt_atcud.immutability"].check_lines(self)
        return super().unlink()
