"""The notification that a button returns."""


def notification(kind, title, text):
    """Return the client action that shows ``text`` and reloads the form behind it.

    :param kind: "success", "info", "warning" or "danger"; only success disappears by
        itself
    """
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "type": kind,
            "className": "text-prewrap",
            "title": title,
            "message": text,
            "sticky": kind != "success",
            "next": {"type": "ir.actions.client", "tag": "soft_reload"},
        },
    }
