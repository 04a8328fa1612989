"""What was paid on a document (GET /documents/{id}/payments)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .parsing import amount, day, text


@dataclass(frozen=True)
class PaymentHistory:
    """One payment; ``price`` is in the document's currency. Billingo gives no id."""

    date: date
    price: Decimal
    payment_method: str
    voucher_number: str = ""
    conversion_rate: Decimal | None = None


def parse_payments(raws) -> tuple[PaymentHistory, ...]:
    """Read the list; what has no day or no amount is no payment."""
    found = (_payment(raw) for raw in raws if isinstance(raw, dict))
    return tuple(one for one in found if one.date and one.price)


def _payment(raw) -> PaymentHistory:
    return PaymentHistory(
        date=day(raw.get("date")),
        price=amount(raw.get("price")),
        payment_method=text(raw.get("payment_method")),
        voucher_number=text(raw.get("voucher_number")),
        conversion_rate=amount(raw.get("conversion_rate")),
    )
