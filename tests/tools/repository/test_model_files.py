"""One model, one file: the order of imports must not decide anything."""

import ast
import pathlib

import pytest
from repository_layout import ADDONS, ROOT, files_of

MODELS = ("AbstractModel", "Model", "TransientModel")


@pytest.mark.parametrize("addon", ADDONS)
def test_model_is_defined_or_extended_once(addon):
    sources = {
        name: (ROOT / addon / name).read_text(encoding="utf-8")
        for name in files_of(addon)
        if name.endswith(".py") and not name.startswith("tests/")
    }
    assert any(models(text) for text in sources.values())
    assert split(sources) == {}


def test_split_model_is_found():
    sources = {
        "models/a.py": "class A(models.Model):\n    _name = 'x.a'\n",
        "models/a_more.py": "class More(models.Model):\n    _inherit = 'x.a'\n",
        "services/b.py": (
            "class B(models.Model):\n    _name = 'x.b'\n    _inherit = ['x.a']\n"
            "class C(models.AbstractModel):\n    _name = 'x.b'\n"
        ),
        "wizards/c.py": (
            "class C(odoo.models.TransientModel):\n    _inherit = ['x.c', 'x.d']\n"
        ),
        "plain.py": "class Plain:\n    _name = 'x.c'\n",
    }
    assert split(sources) == {
        "x.a": ["models/a.py", "models/a_more.py"],
        "x.b": ["services/b.py", "services/b.py"],
    }


@pytest.mark.parametrize("addon", ADDONS)
@pytest.mark.parametrize("folder", ["models", "services"])
def test_imports_of_a_folder_are_sorted(addon, folder):
    path = ROOT / addon / folder / "__init__.py"
    assert path.exists()
    nodes = ast.parse(path.read_text(encoding="utf-8")).body
    names = [x.name for n in nodes if isinstance(n, ast.ImportFrom) for x in n.names]
    assert names and names == sorted(names)


def split(sources):
    """Return the models of an addon that several classes define or extend.

    :param sources: path -> Python text
    :return: model -> paths, one for each class
    """
    found = {}
    for path in sorted(sources, key=pathlib.PurePath):
        for model in models(sources[path]):
            found.setdefault(model, []).append(path)
    return {model: paths for model, paths in found.items() if len(paths) > 1}


def models(source):
    """Return the names of the models that a Python text defines or extends.

    A class with ``_name`` defines that model; one without it extends those in its
    ``_inherit``.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and _is_model(node):
            values = _assignments(node)
            value = values.get("_name") or values.get("_inherit")
            found += _literal(value) if value else []
    return found


def _literal(node):
    value = ast.literal_eval(node)
    return [value] if isinstance(value, str) else list(value)


def _is_model(node):
    return any(ast.unparse(base).rpartition(".")[2] in MODELS for base in node.bases)


def _assignments(node):
    return {
        part.targets[0].id: part.value
        for part in node.body
        if isinstance(part, ast.Assign)
        and isinstance(part.targets[0], ast.Name)
        and part.targets[0].id in ("_name", "_inherit")
    }
