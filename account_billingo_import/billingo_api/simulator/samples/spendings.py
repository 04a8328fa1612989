"""What the company spent: bills that Billingo had from NAV or from people."""

from __future__ import annotations

from typing import Any

from .builder import line
from .parties import SHOP, STRANGER, SUPPLIER, Party

FIRST_ID = 5_500_001


def own_spendings() -> list[dict]:
    """Return the account's costs: several rates, a credit, and one in euro."""
    bills: tuple[tuple[Party, str, list[dict], dict], ...] = (
        (SUPPLIER, "TP-K/1", [line("Tárhely, éves", 12_000)], {}),
        (SHOP, "PK 26/14", [line("Könyv", 4_990, "5%"), line("Táska", 3_150)], {}),
        (STRANGER, "VB-311", [line("Tej", 389, "18%", quantity=10)], {}),
        (SUPPLIER, "TP-K/2", [line("Visszáru", 2_000, quantity=-2)], {}),
        (
            STRANGER,
            "VB-312",
            [line("Licence", 120.5, digits=2, quantity=2)],
            {"currency": "EUR", "conversion_rate": 391.5},
        ),
    )
    return [
        make_spending(
            FIRST_ID + index,
            seller,
            number,
            lines,
            invoice_date=f"2026-03-{index + 2:02d}",
            fulfillment_date=f"2026-03-{index + 2:02d}",
            due_date=f"2026-04-{20 - index:02d}",
            **changes,
        )
        for index, (seller, number, lines, changes) in enumerate(bills)
    ]


def make_spending(
    billingo_id: int,
    seller: Party,
    invoice_number: str,
    lines: list[dict],
    **changes: Any,
) -> dict:
    """Return a spending as GET /spendings/{id} has it; ``changes`` are its own keys."""
    rate = changes.get("conversion_rate", 1)
    gross = sum(item["gross_amount"] for item in lines)
    vat = sum(item["vat_amount"] for item in lines)
    raw = {
        "id": billingo_id,
        "organization_id": 88_001,
        "category": "other",
        "paid_at": None,
        "fulfillment_date": "2026-03-09",
        "partner": {
            "id": seller.id,
            "name": seller.name,
            "tax_code": seller.tax_number,
            "address": seller.address,
            "account_number": "",
        },
        "invoice_number": invoice_number,
        "currency": "HUF",
        "conversion_rate": 1,
        "total_gross": gross,
        "total_gross_local": round(gross * rate, 2),
        "total_vat_amount": vat,
        "total_vat_amount_local": round(vat * rate, 2),
        "invoice_date": "2026-03-10",
        "due_date": "2026-04-09",
        "payment_method": "wire_transfer",
        "comment": None,
        "items": [_item(item, rate) for item in lines],
    }
    return raw | changes


def _item(item: dict, rate: Any) -> dict:
    amounts = {
        "net_unit_price": item["net_unit_amount"],
        "net_price": item["net_amount"],
        "vat_amount": item["vat_amount"],
        "gross_price": item["gross_amount"],
    }
    return {
        **{name: item[name] for name in ("name", "quantity", "unit", "comment", "vat")},
        **amounts,
        **{f"{name}_local": round(value * rate, 2) for name, value in amounts.items()},
    }
