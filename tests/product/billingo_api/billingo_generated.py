"""The generator of documents, which the addon's own tests have, without Odoo.

It stands in the addon's tests, since the addon is also tested where it is installed
alone. Its package imports Odoo; here two empty packages take the place of that.
"""

import importlib
import pathlib
import sys
import types

ADDON = pathlib.Path(__file__).parents[3] / "account_billingo_import"


def _load():
    for name, folder in (("billingo", ADDON), ("billingo.tests", ADDON / "tests")):
        package = types.ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package
    return importlib.import_module("billingo.tests.generated")


_generated = _load()
FLAWS = _generated.FLAWS
FOREIGN_FLAWS = _generated.FOREIGN_FLAWS
Generator = _generated.Generator
