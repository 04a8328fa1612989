"""Each addon speaks the languages of its users, and says all of it."""

import re

import polib
import pytest
from harness.addons import ADDONS
from repository_layout import ROOT

SPOKEN = [(addon.name, code) for addon in ADDONS.values() for code in addon.languages]
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|</?[a-z]+[^>]*>")
# Odoo leaves empty what is the same as in English: names everywhere, ...
NAMES = set(
    "ATCUD Barion Barter Billingo Demo HUF ID Madeira Maventa PDF PayPal PayU Paylike "
    "Payoneer Peppol QR Revolut SHA-256 Skrill Stripe UUID Upwork Wise eBay "
    "l10n_pt_atcud_series_id series_id".split()
) | {
    "%(document)s: %(reason)s",
    '<span class="text-muted">Maventa</span>',
    "Gestão de Utilizadores",
    "Maventa (Visma AutoInvoice)",
    "Pick Pack Pont",
}
# ... and words in some languages.
SAME = {
    "fi": set(),
    "hu": {"Partner"},
    "nb": set(
        "Administrator Bank Format Journal Partner Person Send Test Type".split()
    ),
    "nl": set("Account Bank Contact Document E-mail Operator Test e-mail".split()),
    "pt": {"Normal"},
    "sv": set("Bank Format Information Journal Partner Person Test".split())
    | {"Maventa: information"},
}


@pytest.mark.parametrize(("addon", "code"), SPOKEN)
def test_the_translation_is_whole(addon, code):
    folder = ROOT / addon / "i18n"
    template, spoken = (folder / name for name in (f"{addon}.pot", f"{code}.po"))
    found = gaps(
        polib.pofile(str(template)), polib.pofile(str(spoken)), NAMES | SAME[code]
    )
    assert found == []


def test_gaps_are_seen():
    place = "%(name)s is <b>%s</b>"
    template = _file(("one", ""), ("two", ""), ("three", ""), (place, ""), ("ID", ""))
    spoken = _file(
        ("one", "um"),
        ("two", ""),
        (place, "%(nome)s é <b>%s</b>"),
        ("five", "cinco"),
        ("ID", ""),
    )
    spoken.find("one").flags.append("fuzzy")
    assert gaps(template, spoken, {"ID"}) == [
        "fuzzy: one",
        "nothing: two",
        "missing: three",
        f"other places: {place}",
        "not said any more: five",
    ]


def gaps(template, spoken, same):
    """Return what the translation lacks, or has too much of.

    :param same: what may be left empty
    """
    said = {entry.msgid: entry for entry in spoken if not entry.obsolete}
    found = []
    for entry in template:
        name = entry.msgid
        other = said.pop(name, None)
        if other is None:
            found.append(f"missing: {name}")
        elif not other.msgstr and name in same:
            continue
        elif not other.msgstr:
            found.append(f"nothing: {name}")
        elif other.fuzzy:
            found.append(f"fuzzy: {name}")
        elif sorted(PLACE.findall(name)) != sorted(PLACE.findall(other.msgstr)):
            found.append(f"other places: {name}")
    return found + [f"not said any more: {name}" for name in said]


def _file(*entries):
    file = polib.POFile()
    for source, said in entries:
        file.append(polib.POEntry(msgid=source, msgstr=said))
    return file
