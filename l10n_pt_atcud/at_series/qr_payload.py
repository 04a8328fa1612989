"""The text inside the QR code of an invoice, by Portaria 195/2020.

Source: AT, "Especificações Técnicas - Código de Barras Bidimensional - Código QR",
v1.0, August 2020, sections 3 and 4: ``CODE:value`` joined by ``*``, in this order.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .series_requests import ClasseDoc, TipoDoc

FINAL_CONSUMER = "999999990"
UNKNOWN_COUNTRY = "Desconhecido"
MAINLAND, AZORES, MADEIRA = "PT", "PT-AC", "PT-MA"
NO_SIGNATURE = "0"  # of a receipt, which is not signed
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
_CENT = Decimal("0.01")
_ZERO = Decimal(0)
_CERTIFICATE = re.compile(r"[0-9]{1,4}", re.ASCII)
# Table 4.1 of SAF-T (PT): there a document has a space even when it has no VAT.
_INVOICES = frozenset(t for t in TipoDoc if t.classe_doc is ClasseDoc.SALES)
_RECEIPTS = frozenset(t for t in TipoDoc if t.classe_doc is ClasseDoc.PAYMENTS)

# Countries whose own tax number has no letters of the country before it, although it
# is written with them for trade in the EU (VAT Directive, article 215).
_EU_PREFIXES = {
    code: (code,)
    for code in (
        "AT BE BG CY CZ DE DK EE ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
    ).split()
} | {"GR": ("EL", "GR"), "GB": ("XI", "GB")}
_PORTUGUESE = re.compile(r"PT([0-9]{9})", re.IGNORECASE | re.ASCII)


class QrError(ValueError):
    """What the specification does not allow.

    :ivar field: the field, for example ``B`` or ``I3``
    :ivar reason: ``missing``, ``too_long``, ``character``, ``spaces`` (more than
        three), ``negative``, or ``sums`` (the amounts do not agree; field ``N``: it is
        not VAT and stamp duty, ``O``: it is not bases, L and N)
    """

    def __init__(self, field: str, reason: str):
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True)
class TaxSpace:
    """Bases and VAT of one fiscal space in euro; what is ``None`` or zero is absent.

    A base whose tax is not zero, or the reverse, is said with both: the debit note of
    a tax alone has a base of 0.00, and a base of a few cents a tax of 0.00.

    :ivar region: ``PT``, ``PT-AC``, ``PT-MA``, or the ISO code of another country
        whose VAT is on the document
    :ivar exempt: operations that are subject to stamp duty included, whether they are
        exempt from it or not, and what is taxed by its margin alone
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
    :ivar customer_nif: :data:`FINAL_CONSUMER` when the customer gave none, see
        :func:`bare_tax_number`
    :ivar customer_country: ISO code, or :data:`UNKNOWN_COUNTRY`
    :ivar status: as in SAF-T: ``N`` normal, ``A`` cancelled, ``S``, ``F``, ``R``
    :ivar atcud: without label
    :ivar total_taxes: VAT and stamp duty
    :ivar gross_total: bases, ``not_subject`` and ``total_taxes``; before withholding;
        of a document without a tax space any total
    :ivar spaces: at most three; none only on a document that is no invoice, credit or
        debit note and shows no VAT rate
    :ivar signature: four characters of it, see :func:`signature_characters`, or
        :data:`NO_SIGNATURE` on a receipt
    :ivar certificate_number: of the program, as AT assigned it: leading zeros count
    :ivar not_subject: operations outside VAT that are not in a space
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
    certificate_number: str | int
    spaces: tuple[TaxSpace, ...] = ()
    not_subject: Decimal | None = None
    stamp_duty: Decimal | None = None
    withholding: Decimal | None = None
    other: str = ""


# === PUBLIC === #


def qr_payload(document: QrDocument) -> str:
    """Return the text to encode.

    :raise QrError: a value is missing, too long or negative, has a ``*``, or the
        amounts do not agree
    """
    payload = "*".join(f"{code}:{value}" for code, value in _fields(document))
    _check_sums(document)
    return payload


def signature_characters(signature: str) -> str:
    """Return characters 1, 11, 21 and 31 of a signature in base64.

    :raise QrError: it is shorter
    """
    if len(signature) < 31:
        raise QrError("Q", "missing")
    return "".join(signature[place] for place in (0, 10, 20, 30))


