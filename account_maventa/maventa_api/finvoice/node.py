"""Elements by name, whatever their case and name space, and the values in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from lxml import etree

EARLIEST, LATEST = 1970, 2150
LONGEST_NUMBER = 40
LONGEST_QUOTE = 80
BLANKS = re.compile(r"[\s\u00a0\u202f\u2009']+")
DAYS = (  # pattern of the text, format of Python
    (r"[0-9]{8}", "%Y%m%d"),
    (r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", "%Y-%m-%d"),
    (r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}", "%d.%m.%Y"),
    (r"[0-9]{6}", "%y%m%d"),
)


# Code of each problem and the names of its values
PROBLEMS: dict[str, tuple[str, ...]] = {
    "attachments_missing": ("text",),  # named, and not in the file
    "control_characters": (),  # taken out
    "currency_assumed": ("text",),  # none is written
    "declared_encoding": (),  # is not that of the bytes
    "due_before_date": ("date", "due_date"),
    "due_dates_differ": ("due_date", "payment"),  # the payment's counts
    "missing_date": (),
    "missing_number": (),
    "missing_seller": (),
    "missing_total": (),
    "negative_invoice": (),  # an invoice by its type, a refund by its total
    "no_rows": (),  # without amounts, as scans have it
    "odd_account": ("text",),  # looks like an IBAN whose check digits fail
    "odd_date": ("element", "text"),
    "odd_frame": (),
    "odd_number": ("element", "text"),
    "odd_reference": ("text",),  # check digits fail
    "odd_type": ("text",),  # its two codes say bill and credit note
    "positive_credit_note": (),
    "rows_turned": ("rows", "net"),  # the rows had the opposite sign of the head
    "several_currencies": ("text",),
    "sub_rows_count": ("rows", "sub_rows"),  # sub-rows are part of the sum
    "unknown_type": ("text",),
    "unreadable_document": ("index", "kind"),  # beside this one in the file
}


@dataclass(frozen=True)
class Problem:
    """Something odd about a document that was read all the same.

    ``code`` is one of :data:`PROBLEMS`; ``values`` are pairs of name and text, for
    the sentence that the caller makes.
    """

    code: str
    values: tuple[tuple[str, str], ...] = ()


class Notes:
    """The problems of one document, each one once, in the order of their finding."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}

    def add(self, code: str, **values: object) -> None:
        pairs = tuple(
            (name, str(value)[:LONGEST_QUOTE]) for name, value in values.items()
        )
        self._found[Problem(code, pairs)] = None

    def add_missing(self, **values: object) -> None:
        """Add ``missing_NAME`` for what is empty."""
        for name, value in values.items():
            if not value:
                self.add(f"missing_{name}")

    def currency_of(self, names: Iterable[str]) -> str:
        """Return the first currency; others, or none, are a problem."""
        found = list(dict.fromkeys(name.upper() for name in names if name))
        if len(found) > 1:
            self.add("several_currencies", text=" ".join(found))
        if not found:
            self.add("currency_assumed", text="EUR")
        return found[0] if found else "EUR"

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)


class Node:
    """One element; what is missing or empty reads as nothing."""

    def __init__(self, element: etree._Element, notes: Notes) -> None:
        self.element = element
        self.notes = notes
        self._children: dict[str, list[Node]] | None = None

    @property
    def name(self) -> str:
        return local_name(self.element)

    @property
    def value(self) -> str:
        """The text of the element itself, on one line."""
        return " ".join((self.element.text or "").split())

    def attribute(self, name: str) -> str:
        for key, value in self.element.attrib.items():
            if str(key).rpartition("}")[2].lower() == name.lower():
                return str(value).strip()
        return ""

    def all(self, path: str) -> list[Node]:
        """Return the elements under ``path`` (names with slashes between)."""
        found = [self]
        for name in path.lower().split("/"):
            found = [child for node in found for child in node._named(name)]
        return found

    def first(self, path: str) -> Node | None:
        found = self.all(path)
        return found[0] if found else None

    def texts(self, path: str) -> tuple[str, ...]:
        return tuple(node.value for node in self.all(path) if node.value)

    def text(self, path: str) -> str:
        """Return the first text that is not empty."""
        return next(iter(self.texts(path)), "")

    def number(self, path: str) -> Decimal | None:
        """Return the first number; a text that is none becomes a problem."""
        for node in self.all(path):
            if node.value:
                found = number(node.value)
                if found is None:
                    self.notes.add("odd_number", element=node.name, text=node.value)
                return found
        return None

    def day(self, path: str) -> date | None:
        """Return the first date; a text that is none becomes a problem."""
        for node in self.all(path):
            if node.value:
                found = day(node.value)
                if found is None:
                    self.notes.add("odd_date", element=node.name, text=node.value)
                return found
        return None

    def days(self, path: str) -> tuple[date, ...]:
        """Return all dates that can be read, each one once; others say nothing."""
        found = (day(node.value) for node in self.all(path))
        return tuple(dict.fromkeys(filter(None, found)))

    def _named(self, name: str) -> list[Node]:
        if self._children is None:
            self._children = {}
            for child in self.element:
                if isinstance(child.tag, str):
                    key = local_name(child).lower()
                    self._children.setdefault(key, []).append(Node(child, self.notes))
        return self._children.get(name, [])


def local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def number(text: str) -> Decimal | None:
    """Return a number as people and programs write it, or None.

    The last comma or point separates the decimals; one that is there more than once
    separates thousands. A sign may stand at either end.
    """
    bare = BLANKS.sub("", text).replace("\N{MINUS SIGN}", "-")
    if not bare or len(bare) > LONGEST_NUMBER:
        return None
    if bare.endswith(("-", "+")):
        bare = bare[-1] + bare[:-1]
    point = max(bare.rfind(","), bare.rfind("."))
    if point >= 0 and bare.count(bare[point]) == 1:
        whole, decimals = bare[:point], bare[point + 1 :]
        bare = whole.replace(",", "").replace(".", "") + "." + decimals
    elif point >= 0:
        if not re.fullmatch(r"[+-]?[0-9]{1,3}([,.][0-9]{3})+", bare):
            return None
        bare = bare.replace(",", "").replace(".", "")
    if not re.fullmatch(r"[+-]?[0-9]{0,20}(\.[0-9]{0,15})?", bare):
        return None
    try:
        return Decimal(bare)
    except InvalidOperation:  # a sign alone
        return None


def day(text: str) -> date | None:
    """Return a date of a plausible year, or None."""
    bare = text.strip().partition("T")[0]
    for pattern, form in DAYS:
        if re.fullmatch(pattern, bare, re.ASCII):
            try:
                found = datetime.strptime(bare, form).date()
            except ValueError:
                return None
            return found if EARLIEST <= found.year <= LATEST else None
    return None
