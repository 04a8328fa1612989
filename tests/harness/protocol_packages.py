"""Make the three protocol packages importable by their own names, without Odoo."""

import importlib.util
import sys

from .places import ROOT

PROTOCOL_PACKAGES = {
    "at_series": "l10n_pt_atcud",
    "maventa_api": "account_maventa",
    "billingo_api": "account_billingo_import",
}


def expose():
    """Load each package by its path: importing the addon around it needs Odoo."""
    for package, addon in PROTOCOL_PACKAGES.items():
        if package in sys.modules:
            continue
        path = ROOT / addon / package
        spec = importlib.util.spec_from_file_location(
            package, path / "__init__.py", submodule_search_locations=[str(path)]
        )
        module = importlib.util.module_from_spec(spec)
        sys.modules[package] = module
        spec.loader.exec_module(module)
