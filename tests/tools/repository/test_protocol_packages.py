"""Each protocol package is plain Python without Odoo, and raises its own errors."""

import ast
import importlib

import pytest
from import_alone import import_alone
from repository_layout import ADDONS, PACKAGES, ROOT, files_of, imports

MODULES = ("client", "errors", "simulator", "transport")
FAMILIES = ("RejectedError", "SetupError", "TemporaryError", "UnknownOutcomeError")
COPIES = ("transport.py", "simulation.py")

each_package = pytest.mark.parametrize("package", PACKAGES.values(), ids=PACKAGES)


def test_every_addon_has_a_protocol_package():
    assert ADDONS
    assert list(PACKAGES) == ADDONS


@each_package
def test_package_imports_nothing_of_odoo_or_its_addon(package):
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
def test_import_of_odoo_or_the_addon_is_found(tmp_path, line):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "deep.py").write_text("from ..client import Client\n")
    (tmp_path / "client.py").write_text(f"import requests\n{line}\n")
    assert [place for place, _name in leaving(tmp_path)] == ["client.py"]


@each_package
def test_package_can_be_imported_without_odoo(package):
    done = import_alone(package)
    assert done.returncode == 0, done.stderr
    assert {f"{package.name}.{module}" for module in MODULES} <= set(
        done.stdout.split()
    )


def test_package_that_needs_odoo_cannot_be_imported(tmp_path):
    (tmp_path / "__init__.py").touch()
    (tmp_path / "client.py").write_text("from odoo import models\n")
    assert "odoo must not be imported here" in import_alone(tmp_path).stderr


@each_package
def test_error_families_exist(package):
    errors = importlib.import_module(f"{package.name}.errors")
    families = [getattr(errors, family) for family in FAMILIES]
    # The class right above Exception is the package's own, and one for all.
    (base,) = {x.mro()[x.mro().index(Exception) - 1] for x in families}
    assert base not in (Exception, *families)
    assert base.__module__ == errors.__name__


@pytest.mark.parametrize("name", COPIES)
def test_shared_modules_are_identical(name):
    assert all((package / name).is_file() for package in PACKAGES.values())
    assert different([package / name for package in PACKAGES.values()]) == []


def test_database_stores_are_identical():
    stores = sorted(ROOT.glob("*/*/database_store.py"))
    assert len(stores) == len(ADDONS)
    assert different(stores) == []


@pytest.mark.parametrize("addon", ADDONS)
def test_only_the_package_and_tests_make_its_errors(addon):
    package = PACKAGES[addon].name
    names = [
        name
        for name in files_of(addon)
        if name.endswith(".py") and not name.startswith((f"{package}/", "tests/"))
    ]
    assert names
    found = {}
    for name in names:
        if lines := made_errors((ROOT / addon / name).read_text(encoding="utf-8")):
            found[name] = lines
    assert found == {}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("raise RejectedError('x')", [1]),
        ("e = errors.SetupError(code='x')", [1]),
        ("def f():\n    raise api.errors.TemporaryError", [2]),
        ("raise UnknownOutcomeError from exc", [1]),
        ("try:\n    f()\nexcept RejectedError as error:\n    raise", []),
        ("x = isinstance(error, errors.SetupError)", []),
        ("raise UserError('x')", []),
    ],
)
def test_error_made_elsewhere_is_found(text, lines):
    assert made_errors(text) == lines


def test_different_copy_is_found(tmp_path):
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


def made_errors(source):
    """Return the lines on which a Python text makes or raises a protocol error."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func
        elif isinstance(node, ast.Raise):
            name = node.exc
        else:
            continue
        if getattr(name, "attr", getattr(name, "id", None)) in FAMILIES:
            found.add(node.lineno)
    return sorted(found)


def different(paths):
    """Return the files whose bytes are not those of the first."""
    return [path for path in paths if path.read_bytes() != paths[0].read_bytes()]
