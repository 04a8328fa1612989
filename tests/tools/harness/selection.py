"""Selections of an addon's tests, made without running Odoo."""

import ast
from functools import cache

from .paths import ROOT

BROWSER = ("HttpCase", "HttpCommon")  # classes that start a server, for tours and PDFs


def tests(addon):
    """Yield ``(class, method)`` of each test in the addon's own suite."""
    for node, _browser in _classes(addon):
        yield from ((node.name, method) for method in _methods(node))


def quick(addon):
    """Yield Odoo's test tag for the first test of each class that needs no browser."""
    for node, browser in _classes(addon):
        methods = _methods(node)
        if methods and not browser:
            yield f"/{addon}:{node.name}.{methods[0]}"


def matching(addon, pattern):
    """Return ``Class.method`` of the tests with ``pattern`` in it, in any case."""
    named = [f"{name}.{method}" for name, method in tests(addon)]
    return [name for name in named if pattern.lower() in name.lower()]


def tags(addon, pattern):
    """Return Odoo's ``--test-tags`` for the tests that match a pattern.

    :param pattern: any part of ``Class.method``, in any case; empty means all tests
    :return: text, empty when nothing matches
    """
    if not pattern:
        return f"/{addon}"
    return ",".join(f"/{addon}:{name}" for name in matching(addon, pattern))


def halves(addon):
    """Yield of each half of a suite its number, Odoo's test tags, and how many tests.

    They take turns class by class. The second half has all that the first has not.
    """
    classes = [node for node, _browser in _classes(addon)][::2]
    tags = [f"/{addon}:{node.name}" for node in classes]
    tests = sum(len(_methods(node)) for node in classes)
    yield 1, ",".join(tags), tests
    others = (f"/{addon}", *(f"-{tag}" for tag in tags))
    yield 2, ",".join(others), len(matching(addon, "")) - tests


@cache
def _classes(addon):
    """Return each class of the addon's test files, and whether it needs a browser."""
    paths = sorted((ROOT / addon / "tests").glob("*.py"))
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}
    nodes = [x for tree in trees.values() for x in tree.body]
    bases = {
        node.name: [ast.unparse(base).rpartition(".")[2] for base in node.bases]
        for node in nodes
        if isinstance(node, ast.ClassDef)
    }
    return tuple(
        (node, _needs_browser(node.name, bases))
        for path, tree in trees.items()
        for node in tree.body
        if isinstance(node, ast.ClassDef) and path.name.startswith("test_")
    )


def _needs_browser(name, bases):
    return name.endswith(BROWSER) or any(
        _needs_browser(base, bases) for base in bases.get(name, ())
    )


def _methods(node):
    return [
        part.name
        for part in node.body
        if isinstance(part, ast.FunctionDef) and part.name.startswith("test_")
    ]
