"""What the simulator keeps: accounts, tokens and invoices, as JSON in its store.

Keys are ``company/<uuid>``, ``token/<text>`` and ``invoice/<uuid>``; a value is
replaced by a new one and never changed in place.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import uuid4

from ..party_identifiers import ALAND, NATIONAL_IDS, Identifier, address_of_legal
from .answers import State
from .document import embedded_pdfs, parse
from .finvoice import packed_pdfs

VENDOR_API_KEY = "demo-vendor-key"
OTHER_OPERATOR = "003723327487"
ALL_SCOPES = (
    "company:read company:write lookup document:receive document:send "
    "invoice:receive invoice:send"
)
DEFAULT_SCOPES = "company:read company:write document:receive document:send lookup"


@dataclass(frozen=True)
class Account:
    """What another client needs to know to use an account of the simulator."""

    company_uuid: str
    user_api_key: str = field(repr=False)
    vendor_api_key: str = field(repr=False)


@dataclass(frozen=True)
class HeldInvoice:
    """One invoice that the simulator really holds, with the exact bytes."""

    uuid: str
    company_uuid: str
    status: str
    number: str
    document: str
    currency: str
    sum: Decimal
    sum_tax: Decimal
    file: bytes = field(repr=False)
    pdfs: tuple[bytes, ...] = field(repr=False)
    recipient_eia: str
    recipient_operator: str
    recipient_email: str
    disabled_routes: tuple[str, ...]
    posted: int  # how many uploads brought this UUID
    payment_instruction: str = ""
    lang: str = ""
    sender_comment: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.file).hexdigest()


def new_account(
    state: State,
    *,
    name: str,
    bid: str,
    country: str,
    vat: str,
    company_state: str,
    scopes: str,
) -> Account:
    """Open an account; ``scopes`` are the most that its user can be granted."""
    account = Account(str(uuid4()), str(uuid4()), VENDOR_API_KEY)
    state[f"company/{account.company_uuid}"] = {
        "id": account.company_uuid,
        "user_api_key": account.user_api_key,
        "name": name,
        "bid": bid,
        "vat": vat,
        "country": country,
        "state": company_state,
        "scopes": scopes,
        "disabled": False,
    }
    return account


def rows_of(state: State, prefix: str) -> list[dict]:
    """Return the values whose keys have a prefix; no other value is read."""
    return [state[key] for key in list(state) if key.startswith(prefix)]


def account_of(state: State, bid: str) -> Account | None:
    """Return the account that a business id has: there is at most one."""
    for value in rows_of(state, "company/"):
        if value["bid"] == bid:
            return Account(value["id"], value["user_api_key"], VENDOR_API_KEY)
    return None


def new_receiver(
    state: State,
    *,
    network: str,
    eia: str,
    operator: str = "",
    scheme: str = "",
    name: str = "",
    bid: str = "",
    country: str = "FI",
) -> None:
    """Enter an address into the directory; it is there once per network."""
    state[f"receiver/{network}/{eia}"] = {
        "network": network,
        "eia": eia,
        "operator": operator,
        "scheme": scheme,
        "name": name,
        "bid": bid,
        "country": country,
    }


def receivers_of(state: State, network: str) -> list[dict]:
    """Return what the directory of a network holds: INTERNAL are our accounts."""
    rows = rows_of(state, f"receiver/{network}/")
    if network == "INTERNAL":
        for value in rows_of(state, "company/"):
            rows.append(
                {part: value[part] for part in ("name", "bid", "country")}
                | {
                    "network": network,
                    "eia": f"0037{_digits(value['bid'])}",
                    "operator": "003721291126",
                    "scheme": "0216",
                }
            )
    return rows


def find_receivers(
    state: State, network: str, *, bid: str = "", country: str = ""
) -> list[dict]:
    """Return what the directory of a network knows, the routing table of invoices.

    Whoever has a valid organisation number is a customer of another operator, unless
    somebody with that number was entered.
    """
    rows = receivers_of(state, network)
    of_country = NATIONAL_IDS.get("FI" if country == ALAND else country)
    number = of_country(bid) if of_country else Identifier()
    entered = rows + receivers_of(state, "INTERNAL")
    is_entered = any(_digits(row["bid"]) == _digits(bid) for row in entered)
    if network != "EXTERNAL" or not number or is_entered:
        return rows
    implied = {
        "network": network,
        "eia": address_of_legal(number).value,
        "scheme": address_of_legal(number).scheme,
        "operator": OTHER_OPERATOR,
        "name": "",
        "bid": bid,
        "country": country,
    }
    return [*rows, implied]


def is_reachable(state: State, *, eia: str, bid: str, country: str) -> bool:
    """Tell whether the directory leads an e-invoice to an address or a number."""
    rows = [
        row
        for network in ("INTERNAL", "EXTERNAL", "PEPPOL")
        for row in find_receivers(state, network, bid=bid, country=country)
    ]
    number = _digits(bid)
    return any(
        (eia and row["eia"] == eia) or (number and _digits(row["bid"]) == number)
        for row in rows
    )


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def new_token(
    state: State, company: dict, scope: str, expires_at: float, calls: int | None
) -> str:
    """Remember a token; ``calls`` is how often it may be used (None: any number)."""
    text = secrets.token_urlsafe(60)
    state[f"token/{text}"] = {
        "company": company["id"],
        "scope": scope,
        "expires_at": expires_at,
        "calls": calls,
    }
    return text


def invoices_of(state: State, company_uuid: str, ids: Iterable[str] = ()) -> list[dict]:
    """Return the company's invoices, or those with ``ids``, in order of arrival."""
    wanted = {f"invoice/{uuid}" for uuid in ids}
    if wanted:
        found = [state[key] for key in wanted if key in state]
    else:
        found = rows_of(state, "invoice/")
    mine = [invoice for invoice in found if invoice["company"] == company_uuid]
    return sorted(mine, key=lambda invoice: (invoice["created_at"], invoice["id"]))


def held(value: dict) -> HeldInvoice:
    """Turn a stored invoice into what tests and the demo look at."""
    file = base64.b64decode(value["file"])
    read = value["read"]
    return HeldInvoice(
        uuid=value["id"],
        company_uuid=value["company"],
        status=value["status"],
        number=read["number"],
        document=read["document"],
        currency=read["currency"],
        sum=Decimal(read["sum"]),
        sum_tax=Decimal(read["sum_tax"]),
        file=file,
        pdfs=_pdfs(value, file),
        recipient_eia=value["recipient_eia"],
        recipient_operator=value["recipient_operator"],
        recipient_email=value["recipient_email"],
        disabled_routes=tuple(value["disabled_routes"]),
        posted=value["posted"],
        payment_instruction=value.get("payment_instruction", ""),
        lang=value.get("lang", ""),
        sender_comment=value.get("sender_comment", ""),
    )


def _pdfs(value: dict, file: bytes) -> tuple[bytes, ...]:
    if value.get("format") == "FINVOICE30":
        return tuple(data for _name, data in packed_pdfs(file))
    return tuple(data for _name, data in embedded_pdfs(parse(file)))
