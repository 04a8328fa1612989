"""The lines of a document: names, notes, quantities, prices, discounts and charges."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from ..check_digits import is_gtin
from .tree import (
    Element,
    UblError,
    amount,
    drop,
    ensure,
    find,
    find_all,
    is_charge,
    lines,
    money,
    plain,
    put,
    quantity_name,
    remove,
    text,
)
from .values import LineValues

SLACK = Decimal("0.02")  # PEPPOL-EN16931-R120
PRICE_STEP = Decimal("0.000001")
BASES = tuple(Decimal(10) ** power for power in range(10))
DISCOUNT, OTHER_CHARGE = "95", "ZZZ"  # UNCL5189, UNCL7161
GTIN = "0160"  # ISO 6523
# UN/ECE recommendation 20: "one", where no unit is known
NO_UNIT = "C62"


def pairs(
    root: Element, values: tuple[LineValues, ...]
) -> Iterator[tuple[Element, LineValues]]:
    """Return each line with its values; lines at the end may have none.

    :raise UblError: there are values for lines that the document does not have
    """
    found = lines(root)
    if len(values) > len(found):
        raise UblError(f"values for {len(values)} lines, but there are {len(found)}")
    rest = (LineValues(),) * (len(found) - len(values))
    return zip(found, values + rest, strict=True)


def put_line(root: Element, line: Element, values: LineValues) -> None:
    """Put one line right, but for its VAT category."""
    _put_name(line, values)
    _put_note(line, values)
    _put_article_number(line)
    _put_amount(root, line, values.net)
    for allowance in find_all(line, "cac:AllowanceCharge"):
        put_allowance(root, allowance)
    remove(line, "cac:TaxTotal")
    put_price(root, line)


def _put_name(line: Element, values: LineValues) -> None:
    """See to a name (BR-25): the description, the article or what the caller says."""
    item = ensure(line, "cac:Item")
    found = text(item, "cbc:Name") or text(item, "cbc:Description")
    found = found or text(item, "cac:SellersItemIdentification/cbc:ID")
    put(item, "cbc:Name", " ".join((found or values.name).split()))
    if text(item, "cbc:Description") == text(item, "cbc:Name"):
        remove(item, "cbc:Description")


def _put_article_number(line: Element) -> None:
    """Leave a GTIN (BT-157) if it is one: builders call any barcode so."""
    path = "cac:Item/cac:StandardItemIdentification"
    found = find(line, f"{path}/cbc:ID")
    is_said = found is not None and found.get("schemeID") == GTIN
    if is_said and not is_gtin(text(found)):
        remove(line, path)


def _put_amount(root: Element, line: Element, net: Decimal | None) -> None:
    """Write the booked amount of a line, whichever cents the builder gave it.

    Builders spread the rounding of a document over its lines. Where a line has a
    discount, they are in there; where it has none, nobody has granted one.
    """
    said = amount(line, "cbc:LineExtensionAmount") or Decimal(0)
    net = said if net is None else net
    currency = text(root, "cbc:DocumentCurrencyCode")
    put(line, "cbc:LineExtensionAmount", money(net), currencyID=currency)
    left = said - net
    for allowance in find_all(line, "cac:AllowanceCharge"):
        factor = amount(allowance, "cbc:MultiplierFactorNumeric")
        if factor == 0:
            drop(allowance)
        elif factor and not is_charge(allowance):
            value = (amount(allowance, "cbc:Amount") or Decimal(0)) + left
            put(allowance, "cbc:Amount", money(value), currencyID=currency)
            left = Decimal(0)


def _put_note(line: Element, values: LineValues) -> None:
    """Write one note (UBL-SR-34)."""
    texts = [text(note) for note in find_all(line, "cbc:Note")]
    if values.note.strip() and values.note.strip() not in texts:
        texts.append(values.note.strip())
    remove(line, "cbc:Note")
    put(line, "cbc:Note", "\n".join(filter(None, texts)))


def put_allowance(root: Element, allowance: Element) -> None:
    """Give a discount or charge its reason, and its amount two decimals.

    BR-33, BR-38, BR-CO-23, BR-CO-24; a factor and its base belong together (R041,
    R042); amounts are positive, the indicator says the direction.
    """
    indicated = is_charge(allowance)
    value = amount(allowance, "cbc:Amount") or Decimal(0)
    if value < 0:
        indicated, value = not indicated, -value
        remove(allowance, "cbc:AllowanceChargeReasonCode")
    put(allowance, "cbc:ChargeIndicator", "true" if indicated else "false")
    currency = text(root, "cbc:DocumentCurrencyCode")
    put(allowance, "cbc:Amount", money(value), currencyID=currency)
    paths = ("cbc:AllowanceChargeReason", "cbc:AllowanceChargeReasonCode")
    if not any(text(allowance, path) for path in paths):
        put(allowance, paths[1], OTHER_CHARGE if indicated else DISCOUNT)
    factor = amount(allowance, "cbc:MultiplierFactorNumeric")
    base = amount(allowance, "cbc:BaseAmount")
    fits = factor is not None and base is not None
    if not fits or abs(base * factor / 100 - value) > SLACK:  # type: ignore[operator]
        remove(allowance, "cbc:MultiplierFactorNumeric")
        remove(allowance, "cbc:BaseAmount")
    elif base is not None:
        put(allowance, "cbc:BaseAmount", money(base), currencyID=currency)


def put_document_allowance(root: Element, allowance: Element, reason: str) -> None:
    """Give a discount on the whole document its reason: it is for early payment.

    It is a discount (95): builders call it a special agreement (64).
    """
    put_allowance(root, allowance)
    code = OTHER_CHARGE if is_charge(allowance) else DISCOUNT
    put(allowance, "cbc:AllowanceChargeReasonCode", code)
    if reason:
        put(allowance, "cbc:AllowanceChargeReason", reason)


def put_price(root: Element, line: Element) -> None:
    """Make price times quantity the amount of the line (R120); no price below zero.

    The amount is the booked one. Where the price is too small or too short for it, it
    is said for ten, a hundred, ... pieces (BT-149).
    """
    quantity = amount(line, quantity_name(root))
    price, base = amount(line, "cac:Price/cbc:PriceAmount"), base_quantity(line)
    if quantity is None:
        quantity = Decimal(1)
    gross = gross_amount(line)
    if price is None:
        price = gross / quantity if quantity else Decimal(0)
    if price < 0:  # BR-27, BR-28: the sign is the quantity's
        price, quantity = -price, -quantity
    if quantity and abs(quantity * price / base - gross) > SLACK:
        if gross / quantity < 0:
            quantity = -quantity
        price, base = _exact_price(gross, quantity)
    _write_price(root, line, quantity, price, base)


def _exact_price(gross: Decimal, quantity: Decimal) -> tuple[Decimal, Decimal]:
    """Return the price, and the number of pieces that it is for."""
    for base in BASES:
        price = (gross / quantity * base).quantize(PRICE_STEP, ROUND_HALF_UP)
        if abs(price / base * quantity - gross) <= SLACK / 2:
            return price, base
    return abs(gross), abs(quantity)


def _write_price(
    root: Element, line: Element, quantity: Decimal, price: Decimal, base: Decimal
) -> None:
    name = quantity_name(root)
    found = find(line, name)
    unit = (found.get("unitCode") if found is not None else "") or NO_UNIT
    put(line, name, plain(quantity), unitCode=unit)
    currency = text(root, "cbc:DocumentCurrencyCode")
    put(line, "cac:Price/cbc:PriceAmount", _price(price), currencyID=currency)
    put(
        line,
        "cac:Price/cbc:BaseQuantity",
        plain(base) if base != 1 else "",
        unitCode=unit,
    )


def _price(price: Decimal) -> str:
    exponent = price.normalize().as_tuple().exponent
    short = isinstance(exponent, int) and exponent >= -2
    return money(price) if short else plain(price)


def base_quantity(line: Element) -> Decimal:
    """Return the number of pieces that the price is for; one where nothing is said."""
    found = amount(line, "cac:Price/cbc:BaseQuantity")
    return found if found and found > 0 else Decimal(1)


def gross_amount(line: Element) -> Decimal:
    """Return the amount of a line before its discounts and charges."""
    total = amount(line, "cbc:LineExtensionAmount") or Decimal(0)
    for allowance in find_all(line, "cac:AllowanceCharge"):
        value = amount(allowance, "cbc:Amount") or Decimal(0)
        total += -value if is_charge(allowance) else value
    return total
