"""Sub-user passwords that are requested each time: in memory for one action only.

Neither the context of an environment (which actions hand on to the browser) nor a
record (which is committed) ever holds such a password.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

from odoo import api, models
from odoo.exceptions import AccessError, RedirectWarning, UserError

_MARK = "l10n_pt_atcud_prompts"
# connection id -> entered password, and -> the error that AT refused it with
_ENTERED = ContextVar("l10n_pt_atcud_passwords")


@contextmanager
def entered_passwords(passwords):
    """Keep ``passwords`` (connection id -> password) while the block runs.

    :return: what AT has refused so far, connection id -> error
    """
    refusals = {}
    token = _ENTERED.set((dict(passwords), refusals))
    try:
        yield refusals
    finally:
        _ENTERED.reset(token)


def entered_password(connection):
    """Return the password that the user has just entered for ``connection``, or ""."""
    passwords, _refusals = _ENTERED.get(({}, {}))
    return passwords.get(connection.id, "")


def discard_password(connection, error):
    """Forget a password that AT refused: each is sent once, however long the action."""
    passwords, refusals = _ENTERED.get(({}, {}))
    if passwords.pop(connection.id, None):
        refusals[connection.id] = error


def prompts_for_password(connections_of):
    """Let an action request AT's password first, where a connection does not store it.

    The action takes no arguments. Instead of running, it returns the dialog; the dialog
    calls the same action again, with the password in memory.

    :param connections_of: from the records to the connections that are about to be used
    """

    def decorate(action):
        @wraps(action)
        def prompt_first(records):
            connections = connections_of(records)._without_password()
            if connections:
                prompt = records.env["l10n_pt_atcud.password_prompt"]
                return prompt._open_dialog(connections, records, action.__name__)
            return action(records)

        setattr(prompt_first, _MARK, True)
        return prompt_first

    return decorate


def is_prompting(model, name):
    """Return whether ``name`` is an action of ``model`` that may request a password."""
    return any(
        hasattr(vars(parent).get(name), _MARK)
        for parent in getattr(model, "__mro__", ())
    )


class L10nPtAtcudPasswordPrompt(models.AbstractModel):
    """Between the dialog that requests passwords and the action that needs them.

    Not internal: the dialog in the web client calls it. It commits nothing
    itself; the action does.
    """

    _name = "l10n_pt_atcud.password_prompt"
    _description = "AT: password of a sub-user, for one action"

    # === PUBLIC === #

    @api.model
    def perform(self, passwords, model, ids, method):
        """Run the action that the dialog belongs to, with the entered passwords.

        :param passwords: connection id -> password; JSON makes text of the ids
        :return: what the action returns, or the dialog again after a refusal
        :raise AccessError: the method is not one that requests a password
        """
        is_known = isinstance(model, str) and isinstance(method, str)
        if not is_known or not is_prompting(self.env.registry.get(model), method):
            raise AccessError(self.env._("This action does not use an AT password."))
        try:
            records = self.env[model].browse([int(number) for number in ids])
            passwords = {int(number): str(x) for number, x in passwords.items()}
        except (AttributeError, OverflowError, TypeError, ValueError) as error:
            text = self.env._("Enter the password of the sub-user.")
            raise UserError(text) from error
        result, failure = None, None
        with entered_passwords(passwords) as refusals:
            try:
                result = getattr(records, method)()
            except (RedirectWarning, UserError) as error:
                # What AT answered was committed before this was raised.
                failure = error
        again = self._open_again(records, method, refusals, result)
        if failure and not again:
            raise failure
        return again or result

    # === HELPERS === #

    def _open_again(self, records, method, refusals, result):
        """Return the dialog once more, when another password may help, or ``None``.

        :param refusals: connection id -> the error that AT refused its password with
        :param result: what the action returned, which is shown first
        """
        texts = {}
        for number, error in refusals.items():
            connection = self.env["l10n_pt_atcud.connection"].browse(number).sudo()
            if connection._accepts_another_password(error):
                texts[number] = connection._explain(error)
        if not texts:
            return None
        # The passwords are forgotten by now, so this requests what is still needed.
        dialog = getattr(records, method)()
        params = dialog["params"]
        for user in params["users"]:
            user["refusal"] = texts.get(user["id"], False)
        if (
            isinstance(result, dict)
            and result.get("tag") == "display_notification"
            and result["params"]["message"] not in texts.values()
        ):
            params["first"] = result
        return dialog

    def _open_dialog(self, connections, records, method, otherwise=False):
        """Return the action that opens the dialog.

        :param otherwise: the action to go on with when no password is entered
        """
        return {
            "type": "ir.actions.client",
            "tag": "l10n_pt_atcud_password_prompt",
            "params": {
                "model": records._name,
                "ids": records.ids,
                "method": method,
                "users": [
                    {
                        "id": connection.id,
                        "name": connection._effective_username(),
                        "company": connection.company_id.display_name,
                        "is_demo": connection._is_simulated(),
                        "refusal": False,
                    }
                    for connection in connections.sudo()
                ],
                "otherwise": otherwise,
                "first": False,
            },
        }
