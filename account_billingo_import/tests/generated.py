"""Any number of documents from a seed: whole accounts, and documents with a flaw.

A *flawed* document contradicts itself by more than any rounding explains, and has to
be refused. An *odd* one has a line whose net and VAT miss its gross by one unit, as the
live service sends them: a person should look. All others have to be booked.
"""

from __future__ import annotations

import random
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..billingo_api.simulator.samples.builder import (
    AccountBook,
    line,
    number,
    rounded,
)
from ..billingo_api.simulator.samples.parties import (
    BUILDER,
    COMPANY,
    GERMAN,
    PERSON,
    SCHOOL,
    SHOP,
    SWISS,
    Party,
)

# VAT codes that every connection can book, with an entitlement that belongs to them.
VAT = (
    ("27%", None),
    ("27%", "AAM"),  # an exemption beside a rate occurs, and means nothing
    ("18%", None),
    ("5%", None),
    ("AAM", "AAM"),
    ("TAM", "TAM"),
    ("ÁKK", "ATK"),
    ("F.AFA", None),
)
UNION_VAT = (("ÁTHK", "EUFAD37"), ("EU", "KBAET"), ("27%", None))
OTHER_VAT = (("ÁTHK", "HO"), ("EUK", "EAM"), ("27%", None))
# What each flaw moves: some leave all but one of the sums in agreement.
FLAWS = {
    "lines": {},
    "missing": {},
    "net": {"net_amount": 1},
    "vat": {"vat_amount": 1},
    "total": {"gross_total": 1},
    "net and total": {"net_amount": 1, "gross_total": 1},
    "vat and total": {"vat_amount": 1, "gross_total": 1},
    "net for vat": {"net_amount": 1, "vat_amount": -1},
}
FOREIGN_FLAWS = {
    "rate": {},
    "local net": {"net_amount_local": 1},
    "local vat": {"vat_amount_local": 1},
    "local gross": {"gross_amount_local": 1},
    "local net and gross": {"net_amount_local": 1, "gross_amount_local": 1},
    "local vat and gross": {"vat_amount_local": 1, "gross_amount_local": 1},
    "local net for vat": {"net_amount_local": 1, "vat_amount_local": -1},
}


@dataclass(frozen=True)
class Generated:
    """A document, and the name of its flaw if it has one."""

    raw: dict
    flaw: str = ""

    @property
    def has_own_tax_point(self) -> bool:
        """Tell whether a line has a tax point of its own, which can leave a question.

        Reverse charge, and goods that are sold to another member state.
        """
        return any(
            item["vat"] in ("FAD", "F.AFA") or item.get("entitlement") == "KBAET"
            for item in self.raw["items"]
        )

    @property
    def is_odd(self) -> bool:
        """Tell whether a line's net and VAT miss its gross by one unit."""
        names = ("net_amount", "vat_amount", "gross_amount")
        for item in self.raw["items"]:
            net, vat, gross = (Decimal(str(item[name])) for name in names)
            if net + vat != gross:
                return True
        return False


