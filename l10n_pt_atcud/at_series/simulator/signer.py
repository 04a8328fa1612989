"""A reference signer: the producer's service of :mod:`~..signer`, for tests and tries.

It shows the memory that makes a signer a witness. A real one keeps its key in a safe
place, its memory for ever, and answers over TLS only.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from werkzeug.wrappers import Request, Response

from ..batch import Batch, UnsignedDocument, sign_batch
from ..signer import HEADS, SIGNATURES
from ..signing import SigningError
from ..simulation import Faults

FAULTS = frozenset(
    "drop drop_after 500 garbage too_few wrong_length other_document unauthorised"
    "".split()
)


class Signer:
    """One producer's signer as a WSGI application.

    :param store: keeps the memory; see :class:`~..simulation.MemoryStore`
    :param certificate: number of the program
    :param token: that callers must show
    """

    def __init__(
        self,
        store: Any,
        key: rsa.RSAPrivateKey,
        *,
        certificate: str,
        token: str,
        version: int = 1,
    ):
        self.store = store
        self.key = key
        self.version = version
        self.faults = Faults(FAULTS)
        self.requests: Counter[str] = Counter()
        self._certificate = certificate
        self._token = token

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self._respond(Request(environ))(environ, start_response)

    def _respond(self, request: Request) -> Response:
        self.requests[request.path] += 1
        unlucky = self._unlucky(request)
        if unlucky:
            return unlucky
        answers = {SIGNATURES: self._sign, HEADS: self._compare}
        if request.method != "POST" or request.path not in answers:
            return _json(404, {})
        try:
            body = json.loads(request.get_data())
            if body["certificate"] != self._certificate:
                return _json(403, {})
            with self.store as state:
                return answers[request.path](state, body)
        except (ValueError, KeyError, TypeError, SigningError):
            return _json(400, {})

    def _unlucky(self, request: Request) -> Response | None:
        take = self.faults.take
        if take("drop"):
            raise ConnectionResetError("the signer hangs up")
        if take("500"):
            return _json(500, {})
        if take("garbage"):
            return Response("<html>", 200, content_type="text/html")
        shown = request.headers.get("Authorization")
        if take("unauthorised") or shown != f"Bearer {self._token}":
            return _json(401, {})
        return None

    def _sign(self, state: dict[str, Any], body: dict[str, Any]) -> Response:
        documents = tuple(UnsignedDocument(**one) for one in body["documents"])
        batch = Batch(body["certificate"], body["nif"], body["previous"], documents)
        name = f"{batch.nif} {batch.series}"
        memory = state.get(name) or {"number": 0, "hash": "", "open": {}}
        first = int(documents[0].number.rpartition("/")[2])
        known = {memory["number"]: memory["hash"], **_numbers(memory["open"])}
        is_new = name not in state or (not memory["number"] and not batch.previous)
        if not is_new and known.get(first - 1) != batch.previous:
            last = max(known)
            return _json(409, {"number": last, "hash": known[last]})
        signatures = sign_batch(self.key, batch)
        # What the first one follows is confirmed, because the caller has kept it.
        state[name] = {
            "number": first - 1 if batch.previous else 0,
            "hash": batch.previous,
            "open": {str(first + at): one for at, one in enumerate(signatures)},
        }
        return self._done(batch, signatures)

    def _done(self, batch: Batch, signatures: list[str]) -> Response:
        """Answer with the signatures, unless a fault spoils them."""
        take = self.faults.take
        if take("drop_after"):
            raise ConnectionResetError("the signer hangs up")
        if take("too_few"):
            signatures = signatures[1:]
        if take("wrong_length"):
            signatures = [one[:-4] for one in signatures]
        if take("other_document"):
            document = batch.documents[0]
            other = UnsignedDocument(
                document.date, document.entry, document.number, "0.01"
            )
            single = Batch(batch.certificate, batch.nif, batch.previous, (other,))
            signatures = [*sign_batch(self.key, single), *signatures[1:]]
        return _json(200, {"version": self.version, "signatures": signatures})

    def _compare(self, state: dict[str, Any], body: dict[str, Any]) -> Response:
        heads = {one["series"]: one for one in body["heads"]}
        behind = []
        for name, memory in sorted(state.items()):
            nif, _blank, series = name.partition(" ")
            if nif != body["nif"]:
                continue
            head = heads.get(series) or {"number": 0, "hash": ""}
            known = {memory["number"]: memory["hash"], **_numbers(memory["open"])}
            if known.get(head["number"]) == head["hash"]:
                state[name] = {
                    "number": head["number"],
                    "hash": head["hash"],
                    "open": {},
                }
            elif memory["number"]:
                behind.append(
                    {
                        "series": series,
                        "number": memory["number"],
                        "hash": memory["hash"],
                    }
                )
        return _json(200, {"behind": behind})


def _numbers(open_documents: dict[str, str]) -> dict[int, str]:
    return {int(number): one for number, one in open_documents.items()}


def _json(status: int, body: dict[str, Any]) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
