"""Spellings of one company's name, and names of two companies."""

import pytest
from maventa_api import same_name

SAME = (
    ("Lumi Oy", "LUMI OY"),
    ("Lumi Oy", "Oy Lumi Ab"),
    ("Lumi Oy", "Lumi"),
    ("Lumi Talo Oy", "Lumitalo Oy"),
    ("Lumi Oy", "Lumi Oy / Ostolaskut"),
    ("Lumi Oy", "Osto, Lumi Oy"),
    ("Lumi Oy, Helsinki", "Lumi Oy"),
    ("Tulp Software B.V.", "Tulp Software BV"),
    ("Fjord A/S", "FJORD AS"),
    ("Toimisto Šalom Oy", "Toimisto Salom Oy"),
    ("Bølge Design ApS", "Bolge Design APS"),
    ("Rahti & Kuljetus Vaara Oy", "Rahti ja Kuljetus Vaara Oy"),
)
OTHERS = (
    ("Lumi Oy", "Lumi Talo Oy"),
    ("Lumi", "Lumi Talo Oy"),
    ("Lumi Oy", "Matti Meikäläinen"),
    ("Lumi Oy", "Luoti Oy"),
    ("Lumi Oy", "Oy"),
    ("Lumi Oy", ""),
    ("Oy", "Ab"),
)


@pytest.mark.parametrize(("own", "other"), SAME)
def test_case_form_and_punctuation_make_no_other_company(own, other):
    assert same_name(own, other)


@pytest.mark.parametrize(("own", "other"), OTHERS)
def test_other_words_are_another_company(own, other):
    assert not same_name(own, other)
