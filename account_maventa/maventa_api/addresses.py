"""E-invoice addresses as people type them: OVT, IBAN, GLN, Peppol, others.

Sources: Maventa's knowledge base 77000542096 (Finnish addresses) and 77000503746
(Peppol); GS1 and ISO 13616 for the check digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

PEPPOL = "PEPPOL"  # the operator of every address in Peppol
OVT_SCHEME, IBAN_SCHEME, GLN_SCHEME = "0216", "9918", "0088"
LONGEST = 35
WEIGHTS = (7, 9, 10, 5, 8, 4, 2)  # of a Finnish business id


class AddressKind(StrEnum):
    OVT = "ovt"
    IBAN = "iban"
    GLN = "gln"
    OTHER = "other"  # an operator's own numbering: nothing to check


SCHEMES = {
    AddressKind.OVT: OVT_SCHEME,
    AddressKind.IBAN: IBAN_SCHEME,
    AddressKind.GLN: GLN_SCHEME,
}


class AddressProblem(StrEnum):
    """What is wrong with an address; the words are the caller's."""

    LENGTH = "length"
    OVT = "ovt"
    IBAN = "iban"
    GLN = "gln"
    PEPPOL = "peppol"


@dataclass(frozen=True)
class ElectronicAddress:
    """Where e-invoices go: ``address`` bare, its EAS ``scheme``, the operator.

    Empty is true of a receiver whom Maventa has to look up.
    """

    address: str = ""
    operator: str = ""
    scheme: str = ""
    kind: AddressKind = AddressKind.OTHER

    @classmethod
    def parse(cls, text: str, operator: str = "") -> ElectronicAddress:
        """Understand what was typed: blanks do not count, ``0216:`` means Peppol."""
        bare, operator = "".join(text.split()), operator.strip()
        prefix = re.match(r"([0-9]{4}):(.*)", bare)
        if prefix:
            scheme, bare = prefix.groups()
            operator = operator or PEPPOL
        bare = bare.upper() if _looks_like_iban(bare) else bare
        kind = _kind(bare)
        return cls(
            address=bare,
            operator=operator if bare else "",
            scheme=scheme if prefix else SCHEMES.get(kind, ""),
            kind=kind,
        )

    def __bool__(self) -> bool:
        return bool(self.address)

    @property
    def is_peppol(self) -> bool:
        return self.operator == PEPPOL

    @property
    def eia(self) -> str:
        """The address as Maventa's API takes it: in Peppol with its scheme."""
        if self.is_peppol and self.scheme:
            return f"{self.scheme}:{self.address}"
        return self.address

    @property
    def is_finnish_network(self) -> bool:
        """Whether it is an address at a Finnish bank or operator."""
        if not self.address or self.is_peppol:
            return False
        if self.kind is AddressKind.IBAN:
            return True
        return bool(self.operator) and (
            self.kind is AddressKind.OVT
            or self.operator.startswith("0037")
            or self.operator[4:6] == "FI"
        )

    def problem(self) -> AddressProblem | None:
        """Return what makes it impossible, as far as the digits tell."""
        if not 2 <= len(self.eia) <= LONGEST:
            return AddressProblem.LENGTH
        if self.is_peppol and not re.fullmatch(r"[0-9]{4}", self.scheme):
            return AddressProblem.PEPPOL
        if self.scheme == OVT_SCHEME or self.kind is AddressKind.OVT:
            return None if is_ovt(self.address) else AddressProblem.OVT
        if self.scheme == IBAN_SCHEME or self.kind is AddressKind.IBAN:
            return None if is_iban(self.address) else AddressProblem.IBAN
        if self.scheme == GLN_SCHEME or self.kind is AddressKind.GLN:
            return None if is_gln(self.address) else AddressProblem.GLN
        return None


def is_business_id(digits: str) -> bool:
    """Tell whether these eight digits are a Finnish business id (Y-tunnus)."""
    if not re.fullmatch(r"[0-9]{8}", digits):
        return False
    products = (int(x) * weight for x, weight in zip(digits, WEIGHTS, strict=False))
    rest = sum(products) % 11
    return int(digits[7]) == (11 - rest if rest else 0)


def is_ovt(text: str) -> bool:
    """Tell whether this is 0037, a business id, and up to five characters."""
    return bool(re.fullmatch(r"0037[0-9]{8}[0-9A-Za-z]{0,5}", text)) and is_business_id(
        text[4:12]
    )


def is_iban(text: str) -> bool:
    """Tell whether the check digits of an account number hold (ISO 13616)."""
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}", text):
        return False
    moved = text[4:] + text[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


def is_gln(text: str) -> bool:
    """Tell whether the check digit of a location number holds (GS1)."""
    if not re.fullmatch(r"[0-9]{13}", text):
        return False
    total = sum(int(x) * (3 if i % 2 else 1) for i, x in enumerate(text[:12]))
    return (10 - total % 10) % 10 == int(text[12])


def _kind(text: str) -> AddressKind:
    if text.startswith("0037"):
        return AddressKind.OVT
    if _looks_like_iban(text):
        return AddressKind.IBAN
    if re.fullmatch(r"[0-9]{13}", text):
        return AddressKind.GLN
    return AddressKind.OTHER


def _looks_like_iban(text: str) -> bool:
    # Only Finland's banks carry e-invoices; TE0037... is an address of the State.
    return bool(re.match(r"FI[0-9]{2}", text, re.IGNORECASE))
