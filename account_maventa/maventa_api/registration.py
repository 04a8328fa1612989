"""A new user and a new company at Maventa, before there is an account."""

from __future__ import annotations

from typing import Any

import requests

from . import json_values as values
from .answers import value_of
from .errors import RejectedError, SetupError
from .exchange import Exchange
from .messages import Credentials, Registration

# Of the AX API 0.85.263. Other countries can only be registered by Maventa.
COUNTRIES = ("DK", "FI", "NL", "NO", "SE")


class Registrar:
    """The calls that take the vendor's key instead of an account's token.

    Use it in a ``with`` statement: it closes the session.
    """

    def __init__(
        self, session: requests.Session, origin: str, vendor_api_key: str
    ) -> None:
        self._vendor_api_key = vendor_api_key
        credentials = Credentials("", "", vendor_api_key)
        self._exchange = Exchange(session, origin, credentials)

    def __enter__(self) -> Registrar:
        return self

    def __exit__(self, *_exc_info: object) -> None:
        self._exchange.close()

    def create_user(self, email: str, first_name: str, last_name: str) -> str:
        """Make a user and return the user API key.

        Maventa keeps the key of somebody who is a user already to itself. How it
        says so is not documented for this call: an answer without a key (which
        gives an empty text here) or a refusal.

        :raise RejectedError: refused, perhaps because there is such a user
        :raise UnknownOutcomeError: the user may have been made
        """
        data = self._exchange.call_openly(
            "POST",
            "/v1/users",
            creates=True,
            json={
                "vendor_api_key": self._vendor_api_key,
                "email": email,
                "first_name": first_name,
                "last_name": last_name,
            },
        )
        return values.text(values.part(data).get("user_api_key"))

    def create_company(self, user_api_key: str, company: Registration) -> str:
        """Make the company's account and return its UUID.

        Maventa's collection service is switched off explicitly: its default is on.

        :raise RejectedError: the business id has an account, or the data is unfit
        :raise UnknownOutcomeError: ask with :meth:`find_company` before repeating
        """
        fields = {
            "vendor_api_key": self._vendor_api_key,
            "user_api_key": user_api_key,
            "name": company.name,
            "bid": company.bid,
            "no_vat": _flag(not company.has_vat),
            "address1": company.street,
            "post_code": company.post_code,
            "post_office": company.city,
            "city": company.city,
            "country": company.country,
            "email": company.email,
            "activate_duetto": _flag(False),
        }
        data = self._exchange.call_openly(
            "POST",
            "/v1/companies",
            creates=True,
            files={name: (None, value) for name, value in fields.items()},
        )
        return _uuid_of(data, creates=True)

    def find_company(self, user_api_key: str, bid: str, country: str) -> str:
        """Return the UUID of the user's company with this business id, or nothing.

        Assumption, not proved on Maventa's stage: this call can be made with the
        two keys as headers, since a token needs the UUID that is looked for. A
        refusal therefore means "not known".
        """
        headers = {
            "User-Api-Key": user_api_key,
            "Vendor-Api-Key": self._vendor_api_key,
        }
        try:
            data = self._exchange.call_openly(
                "GET",
                "/v1/companies",
                headers=headers,
                params={"bid": bid, "country": country},
            )
        except (RejectedError, SetupError):
            return ""
        return _uuid_of(data[0]) if isinstance(data, list) and data else ""


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _uuid_of(data: Any, *, creates: bool = False) -> str:
    def read(entity: Any) -> str:
        return values.needed_text(values.mapping(entity).get("id"))

    return value_of(read, data, creates=creates)
