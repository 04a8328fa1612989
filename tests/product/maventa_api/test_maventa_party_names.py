"""Spellings of one company's name, and names of two companies."""

import pytest
from maventa_api import same_name
from maventa_api.party_names import is_unit_of

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
    (
        "Pohjois-Karjalan Kiinteistöhuolto ja Siivous Oy",
        "Pohjois-Karjalan Kiinteistöhuolto j",
    ),
)
OTHERS = (
    ("Lumi Oy", "Lumi Talo Oy"),
    ("Lumi", "Lumi Talo Oy"),
    ("Lumi Oy", "Matti Meikäläinen"),
    ("Lumi Oy", "Luoti Oy"),
    ("Lumi Oy", "Oy"),
    ("Lumi Oy", ""),
    ("Oy", "Ab"),
    ("Pohjois-Karjalan Kiinteistöhuolto Oy", "Pohjois-Karjalan Kiinteistö"),
)
UNITS = (
    ("Vantaan kaupunki", "VANTAAN KAUPUNKI"),
    ("Vantaan kaupunki", "Vantaan kaupunki, Päiväkoti Pilke"),
    ("Gemeente Sneeuwdam", "Gemeente Sneeuwdam Facilitair"),
)
NO_UNITS = (
    ("Vantaan kaupunki", "Vantaan kaupunkikuvaus"),
    ("Lumi", "Lumi Kiinteistöt Oy"),
    ("Vantaan kaupunki", "Espoon kaupunki"),
    ("", "Espoon kaupunki"),
)


@pytest.mark.parametrize(("own", "other"), SAME)
def test_case_form_and_punctuation_make_no_other_company(own, other):
    assert same_name(own, other)


@pytest.mark.parametrize(("own", "other"), OTHERS)
def test_other_words_are_another_company(own, other):
    assert not same_name(own, other)


@pytest.mark.parametrize(("own", "other"), UNITS)
def test_what_follows_a_whole_name_is_a_unit_of_it(own, other):
    assert is_unit_of(own, other)


@pytest.mark.parametrize(("own", "other"), NO_UNITS)
def test_name_with_a_legal_form_of_its_own_is_no_unit(own, other):
    assert not is_unit_of(own, other)
