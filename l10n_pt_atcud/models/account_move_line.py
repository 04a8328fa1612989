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
        lines._l10n_pt_atcud_check()
        return lines

    def write(self, vals):
        self._l10n_pt_atcud_check(vals)
        moved = self.browse()
        if "move_id" in vals:
            moved = self.filtered(lambda line: line.move_id.id != vals["move_id"])
        result = super().write(vals)
        moved._l10n_pt_atcud_check()  # into an issued document
        return result

    def unlink(self):
        self._l10n_pt_atcud_check()
        return super().unlink()

    # === HELPERS === #

    def _l10n_pt_atcud_check(self, vals=None):
        """Raise when the document does not allow the change of its lines.

        :param vals: the change; nothing: the lines are new, or deleted
        """
        self.env["l10n_pt_atcud.written_numbers"].check_external_lines(self, vals)
        self.env["l10n_pt_atcud.immutability"].check_lines(self, vals)
