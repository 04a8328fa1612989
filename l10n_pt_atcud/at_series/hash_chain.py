"""Verify the chain of a series: every break by its name, from the first number.

A chain is all documents with the same text before the ``/`` of their number; each one
signs the signature of the one before (Despacho 8632/2014, 2.1.5). Cancelled documents
stay in it, and a new key signs the old key's last signature.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import rsa

from .signing import (
    INTEGRATED,
    UNCERTIFIED,
    HashControl,
    SigningError,
    check_signature,
    decoded,
    signed_message,
    was_made_with,
)
from .text import whole_number

#: numbers are missing before this document
GAP = "gap"
#: this number is there more than once
DUPLICATE_NUMBER = "duplicate"
#: recorded before the document with the number before (SystemEntryDate)
ORDER = "order"
#: dated before the document with the number before
DATE = "date"
#: a value that is not written as it would have been signed
FORM = "form"
#: the signature is not there, or not one of its key
HASH = "hash"
#: the key is not known, another one signed, or an older one came back
KEY = "key"
#: date, entry, number, total, or the signature before, is not what was signed
CHANGED = "changed"
#: a genuine signature that cannot be compared: what stands before it is broken
UNCHECKED = "unchecked"


@dataclass(frozen=True)
class SignedDocument:
    """A document with its frozen texts, see :func:`~.signing.signed_message`."""

    number: str
    date: str
    entry: str
    gross_total: str
    signature: str
    hash_control: str = "1"


@dataclass(frozen=True)
class Break:
    """Where a chain is broken.

    :ivar kind: one of the constants of this module
    :ivar number: of the document, or the first one after a gap
    :ivar detail: a number, a field, or a pair of values, for a person to read
    """

    kind: str
    number: str
    detail: str = ""


@dataclass
class _State:
    """What the next document of a chain is compared with."""

    document: SignedDocument | None = None
    position: int | None = None
    version: int = 0
    is_sound: bool = True  # its signature is the one that the next one signed


def verify_chains(
    documents: Iterable[SignedDocument],
    keys: Mapping[str, rsa.RSAPublicKey],
    *,
    first_numbers: Mapping[str, int] | None = None,
) -> list[Break]:
    """Return the breaks of all series among ``documents``, an empty list for none.

    Documents may come in any order; 50,000 take a few seconds.

    :param keys: public keys by :attr:`HashControl.key_name`: ``"1"``, ``"2"``, and
        ``"9999.1"`` for another program's, whose documents are compared only then
    :param first_numbers: where a series does not begin with 1, by the text before its
        ``/``
    """
    series: dict[str, list[SignedDocument]] = defaultdict(list)
    for document in documents:
        series[document.number.rpartition("/")[0]].append(document)
    return [
        found
        for name, members in sorted(series.items())
        for found in verify_chain(
            members, keys, first_number=(first_numbers or {}).get(name, 1)
        )
    ]


def verify_chain(
    documents: Iterable[SignedDocument],
    keys: Mapping[str, rsa.RSAPublicKey],
    *,
    first_number: int = 1,
    previous: SignedDocument | None = None,
) -> Iterator[Break]:
    """Yield the breaks of one series in the order of its numbers.

    :param documents: of one series, in any order
    :param previous: the document before the first one, when only the tail is verified;
        it is taken for right
    """
    state = _State(previous, first_number - 1)
    if previous:
        state.position = _position(previous)
    for document in sorted(documents, key=lambda one: _position(one) or 0):
        yield from _verify(document, state, keys)


def _position(document: SignedDocument) -> int | None:
    return whole_number(document.number.rpartition("/")[2], 25)


def _verify(
    document: SignedDocument, state: _State, keys: Mapping[str, rsa.RSAPublicKey]
) -> Iterator[Break]:
    """Yield the breaks of a document, and make it what the next is compared with."""
    position = _position(document)
    follows = state.position is not None and position == state.position + 1
    if not follows:
        yield _position_break(document, position, state.position)
    control = _control(document)
    if control is None:
        yield Break(KEY, document.number, "hash_control")
    else:
        yield from _verify_dates(document, control, state)
        broken = _signature_break(document, control, state, keys, follows)
        if broken:
            yield broken
        yield from _verify_version(document, control, state)
        # A genuine signature is what the next document signed, whatever else is wrong.
        state.is_sound = decoded(document.signature) is not None and not (
            broken and broken.kind in (HASH, KEY)
        )
    state.document = document
    state.position = state.position if position is None else position


def _position_break(
    document: SignedDocument, position: int | None, last: int | None
) -> Break:
    if position is None or last is None or position < last:
        return Break(FORM, document.number, "number")
    if position == last:
        return Break(DUPLICATE_NUMBER, document.number)
    return Break(GAP, document.number, f"{last + 1}-{position - 1}")


def _verify_version(
    document: SignedDocument, control: HashControl, state: _State
) -> Iterator[Break]:
    """The keys of one producer follow each other."""
    if control.version is None or control.origin == INTEGRATED:
        return
    if control.version < state.version:
        yield Break(KEY, document.number, f"{control.version} < {state.version}")
    state.version = max(state.version, control.version)


def _control(document: SignedDocument) -> HashControl | None:
    try:
        return HashControl.parse(document.hash_control)
    except SigningError:
        return None


def _verify_dates(
    document: SignedDocument, control: HashControl, state: _State
) -> Iterator[Break]:
    before = state.document
    if before is None:
        return
    if document.entry < before.entry:
        yield Break(ORDER, document.number, f"{document.entry} < {before.entry}")
    # Recovered documents have the dates of their originals, in no order.
    if document.date < before.date and not control.is_recovered:
        yield Break(DATE, document.number, f"{document.date} < {before.date}")


def _signature_break(
    document: SignedDocument,
    control: HashControl,
    state: _State,
    keys: Mapping[str, rsa.RSAPublicKey],
    follows: bool,
) -> Break | None:
    """Return what is wrong with the signature of a document, or ``None``."""
    if control.origin == UNCERTIFIED:
        return None  # it has no signature
    key = keys.get(control.key_name)
    if key is None:
        kind = UNCHECKED if control.origin == INTEGRATED else KEY
        return Break(kind, document.number, control.key_name)
    previous = state.document.signature if state.document else ""
    try:
        message = signed_message(
            document.date,
            document.entry,
            document.number,
            document.gross_total,
            previous if decoded(previous) else "",
        )
    except SigningError as error:
        return Break(FORM, document.number, error.field)
    if check_signature(key, message, document.signature):
        return None
    if not was_made_with(key, document.signature):
        others = (
            name for name, one in keys.items() if was_made_with(one, document.signature)
        )
        other = next(others, None)
        return Break(KEY if other else HASH, document.number, other or "")
    if not follows or not state.is_sound:
        return Break(UNCHECKED, document.number)
    return Break(CHANGED, document.number)
