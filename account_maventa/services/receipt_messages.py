"""From the points of a diagnosis to lines of text, each with its remedies.

Points of one cause are one line: a wrong price makes six sums differ. The texts are
those of the kinds (``models/point_kinds.py``), beside the services that raise them.
"""

import re

from odoo import api, models
from odoo.tools import format_date, groupby

from ..guards import internal
from ..models.point_kinds import CONFIRM, Asked, Remedy, kind_of
from .bill_tax_checks import MISSING_TAX
from .documents_aside import KIND_NAMES

# Sums that differ where a tax is missing
SUMS_OF_VAT = {"vat", "total", "payable", "vat_amount"}
DAY = re.compile(r"\d{4}-\d\d-\d\d")


@internal
class MaventaReceiptMessages(models.AbstractModel):
    """Texts in the language of the context."""

    _name = "maventa.receipt.messages"
    _description = "Maventa Messages on Receipts"

    # === PUBLIC === #

    @api.model
    def _asked_before_posting(self, points):
        """Return those of the points that a person must decide before posting."""
        return [row for row in points if kind_of(row).asked is Asked.BEFORE_POSTING]

    @api.model
    def _about_accounts(self, points):
        """Return those about the account to pay to: open until the bill is paid."""
        return [row for row in points if kind_of(row).asked is Asked.UNTIL_PAID]

    @api.model
    def _lines(self, points):
        """Return one ``(point, text)`` per cause, in the order of the points."""
        return [(rows[0], text) for rows, text in self._with_texts(points)]

    @api.model
    def _with_texts(self, points):
        """Return ``(points, text)`` per cause, in the order of the points.

        What follows from a cause is in its text.
        """
        return [
            (rows, "\n".join(map(self._text_of, _by_kind(rows))))
            for rows in _causes(points)
        ]

    @api.model
    def _text(self, row):
        """Return the sentence for a point."""
        return self._text_of([row])

    @api.model
    def _decision(self, row):
        """Return what a person says who settles a point."""
        return self.env._(kind_of(row).decision)

    @api.model
    def _label(self, code):
        """Return the short name of a point, for lists and activities."""
        return self.env._(kind_of({"code": code}).label) if code else ""

    @api.model
    def _remedy(self, row):
        """Return the label of a point's button and the action of the receipt."""
        for remedy in self._remedies(row)[:1]:
            return self.env._(remedy.label), remedy.action
        return "", ""

    @api.model
    def _other_remedies(self, row):
        """Return text, label and action of each further way out."""
        return [
            (self.env._(x.otherwise), self.env._(x.label), x.action)
            for x in self._remedies(row)[1:]
        ]

    # === HELPERS === #

    def _remedies(self, row):
        kind = kind_of(row)
        if kind.remedies_of:
            return self.env[kind.remedies_of]._remedies(row)
        if not kind.remedies and kind.is_confirmable:
            return (Remedy(kind.decision, CONFIRM),)
        return kind.remedies

    def _text_of(self, rows):
        """Return one sentence for points of a kind."""
        kind, values = kind_of(rows[0]), [row.get("values") or {} for row in rows]
        shown = _Shown(values[0])
        if kind.joined == "sums":
            shown["sums"] = "; ".join(map(self._difference, values))
        elif kind.joined:
            names = (row.get(kind.joined, "-") for row in values)
            shown[kind.joined] = ", ".join(names)
        if name := KIND_NAMES.get(shown["kind"]):
            shown["kind"] = self.env._(name)
        shown["date"] = self._day(shown["date"])
        template = self.env._(kind.text)
        text = template % shown
        found = ", ".join(map(self._day, values[0].values()))
        return f"{text} {found}" if kind.lists_values and found else text

    def _difference(self, values):
        what = {
            "currency": self.env._("Currency"),
            "net": self.env._("Untaxed amount"),
            "vat": self.env._("VAT"),
            "total": self.env._("Total"),
            "payable": self.env._("Amount to pay"),
            "vat_base": self.env._("Base of the VAT"),
            "vat_amount": self.env._("VAT"),
            "vat_rate": self.env._("VAT"),
        }.get(values.get("what")) or self._field_label(values.get("what"))
        group = " ".join(filter(None, [values.get("category"), values.get("rate")]))
        label = f"{what} ({group})" if group else what
        sides = {
            "rows": self.env._("lines of the document"),
            "document": self.env._("document"),
            "bill": self.env._("bill"),
            "service": self.env._("Maventa"),
        }
        is_day = str(values.get("what")).startswith("invoice_date")
        shown = self._day if is_day else lambda text: text
        facts = {
            "label": label,
            "expected": shown(values.get("expected")),
            "found": shown(values.get("found")),
            "one": sides.get(values.get("expected_side")),
            "other": sides.get(values.get("found_side")),
        }
        text = self.env._("%(label)s: %(one)s %(expected)s, %(other)s %(found)s")
        if facts["one"] == facts["other"]:  # one follows from the document's others
            text = self.env._("%(label)s: computed %(expected)s, stated %(found)s")
        return text % facts

    def _field_label(self, name):
        """Return what people call a field of a bill."""
        field = self.env["account.move"]._fields.get(name)
        return field._description_string(self.env) if field else name

    def _day(self, text):
        """Return a day as people write it; another text stays as it is."""
        if not DAY.fullmatch(text or ""):
            return text
        try:
            return format_date(self.env, text)
        except ValueError:
            return text


class _Shown(dict):
    """The values of a point for its text; what is not known is a dash."""

    def __missing__(self, name):
        return "-"


def _causes(points):
    """Return the points in groups, each with its cause first."""
    groups, by_kind = [], {}
    for row in points:
        kind = (row["code"], row["level"]) if kind_of(row).joined else None
        if kind in by_kind:
            by_kind[kind].append(row)
            continue
        groups.append([row])
        if kind:
            by_kind[kind] = groups[-1]
    sums = by_kind.get(("totals", "stop"), [])
    taxes = [rows for rows in groups if rows[0]["code"] in MISSING_TAX]
    if sums and taxes and {row["values"].get("what") for row in sums} <= SUMS_OF_VAT:
        groups = [rows for rows in groups if rows is not sums]
        taxes[0].extend(sums)
    return groups


def _by_kind(rows):
    """Return the points of one cause in groups of one kind, in their order."""
    return [group for _code, group in groupby(rows, lambda row: row["code"])]
