"""``./dev translations``: renew the templates and the translation files."""

import shutil
import sys
import tempfile
from pathlib import Path

import polib

from . import console, processes, terms
from .addons import ADDONS
from .console import say, step
from .paths import ROOT
from .toolchain import from_environment


def main():
    """Renew the templates, and bring the translations into their form and order."""
    toolchain = from_environment()
    with tempfile.TemporaryDirectory() as name, step("export the terms"):
        folder = Path(name)
        terms.export(toolchain, folder)
        for addon in ADDONS:
            path = ROOT / addon / "i18n" / f"{addon}.pot"
            if terms.difference(addon, folder):  # in more than its dates
                shutil.copy(folder / path.name, path)
    for addon in ADDONS:
        template = polib.pofile(str(ROOT / addon / "i18n" / f"{addon}.pot"))
        for path in sorted((ROOT / addon / "i18n").glob("*.po")):
            empty = merge(template, path)
            say(f"  {path.relative_to(ROOT)}: {empty} of {len(template)} empty")


def merge(template, path):
    """Give a translation file the entries of a template, in its order.

    Translations of texts that are in both are kept; the others are left out.

    :return: the number of entries without a translation
    """
    old = polib.pofile(str(path))
    known = {entry.msgid: entry.msgstr for entry in old if not entry.obsolete}
    new = polib.pofile(str(template))
    new.header, new.metadata = old.header, old.metadata
    for entry in new:
        entry.msgstr = known.get(entry.msgid, "")
    new.save(str(path))
    return sum(not entry.msgstr for entry in new)


if __name__ == "__main__":
    processes.unwind_on_signals()
    sys.exit(console.run(main))
