"""The table of the README: what becomes of each VAT code, and in which boxes.

Every row is booked by ``test_vat_table``; the README has the same rows.
"""

from dataclasses import dataclass

NET = 100_000


@dataclass(frozen=True)
class Row:
    """One row of the table.

    :ivar side: ``sale``, ``bill`` (a Hungarian seller's account) or ``spending``
    :ivar place: where the partner is: HU, EU or other
    :ivar boxes: box of Odoo's tax report -> amount for a net of 100 000
    :ivar accounts: 466 and 467, where the buyer has both sides
    :ivar day: ``fulfilment``, ``issue``, ``receipt`` or ``payment``
    :ivar outcome: ``posted``, ``draft`` or ``asked``
    :ivar cash: the document says that the seller accounts for VAT when paid
    :ivar own_cash: the settings of the company say that the company does
    """

    side: str
    place: str
    code: str
    title: str = ""
    tax: str = ""
    boxes: tuple = ()
    accounts: tuple = ()
    day: str = "fulfilment"
    outcome: str = "posted"
    cash: bool = False
    own_cash: bool = False

    @property
    def label(self):
        """Code and title, and who accounts for VAT when paid."""
        parts = (self.code, self.title)
        text = " / ".join(filter(None, parts))
        text += " (cash accounting)" * self.cash
        return text + " (we are in cash accounting)" * self.own_cash

    @property
    def cells(self):
        """The row as the README has it."""
        boxes = ", ".join(f"{name} {amount:,}" for name, amount in self.boxes)
        accounts = ", ".join(f"{code} {amount:+,}" for code, amount in self.accounts)
        return (
            self.side,
            self.place,
            self.label,
            self.tax or "-",
            accounts.replace(",000", " 000") or "-",
            boxes.replace(",000", " 000") or "-",
            self.day if self.tax else "-",
            self.outcome,
        )


def _charged(side, place, cash=False, own_cash=False):
    """Hungarian rates: net and VAT have a box each."""
    kind, account, sign = ("pay", "467", -1) if side == "sale" else ("rec", "466", 1)
    for rate in (27, 18, 5):
        vat = NET * rate // 100
        yield Row(
            side,
            place,
            f"{rate}%",
            tax=f"{rate}% cash accounting" if cash or own_cash else f"{rate}%",
            boxes=((f"base_{kind}_{rate}", NET), (f"vat_{kind}_{rate}", vat)),
            accounts=((account, sign * vat),),
            day="payment" if cash or own_cash else "fulfilment",
            cash=cash,
            own_cash=own_cash,
        )


def _one_box(side, place, tax, box, *codes, day="fulfilment"):
    for code, title in codes:
        yield Row(side, place, code, title, tax, ((box, NET),), day=day)


def _no_box(side, place, tax, *codes):
    for code, title in codes:
        yield Row(side, place, code, title, tax, outcome="draft")


def _asked(side, place, *codes):
    for code, title in codes:
        yield Row(side, place, code, title, outcome="asked")


def _both_sides(side, place, tax, base, day, *codes):
    for code, title in codes:
        yield Row(
            side,
            place,
            code,
            title,
            tax,
            ((base, NET), ("vat_pay_27", 27_000), ("vat_rec_27", 27_000)),
            (("466", 27_000), ("467", -27_000)),
            day,
        )


