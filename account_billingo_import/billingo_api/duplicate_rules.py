"""Whether two bills are one: by number, partner, amount and day.

Numbers differ in blanks, slashes, case and zeros between the seller's program and
what people type, and restart each year (sheet, HU). So a number never decides alone,
and an undecided case is a question, never a skip.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .regimes import is_hungarian_number

TOKEN = re.compile(r"[0-9]+|[^\W\d_]+")
LEGAL_FORMS = frozenset(
    "kft zrt nyrt rt bt kkt ev kht gmbh ag ltd sro srl sa bv oy".split()
)
GROUP_DIGIT = "5"  # ninth digit of the tax number of a VAT group


class Verdict(StrEnum):
    """What to do with a bill when another one is known."""

    SAME = "same"  # recorded already
    ASK = "ask"  # it may be: a person decides
    SUSPECT = "suspect"  # alike but for the number: a draft with a link
    DIFFERENT = "different"


class Likeness(StrEnum):
    """Why."""

    ALL = "all"  # number, partner, amount and day
    OTHER_DAY = "other_day"
    OTHER_YEAR = "other_year"
    OTHER_AMOUNT = "other_amount"
    OTHER_PARTNER = "other_partner"
    OTHER_GROUP_MEMBER = "other_group_member"  # of one VAT group
    OTHER_NUMBER = "other_number"
    NUMBER_MISSING = "number_missing"
    PARTNER_UNKNOWN = "partner_unknown"
    AMOUNT_UNKNOWN = "amount_unknown"
    DAY_UNKNOWN = "day_unknown"
    NOTHING = "nothing"


class _Relation(StrEnum):
    SAME = "same"
    UNKNOWN = "unknown"
    OTHER = "other"
    OTHER_MEMBER = "other_member"


@dataclass(frozen=True)
class Bill:
    """What a bill is known by; anything may be missing.

    :ivar tax_number: the seller's, which may be that of its whole VAT group
    :ivar member_number: the seller's own number within that group
    :ivar amount: gross in ``currency``, negative for a credit
    :ivar day: of issue
    """

    number: str
    tax_number: str = ""
    member_number: str = ""
    name: str = ""
    amount: Decimal | None = None
    currency: str = "HUF"
    day: date | None = None


@dataclass(frozen=True)
class Comparison:
    verdict: Verdict
    likeness: Likeness


def number_key(number: str) -> str:
    """Return a number without blanks, case, punctuation and leading zeros.

    A boundary between digits stays: ``12-3`` and ``1-23`` are two numbers.
    """
    tokens = TOKEN.findall(unicodedata.normalize("NFKC", number).casefold())
    key = ""
    for token in tokens:
        if token.isdecimal():
            token = token.lstrip("0") or "0"
            if key and key[-1].isdecimal():
                key += "-"
        key += token
    return key


def search_keys(number: str) -> frozenset[str]:
    """Return what a search for bills of this number can begin with.

    Two spellings that :func:`compare` takes for one number have a key in common: one
    without leading zeros, one with them, both without any punctuation.
    """
    bare = "".join(TOKEN.findall(unicodedata.normalize("NFKC", number).casefold()))
    return frozenset({number_key(number).replace("-", ""), bare} - {""})


def name_key(name: str) -> str:
    """Return a company's name without case, accents, punctuation and legal form."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(x for x in plain if not unicodedata.combining(x))
    words = re.findall(r"\w+", plain.replace(".", ""))
    return " ".join([x for x in words if x not in LEGAL_FORMS] or words)


def tax_key(tax_number: str) -> str:
    """Return what identifies a taxpayer: eight digits at home, all of it abroad."""
    bare = "".join(x for x in tax_number.upper() if x.isalnum())
    if is_hungarian_number(tax_number) or is_hungarian_number(bare):
        return bare.removeprefix("HU")[:8]
    return bare


def compare(one: Bill, other: Bill) -> Comparison:
    """Return whether two bills are one; the order of the two means nothing."""
    partner = _partner(one, other)
    if partner is _Relation.OTHER_MEMBER:
        return Comparison(Verdict.DIFFERENT, Likeness.OTHER_GROUP_MEMBER)
    if not number_key(one.number) or not number_key(other.number):
        return _without_number(one, other, partner, Likeness.NUMBER_MISSING)
    if not _same_number(one.number, other.number):
        return _without_number(one, other, partner, Likeness.OTHER_NUMBER)
    if partner is _Relation.SAME:
        return _same_number_and_partner(one, other)
    is_alike = _same_amount(one, other) and _same_day(one, other)
    if partner is _Relation.UNKNOWN:
        if is_alike:
            return Comparison(Verdict.ASK, Likeness.PARTNER_UNKNOWN)
        if (
            _same_amount(one, other) is not False
            and _same_year(one, other) is not False
        ):
            return Comparison(Verdict.SUSPECT, Likeness.PARTNER_UNKNOWN)
        return Comparison(Verdict.DIFFERENT, Likeness.PARTNER_UNKNOWN)
    if is_alike and one.amount:
        # Perhaps recorded under another partner.
        return Comparison(Verdict.SUSPECT, Likeness.OTHER_PARTNER)
    return Comparison(Verdict.DIFFERENT, Likeness.OTHER_PARTNER)


