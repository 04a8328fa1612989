"""Invented companies with numbers whose check digits hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sender:
    """A company; ``scheme`` is that of its address in Peppol (EAS)."""

    name: str
    bid: str
    vat: str = ""
    address: str = ""
    scheme: str = "0216"
    legal_scheme: str = "0212"
    country: str = "FI"
    street: str = "Katu 1"
    city: str = "Helsinki"
    post_code: str = "00100"
    iban: str = ""
    bic: str = ""


def _finnish(
    name: str, digits: str, iban: str, city: str, has_vat: bool = True
) -> Sender:
    return Sender(
        name=name,
        bid=f"{digits[:7]}-{digits[7]}",
        vat=f"FI{digits}" if has_vat else "",
        address=f"0037{digits}",
        city=city,
        iban=iban,
        bic="OKOYFIHH",
    )


BUYER = _finnish("Lumi Oy", "23456780", "FI2112345600000785", "Helsinki")
TELECOM = _finnish("Kaikupuhelin Oyj", "29797543", "FI9654556405440559", "Turku")
PENSION = _finnish(
    "Eläkevakuutus Turva", "29711471", "FI6259874906068158", "Espoo", has_vat=False
)
FREIGHT = _finnish(
    "Rahti & Kuljetus Vaara Oy", "29253888", "FI1757089319426081", "Oulu"
)
ENERGY = _finnish("Virta ja Valo Oy", "29338750", "FI8653400571727955", "Lahti")
WHOLESALE = _finnish("Tukku Räsänen Oy", "29972997", "FI7858492433721172", "Kuopio")
BUILDER = _finnish("Rakennus Kivi Ky", "29018263", "FI6358155166160534", "Vaasa")
OFFICE = _finnish("Toimisto Šalom Oy", "29205798", "FI9254468826372892", "Porvoo")
FACTOR = _finnish("Laskurahoitus Oy", "29134125", "FI9459059582785271", "Helsinki")
CLEANING = _finnish("Siivous Žižek Oy", "29770658", "FI8857493257383447", "Pori")
LANDLORD = _finnish("Kiinteistö Oy Mäki", "29071881", "FI6959223598523536", "Lohja")
FOOD = _finnish("Ruoka-Aitta Oy", "29192544", "FI8154121362244641", "Kotka")
COLLECTOR = _finnish("Perintä Tarkka Oy", "29284529", "FI9353114367006637", "Tampere")
SWEDISH = Sender(
    "Norrsken Handel AB",
    "5599838306",
    "SE559983830601",
    "5599838306",
    "0007",
    "0007",
    "SE",
    "Gatan 2",
    "Stockholm",
    "11122",
    "SE2750063624677096825067",
    "HANDSESS",
)
NORWEGIAN = Sender(
    "Fjord Konsult AS",
    "972042935",
    "NO972042935MVA",
    "972042935",
    "0192",
    "0192",
    "NO",
    "Veien 3",
    "Bergen",
    "5003",
    "NO4197102778077",
    "DNBANOKK",
)
DANISH = Sender(
    "Bølge Design ApS",
    "39516438",
    "DK39516438",
    "DK39516438",
    "0184",
    "0184",
    "DK",
    "Gade 4",
    "Aarhus",
    "8000",
    "DK5630002737289025",
    "DABADKKK",
)
GERMAN = Sender(
    "Waldmaschinen GmbH",
    "HRB 12345",
    "DE293949835",
    "DE293949835",
    "9930",
    "",
    "DE",
    "Straße 5",
    "Köln",
    "50667",
    "DE05370400447974756612",
    "COBADEFF",
)
DUTCH = Sender(
    "Tulp Software B.V.",
    "85992904",
    "NL859929048B01",
    "NL859929048B01",
    "9944",
    "0106",
    "NL",
    "Gracht 6",
    "Amsterdam",
    "1012 AB",
    "NL60INGB5009051877",
    "INGBNL2A",
)
