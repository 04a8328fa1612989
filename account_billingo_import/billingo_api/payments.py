"""What was paid on a document (GET /documents/{id}/payments)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .parsing import amount, day, text


@dataclass(frozen=True)
class PaymentHistory:
    """One payment; ``price`` is in the document's currency. Billingo gives no id."""

    date: date
    price: Decimal
    payment_method: str
    voucher_number: str = ""
    conversion_rate: Decimal | None = None


def parse_payments(raws: Iterable[Any]) -> tuple[PaymentHistory, ...]:
    """Read the list; what has no day or no amount is no payment."""
    found = (_payment(raw) for raw in raws if isinstance(raw, dict))
    return tuple(one for one in found if one)


def _payment(raw: dict) -> PaymentHistory | None:
    paid_on, price = day(raw.get("date")), amount(raw.get("price"))
    if not paid_on or not price:
        return None
    return PaymentHistory(
        date=paid_on,
        price=price,
        payment_method=text(raw.get("payment_method")),
        voucher_number=text(raw.get("voucher_number")),
        conversion_rate=amount(raw.get("conversion_rate")),
    )
