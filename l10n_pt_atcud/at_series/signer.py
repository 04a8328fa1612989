"""A signer: the producer's service that holds the key, as a client of it.

The protocol is this package's own; AT prescribes none. Requests and answers are JSON.

``POST /v1/signatures`` signs a batch::

    {"certificate": "9999", "nif": "509987656", "previous": "",
     "documents": [{"date": "2026-03-01", "entry": "2026-03-01T09:00:00",
                    "number": "FT A/1", "gross_total": "12.30"}]}
    200 {"version": 1, "signatures": ["…"]}
    409 {"number": 7, "hash": "…"}       the last document that the signer knows

``POST /v1/heads`` compares what both sides have of each series::

    {"certificate": "9999", "nif": "509987656",
     "heads": [{"series": "FT A", "number": 7, "hash": "…"}]}
    200 {"behind": [{"series": "FT A", "number": 9, "hash": "…"}]}

The signer remembers the last document of each series. A batch that does not follow it
is refused (409): the database is older than what was signed. The last batch alone may
come once more, because a transaction that fails after the answer takes back its
numbers; a batch or a head that follows it confirms it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import requests

from .batch import Batch
from .errors import RejectedError, SetupError, TemporaryError

SIGNATURES, HEADS = "/v1/signatures", "/v1/heads"
BEHIND = "behind"  # code of the error: the database is older than the signer's memory


@dataclass(frozen=True)
class Head:
    """The last signed document of a series."""

    series: str
    number: int
    hash: str


def check_follows(batch: Batch, known: Head | None) -> None:
    """Refuse a batch that begins before the end of its series.

    :param known: the last document of the series that a witness knows
    :raise RejectedError: code ``behind``, the message is the last known number
    """
    if known and batch.first_number <= known.number:
        raise RejectedError(str(known.number), code=BEHIND)


class SignerClient:
    """A client of one signer.

    :param session: reaches the origin; its certificate, where the signer wants one
    :param token: sent as a bearer token, where the signer wants one
    """

    def __init__(self, session: requests.Session, origin: str, token: str = ""):
        self._session = session
        self._origin = origin.rstrip("/")
        self._token = token

    def sign(self, batch: Batch) -> tuple[list[str], int]:
        """Return the signatures of a batch, and the version of their key.

        They are not verified here, see :func:`~.batch.check_batch`.

        :raise RejectedError: code ``behind``, the message is the last known number
        :raise SetupError: the signer does not know the caller
        :raise TemporaryError: no answer, or none that can be read
        """
        answer = self._post(SIGNATURES, asdict(batch))
        signatures, version = answer.get("signatures"), answer.get("version")
        if not isinstance(signatures, list) or type(version) is not int:
            raise TemporaryError("signatures", code="answer")
        if not all(isinstance(one, str) for one in signatures):
            raise TemporaryError("signatures", code="answer")
        return signatures, version

    def compare(self, certificate: str, nif: str, heads: list[Head]) -> list[Head]:
        """Return the last documents that the signer knows and the caller does not.

        :raise SetupError: the signer does not know the caller
        :raise TemporaryError: no answer, or none that can be read
        """
        body = {
            "certificate": certificate,
            "nif": nif,
            "heads": [asdict(head) for head in heads],
        }
        behind = self._post(HEADS, body).get("behind")
        try:
            return [
                Head(str(one["series"]), int(one["number"]), str(one["hash"]))
                for one in behind or ()
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise TemporaryError("behind", code="answer") from error

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            response = self._session.post(
                self._origin + path, json=body, headers=headers, allow_redirects=False
            )
        except requests.RequestException as error:
            raise TemporaryError(str(error), code="unreachable") from error
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if response.status_code in (401, 403):
            raise SetupError(code=str(response.status_code))
        if response.status_code == 409 and isinstance(answer, dict):
            raise RejectedError(str(answer.get("number") or ""), code=BEHIND)
        if response.status_code != 200:
            raise TemporaryError(code=str(response.status_code))
        if not isinstance(answer, dict):
            raise TemporaryError(code="answer")
        return answer