def most_alike(bill: Bill, others: Iterable[Bill]) -> tuple[int | None, Comparison]:
    """Return the position of the bill that is most like ``bill``, and the comparison.

    The position is None when all are different.
    """
    order = list(Verdict)
    best: tuple[int | None, Comparison] = (
        None,
        Comparison(Verdict.DIFFERENT, Likeness.NOTHING),
    )
    for i, other in enumerate(others):
        found = compare(bill, other)
        if order.index(found.verdict) < order.index(best[1].verdict):
            best = i, found
    return best


def _same_number_and_partner(one: Bill, other: Bill) -> Comparison:
    amount, same_day, year = (
        _same_amount(one, other),
        _same_day(one, other),
        _same_year(one, other),
    )
    if year is False:
        # Numbers restart each year, unless the year is part of them.
        is_of_year = any(
            bill.day and str(bill.day.year) in bill.number for bill in (one, other)
        )
        asked = amount is not False and is_of_year
        verdict = Verdict.ASK if asked else Verdict.DIFFERENT
        return Comparison(verdict, Likeness.OTHER_YEAR)
    if amount is False:
        return Comparison(Verdict.ASK, Likeness.OTHER_AMOUNT)
    if amount is None:
        return Comparison(Verdict.ASK, Likeness.AMOUNT_UNKNOWN)
    if same_day is None:
        return Comparison(Verdict.ASK, Likeness.DAY_UNKNOWN)
    if not same_day:
        return Comparison(Verdict.ASK, Likeness.OTHER_DAY)
    return Comparison(Verdict.SAME, Likeness.ALL)


def _without_number(
    one: Bill, other: Bill, partner: _Relation, likeness: Likeness
) -> Comparison:
    """The number says nothing, or no: all the rest has to be alike."""
    is_alike = bool(one.amount and _same_amount(one, other) and _same_day(one, other))
    is_missing = likeness is Likeness.NUMBER_MISSING
    if is_alike and (
        partner is _Relation.SAME or (is_missing and partner is _Relation.UNKNOWN)
    ):
        return Comparison(Verdict.SUSPECT, likeness)
    return Comparison(Verdict.DIFFERENT, likeness)


def _same_number(one: str, other: str) -> bool:
    """Equal keys, or equal letters and digits where one of them has no hyphen."""
    keys = number_key(one), number_key(other)
    if keys[0] == keys[1]:
        return True
    is_bare = any("-" not in key for key in keys)
    return is_bare and not search_keys(one).isdisjoint(search_keys(other))


def _same_amount(one: Bill, other: Bill) -> bool | None:
    if one.amount is None or other.amount is None:
        return None
    return (one.amount, one.currency) == (other.amount, other.currency)


def _same_day(one: Bill, other: Bill) -> bool | None:
    if not one.day or not other.day:
        return None
    return one.day == other.day


def _same_year(one: Bill, other: Bill) -> bool | None:
    if not one.day or not other.day:
        return None
    return one.day.year == other.day.year


def _partner(one: Bill, other: Bill) -> _Relation:
    """By tax number, and by name where there is none."""
    keys = tax_key(one.tax_number), tax_key(other.tax_number)
    if all(keys):
        return _by_numbers(one, other)
    names = name_key(one.name), name_key(other.name)
    if not all(names):
        return _Relation.UNKNOWN
    if names[0] == names[1]:
        return _Relation.SAME
    words = [set(name.split()) for name in names]
    if words[0] <= words[1] or words[1] <= words[0]:
        return _Relation.UNKNOWN
    return _Relation.OTHER


def _by_numbers(one: Bill, other: Bill) -> _Relation:
    """Members of one VAT group share its number and are different sellers."""
    members = [
        tax_key(bill.member_number)
        or (tax_key(bill.tax_number) if not _is_group(bill) else "")
        for bill in (one, other)
    ]
    same_group = tax_key(one.tax_number) == tax_key(other.tax_number)
    if all(members):
        if members[0] == members[1]:
            return _Relation.SAME
        return _Relation.OTHER_MEMBER if same_group else _Relation.OTHER
    if not same_group:
        # A group here, one company there: the name says whether it is a member.
        is_named = name_key(one.name) and name_key(one.name) == name_key(other.name)
        return _Relation.SAME if is_named else _Relation.OTHER
    names = name_key(one.name), name_key(other.name)
    if not all(names):
        return _Relation.UNKNOWN
    return _Relation.SAME if names[0] == names[1] else _Relation.OTHER_MEMBER


def _is_group(bill: Bill) -> bool:
    """Return whether the tax number is that of a VAT group."""
    digits = "".join(x for x in bill.tax_number if x.isdecimal())
    return bool(bill.member_number) or (
        is_hungarian_number(bill.tax_number)
        and len(digits) == 11
        and digits[8] == GROUP_DIGIT
    )
