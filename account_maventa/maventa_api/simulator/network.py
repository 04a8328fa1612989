"""Ways in: the networks of a company, and webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

from werkzeug.wrappers import Request, Response

from .accounts import company_of
from .answers import Refusal, entity

if TYPE_CHECKING:
    from .application import Simulator

NETWORKS = ("VISMA", "PEPPOL", "BANK", "SCAN")
EVENT = "DOCUMENTS.INVOICE.RECEIVED"


def list_profiles(simulator: Simulator, request: Request) -> Response:
    """``GET /v1/company/profiles``, all or of one network."""
    wanted = request.args.get("network")
    with simulator.store as state:
        company = company_of(simulator, state, request, "company:read")
    if wanted is not None and wanted not in NETWORKS:
        raise Refusal(400, "invalid_parameters", "network is not valid")
    rows = company.get("networks", [])
    return entity([row for row in rows if wanted in (None, row["network"])])


def create_profile(simulator: Simulator, request: Request) -> Response:
    """``POST /v1/company/profiles``: the company is received for in a network."""
    asked = request.get_json(silent=True)
    asked = asked if isinstance(asked, dict) else {}
    network = asked.get("network")
    with simulator.store as state:
        company = company_of(simulator, state, request, "company:write")
        if network not in NETWORKS:
            raise Refusal(400, "invalid_parameters", "network is not valid")
        rows = company.get("networks", [])
        if any(row["network"] == network for row in rows):
            raise Refusal(422, "profile_exists", "Profile exists")
        status = "pending" if network == "BANK" else "active"
        row = {"id": str(uuid4()), "network": network, "status": status}
        row["profiles"] = asked.get("profiles") or []
        state[f"company/{company['id']}"] = company | {"networks": [*rows, row]}
    return entity(row, 201)


def subscribe(simulator: Simulator, request: Request) -> Response:
    """``POST /v1/company/notifications``: a webhook, over HTTPS only."""
    asked = request.get_json(silent=True)
    asked = asked if isinstance(asked, dict) else {}
    target = urlsplit(str(asked.get("destination")))
    with simulator.store as state:
        company = company_of(simulator, state, request, "company:write")
        if asked.get("destination_type") not in ("WEBHOOK", "VENDOR_WEBHOOK"):
            raise Refusal(400, "invalid_parameters", "destination_type is not valid")
        if target.scheme != "https" or not target.hostname:
            raise Refusal(400, "invalid_parameters", "destination is not valid")
        if EVENT not in (asked.get("events") or ()):
            raise Refusal(400, "invalid_parameters", "events is not valid")
        hooks = company.get("webhooks", {})
        uuid = str(uuid4())
        hooks = hooks | {uuid: asked["destination"]}
        state[f"company/{company['id']}"] = company | {"webhooks": hooks}
    return entity({"id": uuid}, 201)


def unsubscribe(simulator: Simulator, request: Request, uuid: str) -> Response:
    """``DELETE /v1/company/notifications/{id}``."""
    with simulator.store as state:
        company = company_of(simulator, state, request, "company:write")
        hooks = dict(company.get("webhooks", {}))
        if hooks.pop(uuid, None) is None:
            raise Refusal(404, "not_found", "Notification not found")
        state[f"company/{company['id']}"] = company | {"webhooks": hooks}
    return Response(status=204)
