"""One request and its answer: token, renewal, and what a broken line means."""

from __future__ import annotations

from http.client import HTTPException
from typing import Any

import requests
from urllib3.exceptions import HTTPError, NewConnectionError

from .answers import failure, read_json, unclear
from .errors import SetupError, TemporaryError
from .messages import Credentials
from .token import (
    PROCESS_TOKENS,
    Token,
    TokenCache,
    cache_key,
    fetch_token,
    wanted_scope,
)
from .transport import AnswerLimitError

USER_AGENT = "account_maventa/19.0"
JSON = "application/json"
NO_BODY = (204, 304)
LONGEST_LENGTH = 15  # digits of a Content-Length that can be true
# An odd Location or Content-Length ends in a plain ValueError or OverflowError even
# where redirects are not followed.
BROKEN = (
    requests.RequestException,
    HTTPError,
    HTTPException,
    OSError,
    ValueError,
    OverflowError,
)


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
        receives: bool = False,
    ) -> None:
        self._session = session
        self._origin = origin.rstrip("/")
        self._credentials = credentials
        self._tokens = tokens
        self._scope = wanted_scope(receives)
        self._key = cache_key(environment, self._origin, credentials, self._scope)

    def call(
        self, method: str, path: str, *, creates: bool = False, **options: Any
    ) -> Any:
        """Return the JSON of the answer; ``options`` are those of requests.

        :raise MaventaError: of the family that the outcome belongs to
        """
        return read_json(
            self._send_with_token(method, path, creates=creates, **options),
            creates=creates,
        )

    def order(self, method: str, path: str, **options: Any) -> None:
        """As :meth:`call`, for what changes something and answers nothing of use."""
        response = self._send_with_token(method, path, creates=True, **options)
        if not 200 <= response.status_code < 300:
            raise failure(response, creates=True)

    def fetch(
        self, method: str, path: str, *, accept: str = JSON, **options: Any
    ) -> requests.Response:
        """Return a good answer as it is: headers, and a body that may be a file.

        :raise MaventaError: of the family that the outcome belongs to
        """
        headers = {"Accept": accept}
        response = self._send_with_token(method, path, headers=headers, **options)
        if not 200 <= response.status_code < 300:
            raise failure(response)
        return response

    def may(self, scope: str) -> bool:
        """Tell whether the token has been granted ``scope``.

        :raise MaventaError: there is no token
        """
        token, _fresh = self._tokens.obtain(self._key, self._fetch)
        return scope in token.scopes

    def require(self, scope: str) -> None:
        """Make sure of what the token may do.

        :raise SetupError: Maventa has not granted it
        """
        if not self.may(scope):
            raise SetupError(f"The key does not allow {scope}.", code="scope_missing")

    def call_openly(
        self, method: str, path: str, *, creates: bool = False, **options: Any
    ) -> Any:
        """As :meth:`call`, for what needs no token because there is no account yet."""
        return read_json(
            self._send(method, path, creates=creates, **options), creates=creates
        )

    def renew(self) -> None:
        """Fetch a new token whatever the cache says: do the keys hold?"""
        self._tokens.put(self._key, self._fetch())

    def close(self) -> None:
        self._session.close()

    def _send_with_token(
        self, method: str, path: str, **options: Any
    ) -> requests.Response:
        token, fresh = self._tokens.obtain(self._key, self._fetch)
        response = self._send(method, path, token=token, **options)
        if response.status_code == 401:
            self._tokens.drop(self._key, token)
            if not fresh:  # once: a fresh token that is refused is refused for good
                return self._send_with_token(method, path, **options)
        return response

    def _fetch(self) -> Token:
        return fetch_token(
            lambda path, data: self._send("POST", path, data=data),
            self._credentials,
            self._tokens.clock,
            self._scope,
        )

    def _send(
        self,
        method: str,
        path: str,
        *,
        token: Token | None = None,
        creates: bool = False,
        headers: dict[str, str] | None = None,
        **options: Any,
    ) -> requests.Response:
        headers = {"Accept": JSON, "User-Agent": USER_AGENT} | (headers or {})
        if token:
            headers["Authorization"] = f"Bearer {token.text}"
        try:
            response = self._session.request(
                method,
                self._origin + path,
                headers=headers,
                allow_redirects=False,
                **options,
            )
        except AnswerLimitError as error:
            raise unclear(str(error), creates=creates, code="answer_limit") from error
        except BROKEN as error:
            kind = type(error).__name__
            if _never_arrived(error):
                raise TemporaryError(kind, code="no_connection") from error
            raise unclear(kind, creates=creates, code="no_answer") from error
        if _is_cut(response):
            raise unclear(
                "The answer breaks off.",
                creates=creates,
                code="answer_cut",
                http_status=response.status_code,
            )
        return response


def _is_cut(response: requests.Response) -> bool:
    """Tell whether fewer bytes came than were announced.

    The libraries compare the two since urllib3 2 only.
    """
    announced = response.headers.get("Content-Length") or ""
    if not (announced.isascii() and announced.isdigit()):
        return False
    if "Transfer-Encoding" in response.headers or response.status_code in NO_BODY:
        return False
    return len(announced) > LONGEST_LENGTH or response.raw.tell() < int(announced)


def _never_arrived(error: Exception) -> bool:
    """Tell whether the connection was not even made (refused, no such host)."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", cause), NewConnectionError)
