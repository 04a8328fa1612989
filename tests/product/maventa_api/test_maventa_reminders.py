"""Which texts make an invoice a reminder."""

import pytest
from maventa_api import reminder_in


@pytest.mark.parametrize(
    "text",
    [
        *("MAKSUMUISTUTUS", "Maksumuistutus laskusta 5001", "Muistutus 1.3.2026"),
        *("Betalningspåminnelse", "Påminnelse: faktura 12", "Purring", "Rykker 2"),
        *("Payment reminder", "Reminder of invoice INV/2026/7", "Mahnung Nr. 3"),
        *("*** Aanmaning ***", "Zahlungserinnerung zur Rechnung R-7"),
        *("Toinen maksumuistutus (laskusta 5001)", "2. maksumuistutus", "Karhukirje"),
        *("Maksuvaatimus", "Huomautuslasku", "Perintälasku", "Inkassokrav"),
        *("Betalningspåminnelse (avser faktura 12)", "Kravbrev", "Inkassovarsel"),
        *("2nd reminder", "Final reminder", "COLLECTION", "Collection notice"),
        *("Herinnering", "Letzte Mahnung", "2:a påminnelse"),
    ],
)
def test_title_of_a_reminder_is_one(text):
    assert reminder_in(["Kiitos", text]) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "1", "Maksumuistutuksesta veloitamme 5,00 euroa", "Muistutusmaksu 5 e"),
        *("Reminder fee 5 EUR", "A reminder costs 5 EUR", "Påminnelseavgift 60 kr"),
        "Muistutus: tilauksenne sisältää myös huollon",
        *("Lasku", "2. erä", "Second hand", "Toinen lasku", "2", "Collection of goods"),
    ],
)
def test_what_only_names_a_reminder_is_none(text):
    assert reminder_in([text]) == ""
