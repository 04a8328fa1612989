"""Who may come in: tokens, identity, the company's authentication."""

from __future__ import annotations

from .answers import Refusal, entity
from .holdings import DEFAULT_SCOPES, VENDOR_API_KEY, new_token

TOKEN_SECONDS = 3600


def grant_token(simulator, request):
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
        scope = " ".join(name for name in wanted if name in allowed)
        text = new_token(
            state,
            company,
            scope,
            simulator.clock() + TOKEN_SECONDS,
            simulator.calls_per_token,
        )
    return entity(
        {
            "access_token": text,
            "token_type": "bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": scope,
        }
    )


def company_of(simulator, state, request, scope: str = "") -> dict:
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


def show_identity(simulator, request):
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
                "wizard_done": True,
                "disabled": company["disabled"],
            },
            "scopes": company["scopes"].split(),
        }
    )


def show_authorization(simulator, request):
    """``GET /v1/company/authorization``: may the company send and receive?"""
    with simulator.store as state:
        company = company_of(simulator, state, request, "company:read")
    verified = company["state"] == "VERIFIED"
    return entity(
        {
            "auth_state": "SIGNED" if verified else "SENT",
            "auth_email": "signer@example.com",
            "company_state": company["state"],
        }
    )
