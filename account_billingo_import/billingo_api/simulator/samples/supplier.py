"""What a supplier issued: most of it to the company, some to others."""

from __future__ import annotations

from datetime import date
from typing import Any

from .builder import AccountBook, line
from .parties import COMPANY, STRANGER, SUPPLIER, Party


def supplier_account(buyer: Party = COMPANY) -> AccountBook:
    """Return the supplier's account, every kind of trouble included."""
    book = AccountBook(SUPPLIER, "TP", 61_000_000, date(2026, 1, 4))
    _plain(book, buyer)
    _exempt(book, buyer)
    _rounding(book, buyer)
    _corrected(book, buyer)
    _advances(book, buyer)
    _odd(book, buyer)
    _not_for_the_books(book, buyer)
    return book


def _plain(book: AccountBook, buyer: Party) -> None:
    book.issue(buyer, line("Másolópapír A4", 1890, quantity=25, unit="csomag"))
    book.issue(buyer, line("Szakkönyv", 7600, "5%", quantity=2))
    book.issue(STRANGER, line("Boríték C5", 21, quantity=500))
    book.issue(buyer, line("Tej, 1 l", 389, "18%", quantity=12, unit="l"))
    book.issue(
        buyer,
        line("Irodaszer", 14_350),
        line("Szótár", 9_990, "5%"),
        line("Péksütemény", 275, "18%", quantity=30),
        order_number="PO-118",
    )


def _exempt(book: AccountBook, buyer: Party) -> None:
    book.issue(buyer, line("Fordítás", 42_000, "AAM", entitlement="AAM"))
    book.issue(buyer, line("Oktatás", 60_000, "TAM", entitlement="TAM", unit="nap"))
    book.issue(buyer, line("Kártérítés", 15_000, "ÁKK", entitlement="ATK"))
    book.issue(buyer, line("Faanyag", 310_400, "FAD"), line("Munkadíj", 88_000, "FAD"))
    # A title of exemption next to a positive rate means nothing.
    book.issue(buyer, line("Polc", 23_700, "27%", entitlement="AAM"))


def _rounding(book: AccountBook, buyer: Party) -> None:
    # 269.73 rounded per line, against a tax engine that rounds the whole.
    book.issue(buyer, line("Mappa", 333, quantity=3), line("Toll", 111, quantity=7))
    # Net, VAT and gross of the line rounded each on their own.
    book.issue(
        buyer,
        line("Tinta", 1_037.4, vat_amount=280, gross_amount=1318, quantity=1),
        line("Radír", 95),
        totals={"net": 1132, "vat": 307, "gross": 1439},
    )
    # The lines are off the totals by a forint each.
    book.issue(
        buyer,
        line("Cimke", 101),
        line("Tű", 103),
        totals={"net": 204, "vat": 56, "gross": 260},
    )
    trap = line("Filctoll", 999)
    book.issue(buyer, trap, round="five", totals=_total(999, 270, 1270))
    trap = line("Füzet", 1033)
    book.issue(buyer, trap, round="ten", totals=_total(1033, 279, 1310))
    book.issue(buyer, line("Zsineg", 1_245.55, quantity=0.333, unit="kg"))
    # Fillér amounts under a total in whole forint.
    book.issue(
        buyer,
        line("Csomagolás", 99.5, digits=2),
        round="one",
        totals=_total(99.5, 26.87, 126),
    )


def _corrected(book: AccountBook, buyer: Party) -> None:
    wrong = book.issue(buyer, line("Nyomtató", 84_900))
    book.storno(wrong)
    wrong = book.issue(buyer, line("Monitor", 61_200), line("Kábel", 1_990))
    book.storno(wrong, negative=False)
    cheap = book.issue(buyer, line("Asztal", 75_000, quantity=2))
    book.issue(
        buyer,
        line("Asztal: árkülönbözet", 2_500, quantity=2),
        type="modification",
        related=[cheap],
    )
    dear = book.issue(buyer, line("Szék", 33_000, quantity=4))
    less = book.issue(
        buyer,
        line("Szék: visszáru", 33_000, quantity=-1),
        type="modification",
        related=[dear],
    )
    # The storno of a negative correction is a debit again.
    book.storno(less)


def _advances(book: AccountBook, buyer: Party) -> None:
    advance = book.issue(buyer, line("Előleg: tárgyaló", 200_000), type="advance")
    back = line(
        "Előleg: tárgyaló",
        200_000,
        quantity=-1,
        comment=f"({advance['invoice_number']})",
    )
    book.issue(buyer, line("Tárgyaló berendezése", 520_000), back, related=[advance])


def _odd(book: AccountBook, buyer: Party) -> None:
    book.issue(
        buyer,
        line("Alap díj", 18_000, unit="hó"),
        line("Bemutató", 0),
        line("Engedmény", 1_800, quantity=-1),
        discount=10,
    )
    # The lines do not show the document's discount, the totals do.
    book.issue(
        buyer,
        line("Tervezés", 40_000),
        line("Kivitelezés", 65_300),
        discount=15,
        totals={"net": 89_505, "vat": 24_167, "gross": 113_672},
    )
    book.issue(
        buyer,
        line("Licence", 129.99, digits=2, quantity=3),
        line("Support", 45.5, digits=2),
        currency="EUR",
        rate="391.47",
    )
    book.issue(
        buyer,
        line("Minta", 5_000),
        line("Minta: jóváírás", 5_000, quantity=-1),
    )


def _not_for_the_books(book: AccountBook, buyer: Party) -> None:
    book.issue(STRANGER, line("Naptár", 2_400, quantity=10))
    book.issue(buyer, line("Díjbekérő: polcrendszer", 96_000), type="proforma")
    book.issue(buyer, line("Készül", 1_000), type="draft")
    book.issue(buyer, line("Ajánlat", 12_000), type="offer")
    book.issue(STRANGER, line("Nyugta", 1_500), type="receipt")
    book.issue(buyer, line("Postaköltség", 1_455))


def _total(net: Any, vat: Any, gross: Any) -> dict:
    return {"net": net, "vat": vat, "gross": gross}
