"""The check that the translation templates are current."""

import difflib
import os
from pathlib import Path

from . import databases
from .addons import ADDONS
from .paths import ROOT, VAR

EXPORT = Path(__file__).with_name("term_export.py")
LOG = VAR / "terms.log"
_DATED = ('"POT-Creation-Date:', '"PO-Revision-Date:')
SHOWN = 12  # lines of a difference


def check(toolchain, folder, database):
    """Export the terms of each addon and compare them with its ``i18n/*.pot``.

    :param folder: for the exported files, and with the log
    :param database: has the addons
    :return: the number of addons whose template is current, and failures
    """
    write(toolchain, folder / "log.txt", folder, database)
    failures = tuple(filter(None, (difference(addon, folder) for addon in ADDONS)))
    return len(ADDONS) - len(failures), failures


def export(toolchain, folder):
    """Install the addons together, and write the template of each to ``folder``.

    :raise Problem: they cannot be installed
    """
    database = f"terms_{os.getpid()}"
    base = ("-c", toolchain.configuration(), "-d", database, "--no-http")
    install = ("-i", ",".join(ADDONS), "--skip-auto-install", "--stop-after-init")
    databases.copy(toolchain, database)
    try:
        toolchain.run_odoo(LOG, *base, *install)
        write(toolchain, LOG, folder, database)
    finally:
        databases.drop(toolchain, database)


def write(toolchain, log, folder, database):
    """Write the template of each addon of a database to ``folder``."""
    base = ("-c", toolchain.configuration(), "-d", database, "--no-http")
    call = f"run_path({str(EXPORT)!r})['write'](env, {[*ADDONS]!r}, {str(folder)!r})"
    script = f"from runpy import run_path\n{call}\n"
    toolchain.run_odoo(log, "shell", *base, script=script)


def difference(addon, folder):
    """Return how the template differs from the exported one, without dates, as text."""
    name = f"{addon}/i18n/{addon}.pot"
    committed, exported = ROOT / name, folder / f"{addon}.pot"
    if not exported.exists():
        return f"{name}: Odoo exported nothing; see the log"
    if not committed.exists():
        return f"{name} is missing; make it with ./dev translations"
    different = list(
        difflib.unified_diff(_lines(committed), _lines(exported), lineterm="", n=0)
    )
    if not different:
        return ""
    message = f"{name} is not current; renew it with ./dev translations"
    return "\n".join((message, *different[2 : 2 + SHOWN]))


def _lines(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith(_DATED)]
