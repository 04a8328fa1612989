"""The text inside the QR code of an invoice, by Portaria 195/2020.

Source: AT, "Especificações Técnicas - Código de Barras Bidimensional - Código QR",
v1.0, August 2020, sections 3 and 4: ``CODE:value`` joined by ``*``, in this order.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FINAL_CONSUMER = "999999990"
UNKNOWN_COUNTRY = "Desconhecido"
MAINLAND, AZORES, MADEIRA = "PT", "PT-AC", "PT-MA"
# The longest value of each field; taxes and totals have sixteen characters.
_LENGTHS = {
    "A": 9,
    "B": 30,
    "C": 12,
    "D": 2,
    "E": 1,
    "F": 8,
    "G": 60,
    "H": 70,
    "Q": 4,
    "R": 4,
    "S": 65,
}
_AMOUNT_LENGTH = 16
_SPACE_LENGTH = 5  # of I1, J1 and K1
_SPACES = "IJK"
# What stands for the space of a document that shows no VAT rate.
_NO_SPACE = "0"


class QrError(ValueError):
    """What the specification does not allow.

    :ivar field: the letter of the field, for example ``B``
    :ivar reason: ``missing``, ``too_long``, ``character`` or ``spaces``
    """

    def __init__(self, field: str, reason: str):
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True)
class TaxSpace:
    """Bases and VAT of one fiscal space in euro; ``None`` is not on the document.

    :ivar region: ``PT``, ``PT-AC``, ``PT-MA``, or the ISO code of another country
    """

    region: str
    exempt: Decimal | None = None
    reduced: Decimal | None = None
    reduced_vat: Decimal | None = None
    intermediate: Decimal | None = None
    intermediate_vat: Decimal | None = None
    normal: Decimal | None = None
    normal_vat: Decimal | None = None

    def amounts(self) -> tuple[Decimal | None, ...]:
        """Return what stands in fields 2 to 8 of the space."""
        return (
            self.exempt,
            self.reduced,
            self.reduced_vat,
            self.intermediate,
            self.intermediate_vat,
            self.normal,
            self.normal_vat,
        )


@dataclass(frozen=True)
class QrDocument:
    """What the code says of a document; amounts are in euro and not negative.

    :ivar issuer_nif: without country
    :ivar customer_nif: :data:`FINAL_CONSUMER` when the customer gave none
    :ivar customer_country: ISO code, or :data:`UNKNOWN_COUNTRY`
    :ivar status: as in SAF-T: ``N`` normal, ``A`` cancelled, ``S``, ``F``, ``R``
    :ivar atcud: without label
    :ivar spaces: at most three; none when no VAT rate is shown
    :ivar signature: four characters of it, see :func:`signature_characters`
    :ivar other: free text, parts joined by ``;``
    """

    issuer_nif: str
    customer_nif: str
    customer_country: str
    document_type: str
    status: str
    date: datetime.date
    number: str
    atcud: str
    total_taxes: Decimal
    gross_total: Decimal
    signature: str
    certificate_number: int
    spaces: tuple[TaxSpace, ...] = ()
    not_subject: Decimal | None = None
    stamp_duty: Decimal | None = None
    withholding: Decimal | None = None
    other: str = ""


def qr_payload(document: QrDocument) -> str:
    """Return the text to encode.

    :raise QrError: a value is missing, too long, or has a ``*``
    """
    return "*".join(f"{code}:{value}" for code, value in _fields(document))


def signature_characters(signature: str) -> str:
    """Return characters 1, 11, 21 and 31 of a signature in base64.

    :raise QrError: it is shorter
    """
    if len(signature) < 31:
        raise QrError("Q", "missing")
    return "".join(signature[place] for place in (0, 10, 20, 30))


def _fields(document) -> Iterator[tuple[str, str]]:
    head = (
        document.issuer_nif,
        document.customer_nif,
        document.customer_country,
        document.document_type,
        document.status,
        f"{document.date:%Y%m%d}",
        document.number,
        document.atcud,
    )
    for code, value in zip("ABCDEFGH", head, strict=True):
        yield code, _text(code, value)
    yield from _space_fields(document.spaces)
    yield from _amounts(("L", document.not_subject), ("M", document.stamp_duty))
    yield from _amounts(("N", document.total_taxes), ("O", document.gross_total))
    yield from _amounts(("P", document.withholding))
    if len(document.signature) != 4:
        raise QrError("Q", "missing")
    yield "Q", _text("Q", document.signature)
    number = document.certificate_number
    yield "R", _text("R", str(number) if number > 0 else "")
    if document.other:
        yield "S", _text("S", document.other)


def _space_fields(spaces) -> Iterator[tuple[str, str]]:
    if not spaces:
        yield "I1", _NO_SPACE
    if len(spaces) > len(_SPACES):
        raise QrError("K", "spaces")
    for letter, space in zip(_SPACES, spaces, strict=False):
        yield f"{letter}1", _text(f"{letter}1", space.region)
        numbered = enumerate(space.amounts(), start=2)
        yield from _amounts(*((f"{letter}{place}", value) for place, value in numbered))


def _amounts(*fields) -> Iterator[tuple[str, str]]:
    """Yield those that are there, with two decimals."""
    for code, value in fields:
        if value is not None:
            cents = value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
            yield code, _text(code, str(cents))


def _text(code, value) -> str:
    if not value:
        raise QrError(code, "missing")
    if "*" in value or not value.isprintable():
        raise QrError(code, "character")
    length = _SPACE_LENGTH if code in ("I1", "J1", "K1") else None
    if len(value) > (length or _LENGTHS.get(code, _AMOUNT_LENGTH)):
        raise QrError(code, "too_long")
    return value
