"""What stands between the dialog that asks for AT's password and the action."""

from odoo import api, models
from odoo.exceptions import AccessError

from .asked_password import at_hand, is_asking


class L10nPtAtcudPassword(models.AbstractModel):
    _name = "l10n_pt_atcud.password"
    _description = "Password of an AT sub-user, for one action"

    # Actions

    @api.model
    def perform(self, passwords, model, ids, method):
        """Do what the dialog asked for, with the passwords at hand until it is done.

        :param passwords: company id -> password; JSON makes text of the ids
        :raise AccessError: the method is none that asks for a password
        """
        if not is_asking(self.env.registry.get(model), method):
            raise AccessError(self.env._("This needs no password of AT."))
        with at_hand({int(company): text for company, text in passwords.items()}):
            return getattr(self.env[model].browse(ids), method)()

    # Private functions

    def _ask(self, taxpayers, records, method, otherwise=False):
        """Return the action that opens the dialog.

        :param otherwise: the action to go on with when nobody enters a password
        """
        return {
            "type": "ir.actions.client",
            "tag": "l10n_pt_atcud_ask_password",
            "params": {
                "model": records._name,
                "ids": records.ids,
                "method": method,
                "users": [
                    {
                        "id": company.id,
                        "name": company.sudo()._l10n_pt_atcud_user(),
                        "company": company.sudo().display_name,
                        "is_demo": company.sudo()._l10n_pt_atcud_has_own_simulator(),
                    }
                    for company in taxpayers
                ],
                "otherwise": otherwise,
            },
        }
