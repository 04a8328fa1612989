"""What the mapper makes of a document: amounts that can be booked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .vat_codes import vat_key

ZERO = Decimal(0)


def round_to(value: Decimal, step: Decimal) -> Decimal:
    """Round half away from zero to a multiple of ``step``."""
    return (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step


@dataclass(frozen=True)
class Related:
    """A document that another one refers to; ``type`` is empty while it is unknown."""

    id: str
    invoice_number: str
    type: str = ""
    gross_total: Decimal | None = None


@dataclass(frozen=True)
class Original:
    """What is known of the document that a storno or a correction refers to.

    :ivar is_final: it refers to other documents, so it may take advances back
    :ivar related: those documents, as far as they are known
    """

    type: str
    gross_total: Decimal
    is_final: bool = False
    related: tuple[Related, ...] = ()


@dataclass(frozen=True)
class BookedLine:
    """One line in the booking's direction; ``local_*`` are forint.

    ``quantity`` × ``unit_price`` less ``discount`` percent reads as on the invoice and
    may miss ``net`` by a rounding; ``net`` and ``vat`` are what is booked.
    """

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
    discount: Decimal = ZERO
    sku: str = ""
    ean: str = ""
    is_whole_bill: bool = False

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat

    @property
    def has_rate(self) -> bool:
        """Return whether the seller charges VAT on it, even if it rounds to nothing."""
        return self.vat_code.endswith("%") and bool(self.vat_code.strip("%0,. "))

    @property
    def vat_key(self) -> str:
        """The VAT code as a table has it; an empty one has a key too."""
        return vat_key(self.vat_code)


@dataclass(frozen=True)
class VatGroup:
    """Net and VAT of one VAT code: a row of the invoice's own table if it has one."""

    vat_code: str
    net: Decimal
    vat: Decimal
    local_vat: Decimal | None = None


@dataclass(frozen=True)
class Doubt:
    """Two sums of one document that miss each other by one unit.

    :ivar code: as of ``MismatchError``
    """

    code: str
    where: str
    stated: Decimal
    computed: Decimal


@dataclass(frozen=True)
class Booking:
    """Checked amounts, positive in the direction of ``is_refund``.

    ``gross`` is ``net`` + ``vat`` + ``rounding`` + ``difference``. ``rounding`` is
    explained by ``rounding_step``; ``difference`` (at most one unit) by nothing. Both
    belong on a rounding account, never into VAT. With ``doubts`` a person should look.
    """

    is_refund: bool
    lines: tuple[BookedLine, ...]
    net: Decimal
    vat: Decimal
    gross: Decimal
    rounding: Decimal
    rounding_step: Decimal
    rate: Decimal
    local_net: Decimal = ZERO
    local_vat: Decimal = ZERO
    difference: Decimal = ZERO
    local_difference: Decimal = ZERO
    vat_groups: tuple[VatGroup, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_exact(self) -> bool:
        """Return whether Billingo's own net, VAT and gross add up."""
        return not self.doubts
