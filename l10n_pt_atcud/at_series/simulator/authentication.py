"""Authentication: opens the Security header and refuses what AT refuses.

Codes: e-Fatura manual, section 2.2.4 (1 to 99); generic manual of self-billing
series, section 4.1.2 (1040 for a malformed header, 1200 for a missing permission).
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from lxml import etree

from ..security import KEY_BYTES, SECURITY_NAMESPACE
from .envelope import authentication_fault, client_fault

FRESH_SECONDS = 300
TRIES = 5
PERMISSION = "WSE"
_ORDERS = (
    ("Username", "Password", "Nonce", "Created"),
    ("Username", "Nonce", "Password", "Created"),
)


@dataclass(frozen=True)
class Account:
    """A sub-user as the portal knows it."""

    password: str = field(repr=False)
    permissions: frozenset[str] = frozenset({PERMISSION})
    is_suspended: bool = False
    has_activity: bool = True


def authenticate(
    header: etree._Element,
    state: MutableMapping[str, Any],
    *,
    accounts: Mapping[str, Account],
    key: rsa.RSAPrivateKey,
    now: datetime.datetime,
) -> str:
    """Return the user name that a header proves.

    :param state: the simulator's state; remembers keys and failed tries
    :param accounts: user name -> :class:`Account`
    :param key: the RSA key that opens the nonce
    :raise Fault: AT would not let this message in
    """
    texts = _read(header)
    symmetric = _open_nonce(texts["Nonce"], key)
    created = _decrypt(symmetric, texts["Created"], 16)
    password = _decrypt(symmetric, texts["Password"], 17)
    _check_created(created, now)
    username = texts["Username"]
    if not re.fullmatch(r"\d{9}/\d{1,4}", username):
        raise authentication_fault(4, "Utilizador com formato inválido")
    _check_key_is_new(symmetric, state, now)
    account = _account(username, accounts.get(username), password, state)
    if PERMISSION not in account.permissions:
        raise authentication_fault(
            1200, f"O utilizador não tem permissão para a operação ({PERMISSION})"
        )
    return username


def _read(header: etree._Element) -> dict[str, str]:
    securities = header.findall(f"{{{SECURITY_NAMESPACE}}}Security")
    if len(securities) != 1 or securities[0].attrib or len(securities[0]) != 1:
        raise client_fault()
    token = securities[0][0]
    if token.tag != f"{{{SECURITY_NAMESPACE}}}UsernameToken" or token.attrib:
        raise authentication_fault(1040, "Cabeçalho de segurança mal formado")
    children = list(token.iterchildren(etree.Element))
    names = tuple(
        str(child.tag).removeprefix(f"{{{SECURITY_NAMESPACE}}}") for child in children
    )
    if names not in _ORDERS or any(child.attrib for child in children):
        raise authentication_fault(1040, "Cabeçalho de segurança mal formado")
    return {name: child.text or "" for name, child in zip(names, children, strict=True)}


def _base64(text: str, code: int = 7) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise authentication_fault(code, "Base64 inválido") from None


def _open_nonce(text: str, key: rsa.RSAPrivateKey) -> bytes:
    try:
        symmetric = key.decrypt(_base64(text), rsa_padding.PKCS1v15())
    except ValueError:
        raise authentication_fault(8, "Cifra com chave pública inválida") from None
    if len(symmetric) != KEY_BYTES:
        raise authentication_fault(11, "Chave simétrica inválida")
    return symmetric


def _decrypt(symmetric: bytes, text: str, code: int) -> str:
    decryptor = Cipher(algorithms.AES(symmetric), modes.ECB()).decryptor()
    unpadder = padding.PKCS7(algorithms.AES.block_size).unpadder()
    try:
        padded = decryptor.update(_base64(text)) + decryptor.finalize()
        return (unpadder.update(padded) + unpadder.finalize()).decode()
    except ValueError:
        raise authentication_fault(code, "Não foi possível decifrar") from None


def _check_created(created: str, now: datetime.datetime) -> None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,3}Z", created):
        raise authentication_fault(9, "Created com formato inválido")
    moment = datetime.datetime.fromisoformat(created.replace("Z", "+00:00"))
    if abs((now - moment).total_seconds()) > FRESH_SECONDS:
        raise authentication_fault(10, "Validade da credencial expirada")


def _check_key_is_new(
    symmetric: bytes, state: MutableMapping[str, Any], now: datetime.datetime
) -> None:
    """Keys older than a header may be need no memory: code 10 stops them."""
    digest = hashlib.sha256(symmetric).hexdigest()
    limit = now.timestamp() - 2 * FRESH_SECONDS
    seen = {key: at for key, at in state.get("keys", {}).items() if at > limit}
    if digest in seen:
        raise authentication_fault(12, "Chave simétrica repetida")
    state["keys"] = {**seen, digest: now.timestamp()}


def _account(
    username: str,
    account: Account | None,
    password: str,
    state: MutableMapping[str, Any],
) -> Account:
    """Return the account if its password is right.

    Wrong user and wrong password sound alike; too many tries suspend a user.
    """
    tries_key = f"tries/{username}"
    left = state.get(tries_key, TRIES)
    is_suspended = account is not None and (account.is_suspended or not left)
    if account is None or account.password != password or is_suspended:
        left = max(left - 1, 0)
        if account is not None:
            state[tries_key] = left
        raise authentication_fault(99, "Erro na validação da senha", left)
    state[tries_key] = TRIES
    return account
