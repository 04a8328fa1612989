"""A second calculator, from the fact sheet and not from the mapper.

It says what must become of a document: ``refuse``, ``draft`` (one unit off within
itself) or ``book``, with which sums. It knows nothing of lines in the books, only of
sums, and reckons in fractions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain

CANCELS = ("cancellation", "receipt_cancellation")
STEPS = {"one": 1, "five": 5, "ten": 10}
WITHOUT_FRACTION = ("HUF", "ISK", "JPY", "KRW")


class Refused(Exception):
    """The document contradicts itself, or lacks something."""


@dataclass
class Expected:
    verdict: str
    is_refund: bool = False
    net: Fraction = Fraction(0)
    vat: Fraction = Fraction(0)
    gross: Fraction = Fraction(0)
    beyond: Fraction = Fraction(0)  # of gross, on a rounding account
    groups: dict = field(default_factory=dict)  # code: [net, VAT, VAT in forint]
    local_net: Fraction = Fraction(0)
    local_vat: Fraction = Fraction(0)


def exact(value) -> Fraction:
    if value is None:
        raise Refused
    return Fraction(str(value))


def to_cents(value: Fraction) -> Fraction:
    """Half away from zero."""
    cents = abs(value) * 100
    whole = int(cents + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 100)


def percent(code: str) -> Fraction:
    if not code.endswith("%"):
        return Fraction(0)
    return Fraction(code[:-1].replace(",", "."))


def calculate(raw: dict, original: dict | None = None) -> Expected:
    try:
        return _calculate(raw, original)
    except Refused:
        return Expected("refuse")


def _calculate(raw, original):
    if not raw["invoice_date"] or not raw["items"]:
        raise Refused
    unit = Fraction(1) if raw["currency"] in WITHOUT_FRACTION else Fraction(1, 100)
    gross = exact(raw["gross_total"])
    lines = [_line(item, unit) for item in raw["items"]]
    cancels = raw["type"] in CANCELS
    summary = raw["summary"]
    # Every part of a storno may have its own sign; elsewhere the total has it for all.
    own = [sum(x["gross"] for x in lines), *(x["gross"] for x in lines)]
    total_sign = _sign([gross, exact(summary["net_amount"])])
    line_sign = _sign(own) if cancels else (_sign([gross]))
    if not cancels:
        total_sign = line_sign
    lines = [_turned(x, line_sign) for x in lines]
    rows, of_line = _table(raw, lines, (1, -1) if cancels else (total_sign,), unit)
    totals = {
        "net": to_cents(exact(summary["net_amount"]) * total_sign),
        "vat": to_cents(exact(summary["vat_amount"]) * total_sign),
        "gross": to_cents(gross * total_sign),
    }
    doubt = Fraction(0)  # how far the document is off within itself
    if rows is None:
        rows, of_line = {"": [totals["net"], totals["vat"], None]}, lambda _x: ""
    else:
        for place, name in enumerate(("net", "vat")):
            whole = sum(row[place] for row in rows.values())
            off = abs(whole - totals[name])
            if off > unit * len(rows):
                raise Refused
            doubt = max(doubt, off if off >= unit else 0)
            totals[name] = whole
    percentage = exact((raw.get("discount") or {}).get("value") or 0)
    _compare(lines, rows, of_line, unit, percentage)
    beyond = totals["gross"] - totals["net"] - totals["vat"]
    if beyond and not _is_rounding(raw, beyond, totals["gross"], unit):
        if abs(beyond) > unit:
            raise Refused
        doubt = max(doubt, abs(beyond))
    is_refund = total_sign < 0
    if cancels:
        is_refund = original is None or exact(original["gross_total"]) >= 0
    found = Expected(
        "draft" if doubt else "book",
        is_refund,
        totals["net"],
        totals["vat"],
        totals["gross"],
        beyond,
    )
    _forint(raw, found, rows, lines, of_line, total_sign, doubt)
    return found


def _line(item, unit):
    net, vat, gross = (
        exact(item[name]) for name in ("net_amount", "vat_amount", "gross_amount")
    )
    if abs(net + vat - gross) > unit:
        raise Refused
    net, vat, gross = to_cents(net), to_cents(vat), to_cents(gross)
    between = gross - net
    if item["vat"] and not percent(item["vat"]):
        # Without a rate, one unit is a rounding and no VAT.
        vat = Fraction(0) if abs(vat) <= unit else vat
        between = Fraction(0) if abs(between) <= unit else between
    if not vat and net == gross and abs(net * percent(item["vat"]) / 100) > unit:
        raise Refused
    line = {"code": item["vat"], "net": net, "vat": vat, "gross": gross}
    return line | {"between": between}


def _sign(values):
    return next((1 if x > 0 else -1 for x in values if x), 1)


def _turned(line, sign):
    return {k: v if k == "code" else v * sign for k, v in line.items()}


def _table(raw, lines, signs, unit):
    """Rows by the name or by the rate of their code, and how a line finds its own."""
    table = raw["summary"].get("vat_rate_summary") or []
    if not table:
        return None, None
    for of_row, of_line in (
        (lambda row: row["vat_name"], lambda x: x["code"]),
        (
            lambda row: exact(row["vat_percentage"]) * 100,
            lambda x: percent(x["code"]),
        ),
    ):
        if {of_row(row) for row in table} != {of_line(x) for x in lines}:
            continue
        best = None
        for sign in signs:
            rows = {}
            for row in table:
                sums = rows.setdefault(of_row(row), [Fraction(0)] * 3)
                for place, name in enumerate(
                    (
                        "vat_rate_net_amount",
                        "vat_rate_vat_amount",
                        "vat_rate_vat_amount_local",
                    )
                ):
                    sums[place] += exact(row[name]) * sign
            far = sum(
                abs(sums[0] - sum(x["net"] for x in lines if of_line(x) == key))
                for key, sums in rows.items()
            )
            if best is None or far < best[0]:
                best = far, rows
        for key, sums in best[1].items():
            own = [x for x in lines if of_line(x) == key]
            is_exempt = all(
                x["code"] and not percent(x["code"]) and not x["between"] for x in own
            )
            if is_exempt and abs(sums[1]) <= unit * len(own):
                sums[1] = sums[2] = Fraction(0)
        return best[1], of_line
    return None, None


def _compare(lines, rows, of_line, unit, percentage):
    """A unit per line is rounding; more is a discount or a contradiction."""

    def missing(key, name):
        own = [x[name] for x in lines if of_line(x) == key]
        place = 0 if name == "net" else 1
        return abs(rows[key][place] - sum(own)), unit * len(own)

    def is_far():
        return any(missing(key, "net")[0] > missing(key, "net")[1] for key in rows)

    if percentage and is_far():
        for x in lines:
            for name in ("net", "gross"):
                x[name] = to_cents(x[name] * (100 - percentage) / 100)
            x["vat"] = x["between"] = x["gross"] - x["net"]
    if is_far():
        raise Refused
    for key, row in rows.items():
        best = min(("between", "vat"), key=lambda name, key=key: missing(key, name)[0])
        off, allowed = missing(key, best)
        has_vat = any(x[best] for x in lines if of_line(x) == key)
        if off > allowed or (off and row[1] and not has_vat):
            raise Refused


def _is_rounding(raw, beyond, gross, unit):
    step = STEPS.get(raw["settings"]["round"])
    if step and abs(beyond) * 2 <= step and gross % step == 0:
        return True
    return unit == 1 and abs(beyond) < 1 and gross % 1 == 0


def _forint(raw, found, rows, lines, of_line, sign, doubt):
    by_code = dict.fromkeys(x["code"] for x in lines)
    if raw["currency"] == "HUF":
        found.local_net, found.local_vat = found.net, found.vat
        rate = Fraction(1)
    else:
        rate = exact(raw["conversion_rate"])
        if rate <= 0 or rate == 1:
            raise Refused
        slack = rate * doubt  # a cent is several forint
        _forint_totals(raw, found, rows, lines, of_line, sign, rate, slack)
    for code in by_code:
        keys = {of_line(x) for x in lines if x["code"] == code}
        whole = {x["code"] for x in lines if of_line(x) in keys} == {code}
        if whole and len(keys) == 1 and "" not in keys:
            net, vat, local = rows[keys.pop()]
            local = vat if raw["currency"] == "HUF" else local
            found.groups[code] = [net, vat, to_cents(local)]


def _forint_totals(raw, found, rows, lines, of_line, sign, rate, slack):
    summary = raw["summary"]
    net, vat, gross = (
        summary[f"{name}_amount_local"] for name in ("net", "vat", "gross")
    )
    net = found.net * rate if net is None else exact(net) * sign
    vat = found.vat * rate if vat is None else exact(vat) * sign
    half = Fraction(1, 2) + slack
    if abs(net - found.net * rate) > len(lines) + half:
        raise Refused
    locals_ = {key: row[2] for key, row in rows.items()}
    if None in locals_.values():
        locals_ = {key: vat for key in rows}
    if abs(sum(locals_.values()) - vat) > len(rows) + slack:
        raise Refused
    for key, local in locals_.items():
        count = sum(1 for x in lines if of_line(x) == key)
        if abs(local - rows[key][1] * rate) > count + half:
            raise Refused
    found.local_net = to_cents(net)
    found.local_vat = sum(map(to_cents, locals_.values()))
    if gross is None:
        return
    both = found.local_net + found.local_vat
    off = min(
        abs(exact(gross) * sign - both - extra)
        for extra in chain([Fraction(0)], [found.beyond * rate])
    )
    if off > max(1, len(raw["summary"].get("vat_rate_summary") or [])) + slack:
        raise Refused
