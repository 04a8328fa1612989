"""One request and its answer: token, renewal, and what a broken line means."""

from __future__ import annotations

from typing import Any

import requests
from urllib3.exceptions import NewConnectionError

from .answers import failure, read_json, unclear
from .errors import TemporaryError
from .messages import Credentials
from .token import PROCESS_TOKENS, TokenCache, cache_key, fetch_token

USER_AGENT = "account_maventa/19.0"


class Exchange:
    """Requests of one account over one session.

    :param environment: whatever tells apart accounts of the same UUID (database,
        environment), so that they never share a token
    """

    def __init__(
        self,
        session: requests.Session,
        origin: str,
        credentials: Credentials,
        *,
        environment: str = "",
        tokens: TokenCache = PROCESS_TOKENS,
    ):
        self._session = session
        self._origin = origin.rstrip("/")
        self._credentials = credentials
        self._tokens = tokens
        self._key = cache_key(environment, self._origin, credentials)

    def call(self, method: str, path: str, *, creates=False, **options) -> Any:
        """Return the JSON of the answer; ``options`` are those of requests.

        :raise MaventaError: of the family that the outcome belongs to
        """
        return read_json(
            self._send_with_token(method, path, creates=creates, **options),
            creates=creates,
        )

    def order(self, method: str, path: str, **options) -> None:
        """As :meth:`call`, for what changes something and answers nothing of use."""
        response = self._send_with_token(method, path, creates=True, **options)
        if not 200 <= response.status_code < 300:
            raise failure(response, creates=True)

    def call_openly(self, method: str, path: str, *, creates=False, **options) -> Any:
        """As :meth:`call`, for what needs no token because there is no account yet."""
        return read_json(
            self._send(method, path, creates=creates, **options), creates=creates
        )

    def renew(self) -> None:
        """Fetch a new token whatever the cache says: do the keys hold?"""
        self._tokens.put(self._key, self._fetch())

    def close(self) -> None:
        self._session.close()

    def _send_with_token(self, method, path, **options):
        token, fresh = self._tokens.obtain(self._key, self._fetch)
        response = self._send(method, path, token=token, **options)
        if response.status_code == 401:
            self._tokens.drop(self._key, token)
            if not fresh:  # once: a fresh token that is refused is refused for good
                return self._send_with_token(method, path, **options)
        return response

    def _fetch(self):
        return fetch_token(
            lambda path, data: self._send("POST", path, data=data),
            self._credentials,
            self._tokens.clock,
        )

    def _send(
        self, method, path, *, token=None, creates=False, headers=None, **options
    ):
        headers = (headers or {}) | {
            "Accept": "application/json",
            "User-Agent": USER_AGENT,
        }
        if token:
            headers["Authorization"] = f"Bearer {token.text}"
        try:
            return self._session.request(
                method,
                self._origin + path,
                headers=headers,
                allow_redirects=False,
                **options,
            )
        except requests.RequestException as error:
            kind = type(error).__name__
            if _never_arrived(error):
                raise TemporaryError(kind, code="no_connection") from error
            raise unclear(kind, creates=creates, code="no_answer") from error


def _never_arrived(error: requests.RequestException) -> bool:
    """Tell whether the connection was not even made (refused, no such host)."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", cause), NewConnectionError)
