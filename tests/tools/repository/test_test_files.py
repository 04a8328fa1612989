"""Every test file is imported, and has a name of its own."""

import ast
import collections
import pathlib

import pytest
from repository_layout import ADDONS, FILES, ROOT, files_of


@pytest.mark.parametrize("addon", ADDONS)
def test_test_files_of_an_addon_are_imported(addon):
    init = (ROOT / addon / "tests" / "__init__.py").read_text(encoding="utf-8")
    assert any(name.startswith("tests/test_") for name in files_of(addon))
    assert unimported(init, files_of(addon)) == []


def test_unimported_test_file_is_found():
    init = "from . import test_a  # test_ab\nfrom . import (\n    test_b,\n)\n"
    names = ["tests/common.py", *(f"tests/test_{x}.py" for x in ("a", "ab", "b"))]
    assert unimported(init, names) == ["test_ab"]


def test_plain_tests_have_unique_names():
    modules = [x for x in FILES if x.startswith("tests/") and x.endswith(".py")]
    assert modules
    assert duplicates(modules) == []


def test_duplicate_name_is_found():
    there = ["a/test_x.py", "b/test_x.py", "a/help.py", "b/help.py", "c/help.py"]
    assert duplicates([*there, "a/conftest.py", "b/conftest.py"]) == ["help", "test_x"]


def unimported(init, names):
    """Return the test modules among an addon's files that its ``init`` leaves out."""
    nodes = [x for x in ast.walk(ast.parse(init)) if isinstance(x, ast.ImportFrom)]
    imported = {alias.name for node in nodes for alias in node.names}
    tests = [pathlib.PurePath(x) for x in names if x.startswith("tests/test_")]
    return [x.stem for x in tests if x.suffix == ".py" and x.stem not in imported]


def duplicates(names):
    """Return the module names that folders with tests have more than once.

    pytest imports what is in such a folder by its bare name; a conftest may recur.
    """
    paths = [pathlib.PurePath(name) for name in names]
    folders = {path.parent for path in paths if path.stem.startswith("test_")}
    stems = [x.stem for x in paths if x.parent in folders and x.stem != "conftest"]
    return sorted(x for x, count in collections.Counter(stems).items() if count > 1)
