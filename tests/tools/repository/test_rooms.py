"""Each protocol package is a room of its own: plain Python that knows no Odoo."""

import importlib

import pytest
from import_alone import import_alone
from repository_layout import ADDONS, PACKAGES, ROOT, imports

ROOMS = ("client", "errors", "messages", "simulator", "transport")
FAMILIES = ("RejectedError", "SetupError", "TemporaryError", "UnknownOutcomeError")
COPIES = ("transport.py", "simulation.py")

each_package = pytest.mark.parametrize("package", PACKAGES.values(), ids=PACKAGES)


def test_every_addon_has_a_protocol_package():
    assert ADDONS
    assert list(PACKAGES) == ADDONS


@each_package
def test_a_protocol_package_stays_in_its_room(package):
    assert leaving(package) == []


@pytest.mark.parametrize(
    "line",
    [
        "import odoo",
        "def f():\n    from odoo.tools import float_round",
        "import importlib\nimportlib.import_module('odoo.models')",
        "__import__('odoo')",
        "from ..models import res_company",
    ],
)
def test_a_way_out_is_seen(tmp_path, line):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "deep.py").write_text("from ..client import Client\n")
    (tmp_path / "client.py").write_text(f"import requests\n{line}\n")
    assert [place for place, _name in leaving(tmp_path)] == ["client.py"]


@each_package
def test_a_protocol_package_imports_without_odoo(package):
    done = import_alone(package)
    assert done.returncode == 0, done.stderr
    assert {f"{package.name}.{room}" for room in ROOMS} <= set(done.stdout.split())


def test_a_package_that_needs_odoo_does_not_import(tmp_path):
    (tmp_path / "__init__.py").touch()
    (tmp_path / "client.py").write_text("from odoo import models\n")
    assert "odoo must not be imported here" in import_alone(tmp_path).stderr


@each_package
def test_the_error_families_are_there(package):
    errors = importlib.import_module(f"{package.name}.errors")
    families = [getattr(errors, family) for family in FAMILIES]
    # The class right above Exception is the package's own, and one for all.
    (base,) = {x.mro()[x.mro().index(Exception) - 1] for x in families}
    assert base not in (Exception, *families)
    assert base.__module__ == errors.__name__


@pytest.mark.parametrize("name", COPIES)
def test_what_the_packages_share_is_the_same(name):
    assert all((package / name).is_file() for package in PACKAGES.values())
    assert different([package / name for package in PACKAGES.values()]) == []


def test_the_stores_in_the_database_are_the_same():
    assert different(sorted(ROOT.glob("*/models/database_store.py"))) == []


def test_a_copy_that_differs_is_seen(tmp_path):
    paths = [tmp_path / name for name in "abc"]
    for path in paths:
        path.write_text("same")
    paths[2].write_text("same ")
    assert different(paths) == [paths[2]]


def leaving(package):
    """Return (file, name) of what the package imports from Odoo or its own addon."""
    found = []
    for path in sorted(package.rglob("*.py")):
        place = path.relative_to(package)
        for name in sorted(imports(path.read_text(encoding="utf-8"))):
            dots = len(name) - len(name.lstrip("."))
            if name.partition(".")[0] == "odoo" or dots > len(place.parts):
                found.append((str(place), name))
    return found


def different(paths):
    """Return the files whose bytes are not those of the first."""
    return [path for path in paths if path.read_bytes() != paths[0].read_bytes()]
