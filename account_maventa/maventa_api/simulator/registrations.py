"""New users and companies at Maventa."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from werkzeug.wrappers import Request, Response

from ..addresses import is_business_id
from ..check_digits import is_norwegian_number, is_swedish_number
from .answers import Refusal, State, entity
from .holdings import ALL_SCOPES, VENDOR_API_KEY, new_account, rows_of

if TYPE_CHECKING:
    from .application import Simulator

COUNTRIES = ("DK", "FI", "NL", "NO", "SE")
MANDATORY = ("name", "bid", "address1", "post_code", "city", "country", "email")


def create_user(simulator: Simulator, request: Request) -> Response:
    """``POST /v1/users``: a key for somebody new, none for somebody known."""
    asked = request.get_json(silent=True) or {}
    _check_vendor(asked.get("vendor_api_key"))
    email = asked.get("email") or ""
    if "@" not in email:
        raise Refusal(400, "invalid_parameters", "email is invalid")
    with simulator.store as state:
        if f"user/{email}" in state:
            return entity({}, 200)
        key = str(uuid4())
        state[f"user/{email}"] = {"key": key, "companies": []}
    if simulator.faults.take("drop_after_user"):
        raise ConnectionError("the simulator hangs up")
    return entity({"user_api_key": key}, 201)


def create_company(simulator: Simulator, request: Request) -> Response:
    """``POST /v1/companies``: one account per business id, not yet verified."""
    form = request.form
    _check_vendor(form.get("vendor_api_key"))
    missing = [f"{name} is missing" for name in MANDATORY if not form.get(name)]
    if form.get("country") not in COUNTRIES:
        missing.append("country does not have a valid value")
    elif form.get("bid") and not is_registrable(form["country"], form["bid"]):
        missing.append("bid is invalid")
    if missing:
        raise Refusal(400, "invalid_parameters", "Invalid parameters", missing)
    with simulator.store as state:
        email, user = _user_of(state, form.get("user_api_key"))
        if _company_of_bid(state, form["bid"]):
            raise Refusal(422, "bid_taken", "BID ALREADY TAKEN")
        account = new_account(
            state,
            name=form["name"],
            bid=form["bid"],
            country=form["country"],
            vat="" if form.get("no_vat") == "true" else form["bid"],
            company_state="UNVERIFIED",
            scopes=ALL_SCOPES,
        )
        key = f"company/{account.company_uuid}"
        state[key] = state[key] | {
            "user_api_key": user["key"],
            "linked": True,
            "duetto": form.get("activate_duetto") != "false",
        }
        state[f"user/{email}"] = user | {
            "companies": [*user["companies"], account.company_uuid]
        }
    if simulator.faults.take("drop_after_company"):
        raise ConnectionError("the simulator hangs up")
    return entity({"id": account.company_uuid}, 201)


def is_registrable(country: str, number: str) -> bool:
    """Tell whether Maventa registers a company of ``country`` under ``number``.

    Finland: organisation number or VAT number; elsewhere the organisation number alone
    (SE, NO), CVR (DK) or KVK (NL).
    """
    bare = "".join(character for character in number if character not in " -.")
    if country == "FI":
        bare = bare.removeprefix("FI")
        return is_business_id(bare)
    checks = {
        "SE": lambda: len(bare) == 10 and is_swedish_number(bare),
        "NO": lambda: is_norwegian_number(bare),
        "DK": lambda: len(bare) == 8,
        "NL": lambda: len(bare) == 8,
    }
    return bare.isdigit() and checks[country]()


def list_companies(simulator: Simulator, request: Request) -> Response:
    """``GET /v1/companies``: the user's companies, of one business id if given."""
    _check_vendor(request.headers.get("Vendor-Api-Key"))
    bid = request.args.get("bid")
    with simulator.store as state:
        _email, user = _user_of(state, request.headers.get("User-Api-Key"))
        mine = [state[f"company/{uuid}"] for uuid in user["companies"]]
    return entity(
        [
            {"id": row["id"], "bid": row["bid"], "name": row["name"]}
            for row in mine
            if bid in (None, row["bid"])
        ]
    )


def _check_vendor(key: str | None) -> None:
    if key != VENDOR_API_KEY:
        raise Refusal(401, "auth_unauthorized", "Unauthorized")


def _user_of(state: State, key: str | None) -> tuple[str, dict[str, Any]]:
    for name in list(state):
        if name.startswith("user/") and state[name]["key"] == key:
            return name.removeprefix("user/"), state[name]
    raise Refusal(401, "auth_unauthorized", "Unauthorized")


def _company_of_bid(state: State, bid: str) -> bool:
    wanted = "".join(filter(str.isdigit, bid))
    return any(
        "".join(filter(str.isdigit, value["bid"])) == wanted
        for value in rows_of(state, "company/")
    )
