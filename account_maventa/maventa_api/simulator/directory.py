"""Maventa's directory and a company's own settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from .accounts import company_of
from .answers import Refusal, entity, page
from .holdings import OTHER_OPERATOR, find_receivers

if TYPE_CHECKING:
    from .application import Simulator

NETWORKS = ("INTERNAL", "EXTERNAL", "PEPPOL")
OPERATORS = (
    ("003721291126", "Maventa", "FI"),
    (OTHER_OPERATOR, "Apix Messaging Oy", "FI"),
    ("NDEAFIHH", "Nordea", "FI"),
    ("OKOYFIHH", "OP-ryhmä", "FI"),
    ("INVENTED", "Invented Operator AS", "NO"),
)
PRINT_DEFAULTS = {
    "enabled": False,
    "letter_class": "ECONOMY",
    "color_scheme": "BLACK_AND_WHITE",
    "use_own_pdf": False,
}
BOOLEANS = ("enabled", "use_own_pdf")


def list_receivers(simulator: Simulator, request: Request) -> Response:
    """``GET /v1/lookup/receivers``: by network, and bid, name or eia.

    Peppol's directory is only found by name, as Maventa's own.
    """
    asked = request.args
    network = asked.get("network")
    with simulator.store as state:
        company_of(simulator, state, request, "lookup")
        if network not in NETWORKS:
            raise Refusal(400, "invalid_parameters", "network is not valid")
        number, country = asked.get("bid", ""), asked.get("country", "")
        rows = find_receivers(state, network, bid=number, country=country)
    keys = ("eia", "name") if network == "PEPPOL" else ("eia", "name", "bid")
    wanted = {key: asked[key] for key in keys if asked.get(key)}
    if not wanted:
        return page(request, [])
    if country:
        wanted["country"] = country
    return page(request, [row for row in map(_shown, rows) if _fits(row, wanted)])


def list_operators(simulator: Simulator, request: Request) -> Response:
    """``GET /v1/entities/operators``."""
    with simulator.store as state:
        company_of(simulator, state, request, "lookup")
    keys = ("operator_id", "name", "country")
    return page(request, [dict(zip(keys, row, strict=True)) for row in OPERATORS])


def show_settings(simulator: Simulator, request: Request) -> Response:
    """``GET /v1/company/settings``: the blocks that are asked for."""
    with simulator.store as state:
        company = company_of(simulator, state, request, "company:read")
    blocks = {"send_invoice_print": company.get("print") or PRINT_DEFAULTS}
    names = simulator.read_array(request.args, "fields")
    if unknown := set(names) - blocks.keys():
        raise Refusal(400, "invalid_parameters", "fields", sorted(unknown))
    return entity({name: blocks[name] for name in names or blocks})


def change_settings(simulator: Simulator, request: Request) -> Response:
    """``PATCH /v1/company/settings``: what is not named stays as it is."""
    asked = request.get_json(silent=True)
    with simulator.store as state:
        company = company_of(simulator, state, request, "company:write")
        block = asked.get("send_invoice_print") if isinstance(asked, dict) else None
        if not isinstance(block, dict) or not block.keys() <= PRINT_DEFAULTS.keys():
            raise Refusal(400, "invalid_parameters", "Invalid parameters")
        if any(not isinstance(block.get(key, True), bool) for key in BOOLEANS):
            raise Refusal(400, "invalid_parameters", "Invalid parameters")
        settings = (company.get("print") or PRINT_DEFAULTS) | block
        state[f"company/{company['id']}"] = company | {"print": settings}
    return Response(status=204)


def _shown(row: dict) -> dict:
    return {
        "eia": row["eia"],
        "identifier": {
            "scheme": row["scheme"],
            "eaid_code": row["scheme"],
            "endpoint_id": row["eia"],
        },
        "network": row["network"],
        "operator": row["operator"],
        "document_types": [],
        "participant": {key: row[key] for key in ("name", "bid", "country")},
    }


def _fits(row: dict, wanted: dict) -> bool:
    values = row["participant"] | {"eia": row["eia"]}
    return all(
        text.lower() in values[key].lower() if key == "name" else values[key] == text
        for key, text in wanted.items()
    )
