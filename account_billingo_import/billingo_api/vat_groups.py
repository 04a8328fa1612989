"""The invoice's own VAT table: what each VAT code has, and the lines made to agree.

The VAT return takes the sums per rate as printed (sheet, HU), so a group's VAT in the
books is the one of its row, whatever the lines round to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .booking import BookedLine, VatGroup, round_to
from .errors import MismatchError
from .messages import DocumentSummary, VatRate
from .vat_codes import is_without_vat, rate_of

ZERO = Decimal(0)


@dataclass(frozen=True)
class Units:
    """``step``: what the books can keep; ``unit``: what Billingo rounds to."""

    step: Decimal
    unit: Decimal

    def rounded(self, value: Decimal) -> Decimal:
        return round_to(value, self.step)


@dataclass(frozen=True)
class Group:
    """A group and the positions of its lines."""

    row: VatGroup
    places: tuple[int, ...]


def read_table(
    summary: DocumentSummary,
    lines: Sequence[BookedLine],
    signs: Sequence[int],
    units: Units,
) -> list[Group] | None:
    """Return the table's groups with their lines, None without a usable table.

    Rows are found by the name of their code; where a table names codes in another way
    than the lines, by their rate.

    :param signs: what may turn the table into the booking's direction
    """
    rows = summary.vat_rate_summary
    if not rows or any(
        None in (row.vat_rate_net_amount, row.vat_rate_vat_amount) for row in rows
    ):
        return None
    for of_line, of_row in ((_code, _name), (_line_rate, _row_rate)):
        keys = [of_line(line) for line in lines]
        if {of_row(row) for row in rows} != set(keys):
            continue
        tables = [
            [
                _group(
                    _sum(key, [r for r in rows if of_row(r) == key], sign, units),
                    tuple(i for i, other in enumerate(keys) if other == key),
                    lines,
                    units.unit,
                )
                for key in dict.fromkeys(keys)
            ]
            for sign in signs
        ]
        return min(tables, key=lambda table: _distance(table, lines))
    return None


def _group(
    row: VatGroup, places: tuple[int, ...], lines: Sequence[BookedLine], unit: Decimal
) -> Group:
    """Return a row with its lines; a unit of VAT without a rate is a rounding."""
    is_exempt = all(
        is_without_vat(lines[i].vat_code) and not lines[i].vat for i in places
    )
    if is_exempt and abs(row.vat) <= unit * len(places):
        row = replace(row, vat=ZERO, local_vat=ZERO)
    return Group(row, places)


def _distance(table: Sequence[Group], lines: Sequence[BookedLine]) -> Decimal:
    """How far the rows are from their lines."""
    return sum(
        (
            abs(group.row.net - sum((lines[i].net for i in group.places), ZERO))
            for group in table
        ),
        ZERO,
    )


def _code(line: BookedLine) -> str:
    return line.vat_code


def _name(row: VatRate) -> str:
    return row.vat_name


def _line_rate(line: BookedLine) -> str:
    return _rate_key(rate_of(line.vat_code) or ZERO)


def _row_rate(row: VatRate) -> str:
    """Billingo gives a fraction (sheet 2.1)."""
    return _rate_key((row.vat_percentage or ZERO) * 100)


def _rate_key(rate: Decimal) -> str:
    return f"{rate.quantize(Decimal('0.01')):f}%"


def _sum(
    key: str,
    rows: Sequence[VatRate],
    sign: int,
    units: Units,
) -> VatGroup:
    """Add up the rows of one code, which may have several titles of exemption."""
    net = sum((row.vat_rate_net_amount or ZERO for row in rows), ZERO)
    vat = sum((row.vat_rate_vat_amount or ZERO for row in rows), ZERO)
    locals_ = [row.vat_rate_vat_amount_local for row in rows]
    known = [value for value in locals_ if value is not None]
    local = sum(known, ZERO) * sign if len(known) == len(locals_) else None
    return VatGroup(key, units.rounded(net * sign), units.rounded(vat * sign), local)


def settle(
    lines: list[BookedLine],
    stated_vat: Sequence[Decimal | None],
    group: Group,
    unit: Decimal,
) -> None:
    """Make the lines of a group add up to its row, in place.

    A unit per line is rounding and goes to the last line of the most weight. A line's
    VAT is what is between its net and gross, or its stated VAT where that fits better:
    Billingo rounds all three on their own.

    :raise MismatchError: the row has more, or VAT where no line has any
    """
    own = [lines[i] for i in group.places]
    stated = [
        line.vat if stated_vat[i] is None else stated_vat[i] or ZERO
        for i, line in zip(group.places, own, strict=True)
    ]
    target = group.row
    if abs(target.vat - sum(stated)) < abs(target.vat - sum(x.vat for x in own)):
        own = [replace(x, vat=vat) for x, vat in zip(own, stated, strict=True)]
    net = target.net - sum((x.net for x in own), ZERO)
    vat = target.vat - sum((x.vat for x in own), ZERO)
    allowed = unit * len(own)
    for code, missing, total in (("net", net, target.net), ("vat", vat, target.vat)):
        if abs(missing) > allowed:
            raise MismatchError(code, code, total, total - missing)
    if vat and not any(line.vat for line in own):
        raise MismatchError("vat", "vat", target.vat, target.vat - vat)
    if net or vat:
        place = _heaviest(own)
        own[place] = replace(
            own[place], net=own[place].net + net, vat=own[place].vat + vat
        )
    for i, line in zip(group.places, own, strict=True):
        lines[i] = line


def _heaviest(lines: Sequence[BookedLine]) -> int:
    """Position of the last line of the VAT code with the most VAT, else most net."""
    weight: dict[str, tuple[Decimal, Decimal]] = {}
    for line in lines:
        vat, net = weight.get(line.vat_code, (ZERO, ZERO))
        weight[line.vat_code] = (vat + abs(line.vat), net + abs(line.net))
    biggest = max(weight, key=lambda code: weight[code])
    return max(i for i, line in enumerate(lines) if line.vat_code == biggest)
