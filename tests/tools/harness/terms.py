"""The check that the translation templates are current."""

import difflib
import os

from . import databases
from .addons import ADDONS
from .paths import ROOT

_DATED = ('"POT-Creation-Date:', '"PO-Revision-Date:')
SHOWN = 12  # lines of a difference


def check(toolchain, run, folder):
    """Export the terms of each addon and compare them with its ``i18n/*.pot``.

    :param run: calls a command in an environment; returns its status and its log
    :param folder: for the exported files
    :return: the number of addons whose template is current, and failures
    """
    if not export(toolchain, run, folder):
        return 0, ("the addons could not be installed together; see the log",)
    failures = tuple(filter(None, (difference(addon, folder) for addon in ADDONS)))
    return len(ADDONS) - len(failures), failures


def export(toolchain, run, folder):
    """Write the template of each addon to ``folder``.

    :return: whether the addons could be installed
    """
    database = f"terms_{os.getpid()}"
    common = ("-c", toolchain.configuration(), "-d", database)
    environment = toolchain.odoo_environment()
    databases.copy(toolchain, database)
    try:
        install = ("-i", ",".join(ADDONS), "--skip-auto-install", "--stop-after-init")
        status, _log = run(toolchain.odoo(*common, *install, "--no-http"), environment)
        if status:
            return False
        for addon in ADDONS:
            target = folder / f"{addon}.pot"
            command = ("i18n", "export", *common, "-o", str(target), addon)
            run(toolchain.odoo(*command), environment)
    finally:
        databases.drop(toolchain, database)
    return True


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
