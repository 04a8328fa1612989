"""The check that the order of imports in ``models`` and ``services`` means nothing.

The addons are copied with those imports reversed, and installed together. The classes
of every model must then be in the same order as without the copies: a method that takes
effect by its file's name would be found there.
"""

import ast
import json
import os
import shutil
from pathlib import Path

from . import databases
from .addons import ADDONS
from .console import Problem
from .paths import ROOT

FOLDERS = ("models", "services")
INHERITANCE = Path(__file__).with_name("inheritance.py")


def check(toolchain, run, folder, also):
    """Compare the models of the addons with and without reversed imports.

    :param run: calls a command in an environment; returns its status and its log
    :param folder: for the copies
    :param also: another check of the database's addons, called with its name;
        installing them takes far longer than any check
    :return: the number of models that are equal, and failures; with those of ``also``
    """
    copies = folder / "addons"
    for addon in ADDONS:
        if not copy_reversed(ROOT / addon, copies / addon):
            return 0, (f"{addon} has no imports that could be reversed",)
    database = f"test_{os.getpid()}_import_order"
    path = ",".join(filter(None, (str(copies), toolchain.more_addons)))
    base = ("-c", toolchain.configuration(), "-d", database, "--no-http")
    install = ("-i", ",".join(ADDONS), "--skip-auto-install", "--stop-after-init")
    databases.copy(toolchain, database)
    try:
        command = toolchain.odoo(*base, f"--addons-path={path}", *install)
        status, _log = run(command, toolchain.odoo_environment())
        if status:
            return 0, ("the addons with reversed imports cannot be installed",)
        turned = _read(toolchain, folder, *base, f"--addons-path={path}")
        passed, failures = compare(_read(toolchain, folder, *base), turned)
        passed_also, other_failures = also(database)
        return passed + passed_also, (*failures, *other_failures)
    except Problem as problem:
        return 0, (str(problem),)
    finally:
        databases.drop(toolchain, database)


def _read(toolchain, folder, *options):
    """Return the classes of each model in their order, read by Odoo's shell."""
    path = folder / "models.json"
    call = f"run_path({str(INHERITANCE)!r})['write'](env, {[*ADDONS]!r}, {str(path)!r})"
    script = f"from runpy import run_path\n{call}\n"
    path.unlink(missing_ok=True)
    toolchain.run_odoo(folder / "log.txt", "shell", *options, script=script)
    if not path.exists():
        raise Problem(f"the models could not be read; see {folder / 'log.txt'}")
    return json.loads(path.read_text(encoding="utf-8"))


def compare(usual, turned):
    """Return the number of models that are equal, and a failure for each other one.

    :param usual: classes of each model in their order
    :param turned: the same with reversed imports
    """
    different = [
        f"{name}: the order of imports decides\n{usual.get(name)}\n{turned.get(name)}"
        for name in sorted({*usual, *turned})
        if usual.get(name) != turned.get(name)
    ]
    equal = len({*usual, *turned}) - len(different)
    return equal, tuple(different) if equal else ("no model was read", *different)


def copy_reversed(addon, target):
    """Copy an addon; return the number of its folders whose imports were reversed."""
    ignored = shutil.ignore_patterns("__pycache__", "description")
    shutil.copytree(addon, target, ignore=ignored)
    inits = [target / name / "__init__.py" for name in FOLDERS]
    return sum(reverse(path) for path in inits if path.exists())


def reverse(path: Path):
    """Reverse the imports in an ``__init__.py``; return whether there were several.

    :param path: a file with ``from . import ...``; what else is in it comes after these
    """
    body = ast.parse(path.read_text(encoding="utf-8")).body
    imports = [x for x in body if isinstance(x, ast.ImportFrom) and not x.module]
    names = [alias.name for node in imports for alias in node.names]
    lines = [f"from . import {name}" for name in reversed(names)]
    lines += [ast.unparse(node) for node in body if node not in imports]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return len(names) > 1
