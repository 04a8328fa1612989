"""Whether the password of the sub-user is kept here or asked for each time.

AT asks programs not to keep it (generic manual, section 2); every product does.
"""

from odoo import fields, models

from ..at_series import SetupError
from .asked_password import password_of


class ResCompany(models.Model):
    _inherit = "res.company"

    l10n_pt_atcud_password_mode = fields.Selection(
        selection=[("stored", "Stored in Odoo"), ("asked", "Asked each time")],
        string="AT sub-user password is",
        default="stored",
        required=True,
        copy=False,
    )

    # Constraints

    _l10n_pt_atcud_password_kept = models.Constraint(
        "CHECK(l10n_pt_atcud_password_mode = 'stored' OR"
        " COALESCE(l10n_pt_atcud_password, '') = '')",
        "A password that is asked for each time is not stored.",
    )

    # CRUD

    def write(self, vals):
        if vals.get("l10n_pt_atcud_password_mode") == "asked":
            vals = {**vals, "l10n_pt_atcud_password": False}
        elif vals.get("l10n_pt_atcud_password"):
            # The settings write field by field; what was in the form goes nowhere.
            asking = self.filtered(
                lambda company: company.l10n_pt_atcud_password_mode == "asked"
            )
            super(ResCompany, asking).write({**vals, "l10n_pt_atcud_password": False})
            self -= asking
        return super().write(vals)

    # Private functions

    def _l10n_pt_atcud_without_password(self):
        """Return the taxpayers of these companies whose password is to be asked for.

        Who is not let in for another reason is not asked for it.
        """
        taxpayers = self.browse()
        for company in self:
            taxpayers |= company._l10n_pt_atcud_taxpayer()
        return taxpayers.filtered(
            lambda taxpayer: (
                not taxpayer.sudo()._l10n_pt_atcud_obstacle()
                and taxpayer.sudo()._l10n_pt_atcud_password_obstacle()
            )
        )

    def _l10n_pt_atcud_password_obstacle(self):
        """Return an error when the password is asked for, and nobody was asked."""
        if self.l10n_pt_atcud_password_mode == "asked" and not password_of(self):
            return SetupError(code="password-asked")
        return None

    def _l10n_pt_atcud_secret(self):
        """Return the password, stored or just entered, or ``""``."""
        if self.l10n_pt_atcud_password_mode == "asked":
            return password_of(self)
        return self.l10n_pt_atcud_password or ""
