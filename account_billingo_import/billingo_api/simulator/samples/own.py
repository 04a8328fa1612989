"""What the company itself issued: at home, to the Union and beyond."""

from __future__ import annotations

from datetime import date
from typing import Any

from .builder import AccountBook, line
from .parties import BUILDER, COMPANY, GERMAN, PERSON, SCHOOL, SHOP, SWISS, Party


def own_account(company: Party = COMPANY) -> AccountBook:
    """Return the company's own account."""
    book = AccountBook(company, "FOLY", 72_000_000, date(2026, 1, 6))
    _home(book)
    _abroad(book)
    _advances(book)
    _corrected(book)
    _rounding(book)
    _not_for_the_books(book)
    return book


def _home(book: AccountBook) -> None:
    book.issue(SHOP, line("Hajóút, felnőtt", 8_900, quantity=14, unit="fő"))
    book.issue(SCHOOL, line("Hajóút, gyermek", 3_990, "5%", quantity=32, unit="fő"))
    book.issue(PERSON, line("Bérlet", 24_410), changes={"payment_method": "bankcard"})
    book.issue(SHOP, line("Reggeli", 2_350, "18%", quantity=9), line("Kávé", 790))
    book.issue(SCHOOL, line("Vizes óra", 12_500, "TAM", entitlement="TAM", quantity=3))
    book.issue(PERSON, line("Kézműves tárgy", 17_200, "AAM", entitlement="AAM"))
    # Two customers with construction work: the buyer accounts for the VAT.
    book.issue(BUILDER, line("Stég bontása", 640_000, "FAD"))
    book.issue(BUILDER, line("Stég építése", 1_985_250, "F.AFA", unit="tétel"))
    book.issue(SHOP, line("Kártérítés", 30_000, "ÁKK", entitlement="ATK"))
    book.issue(SHOP, line("Hirdetés", 55_000), line("Grafika", 21_600), discount=5)


def _abroad(book: AccountBook) -> None:
    euro = {"currency": "EUR"}
    service: dict[str, Any] = {"entitlement": "EUFAD37", "digits": 2, "unit": "h"}
    book.issue(
        GERMAN,
        line("Consulting", 95.5, "ÁTHK", quantity=31, **service),
        rate=398.12,
        **euro,
    )
    goods: dict[str, Any] = {"entitlement": "KBAET", "digits": 2}
    book.issue(
        GERMAN,
        line("Ship model", 412.35, "EU", quantity=3, **goods),
        rate=396.05,
        **euro,
    )
    book.issue(
        SWISS,
        line("Ship bell", 187.2, "EUK", entitlement="EAM", digits=2, quantity=2),
        rate=393.9,
        **euro,
    )
    # Cents rounded per line, forint amounts rounded to whole ones.
    book.issue(
        GERMAN,
        line("Boat tour", 33.33, digits=2, quantity=7),
        line("Lunch", 11.11, "18%", digits=2, quantity=7),
        rate=389.555,
        local_digits=0,
        **euro,
    )
    book.issue(
        SWISS,
        line("Guide", 120, "0%", entitlement="NAM_1", digits=2),
        rate=394.4,
        **euro,
    )


def _advances(book: AccountBook) -> None:
    first = book.issue(SHOP, line("Előleg: rendezvény", 300_000), type="advance")
    second = book.issue(SHOP, line("Előleg: vacsora", 80_000, "5%"), type="advance")
    book.issue(
        SHOP,
        line("Rendezvény", 760_000),
        line("Vacsora", 145_000, "5%"),
        _taken_back("Előleg: rendezvény", 300_000, "27%", first),
        _taken_back("Előleg: vacsora", 80_000, "5%", second),
        related=[first, second],
    )
    whole = book.issue(SCHOOL, line("Előleg: tábor", 190_000), type="advance")
    book.issue(
        SCHOOL,
        line("Tábor", 190_000),
        _taken_back("Előleg: tábor", 190_000, "27%", whole),
        related=[whole],
    )
    void = book.issue(SHOP, line("Előleg: kikötő", 45_000), type="advance")
    book.storno(void)


def _corrected(book: AccountBook) -> None:
    wrong = book.issue(SHOP, line("Sétahajó", 118_110), line("Zene", 40_000))
    book.storno(wrong, negative=False)
    wrong = book.issue(PERSON, line("Jegy", 4_990, quantity=2))
    book.storno(wrong)
    wrong = book.issue(
        GERMAN, line("Charter", 1_450.75, digits=2), currency="EUR", rate=390.01
    )
    book.storno(wrong)
    base = book.issue(SCHOOL, line("Uszoda", 6_300, quantity=10))
    book.issue(
        SCHOOL, line("Uszoda", 6_300, quantity=2), type="modification", related=[base]
    )
    book.issue(
        SCHOOL,
        line("Uszoda", 6_300, quantity=-3),
        line("Kezelési díj", 1_000),
        type="modification",
        related=[base],
    )


def _rounding(book: AccountBook) -> None:
    book.issue(
        SHOP, line("Kulcstartó", 333, quantity=3), line("Matrica", 111, quantity=7)
    )
    book.issue(
        PERSON,
        line("Fagylalt", 417, quantity=3),
        round="five",
        totals={"net": 1251, "vat": 338, "gross": 1590},
        changes={"payment_method": "cash"},
    )
    book.issue(
        PERSON,
        line("Napernyő", 1_033),
        round="ten",
        totals={"net": 1033, "vat": 279, "gross": 1310},
        changes={"payment_method": "cash"},
    )
    book.issue(SHOP, line("Üzemanyag", 477.952756, quantity=36.27, unit="l"))
    book.issue(
        SHOP,
        line("Képeslap", 118.11, vat_amount=32, gross_amount=151),
        line("Bélyeg", 135),
        totals={"net": 253, "vat": 69, "gross": 322},
    )


def _not_for_the_books(book: AccountBook) -> None:
    book.issue(SHOP, line("Díjbekérő: évad", 500_000), type="proforma")
    book.issue(PERSON, line("Büfé", 1_850), type="receipt")
    book.issue(SHOP, line("Készül", 20_000), type="draft")
    book.issue(SHOP, line("Ajánlat", 90_000), type="draft_offer")
    book.issue(SHOP, line("Zárás", 64_000, unit="alkalom"))


def _taken_back(name: str, price: Any, vat: str, advance: Any) -> dict:
    comment = f"({advance['invoice_number']})"
    return line(name, price, vat, quantity=-1, comment=comment)
