"""Generated documents grown by regimes, by VAT tables and by totals of their own."""

from __future__ import annotations

import random
from copy import deepcopy
from decimal import Decimal

from billingo_api.simulator.samples.builder import number

WITHOUT_VAT = (
    ("AAM", "AAM"),
    ("TAM", "TAM"),
    ("ÁKK", "ATK"),
    ("F.AFA", None),
    ("FAD", None),
    ("EU", "KBAET"),
    ("EUK", "EAM"),
    ("ÁTHK", "EUFAD37"),
    ("ÁTHK", "EUFADE"),
    ("ÁTHK", "EUE"),
    ("ÁTHK", "HO"),
    ("K.AFA", "SECOND_HAND"),
    ("K.AFA", "TRAVEL_AGENCY"),
    ("0%", "NAM_1"),
    ("0%", "WITHOUT_ENTITLEMENT"),
    ("MAA", "NAM_2"),
    ("AM", "TAM"),
)


def vary(raw: dict, seed: int) -> tuple[dict, tuple[str, ...]]:
    """Return a changed copy and the names of what was changed."""
    pick = random.Random(seed)
    raw = deepcopy(raw)
    applied = []
    for change, chance in CHANGES:
        if pick.random() < chance and change(raw, pick):
            applied.append(change.__name__)
    return raw, tuple(applied)


def _unit(raw) -> Decimal:
    return Decimal(1) if raw["currency"] == "HUF" else Decimal("0.01")


def _add(place, name, value) -> None:
    place[name] = number(Decimal(str(place[name])) + value)


def other_regimes(raw, pick) -> bool:
    """Give all lines of a code without VAT another such code."""
    codes = sorted({x["vat"] for x in raw["items"] if not x["vat"].endswith("%")})
    taken = {x["vat"] for x in raw["items"]}
    for code in codes:
        new, title = pick.choice(WITHOUT_VAT)
        if new in taken:
            continue
        taken.add(new)
        for item in raw["items"]:
            if item["vat"] == code:
                item |= {"vat": new, "entitlement": title}
        for row in raw["summary"]["vat_rate_summary"]:
            if row["vat_name"] == code:
                row["vat_name"] = new
    return bool(codes)


def flags(raw, pick) -> bool:
    raw["organization"]["cash_settled"] = pick.random() < 0.5
    raw["settings"]["without_financial_fulfillment"] = pick.random() < 0.5
    return True


def no_table(raw, pick) -> bool:
    raw["summary"]["vat_rate_summary"] = pick.choice((None, []))
    return True


def renamed_rows(raw, _pick) -> bool:
    """The table calls its rates otherwise; they are found by their percentage."""
    table = raw["summary"]["vat_rate_summary"] or []
    for row in table:
        row["vat_name"] = f"kulcs {row['vat_percentage']}"
    return bool(table)


def split_rows(raw, _pick) -> bool:
    """Two rows of one code, as for two titles of exemption."""
    table = raw["summary"]["vat_rate_summary"] or []
    names = ("net_amount", "vat_amount", "vat_amount_local", "gross_amount")
    for row in table[:1]:
        half = {}
        for name in names:
            value = Decimal(str(row[f"vat_rate_{name}"]))
            part = (value / 3).quantize(_unit(raw))
            half[f"vat_rate_{name}"] = number(part)
            row[f"vat_rate_{name}"] = number(value - part)
        table.append(row | half)
    return bool(table)


def shuffled_rows(raw, pick) -> bool:
    pick.shuffle(raw["summary"]["vat_rate_summary"] or [])
    return True


def vat_of_a_row(raw, pick) -> bool:
    """A row's VAT was rounded by itself; the total follows, or does not."""
    shift = _unit(raw) * pick.choice((-1, 1))
    follows = pick.random() < 0.5
    for row in raw["summary"]["vat_rate_summary"] or []:
        if row["vat_percentage"] and row["vat_rate_vat_amount"]:
            _add(row, "vat_rate_vat_amount", shift)
            if follows:
                _add(raw["summary"], "vat_amount", shift)
            return True
    return False


def total_of_its_own(raw, pick) -> bool:
    name = pick.choice(("net_amount", "vat_amount"))
    _add(raw["summary"], name, _unit(raw) * pick.choice((-1, 1)))
    return True


def gross_of_its_own(raw, pick) -> bool:
    if raw["gross_total"] is None:
        return False
    size = pick.choice((1, 1, Decimal("0.4"), 2)) if raw["currency"] == "HUF" else 1
    _add(raw, "gross_total", _unit(raw) * size * pick.choice((-1, 1)))
    return True


def filler(raw, pick) -> bool:
    """A forint document with fillér in its lines and a whole total."""
    first = raw["items"][0]
    is_exempt = not first["vat"].endswith("%")
    table = raw["summary"]["vat_rate_summary"] or []
    if raw["currency"] != "HUF" or not is_exempt or not table or raw.get("discount"):
        return False
    part = Decimal(pick.choice(("-0.45", "-0.01", "0.01", "0.25", "0.49")))
    for name in ("net_amount", "gross_amount"):
        _add(first, name, part)
    _add(raw["summary"], "net_amount", part)
    for row in table:
        if row["vat_name"] == first["vat"]:
            _add(row, "vat_rate_net_amount", part)
            break
    return True


def forint_of_its_own(raw, _pick) -> bool:
    """Rows and total are rounded to whole forint, each by itself."""
    table = raw["summary"]["vat_rate_summary"] or []
    if raw["currency"] == "HUF" or not raw["conversion_rate"]:
        return False
    for row in table:
        row["vat_rate_vat_amount_local"] = round(row["vat_rate_vat_amount_local"])
    return bool(table)


CHANGES = (
    (other_regimes, 0.5),
    (flags, 0.3),
    (filler, 0.15),
    (vat_of_a_row, 0.15),
    (total_of_its_own, 0.08),
    (gross_of_its_own, 0.08),
    (forint_of_its_own, 0.3),
    (split_rows, 0.1),
    (shuffled_rows, 0.3),
    (renamed_rows, 0.06),
    (no_table, 0.1),
)
