"""Which of an addon's tests a pattern means, found without running Odoo."""

import ast

from .places import ROOT


def tests(addon):
    """Yield ``(class, method)`` of each test in the addon's own suite."""
    for path in sorted((ROOT / addon / "tests").glob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                yield from (
                    (node.name, part.name)
                    for part in node.body
                    if isinstance(part, ast.FunctionDef)
                    and part.name.startswith("test_")
                )


def tags(addon, pattern):
    """Return Odoo's ``--test-tags`` for the tests that a pattern means.

    :param pattern: any part of ``Class.method``, in any case; empty means all tests
    :return: text, empty when nothing matches
    """
    if not pattern:
        return f"/{addon}"
    named = [f"{name}.{method}" for name, method in tests(addon)]
    wanted = [name for name in named if pattern.lower() in name.lower()]
    return ",".join(f"/{addon}:{name}" for name in wanted)
