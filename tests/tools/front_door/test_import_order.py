"""The copies of the addons whose imports are reversed."""

import ast

import pytest
from harness import import_order
from harness.addons import ADDONS
from harness.paths import ROOT


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("from . import a, b\n", "from . import b\nfrom . import a\n"),
        (
            "from . import (\n    a,\n    b,\n)\nfrom . import c\nX = 1\n",
            "from . import c\nfrom . import b\nfrom . import a\nX = 1\n",
        ),
    ],
)
def test_imports_are_reversed(tmp_path, text, wanted):
    path = tmp_path / "__init__.py"
    path.write_text(text)
    assert import_order.reverse(path)
    assert path.read_text() == wanted


def test_single_import_cannot_be_reversed(tmp_path):
    path = tmp_path / "__init__.py"
    path.write_text("from . import a\n")
    assert not import_order.reverse(path)


@pytest.mark.parametrize("addon", ADDONS)
def test_copy_differs_in_the_order_of_imports_alone(tmp_path, addon):
    assert import_order.copy_reversed(ROOT / addon, tmp_path / addon)
    names = _imported(ROOT / addon), _imported(tmp_path / addon)
    assert names[0] == names[1][::-1] and len(names[0]) > 1
    manifest = "__manifest__.py"
    assert (tmp_path / addon / manifest).read_text() == (
        (ROOT / addon / manifest).read_text()
    )


def test_models_with_classes_in_the_same_order_are_equal():
    models = {"series": ["a.Series", "b.Series"], "move": ["a.Move"]}
    assert import_order.compare(models, {**models}) == (2, ())


def test_model_with_classes_in_another_order_fails():
    usual = {"series": ["a.Series", "b.Series"], "move": ["a.Move"]}
    turned = {"series": ["b.Series", "a.Series"], "move": ["a.Move"]}
    passed, [failure] = import_order.compare(usual, turned)
    assert passed == 1
    assert failure.startswith("series: the order of imports decides")


def test_no_model_is_a_failure():
    passed, failures = import_order.compare({}, {})
    assert (passed, len(failures)) == (0, 1)


def _imported(addon):
    tree = ast.parse((addon / "models" / "__init__.py").read_text())
    return [x.name for n in tree.body if isinstance(n, ast.ImportFrom) for x in n.names]
