"""What stands between the dialog that asks for AT's password and the action."""

from odoo import api, models
from odoo.exceptions import AccessError, RedirectWarning, UserError

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
        records = self.env[model].browse(ids)
        passwords = {int(company): text for company, text in passwords.items()}
        result, failure = None, None
        with at_hand(passwords) as refusals:
            try:
                result = getattr(records, method)()
            except (RedirectWarning, UserError) as error:
                # What AT answered was committed before this was raised.
                failure = error
        again = self._ask_again(records, method, refusals, result)
        if failure and not again:
            raise failure
        return again or result

    # Private functions

    def _ask_again(self, records, method, refusals, result):
        """Return the dialog once more, when another password may help, or ``None``.

        :param refusals: company id -> the error that AT refused its password with
        :param result: what the action returned, which is shown first
        """
        words = {}
        for number, error in refusals.items():
            company = self.env["res.company"].browse(number).sudo()
            if company._l10n_pt_atcud_may_enter_another(error):
                words[number] = company._l10n_pt_atcud_explain(error)
        if not words:
            return None
        # Nothing is at hand any more, so this asks for what is still needed.
        dialog = getattr(records, method)()
        params = dialog["params"]
        for user in params["users"]:
            user["refusal"] = words.get(user["id"], False)
        if (
            isinstance(result, dict)
            and result.get("tag") == "display_notification"
            and result["params"]["message"] not in words.values()
        ):
            params["first"] = result
        return dialog

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
                        "refusal": False,
                    }
                    for company in taxpayers
                ],
                "otherwise": otherwise,
                "first": False,
            },
        }