class Generator:
    """Make documents of one account; the same seed makes the same ones.

    :param buyer: all documents are addressed to him; else to several customers
    """

    def __init__(self, seed: int, seller: Party = COMPANY, buyer: Party | None = None):
        self._random = random.Random(seed)
        self._buyer = buyer
        # Days go on for a while; they begin again before the year is over.
        self.account = AccountBook(seller, "G", 90_000_000, date(2026, 1, 5))
        self._first_day = self.account._day

    def documents(self, count: int, flaws: float = 0.0) -> list[Generated]:
        """Return ``count`` documents, oldest first; ``flaws`` is the part of bad ones.

        A flawed document keeps its place, and nothing refers to it.
        """
        found = []
        for _turn in range(count):
            if (self.account._day - self._first_day).days > 180:
                self.account._day = self._first_day
            sound = [x.raw for x in found if not x.flaw and x.raw["type"] == "invoice"]
            raw = self._one([raw for raw in sound[-20:] if not raw["cancelled"]])
            flaw = ""
            if raw["type"] == "invoice" and self._random.random() < flaws:
                flaw = self._spoil(raw)
            found.append(Generated(raw, flaw))
        return found

    def _one(self, originals) -> dict:
        what = self._random.random()
        if originals and what < 0.12:
            original = self._random.choice(originals)
            return self.account.storno(original, negative=self._random.random() < 0.7)
        if originals and what < 0.2:
            return self._correction(self._random.choice(originals))
        kind = "advance" if what < 0.28 else "invoice"
        return self._issue(kind, self._lines_and_money())

    def _issue(self, kind, content, **options) -> dict:
        items, money, buyers = content
        buyer = self._buyer or self._random.choice(buyers)
        changes = {"payment_method": self._random.choice(("cash", "wire_transfer"))}
        return self.account.issue(
            buyer, *items, type=kind, changes=changes, **money, **options
        )

    def _correction(self, original) -> dict:
        price = self._random.choice((-1, 1)) * self._random.randint(1, 9_000)
        digits = 0 if original["currency"] == "HUF" else 2
        vat = original["items"][0]["vat"]
        title = original["items"][0].get("entitlement")
        given = {"entitlement": title} if title else {}
        content = (
            [line("Helyesbítés", price, vat, digits=digits, **given)],
            {"currency": original["currency"], "rate": original["conversion_rate"]},
            (SHOP,),
        )
        raw = self._issue("modification", content, related=[original])
        raw["document_partner"] = deepcopy(original["document_partner"])
        return raw

    def _lines_and_money(self):
        """Items, the options of ``AccountBook.issue`` and who may be the buyer."""
        chance = self._random.random
        dice = chance()
        is_foreign = dice < 0.25
        digits = 2 if is_foreign else 0
        codes, buyers = VAT, DOMESTIC
        if is_foreign and not self._buyer:
            codes, buyers = ABROAD[dice < 0.125]
        items = [self._line(codes, digits) for _ in range(self._random.randint(1, 6))]
        if chance() < 0.2 and items[0]["net_amount"] > 0:
            items.append(self._reduction(items[0], digits))
        if chance() < 0.1:
            items = [_minus(item) for item in items]
        money = {"discount": 0}
        if is_foreign:
            money["rate"] = self._random.randint(33_000, 45_000) / 100
            money["currency"] = "EUR"
            money["local_digits"] = self._random.choice((0, 2))
        elif chance() < 0.3:
            money |= self._cash_rounding(items)
        if chance() < 0.15 and not money.get("round"):
            money |= self._discount(items, digits)
        return items, money, buyers

    def _line(self, codes, digits) -> dict:
        pick = self._random
        vat, title = pick.choice(codes)
        dear = 9_000 if digits else 900_000
        price = pick.choice((pick.randint(1, 9), pick.randint(10, dear)))
        if digits or pick.random() < 0.3:
            price = round(price + pick.random(), pick.choice((2, 4, 6)))
        quantity = pick.choice((1, 1, 2, 3, 7, 12, 0.5, 0.333, 1.25, 144))
        given = {"entitlement": title} if title else {}
        item = line(
            f"Tétel {pick.randint(1, 999)}",
            price,
            vat,
            quantity=quantity,
            digits=digits,
            **given,
        )
        if pick.random() < 0.1:
            # Net, VAT and gross are each rounded on their own.
            unit = Decimal(1).scaleb(-digits)
            shift = pick.choice((-1, 1)) * unit
            item["vat_amount"] = number(Decimal(str(item["vat_amount"])) + shift)
        return item

    def _reduction(self, item, digits) -> dict:
        part = rounded(Decimal(str(item["net_amount"])) / 10, digits)
        title = item.get("entitlement")
        given = {"entitlement": title} if title else {}
        return line("Engedmény", number(-part), item["vat"], digits=digits, **given)

    def _cash_rounding(self, items) -> dict:
        name, step = self._random.choice((("five", 5), ("ten", 10), ("one", 1)))
        totals = _totals(items)
        gross = totals["net"] + totals["vat"]
        places = (gross / step).to_integral_value("ROUND_HALF_UP")
        return {"round": name, "totals": {**totals, "gross": places * step}}

    def _discount(self, items, digits) -> dict:
        """A discount of the whole document, shown in its lines or not."""
        percent = self._random.choice((2, 5, 10, 12.5))
        factor = 1 - Decimal(str(percent)) / 100
        lines = [_discounted(item, factor, digits) for item in items]
        totals = _totals(lines)
        totals["gross"] = totals["net"] + totals["vat"]
        if self._random.random() < 0.5:
            items[:] = lines
        return {"discount": percent, "totals": totals}

    def _spoil(self, raw) -> str:
        """Contradict one figure by more than a rounding, and say which."""
        choices = [*FLAWS]
        if raw["currency"] != "HUF":
            choices = self._random.choice((choices, [*FOREIGN_FLAWS]))
        flaw = self._random.choice(choices)
        size = self._random.choice((60, 600, 6_000, 90_000))
        far = self._random.choice((-1, 1)) * self._random.randint(60, size)
        # The steps of a rounding and the part of a discount are no way out.
        raw["settings"]["round"] = "none"
        raw.pop("discount", None)
        if flaw == "lines":
            first, last = raw["items"][0], raw["items"][-1]
            first["gross_amount"] += far
            last["gross_amount"] -= far if last is not first else 0
        elif flaw == "rate":
            raw["conversion_rate"] = self._random.choice((0, None, -1))
            if self._random.random() < 0.5:
                for name in ("net", "vat", "gross"):
                    raw["summary"][f"{name}_amount_local"] = None
        elif flaw == "missing":
            raw["gross_total"] = None
        else:
            for name, sign in (FLAWS | FOREIGN_FLAWS)[flaw].items():
                place = raw if name == "gross_total" else raw["summary"]
                place[name] += far * sign
        return flaw


DOMESTIC = (SHOP, SCHOOL, PERSON, BUILDER)
# Of one length, so that a seed goes on making the same amounts.
ABROAD = ((UNION_VAT, (GERMAN, GERMAN)), (OTHER_VAT, (SWISS, SWISS)))


def _minus(item) -> dict:
    names = ("quantity", "net_amount", "vat_amount", "gross_amount")
    return {**item, **{name: -item[name] for name in names}}


def _totals(items) -> dict:
    """What the lines say together; VAT is what is between net and gross."""
    net = sum((Decimal(str(x["net_amount"])) for x in items), Decimal(0))
    gross = sum((Decimal(str(x["gross_amount"])) for x in items), Decimal(0))
    return {"net": net, "vat": gross - net, "gross": gross}


def _discounted(item, factor, digits) -> dict:
    net = rounded(Decimal(str(item["net_amount"])) * factor, digits)
    gross = rounded(Decimal(str(item["gross_amount"])) * factor, digits)
    amounts = {"net_amount": net, "vat_amount": gross - net, "gross_amount": gross}
    return {**item, **{name: number(value) for name, value in amounts.items()}}
