"""A point is declared once, by the service that raises it."""

import ast
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ..models.point_kinds import KINDS, Label, PointKind, declare

SERVICES = Path(__file__).parents[1] / "services"
DECLARING = ("PointKind", "Question", "_untaxed")


@tagged("post_install", "-at_install")
class TestPointKinds(BaseCase):
    def test_every_service_declares_the_points_that_it_raises(self):
        declared = []
        for path in sorted(SERVICES.glob("*.py")):
            with self.subTest(path.name):
                source = _Source(ast.parse(path.read_text(encoding="utf-8")))
                own = source.declared()
                declared += own
                codes, prefixes = source.raised()
                self.assertLessEqual(codes, {*own})
                for prefix in prefixes:
                    self.assertTrue([x for x in own if x.startswith(prefix)], prefix)
                unused = {x for x in own if not x.startswith((*prefixes, "-"))}
                self.assertLessEqual(unused, source.texts())
        self.assertCountEqual(declared, KINDS)

    def test_code_is_declared_once(self):
        with self.assertRaisesRegex(ValueError, "paid"):
            declare(PointKind("paid", Label.PAID, Label.PAID))


class _Source:
    """The points in the text of a service."""

    def __init__(self, tree):
        self.tree = tree
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        self.kinds = [x for x in calls if _name(x) in DECLARING and x.args]
        self.points = [x.args[0] for x in calls if _name(x) == "point"]
        self.constants = {}
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
                names = [x.id for x in node.targets[0].elts]
                self.constants |= dict(zip(names, node.value.elts, strict=True))

    def declared(self):
        """Return the codes of the kinds that are declared."""
        codes = [self._text(call.args[0]) for call in self.kinds]
        return [code for code in codes if code]

    def raised(self):
        """Return the codes of points, and what those begin with that are put together.

        A code that a variable has is none of them: it stands in the text elsewhere.
        """
        codes = {self._text(node) for node in self.points} - {""}
        joined = [node for node in self.points if isinstance(node, ast.JoinedStr)]
        return codes, {node.values[0].value for node in joined}

    def texts(self):
        """Return the texts outside of declarations."""
        inside = {id(node) for call in self.kinds for node in ast.walk(call)}
        return {
            node.value
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Constant) and id(node) not in inside
        }

    def _text(self, node):
        if isinstance(node, ast.Name):
            node = self.constants.get(node.id)
        return node.value if isinstance(node, ast.Constant) else ""


def _name(call):
    return call.func.id if isinstance(call.func, ast.Name) else ""
