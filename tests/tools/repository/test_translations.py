"""Each addon is translated completely into the languages of its users."""

import re

import polib
import pytest
from harness.addons import ADDONS
from repository_layout import ROOT

TRANSLATIONS = [
    (addon.name, code) for addon in ADDONS.values() for code in addon.languages
]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|</?[a-z]+")
# Odoo leaves a text empty that is the same as in English: names in all languages, ...
NAMES = set(
    "ATCUD Barion Barter Billingo Demo EU HUF ID Madeira Maventa NIF PDF PayPal PayU "
    "Paylike Payoneer Peppol QR Revolut SHA-256 Skrill Stripe UUID Upwork Webhook Wise "
    "eBay hu https://signer.example "
    "2026.5 l10n_pt_atcud_series_id object._title() report_id series_id "
    "Büsingen Ceuta Livigno Melilla OIN".split()
) | {
    "%(label)s: %(number)s.",
    "Campione d'Italia",
    "%(date)s: %(amount)s",
    "%(document)s: %(reason)s",
    "%(label)s: %(one)s %(expected)s, %(other)s %(found)s",
    '<span class="text-muted">Maventa</span>',
    "ATCUD: %s",
    "Demo: %s",
    "Finvoice 3.0",
    "Gestão de Utilizadores",
    "Maventa (Demo)",
    "Maventa (Visma AutoInvoice)",
    "Maventa: Demo",
    "Peppol BIS Billing 3",
    "Pick Pack Pont",
    "UBL 2.0",
}
# ... and words in some languages.
SAME = {
    "fi": set(),
    "hu": {"Export (EAM)", "Partner", "partner"},
    "nb": set(
        "Administrator Bank Base Format Journal Partner Person Problem Send Test "
        "Type".split()
    ),
    "nl": set(
        "Account Bank Contact Document E-mail Operator Project Release Test".split()
    )
    | {"In Odoo", "Schema (XSD)", "document", "e-mail"},
    "pt": {"Base", "Normal", "Total"},
    "sv": set("Bank Format Information Journal Partner Person Problem Test".split())
    | {"Maventa: information", "Schema (XSD)"},
}


@pytest.mark.parametrize(("addon", "code"), TRANSLATIONS)
def test_translation_is_complete(addon, code):
    folder = ROOT / addon / "i18n"
    template, translation = (folder / name for name in (f"{addon}.pot", f"{code}.po"))
    found = gaps(
        polib.pofile(str(template)), polib.pofile(str(translation)), NAMES | SAME[code]
    )
    assert found == []


def test_gaps_are_found():
    place = "%(name)s is <b>%s</b>"
    template = _file(("one", ""), ("two", ""), ("three", ""), (place, ""), ("ID", ""))
    translation = _file(
        ("one", "um"),
        ("two", ""),
        (place, "%(nome)s é <b>%s</b>"),
        ("five", "cinco"),
        ("ID", ""),
    )
    translation.find("one").flags.append("fuzzy")
    assert gaps(template, translation, {"ID"}) == [
        "fuzzy: one",
        "empty: two",
        "missing: three",
        f"other placeholders: {place}",
        "obsolete: five",
    ]


def gaps(template, translation, same):
    """Return the missing, empty, fuzzy, wrong and obsolete entries of a translation.

    :param same: the texts that may be left empty
    """
    translated = {entry.msgid: entry for entry in translation if not entry.obsolete}
    found = []
    for entry in template:
        name = entry.msgid
        other = translated.pop(name, None)
        if other is None:
            found.append(f"missing: {name}")
        elif not other.msgstr and name in same:
            continue
        elif not other.msgstr:
            found.append(f"empty: {name}")
        elif other.fuzzy:
            found.append(f"fuzzy: {name}")
        elif sorted(PLACEHOLDER.findall(name)) != sorted(
            PLACEHOLDER.findall(other.msgstr)
        ):
            found.append(f"other placeholders: {name}")
    return found + [f"obsolete: {name}" for name in translated]


def _file(*entries):
    file = polib.POFile()
    for source, text in entries:
        file.append(polib.POEntry(msgid=source, msgstr=text))
    return file