def bare_tax_number(number: str | None, country: str | None) -> str:
    """Return a tax number without the letters of its country, for field B.

    Only letters that the country's own form does not have are left out: those of EU
    VAT numbers. ``CHE-123.456.788`` stays as it is. A Portuguese number is bare
    wherever its owner lives.

    :param number: as it was entered; blanks do not count, ``/`` stands for none
    :param country: ISO code of the owner's country
    :return: ``""`` without a number
    """
    number = "".join((number or "").split()).strip("/")
    portuguese = _PORTUGUESE.fullmatch(number)
    if portuguese:
        return portuguese[1]
    for prefix in _EU_PREFIXES.get((country or "").upper(), ()):
        rest = number[len(prefix) :].lstrip("-. ")
        if number.upper().startswith(prefix) and any(c.isdigit() for c in rest):
            return rest
    return number


# === HELPERS === #


def _fields(document: QrDocument) -> Iterator[tuple[str, str]]:
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
    yield from _space_fields(document)
    yield from _optional(("L", document.not_subject), ("M", document.stamp_duty))
    yield "N", _amount("N", document.total_taxes)
    yield "O", _amount("O", document.gross_total)
    yield from _optional(("P", document.withholding))
    yield "Q", _signature(document)
    yield "R", _certificate_number(document.certificate_number)
    if document.other:
        yield "S", _text("S", document.other)


def _space_fields(document: QrDocument) -> Iterator[tuple[str, str]]:
    spaces = document.spaces
    if not spaces:
        if document.document_type in _INVOICES:
            raise QrError("I1", "missing")
        yield "I1", _NO_SPACE
    if len(spaces) > len(_SPACES):
        raise QrError("K", "spaces")
    for letter, space in zip(_SPACES, spaces, strict=False):
        yield f"{letter}1", _text(f"{letter}1", space.region)
        exempt, *rates = space.amounts()
        yield from _optional((f"{letter}2", exempt))
        for place in (0, 2, 4):
            base, tax = rates[place : place + 2]
            if not (_cents(base) or _cents(tax)):
                continue
            yield f"{letter}{place + 3}", _amount(f"{letter}{place + 3}", base or _ZERO)
            yield f"{letter}{place + 4}", _amount(f"{letter}{place + 4}", tax or _ZERO)


def _optional(*fields: tuple[str, Decimal | None]) -> Iterator[tuple[str, str]]:
    """Yield those that say something."""
    for code, value in fields:
        if value is not None and _cents(value):
            yield code, _amount(code, value)


def _amount(code: str, value: Decimal) -> str:
    if not value.is_finite():
        raise QrError(code, "character")
    cents = _cents(value)
    if cents < 0:
        raise QrError(code, "negative")
    return _text(code, f"{abs(cents):f}")  # never minus zero


def _cents(value: Decimal | None) -> Decimal:
    """Return an amount with two decimals; what is no number stays as it is."""
    if value is None:
        return _ZERO
    if not value.is_finite() or value.adjusted() >= _AMOUNT_LENGTH:
        return value  # refused as such, or as too long
    return value.quantize(_CENT, rounding=ROUND_HALF_UP)


def _check_sums(document: QrDocument) -> None:
    """N is VAT and stamp duty, O is all bases, L and N, to the cent.

    A document without a tax space (``I1:0``) shows totals without what they consist of:
    a receipt, for instance, the amount that was paid.
    """
    if not document.spaces:
        return
    bases, taxes = [document.not_subject], [document.stamp_duty]
    for space in document.spaces:
        exempt, *rates = space.amounts()
        bases += [exempt, *rates[0::2]]
        taxes += rates[1::2]
    total_taxes = _cents(document.total_taxes)
    if _sum(taxes) != total_taxes:
        raise QrError("N", "sums")
    if _sum(bases) + total_taxes != _cents(document.gross_total):
        raise QrError("O", "sums")


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((_cents(amount) for amount in amounts), _ZERO)


def _signature(document: QrDocument) -> str:
    signature = document.signature
    if signature == NO_SIGNATURE and document.document_type in _RECEIPTS:
        return signature
    if len(signature) != 4:
        raise QrError("Q", "missing")
    return _text("Q", signature)


def _certificate_number(number: str | int) -> str:
    text = str(number).strip()
    if not text.strip("0"):
        raise QrError("R", "missing")
    if not _CERTIFICATE.fullmatch(text):
        raise QrError("R", "too_long" if text.isdecimal() else "character")
    return text


def _text(code: str, value: str) -> str:
    if not value:
        raise QrError(code, "missing")
    if "*" in value or not value.isprintable():
        raise QrError(code, "character")
    length = _SPACE_LENGTH if code in ("I1", "J1", "K1") else None
    if len(value) > (length or _LENGTHS.get(code, _AMOUNT_LENGTH)):
        raise QrError(code, "too_long")
    return value
