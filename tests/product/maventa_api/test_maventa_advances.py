"""Which lines take off an advance that was invoiced before."""

from decimal import Decimal

import pytest
from maventa_api.advances import advances_in, is_advance_invoice, numbers_in

BELOW = Decimal(-100)


@pytest.mark.parametrize(
    "text",
    [
        *("Ennakkolasku 1001", "Ennakko", "Ennakkomaksun hyvitys", "Ennakon vähennys"),
        *("Avgår förskott", "Förskottsbetalning 12", "A conto", "Avdrag à conto 3"),
        *("Forskudd", "Forskuddsfaktura 7", "Akonto", "Acontofaktura"),
        *("Forudbetaling", "Voorschot 4", "Aanbetaling", "Anzahlung vom 1.3."),
        *("Abschlagsrechnung 2", "Advance", "Advance invoice A-1", "Less prepayment"),
        *("Ennakkolasku 1001, alennus huomioitu",),
        *("Down payment", "Acompte", "Ettemaks", "ENNAKKOLASKUN 5 VÄHENNYS"),
    ],
)
def test_line_below_zero_that_names_an_advance_takes_it_off(text):
    assert [*advances_in([(("1", text), BELOW)])] == [(f"1 {text}", BELOW)]
    assert not [*advances_in([((text,), -BELOW), ((text,), None)])]


@pytest.mark.parametrize(
    "text",
    [
        *("Alennus", "Ennakkotilausalennus", "Rabatt", "Advance booking discount"),
        *("Ennakko-alennus", "Voorschotkorting", "Discount for advance payment"),
        *("Vorauszahlungsrabatt 2 %", "Rabatt ved forskuddsbetaling"),
        *("Palautus", "Konto 4000", "Panttipalautus", "Advanced course"),
    ],
)
def test_other_lines_below_zero_take_off_no_advance(text):
    assert not [*advances_in([((text,), BELOW)])]


def test_numbers_in_a_text_are_words_with_digits():
    text = "Ennakkolasku E-100, INV/2026/7 (1.3.)"
    assert numbers_in(text) == ("E-100", "INV/2026/7", "1.3.")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("ENNAKKOLASKU", True),
        (" Förskottsfaktura. ", True),
        ("Prepayment  invoice", True),
        ("LASKU", False),
        ("Ennakkolasku 12 on vähennetty", False),
        ("", False),
    ],
)
def test_only_a_title_makes_an_invoice_that_of_an_advance(text, is_one):
    assert is_advance_invoice(["Kiitos!", text]) is is_one
