"""OAuth2 access tokens: fetched once, kept for all clients of this process."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field

from .answers import read_json
from .errors import RejectedError, SetupError, TemporaryError
from .messages import Credentials

SCOPE = "company:read company:write lookup invoice:send"
NEEDED_SCOPE = "invoice:send"
SCOPE_ALIASES = {"eui": {"invoice:send", "company:read", "lookup"}}
RENEW_SECONDS = 300  # before the end of a token that lives for an hour


@dataclass(frozen=True)
class Token:
    """``renew_at`` is a moment of the cache's clock, in seconds."""

    text: str = field(repr=False)
    renew_at: float


class TokenCache:
    """Tokens by account, for several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self.clock = clock
        self._tokens: dict[Hashable, Token] = {}
        self._fetching: dict[Hashable, Future] = {}
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
            mine = None if shared else Future()
            if mine:
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


def cache_key(environment: str, origin: str, credentials: Credentials) -> Hashable:
    """Return what tells one account's tokens from another's.

    The keys are part of it (as a digest): a token fetched with the old key must
    not make a new, wrong key look right.
    """
    secrets = f"{credentials.user_api_key}\n{credentials.vendor_api_key}".encode()
    digest = hashlib.sha256(secrets).hexdigest()
    return environment, origin, credentials.company_uuid, SCOPE, digest


def fetch_token(post, credentials: Credentials, clock) -> Token:
    """Ask for a token that may send invoices.

    :param post: ``post(path, data) -> response``
    :raise SetupError: the keys are wrong, or do not allow to send invoices
    :raise TemporaryError: no usable answer
    """
    response = post(
        "/oauth2/token",
        {
            "grant_type": "client_credentials",
            "client_id": credentials.company_uuid,
            "client_secret": credentials.user_api_key,
            "vendor_api_key": credentials.vendor_api_key,
            "scope": SCOPE,
        },
    )
    try:
        data = read_json(response)
        text, seconds = data["access_token"], float(data["expires_in"])
    except RejectedError as error:  # 400, 401 and 422 all mean wrong keys here
        raise SetupError(
            error.message,
            code=error.code,
            details=error.details,
            http_status=error.http_status,
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise TemporaryError(
            "The token's answer lacks a part.", code="unreadable_answer"
        ) from error
    _check_scope(str(data.get("scope") or ""))
    # A short-lived token is renewed half-way, not at once and for ever.
    lead = min(RENEW_SECONDS, seconds / 2)
    return Token(text=text, renew_at=clock() + seconds - lead)


def _check_scope(granted: str) -> None:
    scopes = set(granted.split())
    for alias in SCOPE_ALIASES.keys() & scopes:
        scopes |= SCOPE_ALIASES[alias]
    if NEEDED_SCOPE not in scopes:
        raise SetupError(
            f"The key does not allow to send invoices (granted: {granted}).",
            code="scope_missing",
        )
