"""Users: a login that signed documents name is nobody else's later (3.3.6)."""

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ..guards import guarded


@guarded()
class ResUsers(models.Model):
    _inherit = "res.users"

    @api.constrains("login")
    def _check_l10n_pt_atcud_login(self):
        for user in self:
            moves = self.env["account.move"].sudo()
            domain = [("l10n_pt_atcud_source_id", "=", (user.login or "")[:30])]
            issuer = moves.search(domain, limit=1).l10n_pt_atcud_issuer_id
            if issuer and issuer != user:
                raise ValidationError(
                    self.env._(
                        "Signed documents name %s as their issuer, who is another "
                        "user. Choose another login.",
                        user.login,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_l10n_pt_atcud_issuers(self):
        for user in self:
            moves = self.env["account.move"].sudo()
            domain = [("l10n_pt_atcud_issuer_id", "=", user.id)]
            if moves.search_count(domain, limit=1):
                raise UserError(
                    self.env._(
                        "Signed documents name %s as their issuer. Archive the user "
                        "instead.",
                        user.login,
                    )
                )
