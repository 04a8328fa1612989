"""Whether the password of the sub-user is kept here or asked for each time.

AT asks programs not to keep it (generic manual, section 2); every product does.
"""

from odoo import fields, models

from ..at_series import SetupError
from .asked_password import password_of
from .res_company_diagnosis import is_about_password

SHORTEST, LONGEST = 8, 14  # characters


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
            return SetupError(code="password_asked")
        return None

    def _l10n_pt_atcud_secret(self):
        """Return the password, stored or just entered, or ``""``."""
        if self.l10n_pt_atcud_password_mode == "asked":
            return password_of(self)
        return self.l10n_pt_atcud_password or ""

    def _l10n_pt_atcud_password_doubt(self):
        """Return why the stored password is hardly AT's, or ``None``.

        Those who guide users of AT's portal say that it lets them have no other. Each
        wrong one costs one of few tries, so no machine sends it first.
        """
        company = self._l10n_pt_atcud_taxpayer().sudo()
        length = len(company.l10n_pt_atcud_password or "")
        if (
            company._l10n_pt_atcud_obstacle()
            or company._l10n_pt_atcud_has_own_simulator()
            or SHORTEST <= length <= LONGEST
        ):
            return None
        return self.env._(
            "AT's passwords have 8 to 14 characters, and this one has %s. It was "
            "saved, and nothing was sent to AT, where a wrong password costs one of "
            "few tries. If it is right, check the connection.",
            length,
        )

    def _l10n_pt_atcud_may_enter_another(self, error):
        """Tell whether AT refused a password that a person may enter differently."""
        return (
            self.l10n_pt_atcud_password_mode == "asked"
            and is_about_password(error)
            and error.tries_left != 0
        )

    def _l10n_pt_atcud_password_words(self, error):
        """Return what AT's refusal of the password means: the cause, then the tries."""
        is_asked = self.l10n_pt_atcud_password_mode == "asked"
        if error.tries_left == 0:
            text = self.env._(
                "AT has suspended the sub-user after too many wrong passwords. Give it "
                "a new password on AT's portal."
            )
            if not is_asked:
                text += " " + self.env._("Enter it here and check again.")
            return text
        if is_asked:
            text = self.env._(
                "AT does not accept the password that was entered for %s, does not "
                "know this sub-user, or has suspended it.",
                self._l10n_pt_atcud_user(),
            )
            advice = self.env._(
                "Enter it once more, with care: too many wrong ones suspend the "
                "sub-user."
            )
        else:
            text = self.env._(
                "AT does not accept the sub-user or its password, or has suspended the "
                "sub-user."
            )
            advice = self.env._("Sign in on AT's portal with both to find out which.")
        if error.tries_left is not None:
            text += " " + self.env._("Tries left: %s.", error.tries_left)
        return f"{text} {advice}"
