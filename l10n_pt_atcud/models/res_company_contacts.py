"""Whom to ask for what one may not do oneself."""

from odoo import models

_MOST = 3  # names; more of them make nobody responsible


class ResCompany(models.Model):
    _inherit = "res.company"

    def _l10n_pt_atcud_who(self, group):
        """Return the names of some who have ``group`` in this company, or ``""``.

        :param group: XML id
        """
        users = self.env["res.users"].sudo()
        found = users.search(
            [
                ("all_group_ids", "in", self.env.ref(group).ids),
                ("company_ids", "in", self.ids),
                ("share", "=", False),
            ],
            order="id",
            limit=_MOST,
        )
        return ", ".join(found.mapped("name"))

    def _l10n_pt_atcud_ask_for_series(self):
        """Return who makes and changes series, for those who may not."""
        names = self._l10n_pt_atcud_who("account.group_account_manager")
        if not names:
            return self.env._("Ask an accounting administrator.")
        return self.env._("Ask an accounting administrator: %s.", names)

    def _l10n_pt_atcud_ask_for_settings(self):
        """Return who sets the connection to AT up, for those who may not."""
        names = self._l10n_pt_atcud_who("base.group_system")
        if not names:
            return self.env._("Ask an administrator to check the AT settings.")
        return self.env._("Ask an administrator to check the AT settings: %s.", names)
