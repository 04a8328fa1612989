"""What becomes of an invoice after it was taken in, and how it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .answers import State, timestamp
from .holdings import is_reachable

if TYPE_CHECKING:
    from .application import Simulator

NO_ROUTE = "No routing found for recipient"
# What each way has to be told
REROUTES = {
    "einvoice": ("recipient_eia", "recipient_operator"),
    "email": ("recipient_email",),
    "print": (
        "recipient_name",
        "recipient_address1",
        "recipient_post_code",
        "recipient_post_office",
        "recipient_country",
    ),
}


def carry_on(simulator: Simulator, state: State, invoice: dict) -> dict:
    """Return the invoice after one more look at it.

    Time does not pass in a simulator; looks do. After ``polls_until_routed``
    looks a pending invoice is delivered, or fails.
    """
    if invoice["status"] != "PENDING" or simulator.faults.take("delivery_waits"):
        return invoice
    if invoice["polls"] < simulator.polls_until_routed:
        return invoice | {"polls": invoice["polls"] + 1}
    now = timestamp(simulator.clock())
    route = _route(state, invoice)
    if route and not simulator.faults.take("delivery_fails"):
        return invoice | {
            "status": "DELIVERED",
            "destination": route,
            "actions": invoice["actions"] + [_action("SENT", route, None, now)],
        }
    channel = route or "EINVOICE"
    return invoice | {
        "status": "FAILED",
        "actions": invoice["actions"] + [_action("ERROR", channel, NO_ROUTE, now)],
    }


def rerouted(invoice: dict, route: str, asked: dict) -> dict:
    """Return the invoice on its way again, by ``route`` alone."""
    recipient = dict(invoice["read"]["recipient"])
    if route == "print":
        recipient |= {
            "street": asked["recipient_address1"],
            "street2": asked.get("recipient_address2", ""),
            "post_code": asked["recipient_post_code"],
            "city": asked["recipient_post_office"],
            "country": asked["recipient_country"],
        }
    return invoice | {
        "status": "PENDING",
        "polls": 0,
        "revision": invoice.get("revision", 1) + 1,
        "disabled_routes": [name for name in REROUTES if name != route],
        "read": invoice["read"] | {"recipient": recipient},
        "recipient_email": asked.get("recipient_email", invoice["recipient_email"]),
        "recipient_eia": asked.get("recipient_eia", invoice["recipient_eia"]),
    }


def _route(state: State, invoice: dict) -> str | None:
    """Return the first channel that can work: e-invoice, then e-mail, then print.

    An address of the upload leads by itself; what the document says is looked up.
    """
    disabled, recipient = invoice["disabled_routes"], invoice["read"]["recipient"]
    known = {key: recipient[key] for key in ("eia", "bid", "country")}
    has_address = invoice["recipient_eia"] or is_reachable(state, **known)
    if has_address and "einvoice" not in disabled:
        return "EINVOICE"
    email = invoice["recipient_email"] or recipient["email"]
    if email and "email" not in disabled:
        return "EMAIL"
    postal = ("street", "city", "post_code", "country")
    if all(recipient[part] for part in postal) and "print" not in disabled:
        return "PRINT"
    return None


def _action(kind: str, channel: str | None, message: str | None, now: str) -> dict:
    return {
        "type": kind,
        "channel": channel,
        "message": message,
        "happened_at": now,
    }


def shown(invoice: dict) -> dict:
    """Return the invoice as Maventa's clients see it."""
    read = invoice["read"]
    parts = ("eia", "bid", "name", "country")
    return {
        "id": invoice["id"],
        "revision": invoice.get("revision", 1),
        "status": invoice["status"],
        "number": read["number"],
        "date": read["date"],
        "currency": read["currency"],
        "sum": float(read["sum"]),
        "sum_tax": float(read["sum_tax"]),
        "source_format": invoice.get("format", "PEPPOLBIS30"),
        "origin": "EXTERNAL",
        "destination": invoice["destination"],
        "sender": {part: read["sender"][part] for part in parts},
        "recipient": {part: read["recipient"][part] for part in parts}
        | {"operator": invoice["recipient_operator"] or None},
        "created_at": invoice["created_at"],
        "files": _files(invoice),
        "actions": invoice["actions"],
    }


def _files(invoice: dict) -> list[dict]:
    names = [(invoice["filename"], "ORIGINAL", "application/xml")]
    names += [
        (name, "ORIGINAL_IMAGE", "application/pdf") for name in invoice["read"]["pdfs"]
    ]
    return [
        {
            "id": str(number),
            "filename": name,
            "type": kind,
            "mimetype": mimetype,
            "href": f"/v1/invoices/{invoice['id']}/files/{number}",
        }
        for number, (name, kind, mimetype) in enumerate(names, 1)
    ]
