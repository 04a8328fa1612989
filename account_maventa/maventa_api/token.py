"""OAuth2 access tokens: fetched once, kept for all clients of this process."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import requests

from . import json_values as values
from .answers import read_json, value_of
from .errors import RejectedError, SetupError
from .messages import Credentials

SCOPE = "company:read company:write lookup invoice:send"
NEEDED_SCOPE = "invoice:send"
RECEIVE = "invoice:receive"
SCOPE_ALIASES = {"eui": {"invoice:send", RECEIVE, "company:read", "lookup"}}
RENEW_SECONDS = 300  # before the end of a token that lives for an hour
LONGEST_LIFE = 24 * 3600.0
PRINTABLE = re.compile(r"[\x21-\x7e]+")  # what can stand in a header


@dataclass(frozen=True)
class Token:
    """``renew_at`` is a moment of the cache's clock, in seconds."""

    text: str = field(repr=False)
    renew_at: float
    scopes: frozenset[str] = frozenset()


class TokenCache:
    """Tokens by account, for several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._tokens: dict[Hashable, Token] = {}
        self._fetching: dict[Hashable, Future[Token]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Token | None:
        """Return the token of ``key`` unless it has to be renewed."""
        with self._lock:
            token = self._tokens.get(key)
        return token if token and self.clock() < token.renew_at else None

    def obtain(self, key: Hashable, fetch: Callable[[], Token]) -> tuple[Token, bool]:
        """Return the token of ``key``, and whether it had to be fetched for that.

        Threads that want one at the same moment fetch it once. They share the error
        as well: wrong keys are not tried by each of them.
        """
        with self._lock:
            token = self._tokens.get(key)
            if token and self.clock() < token.renew_at:
                return token, False
            shared = self._fetching.get(key)
            mine: Future[Token] = Future()
            if not shared:
                self._fetching[key] = mine
        if shared:
            return shared.result(), True
        try:
            token = fetch()
            self.put(key, token)
            mine.set_result(token)
        except BaseException as error:
            mine.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._fetching[key]
        return token, True

    def put(self, key: Hashable, token: Token) -> None:
        with self._lock:
            self._tokens[key] = token

    def drop(self, key: Hashable, token: Token) -> None:
        """Forget ``token``, but not one that somebody has fetched since."""
        with self._lock:
            if self._tokens.get(key) == token:
                del self._tokens[key]


PROCESS_TOKENS = TokenCache()


Post = Callable[[str, dict[str, str]], requests.Response]


def wanted_scope(receives: bool) -> str:
    """Return what a token is asked to allow."""
    return f"{SCOPE} {RECEIVE}" if receives else SCOPE


def cache_key(
    environment: str, origin: str, credentials: Credentials, scope: str = SCOPE
) -> Hashable:
    """Return what tells one account's tokens from another's.

    The keys are part of it (as a digest): a token fetched with the old key must
    not make a new, wrong key look right.
    """
    secrets = f"{credentials.user_api_key}\n{credentials.vendor_api_key}".encode()
    digest = hashlib.sha256(secrets).hexdigest()
    return environment, origin, credentials.company_uuid, scope, digest


def fetch_token(
    post: Post,
    credentials: Credentials,
    clock: Callable[[], float],
    scope: str = SCOPE,
) -> Token:
    """Ask for a token that may send invoices, and more if ``scope`` says so.

    Assumption, not proved on Maventa's stage: a key that may not do all of it is
    granted less, or refused. After a refusal the scope that sending needs is asked
    for, so that a company that may not receive goes on sending.

    :param post: ``post(path, data) -> response``
    :raise SetupError: the keys are wrong, or do not allow to send invoices
    :raise TemporaryError: no usable answer
    """
    try:
        return _fetch(post, credentials, clock, scope)
    except SetupError:
        if scope == SCOPE:
            raise
        return _fetch(post, credentials, clock, SCOPE)


def _fetch(
    post: Post, credentials: Credentials, clock: Callable[[], float], scope: str
) -> Token:
    response = post(
        "/oauth2/token",
        {
            "grant_type": "client_credentials",
            "client_id": credentials.company_uuid,
            "client_secret": credentials.user_api_key,
            "vendor_api_key": credentials.vendor_api_key,
            "scope": scope,
        },
    )
    try:
        data = read_json(response)
    except RejectedError as error:  # 400, 401 and 422 all mean wrong keys here
        raise SetupError(
            error.message,
            code=error.code,
            details=error.details,
            http_status=error.http_status,
        ) from error
    text, seconds = value_of(_text_and_seconds, data)
    scopes = _granted(data.get("scope"), scope)
    # A short-lived token is renewed half-way, not at once and for ever.
    lead = min(RENEW_SECONDS, seconds / 2)
    return Token(text=text, renew_at=clock() + seconds - lead, scopes=scopes)


def _text_and_seconds(data: Any) -> tuple[str, float]:
    text = values.text(values.mapping(data).get("access_token"))
    seconds = values.amount(data.get("expires_in"))
    if not PRINTABLE.fullmatch(text) or seconds is None:
        raise ValueError("no token")
    return text, min(max(float(seconds), 0.0), LONGEST_LIFE)


def _granted(said: Any, asked: str) -> frozenset[str]:
    """Return the scopes of an answer; without any, what was asked for (RFC 6749).

    :raise SetupError: it is not allowed to send invoices
    """
    granted = asked if said is None else " ".join(values.texts(said))
    scopes = set(granted.split())
    for alias in SCOPE_ALIASES.keys() & scopes:
        scopes |= SCOPE_ALIASES[alias]
    if NEEDED_SCOPE not in scopes:
        raise SetupError(
            f"The key does not allow to send invoices (granted: {granted}).",
            code="scope_missing",
        )
    return frozenset(scopes)
