"""The check that the order of imports in ``models`` and ``services`` means nothing.

The addons are copied with those imports reversed, installed together, and one test
of each class is run: a method that took effect by its file's name fails there.
"""

import ast
import os
import shutil
from pathlib import Path

from . import databases
from .addons import ADDONS
from .odoo_suite import judge
from .paths import ROOT

FOLDERS = ("models", "services")


def check(toolchain, tests, run, folder):
    """Run tests of the addons with reversed imports.

    :param tests: Odoo's test tags
    :param run: calls a command in an environment; returns its status and its log
    :param folder: for the copies
    :return: the number of passed tests, and failures
    """
    copies = folder / "addons"
    for addon in ADDONS:
        if not copy_reversed(ROOT / addon, copies / addon):
            return 0, (f"{addon} has no imports that could be reversed",)
        if not any(tag.startswith(f"/{addon}:") for tag in tests):
            return 0, (f"{addon} has no test that could be run",)
    database = f"test_{os.getpid()}_import_order"
    databases.copy(toolchain, database)
    path = ",".join(filter(None, (str(copies), toolchain.more_addons)))
    options = (f"--addons-path={path}", "-i", ",".join(ADDONS))
    try:
        verdict = judge(toolchain, run, database, ",".join(tests), folder, *options)
        return verdict.passed, verdict.failures
    finally:
        databases.drop(toolchain, database)


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
