"""Documents of one series that are signed together, each on the one before.

A batch is what Odoo gives to whoever holds the key: all messages but the signatures
in them, which come about while the batch is signed (Despacho 8632/2014, 2.1.5).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import rsa

from .signing import SigningError, check_signature, sign, signed_message


@dataclass(frozen=True)
class UnsignedDocument:
    """The frozen texts of a document, see :func:`~.signing.signed_message`."""

    date: str
    entry: str
    number: str
    gross_total: str


@dataclass(frozen=True)
class Batch:
    """What is signed by one call.

    :ivar certificate: number of the program's certificate, with its zeros
    :ivar nif: of the taxpayer
    :ivar previous: signature of the series' document before the first, or ``""``
    :ivar documents: of one series, in the order of their numbers
    """

    certificate: str
    nif: str
    previous: str
    documents: tuple[UnsignedDocument, ...]

    @property
    def series(self) -> str:
        """What the numbers have in common: the text before the ``/``."""
        return self.documents[0].number.rpartition("/")[0]

    @property
    def first_number(self) -> int:
        """The number of the first document in its series."""
        return int(self.documents[0].number.rpartition("/")[2])

    def sign(self, sign_message: Callable[[str], str]) -> list[str]:
        """Return the signatures of all documents in their order.

        :raise SigningError: a value has not the form that the law prescribes
        """
        signatures, previous = [], self.previous
        for document in self.documents:
            previous = sign_message(_message(document, previous))
            signatures.append(previous)
        return signatures


def sign_batch(key: rsa.RSAPrivateKey, batch: Batch) -> list[str]:
    """Return the signatures of all documents in their order.

    :raise SigningError: see :meth:`Batch.sign`
    """
    return batch.sign(lambda message: sign(key, message))


def check_batch(key: rsa.RSAPublicKey, batch: Batch, signatures: list[str]) -> None:
    """Verify each signature of a batch before anything is stored.

    :raise SigningError: one is missing, too many, or not that of its document
    """
    if len(signatures) != len(batch.documents):
        raise SigningError("hash", "count")
    previous = batch.previous
    for document, signature in zip(batch.documents, signatures, strict=True):
        if not check_signature(key, _message(document, previous), signature):
            raise SigningError("hash", "wrong")
        previous = signature


def _message(document: UnsignedDocument, previous: str) -> str:
    return signed_message(
        document.date,
        document.entry,
        document.number,
        document.gross_total,
        previous,
    )
