"""Bills whose meaning is the point: regime, period, and which of two is the same."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

from .builder import AccountBook, line
from .parties import COMPANY, GERMAN, SUPPLIER, Party
from .spendings import make_spending

FIRST_ID = 5_600_001
STORNO_DAY = date(2026, 5, 6)


def add_bills(book: AccountBook, buyer: Party = COMPANY) -> dict[str, dict]:
    """Issue the story's bills in a supplier's account; return them by their part.

    ``reverse_charge``, ``cash_unpaid``, ``cash_paid``, ``settled`` (nothing to pay),
    ``first`` and ``twin`` (alike but for the number), ``wrong`` and, in a later
    month, ``storno``.
    """
    found = {
        "reverse_charge": book.issue(
            buyer, line("Tetőszerkezet bontása", 412_000, "FAD", unit="m2")
        ),
        "cash_unpaid": book.issue(buyer, line("Könyvelési díj", 45_000, unit="hó")),
        "cash_paid": book.issue(buyer, line("Tanácsadás", 80_000, unit="óra")),
        "settled": book.issue(buyer, line("Papír, kompenzálva", 15_000)),
    }
    for name in ("cash_unpaid", "cash_paid"):
        seller = found[name]["organization"]
        found[name]["organization"] = {**seller, "cash_settled": True}
    found["cash_paid"] |= {
        "payment_status": "paid",
        "paid_date": STORNO_DAY.isoformat(),
    }
    settled = found["settled"]
    settled["settings"] = {**settled["settings"], "without_financial_fulfillment": True}
    settled["payment_method"] = "kompenzacio"
    first = book.issue(buyer, line("Nyomtatópatron", 18_900, quantity=3))
    days = ("invoice_date", "fulfillment_date", "due_date")
    twin = book.issue(
        buyer,
        line("Nyomtatópatron", 18_900, quantity=3),
        changes={name: first[name] for name in days},
    )
    wrong = book.issue(buyer, line("Irodabútor", 264_000), line("Szállítás", 9_000))
    book.skip_to(STORNO_DAY)
    storno = book.storno(wrong)
    return found | {"first": first, "twin": twin, "wrong": wrong, "storno": storno}


def add_spendings(spendings: list[dict], bills: dict[str, dict]) -> dict[str, dict]:
    """Add costs that go with the bills; return them by their part.

    ``same`` is the supplier's first bill as NAV reported it, its number written in
    another way; ``eu_service`` a German seller's service, ``unclear`` his bill without
    VAT and without a word why.
    """
    first = bills["first"]
    number = first["invoice_number"].replace(" / ", "/").replace("-0", "-").lower()
    same = make_spending(FIRST_ID, SUPPLIER, number, deepcopy(first["items"]))
    days = ("invoice_date", "fulfillment_date", "due_date")
    same |= {name: first[name] for name in days}
    euro = {"currency": "EUR", "conversion_rate": 392.4}
    found = {
        "same": same,
        "eu_service": make_spending(
            FIRST_ID + 1,
            GERMAN,
            "UL-2026-118",
            [line("Hosting", 210.5, "EUFAD37", digits=2)],
            **euro,
        ),
        "unclear": make_spending(
            FIRST_ID + 2,
            GERMAN,
            "UL-2026-119",
            [line("Beratung", 95, "0%", digits=2)],
            **euro,
        ),
    }
    spendings += found.values()
    return found
