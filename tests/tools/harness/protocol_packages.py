"""Make the three protocol packages importable by their own names, without Odoo."""

import importlib.util
import sys

from .addons import ADDONS
from .paths import ROOT


def expose():
    """Load each package by its path: importing the addon around it needs Odoo."""
    for addon in ADDONS.values():
        package = addon.package
        if package in sys.modules:
            continue
        path = ROOT / addon.name / package
        spec = importlib.util.spec_from_file_location(
            package, path / "__init__.py", submodule_search_locations=[str(path)]
        )
        module = importlib.util.module_from_spec(spec)
        sys.modules[package] = module
        spec.loader.exec_module(module)
