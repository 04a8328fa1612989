"""The query parameters of Billingo's lists, checked as its specification has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from ..numbers import parse_number


class Invalid(Exception):
    """A parameter that Billingo answers with 422."""

    def __init__(self, field: str, message: str):
        super().__init__(field)
        self.field = field
        self.message = message


def read_page(args: Mapping[str, str]) -> tuple[int, int]:
    """Return page (from 1) and documents per page (1 to 100, 25 if not given)."""
    page = _number(args, "page", 1)
    size = _number(args, "per_page", 25)
    if page < 1:
        raise Invalid("page", "This value should be positive.")
    if not 1 <= size <= 100:
        raise Invalid("per_page", "This value should be between 1 and 100.")
    return page, size


def read_list_query(args: Mapping[str, str]) -> Callable[[Any], bool]:
    """Return a function: does [id, issued, changed, number] match the filters?"""
    start, end = _day(args, "start_date"), _day(args, "end_date")
    first, last = _year_and_number(args, "start"), _year_and_number(args, "end")
    changed = args.get("last_modified_date", "")
    if changed:
        try:
            datetime.strptime(changed, "%Y-%m-%d %H:%M:%S")
        except ValueError:
            raise Invalid("last_modified_date", "This value is not valid.") from None

    def matches(entry: Any) -> bool:
        _id, issued, modified, shown = entry
        number = parse_number(shown)
        return (
            (not start or issued >= start)
            and (not end or issued <= end)
            and modified >= changed
            and (not first or bool(number and (number.year, number.number) >= first))
            and (not last or bool(number and (number.year, number.number) <= last))
        )

    return matches


def read_spending_query(args: Mapping[str, str]) -> Callable[[dict], bool]:
    """Return a function: is a spending in the requested period?"""
    name = args.get("spending_date", "due_date")
    if name not in ("due_date", "fulfillment_date", "invoice_date"):
        raise Invalid("spending_date", "The value you selected is not a valid choice.")
    start, end = _day(args, "start_date"), _day(args, "end_date")

    def matches(raw: dict) -> bool:
        return (not start or raw[name] >= start) and (not end or raw[name] <= end)

    return matches


def _year_and_number(args: Mapping[str, str], edge: str) -> Any:
    """Return where a range of numbers begins or ends; both are needed or neither."""
    names = (f"{edge}_year", f"{edge}_number")
    found = tuple(_number(args, name, None) for name in names)
    for name, value in zip(names, found, strict=True):
        if value is None and found != (None, None):
            raise Invalid(name, "This value should not be blank.")
    return found if None not in found else None


def _number(args: Mapping[str, str], name: str, default: Any) -> Any:
    text = args.get(name)
    if text is None:
        return default
    if not text.isdigit():
        raise Invalid(name, "This value should be a number.")
    return int(text)


def _day(args: Mapping[str, str], name: str) -> Any:
    text = args.get(name, "")
    if text:
        try:
            date.fromisoformat(text)
        except ValueError:
            raise Invalid(name, "This value is not a valid date.") from None
    return text
