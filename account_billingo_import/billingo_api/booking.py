"""What the mapper makes of a document: amounts that can be booked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class Original:
    """What is known of the document that a storno or a correction refers to."""

    type: str
    gross_total: Decimal
    is_final: bool = False


@dataclass(frozen=True)
class BookedLine:
    """One line in the booking's direction; ``local_*`` are forint."""

    name: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    net: Decimal
    vat: Decimal
    vat_code: str
    entitlement: str
    comment: str
    is_advance: bool = False
    local_net: Decimal = ZERO
    local_vat: Decimal = ZERO

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat

    @property
    def has_rate(self) -> bool:
        """Tell whether the seller charges VAT on it, if only so little as nothing."""
        return self.vat_code.endswith("%") and bool(self.vat_code.strip("%0,. "))


@dataclass(frozen=True)
class Booking:
    """Checked amounts, positive in the direction that ``is_refund`` tells.

    ``rounding`` is what ``gross`` has beyond net and VAT, in steps of
    ``rounding_step``. ``is_exact`` is false when Billingo's own net, VAT and gross
    do not add up by one unit: VAT then is gross less net, and a person should look.
    """

    is_refund: bool
    lines: tuple[BookedLine, ...]
    net: Decimal
    vat: Decimal
    gross: Decimal
    rounding: Decimal
    rounding_step: Decimal
    rate: Decimal
    is_exact: bool
    local_net: Decimal = ZERO
    local_vat: Decimal = ZERO
