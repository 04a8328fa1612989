"""Users: a login that signed documents name is nobody else's later (3.3.6)."""

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..guards import guarded

_LENGTH = 30  # of SourceID in SAF-T (PT)
# By login and by user: who issued a document, and who cancelled it.
_LOGIN_OF = {
    "l10n_pt_atcud_issuer_id": "l10n_pt_atcud_source_id",
    "l10n_pt_atcud_cancelled_by_id": "l10n_pt_atcud_cancel_source_id",
}


@guarded()
class ResUsers(models.Model):
    _inherit = "res.users"

    @api.constrains("login")
    def _check_l10n_pt_atcud_login(self):
        moves = self.env["account.move"].sudo()
        for user in self:
            source_id = user._l10n_pt_atcud_source_id()
            for name, login in _LOGIN_OF.items():
                others = Domain(login, "=", source_id) & Domain(name, "!=", user.id)
                others &= Domain("l10n_pt_atcud_hash", "!=", False)
                if moves.search_count(others, limit=1):
                    raise user._l10n_pt_atcud_login_error()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_l10n_pt_atcud_issuers(self):
        moves = self.env["account.move"].sudo()
        for user in self:
            named = Domain.OR(Domain(name, "=", user.id) for name in _LOGIN_OF)
            named &= Domain("l10n_pt_atcud_hash", "!=", False)
            if moves.search_count(named, limit=1):
                raise UserError(
                    self.env._(
                        "Signed documents name %s as their issuer. Archive the user "
                        "instead.",
                        user.login,
                    )
                )

    def _l10n_pt_atcud_source_id(self):
        """Return what documents name the user by; no two users have the same."""
        self.ensure_one()
        if len(self.login) <= _LENGTH:
            return self.login
        end = f"#{self.id}"
        return self.login[: _LENGTH - len(end)] + end

    def _l10n_pt_atcud_login_error(self):
        return ValidationError(
            self.env._(
                "Signed documents name %s as their issuer, who is another user. Choose "
                "another login.",
                self.login,
            )
        )
