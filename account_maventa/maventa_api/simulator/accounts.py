"""Who may come in: tokens, identity, the company's authentication."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from .answers import Refusal, State, entity
from .holdings import DEFAULT_SCOPES, VENDOR_API_KEY, new_token

if TYPE_CHECKING:
    from .application import Simulator

TOKEN_SECONDS = 3600
LANGUAGES = ("FI", "NO", "SE", "EN", "NL")


def grant_token(simulator: Simulator, request: Request) -> Response:
    """``POST /oauth2/token``: company UUID and user API key become a token."""
    form = request.form
    if form.get("grant_type") != "client_credentials":
        raise Refusal(400, "invalid_parameters", "grant_type is not valid")
    with simulator.store as state:
        company = state.get(f"company/{form.get('client_id')}")
        if (
            not company
            or company["user_api_key"] != form.get("client_secret")
            or form.get("vendor_api_key") != VENDOR_API_KEY
        ):
            raise Refusal(401, "invalid_credentials", "Invalid credentials")
        wanted = (form.get("scope") or DEFAULT_SCOPES).split()
        allowed = company["scopes"].split()
        if simulator.refuses_wide_scopes and not set(wanted) <= set(allowed):
            raise Refusal(400, "invalid_scope", "Scope is not valid")
        scope = " ".join(name for name in wanted if name in allowed)
        text = new_token(
            state,
            company,
            scope,
            simulator.clock() + TOKEN_SECONDS,
            simulator.calls_per_token,
        )
    answer = {
        "access_token": text,
        "token_type": "bearer",
        "expires_in": TOKEN_SECONDS,
    }
    if simulator.names_scopes:
        answer["scope"] = scope
    return entity(answer)


def company_of(
    simulator: Simulator, state: State, request: Request, scope: str = ""
) -> dict:
    """Return the company whose token the request carries.

    :raise Refusal: no token, an old one, or one without ``scope``
    """
    kind, _blank, text = request.headers.get("Authorization", "").partition(" ")
    token = state.get(f"token/{text}") if kind.lower() == "bearer" else None
    unfit = Refusal(401, "auth_unauthorized", "Unauthorized")
    if not token or token["expires_at"] <= simulator.clock():
        raise unfit
    if simulator.faults.take("token_expires"):
        del state[f"token/{text}"]
        raise unfit
    if token["calls"] is not None:
        if token["calls"] <= 0:
            raise unfit
        state[f"token/{text}"] = token | {"calls": token["calls"] - 1}
    if scope and scope not in token["scope"].split():
        raise Refusal(403, "auth_forbidden", f"Scope {scope} is missing")
    return state[f"company/{token['company']}"]


def show_identity(simulator: Simulator, request: Request) -> Response:
    """``GET /oauth2/current``: whose token is this?"""
    with simulator.store as state:
        company = company_of(simulator, state, request)
    return entity(
        {
            "user": {
                "id": "1",
                "first_name": "Demo",
                "last_name": "User",
                "email": "user@example.com",
            },
            "company": {
                "id": company["id"],
                "bid": company["bid"],
                "name": company["name"],
                "country": company["country"],
                "vat": company["vat"],
                "wizard_done": company.get("wizard_done", True),
                "disabled": company["disabled"],
            },
            "scopes": company["scopes"].split(),
        }
    )


def show_authorization(simulator: Simulator, request: Request) -> Response:
    """``GET /v1/company/authorization``: may the company send and receive?"""
    with simulator.store as state:
        company = company_of(simulator, state, request, "company:read")
        company = _sign(simulator, company)
        state[f"company/{company['id']}"] = company
    asked = company.get("authentication") or {}
    verified = company["state"] == "VERIFIED"
    return entity(
        {
            "auth_state": "SIGNED" if verified else asked.get("state", "NONE"),
            "auth_email": asked.get("email"),
            "company_state": company["state"],
        }
    )


def request_authentication(simulator: Simulator, request: Request) -> Response:
    """``POST /v1/company/authorization``: an e-mail goes to who may sign."""
    asked = request.get_json(silent=True) or {}
    with simulator.store as state:
        company = company_of(simulator, state, request, "company:write")
        if "@" not in (asked.get("auth_email") or ""):
            raise Refusal(400, "invalid_parameters", "auth_email is invalid")
        if asked.get("locale") not in LANGUAGES:
            raise Refusal(400, "invalid_parameters", "locale is invalid")
        state[f"company/{company['id']}"] = company | {
            "authentication": {
                "state": "SENT",
                "email": asked["auth_email"],
                "language": asked["locale"],
                "looks": 0,
            }
        }
    if simulator.faults.take("drop_after_authentication"):
        raise ConnectionError("the simulator hangs up")
    return entity({"status": "SENT", "count": 1})


def link_vendor(simulator: Simulator, request: Request) -> Response:
    """``POST /v1/company/vendors``: the account belongs to the vendor from now on."""
    with simulator.store as state:
        company = company_of(simulator, state, request, "company:write")
        if company.get("linked"):
            raise Refusal(409, "vendor_linked", "Vendor is linked already")
        state[f"company/{company['id']}"] = company | {"linked": True}
    return entity({"state": "ACTIVE"}, 201)


def _sign(simulator: Simulator, company: dict) -> dict:
    """Return the company after one more look: somebody signs sooner or later."""
    asked = company.get("authentication")
    if not asked or asked["state"] != "SENT":
        return company
    if asked["looks"] < simulator.looks_until_signed:
        return company | {"authentication": asked | {"looks": asked["looks"] + 1}}
    signed = asked | {"state": "SIGNED"}
    return company | {"authentication": signed, "state": "VERIFIED"}
