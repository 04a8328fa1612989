"""Every model with a company has a record rule."""

import ast
from xml.etree import ElementTree

import pytest
from repository_layout import ADDONS, ROOT


@pytest.mark.parametrize("addon", ADDONS)
def test_model_with_a_company_has_a_rule(addon):
    sources = [x.read_text("utf-8") for x in (ROOT / addon).glob("models/*.py")]
    documents = [x.read_bytes() for x in (ROOT / addon).glob("security/*.xml")]
    models = models_with_a_company(sources)
    assert models
    assert without_rule(models, documents) == []


def test_model_without_a_rule_is_found():
    source = (
        "class A(models.Model):\n    _name = 'a.guarded'\n    company_id = fields.X()\n"
        "class B(models.Model):\n    _name = 'a.open'\n    company_id = fields.X()\n"
        "class C(models.Model):\n    _name = 'a.plain'\n"
        "class D(models.Model):\n    _inherit = 'b'\n    company_id = fields.X()\n"
    )
    document = (
        '<odoo><record model="ir.rule"><field name="model_id" ref="model_a_guarded"/>'
        '</record><record model="x"><field name="model_id" ref="model_a_open"/>'
        "</record></odoo>"
    )
    models = models_with_a_company([source])
    assert models == ["a.guarded", "a.open"]
    assert without_rule(models, [document]) == ["a.open"]


def models_with_a_company(sources):
    """Return the names of the models that the sources define with a ``company_id``."""
    found = []
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef):
                values = _assignments(node)
                if "_name" in values and "company_id" in values:
                    found.append(ast.literal_eval(values["_name"]))
    return sorted(found)


def without_rule(models, documents):
    """Return those of ``models`` for which the XML documents have no record rule."""
    protected = {
        field.get("ref")
        for document in documents
        for rule in ElementTree.fromstring(document).iter("record")
        if rule.get("model") == "ir.rule"
        for field in rule.iter("field")
        if field.get("name") == "model_id"
    }
    return [x for x in models if f"model_{x.replace('.', '_')}" not in protected]


def _assignments(class_node):
    return {
        target.id: node.value
        for node in class_node.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
