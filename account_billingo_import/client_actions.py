"""Answers of buttons to the web client."""


def notification(message, level="success", *, is_sticky=False):
    """Return an action that shows a message and reloads the form behind it.

    :param level: ``success``, ``warning`` or ``danger``
    """
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "type": level,
            "sticky": is_sticky,
            "message": message,
            "next": {"type": "ir.actions.client", "tag": "soft_reload"},
        },
    }


def closing(action):
    """Let a notification close the dialog that its button stands in."""
    action["params"]["next"] = {"type": "ir.actions.act_window_close"}
    return action
