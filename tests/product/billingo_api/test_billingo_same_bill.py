"""One bill or two: number × partner × amount × day, every cell with its verdict."""

import itertools
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from billingo_api.duplicate_rules import (
    Bill,
    Likeness,
    Verdict,
    compare,
    most_alike,
    name_key,
    number_key,
    search_keys,
    tax_key,
)

SAME, ASK = Verdict.SAME, Verdict.ASK
SUSPECT, DIFFERENT = Verdict.SUSPECT, Verdict.DIFFERENT
BILL = Bill(
    number="TP / 2026-000012",
    tax_number="19746308-2-13",
    name="Tölgyes Papír Kft.",
    amount=Decimal(12700),
    day=date(2026, 3, 4),
)
NUMBERS = {
    "as it is": BILL.number,
    "zeros": "TP 2026-12",
    "case": "tp/2026/0012",
    "bare": "TP202612",
    "other": "TP / 2026-000013",
    "empty": "",
}
PARTNERS = {
    "number": {},
    "EU number": {"tax_number": "HU19746308"},
    "name alone": {"tax_number": ""},
    "name written otherwise": {"tax_number": "", "name": "TÖLGYES PAPÍR KFT"},
    "part of the name": {"tax_number": "", "name": "Tölgyes"},
    "nobody": {"tax_number": "", "name": ""},
    "other name": {"tax_number": "", "name": "Vadgesztenye Bt."},
    "other number": {"tax_number": "22109471-2-18"},
}
AMOUNTS = {"equal": Decimal(12700), "other": Decimal(12701), "unknown": None}
DAYS = {
    "equal": BILL.day,
    "other": date(2026, 3, 5),
    "other year": date(2027, 3, 4),
    "unknown": None,
}
KNOWN = ("number", "EU number", "name alone", "name written otherwise")
UNKNOWN = ("part of the name", "nobody")


def expected(number, partner, amount, day):
    """The matrix as a person would write it down."""
    alike = (amount, day) == ("equal", "equal")
    if number in ("other", "empty"):
        if not alike or partner not in (*KNOWN, *UNKNOWN):
            return DIFFERENT
        if partner in KNOWN:
            return SUSPECT
        return SUSPECT if number == "empty" else DIFFERENT
    if partner in KNOWN:
        if alike:
            return SAME
        if (amount, day) == ("other", "other year"):
            return DIFFERENT
        return ASK
    if partner in UNKNOWN:
        if alike:
            return ASK
        return DIFFERENT if amount == "other" or day == "other year" else SUSPECT
    return SUSPECT if alike else DIFFERENT


@pytest.mark.parametrize(
    ("number", "partner", "amount", "day"),
    [*itertools.product(NUMBERS, PARTNERS, AMOUNTS, DAYS)],
)
def test_matrix(number, partner, amount, day):
    other = replace(
        BILL,
        number=NUMBERS[number],
        amount=AMOUNTS[amount],
        day=DAYS[day],
        **PARTNERS[partner],
    )
    found = compare(BILL, other)
    assert found.verdict is expected(number, partner, amount, day)
    assert compare(other, BILL) == found


def test_without_the_year_in_it_a_number_begins_again():
    one = replace(BILL, number="12")
    other = replace(one, day=date(2027, 3, 4))
    assert compare(one, other).verdict is DIFFERENT
    assert compare(one, other).likeness is Likeness.OTHER_YEAR


def test_members_of_a_vat_group_are_different_sellers():
    group = "17780007-5-44"
    one = replace(BILL, tax_number=group, member_number="10773381-4-44")
    other = replace(BILL, tax_number=group, member_number="12201521-4-44")
    assert compare(one, other).likeness is Likeness.OTHER_GROUP_MEMBER
    assert compare(one, other).verdict is DIFFERENT
    # Known by the group's number alone, the name tells them apart.
    silent = replace(one, member_number="", name="Valaki más Zrt.")
    assert compare(one, silent).verdict is DIFFERENT
    assert compare(one, replace(silent, name=one.name)).verdict is SAME
    assert compare(one, replace(silent, name="")).verdict is ASK
    # A member that is entered under its own number is the same one.
    own = replace(one, tax_number="10773381-4-44", member_number="")
    assert compare(one, own).verdict is SAME


def test_a_credit_is_not_its_bill():
    credit = replace(BILL, amount=-BILL.amount)
    assert compare(BILL, credit).verdict is ASK
    assert compare(BILL, replace(credit, number="X")).verdict is DIFFERENT


def test_another_currency_is_another_amount():
    euro = replace(BILL, currency="EUR")
    assert compare(BILL, euro).likeness is Likeness.OTHER_AMOUNT


def test_nothing_paid_for_nothing_raises_no_suspicion():
    free = replace(BILL, amount=Decimal(0))
    assert compare(free, replace(free, number="X")).verdict is DIFFERENT
    assert compare(free, free).verdict is SAME


def test_the_most_alike_of_many():
    others = [
        replace(BILL, number="X"),
        replace(BILL, amount=Decimal(1)),
        replace(BILL, number="tp 2026/12"),
    ]
    assert most_alike(BILL, others)[0] == 2
    assert most_alike(BILL, others[:2])[1].verdict is ASK
    assert most_alike(BILL, others[:1])[1].verdict is SUSPECT
    assert most_alike(BILL, [])[0] is None


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("PREFIX / 2026-000001", "prefix/2026-1", True),
        ("SZ2026/12", "sz 2026/12", True),
        ("26-8", "26/08", True),
        ("12-3", "1-23", False),
        ("12-3", "12-30", False),
        ("A-1", "B-1", False),
        ("000", "0", True),
        ("ÁB-1", "áb1", True),
        ("2026-11", "2026-1-1", False),
    ],
)
def test_keys_of_numbers(one, other, is_same):
    assert (number_key(one) == number_key(other)) is is_same
    if is_same:
        assert search_keys(one) & search_keys(other)


@pytest.mark.parametrize("written", [*NUMBERS.values()][:4] + ["TP2026000012"])
def test_a_search_finds_every_spelling(written):
    assert search_keys(written) & search_keys(BILL.number)
    assert compare(BILL, replace(BILL, number=written)).verdict is SAME


@pytest.mark.parametrize("other", ["1-23", "1-2-3", "1/23"])
def test_digits_that_are_parted_otherwise_are_another_number(other):
    found = compare(replace(BILL, number="12-3"), replace(BILL, number=other))
    assert found.likeness is Likeness.OTHER_NUMBER


def test_keys_of_names_and_tax_numbers():
    assert name_key("Gerenda és Fia Kft.") == name_key("GERENDA ES FIA K.F.T.")
    assert name_key("Kft.") == "kft"
    assert tax_key("98765434-2-02") == tax_key("HU98765434") == "98765434"
    assert tax_key("DE 246 813 577") == "DE246813577"
    assert tax_key("--") == ""