ZERO = ("0%", "AM", "MAA")
ROWS = (
    # Sales
    *_charged("sale", "HU"),
    *_charged("sale", "EU"),
    *_charged("sale", "HU", cash=True),
    *_charged("sale", "HU", cash=True, own_cash=True),
    Row(
        "sale",
        "HU",
        "27%",
        tax="27% cash accounting",
        boxes=(("base_pay_27", NET), ("vat_pay_27", 27_000)),
        accounts=(("467", -27_000),),
        day="payment",
        outcome="draft",
        own_cash=True,
    ),
    *_one_box("sale", "HU", "0% AAM", "base_pay_exempt_tax", ("AAM", "AAM")),
    *_one_box(
        "sale", "HU", "0% AAM", "base_pay_exempt_tax", *((x, "AAM") for x in ZERO)
    ),
    *_one_box("sale", "HU", "0% TAM", "base_pay_exempt_property", ("TAM", "TAM")),
    *_one_box("sale", "HU", "0% TAM", "base_pay_exempt_property", ("0%", "TAM")),
    *_one_box("sale", "HU", "0% S EXEMPT", "base_pay_exempt", ("ÁKK", "ATK")),
    *_one_box(
        "sale",
        "EU",
        "0% EU G",
        "base_pay_intra",
        ("EU", "KBAET"),
        ("0%", "KBAET"),
        day="issue",
    ),
    *_one_box("sale", "EU", "0% EUFAD37", "base_pay_intra", ("ÁTHK", "EUFAD37")),
    *_one_box("sale", "other", "0% G EX", "base_pay_exports", ("EUK", "EAM")),
    *_one_box("sale", "other", "0% G EX", "base_pay_exports", ("0%", "EAM")),
    *_one_box("sale", "other", "0% S EX", "base_pay_exports", ("0%", "NAM_1")),
    *_one_box("sale", "other", "0% S EX", "base_pay_exports", ("0%", "NAM_2")),
    *_one_box("sale", "other", "0% HO", "base_pay_exempt", ("ÁTHK", "HO")),
    *_no_box("sale", "HU", "0% FAD", ("FAD", ""), ("F.AFA", "")),
    *_no_box("sale", "EU", "0% EUFADE", ("ÁTHK", "EUFADE")),
    *_no_box("sale", "EU", "0% EUE", ("ÁTHK", "EUE")),
    *_no_box("sale", "HU", "0% K.AFA travel agency", ("K.AFA", "TRAVEL_AGENCY")),
    *_no_box("sale", "HU", "0% K.AFA second-hand", ("K.AFA", "SECOND_HAND")),
    *_no_box("sale", "HU", "0% K.AFA artwork", ("K.AFA", "ARTWORK")),
    *_no_box("sale", "HU", "0% K.AFA antiques", ("K.AFA", "ANTIQUES")),
    *_asked("sale", "HU", ("0%", ""), ("0%", "WITHOUT_ENTITLEMENT"), ("ÁTHK", "")),
    *_asked("sale", "EU", ("0%", ""), ("19%", ""), ("ÁTHK", "HO")),
    *_asked("sale", "other", ("EU", "KBAET"), ("ÁTHK", "EUFAD37")),
    # Bills from the Billingo account of a Hungarian seller
    *_charged("bill", "HU"),
    *_charged("bill", "HU", cash=True),
    *_charged("bill", "HU", own_cash=True),
    *_one_box(
        "bill", "HU", "0% AAM", "base_rec_exempt_tax", ("AAM", "AAM"), ("0%", "AAM")
    ),
    *_one_box("bill", "HU", "0% TAM", "base_rec_exempt_material", ("TAM", "TAM")),
    *_one_box("bill", "HU", "0% S EXEMPT", "base_rec_exempt", ("ÁKK", "ATK")),
    *_both_sides(
        "bill",
        "HU",
        "27% FAD",
        "base_rec_reverse",
        "receipt",
        ("FAD", ""),
        ("F.AFA", ""),
    ),
    *_no_box("bill", "HU", "0% K.AFA second-hand", ("K.AFA", "SECOND_HAND")),
    *_asked("bill", "HU", ("EU", "KBAET"), ("ÁTHK", "EUFAD37"), ("ÁTHK", "EUFADE")),
    *_asked("bill", "HU", ("ÁTHK", "EUE"), ("ÁTHK", "HO"), ("EUK", "EAM")),
    *_asked("bill", "HU", ("0%", ""), ("0%", "NAM_1"), ("7%", ""), ("12%", "")),
    # Spendings, from any seller
    *_charged("spending", "HU"),
    *_charged("spending", "HU", own_cash=True),
    *_one_box("spending", "HU", "0% AAM", "base_rec_exempt_tax", ("AAM", "")),
    *_both_sides(
        "spending", "HU", "27% FAD", "base_rec_reverse", "receipt", ("FAD", "")
    ),
    *_both_sides(
        "spending", "EU", "27% EU G", "base_rec_intra", "issue", ("KBAET", "")
    ),
    *_both_sides(
        "spending", "EU", "27% EU S", "base_rec_intra", "fulfilment", ("EUFAD37", "")
    ),
    *_both_sides(
        "spending", "other", "27% EX", "base_rec_import", "fulfilment", ("HO", "")
    ),
    *_asked("spending", "HU", ("EUFAD37", ""), ("0%", "")),
    *_asked("spending", "EU", ("0%", ""), ("AAM", ""), ("27%", ""), ("19%", "")),
    *_asked("spending", "other", ("0%", ""), ("EUK", ""), ("KBAET", "")),
)
HEADINGS = (
    "document",
    "partner in",
    "VAT code / entitlement",
    "tax",
    "VAT accounts",
    "boxes",
    "tax point",
    "outcome",
)


def as_markdown():
    """Return the table as the README has it."""
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(row.cells for row in ROWS)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in rows)
