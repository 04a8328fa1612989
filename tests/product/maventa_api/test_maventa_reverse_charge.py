"""What a document says about VAT beside its categories: words, and the VAT table."""

from dataclasses import replace
from decimal import Decimal

import pytest
from maventa_api import documents_in
from maventa_api.reverse_charge import reverse_charge_in
from maventa_api.simulator.samples import DraftRow, samples
from maventa_api.simulator.samples.as_finvoice import as_finvoice
from maventa_api.simulator.samples.as_ubl import as_ubl

DRAFT = next(x.draft for x in samples() if x.key == "clean")
ZERO = Decimal(0)
FORMATS = pytest.mark.parametrize("write", [as_finvoice, as_ubl])


@pytest.mark.parametrize(
    "text",
    [
        "Käännetty verovelvollisuus, AVL 8 c §",
        "Sovelletaan käännettyä arvonlisäverovelvollisuutta",
        "Käänteinen alv",
        "AVL 8d §",
        "Omvänd skattskyldighet",
        "Omvänd betalningsskyldighet gäller",
        "REVERSE CHARGE",
        "VATEX-EU-AE",
        "Omvendt avgiftsplikt",
        "Omvendt betalingspligt",
        "Btw verlegd",
        "Steuerschuldnerschaft des Leistungsempfängers",
        "Autoliquidation",
        "Pöördmaksustamine",
    ],
)
def test_reverse_charge_is_known_by_its_words(text):
    assert reverse_charge_in(["Kiitos!", f"Huom: {text}."])


@pytest.mark.parametrize("text", ["AVL 27 §", "AVL 80 §", "Käännös", "Charge", ""])
def test_other_words_name_no_reverse_charge(text):
    assert reverse_charge_in([text]) == ""


def _read(write, *rows, **values):
    [document] = documents_in(write(replace(DRAFT, rows=rows, **values)))
    return document


@FORMATS
@pytest.mark.parametrize("place", ["texts", "row"])
def test_words_without_a_category_are_a_reverse_charge(write, place):
    words = ("Käännetty verovelvollisuus",)
    row = DraftRow("Työ", Decimal(100), ZERO, "")
    if place == "row":
        document = _read(write, replace(row, texts=words))
    else:
        document = _read(write, row, texts=words)
    assert document.reverse_charge == "Käännetty verovelvollisuus"
    assert document.names_reverse_charge
    assert document.vat_key("", ZERO) == ("AE", ZERO)
    assert document.vat_key("", Decimal(24)) == ("", Decimal(24))
    assert document.vat_key("", None) == ("", None)
    assert document.vat_key("E", ZERO) == ("E", ZERO)


@FORMATS
def test_stated_category_is_no_reverse_charge_by_words(write):
    words = ("Käännetty verovelvollisuus",)
    document = _read(write, DraftRow("Vuokra", Decimal(100), ZERO, "E"), texts=words)
    assert not document.names_reverse_charge


def test_category_of_a_row_is_that_of_its_rate_in_the_vat_table():
    document = _read(as_finvoice, DraftRow("Vuokra", Decimal(100), ZERO, "E"))
    assert document.vat_key("", ZERO) == ("E", ZERO)
    assert document.vat_key("", Decimal(24)) == ("", Decimal(24))
    assert document.vat_key("", None) == ("", None)


@pytest.mark.parametrize("code", ["Z", "E", "AE", "K", "G", "O"])
def test_rate_of_a_category_without_vat_is_nothing(code):
    document = _read(as_finvoice, DraftRow("x", Decimal(100), ZERO, code))
    assert document.vat_key(code, None) == (code, ZERO)
    assert document.vat_key("S", None) == ("S", None)
