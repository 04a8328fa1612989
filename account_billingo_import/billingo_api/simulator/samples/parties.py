"""Sellers and buyers: invented names, tax numbers with valid check digits."""

from __future__ import annotations

from dataclasses import dataclass

WEIGHTS = (9, 7, 3, 1, 9, 7, 3)


def check_digit(digits: str) -> str:
    """Return the check digit of Hungarian tax and bank account numbers."""
    total = sum(
        int(digit) * WEIGHTS[i % len(WEIGHTS)] for i, digit in enumerate(digits)
    )
    return str(-total % 10)


def tax_number(base: str, vat_code: int = 2, county: int = 41) -> str:
    """Return a Hungarian tax number from seven digits: ``xxxxxxxy-v-cc``."""
    return f"{base}{check_digit(base)}-{vat_code}-{county:02d}"


def german_vat(base: str) -> str:
    """Return a German VAT number from eight digits (ISO 7064, mod 11,10)."""
    product = 10
    for digit in base:
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    return f"DE{base}{(11 - product) % 10}"


@dataclass(frozen=True)
class Party:
    name: str
    tax_number: str
    post_code: str
    city: str
    street: str
    country: str = "HU"
    tax_type: str = "HAS_TAX_NUMBER"
    email: str = ""
    id: int = 0

    @property
    def address(self) -> dict:
        return {
            "country_code": self.country,
            "post_code": self.post_code,
            "city": self.city,
            "address": self.street,
        }


COMPANY = Party(
    "Folyami Kft.",
    tax_number("2431875"),
    "1095",
    "Budapest",
    "Hajóhíd utca 3.",
    email="konyveles@folyami.example",
    id=5100,
)
SUPPLIER = Party(
    "Tölgyes Papír Kft.",
    tax_number("1974630", county=13),
    "2000",
    "Szentendre",
    "Malompatak köz 8.",
    email="szamla@tolgyes.example",
    id=5101,
)
STRANGER = Party(
    "Vadgesztenye Bt.",
    tax_number("2210947", county=18),
    "9400",
    "Sopron",
    "Rózsakert utca 12.",
    email="iroda@vadgesztenye.example",
    id=5102,
)
SHOP = Party(
    "Pillangó Könyvesház Zrt.",
    tax_number("1386052", county=2),
    "7621",
    "Pécs",
    "Szeder tér 5.",
    email="beszerzes@pillango.example",
    id=5103,
)
BUILDER = Party(
    "Gerenda és Fia Kft.",
    tax_number("2675018", county=8),
    "8900",
    "Zalaegerszeg",
    "Ácsok útja 21.",
    email="gerenda@gerenda.example",
    id=5104,
)
SCHOOL = Party(
    "Napraforgó Óvoda Alapítvány",
    tax_number("1849306", 1, 9),
    "4025",
    "Debrecen",
    "Fűzfa sor 7.",
    id=5105,
)
PERSON = Party(
    "Kéri Boróka",
    "",
    "6720",
    "Szeged",
    "Tündérrózsa utca 2.",
    tax_type="NO_TAX_NUMBER",
    email="boroka@kerib.example",
    id=5106,
)
GERMAN = Party(
    "Uferlicht GmbH",
    german_vat("24681357"),
    "20095",
    "Hamburg",
    "Möwenstieg 4",
    "DE",
    "FOREIGN",
    "rechnung@uferlicht.example",
    5107,
)
SWISS = Party(
    "Bergquell AG",
    "",
    "7000",
    "Chur",
    "Lärchenweg 9",
    "CH",
    "FOREIGN",
    "buchhaltung@bergquell.example",
    5108,
)
