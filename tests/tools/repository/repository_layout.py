"""The addons, their protocol packages, and the contents of their files."""

import ast
import configparser
import pathlib

from harness.lint import repository_files

ROOT = pathlib.Path(__file__).resolve().parents[3]
FILES = repository_files(ROOT)
ADDONS = sorted(path.parent.name for path in ROOT.glob("*/__manifest__.py"))
# addon -> the folder of its protocol package
PACKAGES = {path.parts[-3]: path.parent for path in sorted(ROOT.glob("*/*/client.py"))}


def files_of(addon):
    """Return the paths of an addon's files, relative to its folder."""
    folder = f"{addon}/"
    return [x.removeprefix(folder) for x in FILES if x.startswith(folder)]


def manifest(addon):
    """Return the addon's manifest as a dict."""
    text = (ROOT / addon / "__manifest__.py").read_text(encoding="utf-8")
    return ast.literal_eval(text)


def settings():
    """Return setup.cfg as a ConfigParser without interpolation."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def imports(source):
    """Return all imports of a Python text, at any depth, as dotted names.

    A relative import keeps its leading dots; a name given to ``import_module`` or
    ``__import__`` as a literal counts.
    """
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
        elif isinstance(node, ast.Call):
            names |= _imported_by_call(node)
    return names


def _imported_by_call(node):
    function = getattr(node.func, "attr", getattr(node.func, "id", None))
    if function not in ("import_module", "__import__") or not node.args:
        return set()
    name = node.args[0]
    return {name.value} if isinstance(name, ast.Constant) else set()
