"""Every technical field is guarded, and every public method of a service is internal.

See ``guards.py`` of each addon.
"""

import ast
from xml.etree import ElementTree

import pytest
from repository_layout import ADDONS, ROOT

# Methods of services that a dialog of the web client calls
CALLED_BY_CLIENTS = {("L10nPtAtcudPasswordPrompt", "perform")}


@pytest.mark.parametrize(
    "name",
    [
        *("guards.py", "kept.py", "overview.py", "remote_text.py"),
        *("tests/doors.py", "tests/odd_values.py", "tests/open_forms.py"),
        "tests/spying.py",
    ],
)
def test_copies_are_identical(name):
    texts = {(ROOT / addon / name).read_text(encoding="utf-8") for addon in ADDONS}
    assert len(texts) == 1


@pytest.mark.parametrize("addon", ADDONS)
def test_technical_fields_are_guarded(addon):
    sources = _sources(addon, "models") + _sources(addon, "wizards")
    assert any(technical_fields(node) for text in sources for node in _classes(text))
    assert [x for text in sources for x in unguarded(text)] == []


@pytest.mark.parametrize("addon", ADDONS)
def test_dialogs_are_computed_with_the_rights_of_their_user(addon):
    sources = _sources(addon, "wizards")
    assert [x for text in sources for x in computed_as_superuser(text)] == []


@pytest.mark.parametrize("addon", ADDONS)
def test_services_are_internal(addon):
    sources = _sources(addon, "services")
    assert [x for text in sources for x in callable_by_clients(text)] == []


@pytest.mark.parametrize("addon", ADDONS)
def test_dialog_belongs_to_its_user(addon):
    names = [
        values["_name"].replace(".", "_")
        for text in _sources(addon, "wizards")
        for node in _classes(text)
        if "_name" in (values := _texts(node))
        and "AbstractModel" not in ast.unparse(node.bases[0])
        and values["_name"] not in _parents(node)
    ]
    rules = [
        {field.get("name"): field for field in rule.iter("field")}
        for path in (ROOT / addon / "security").glob("*.xml")
        for rule in ElementTree.parse(path).getroot().iter("record")
    ]
    ruled = {
        rule["model_id"].get("ref")
        for rule in rules
        if "create_uid" in rule["domain_force"].text
    }
    assert names
    assert [x for x in names if f"model_{x}" not in ruled] == []


def test_open_doors_are_found():
    source = (
        "NAMES = ['kept']\n"
        "@guarded('state', *NAMES, *'a b'.split())\n"
        "class A(models.Model):\n"
        "    _name = 'x'\n"
        "    state = fields.Char(readonly=True)\n"
        "    kept = fields.Char(readonly=True)\n"
        "    a = fields.Char(compute='c', store=True)\n"
        "    total = fields.Char(related='a', store=True)\n"
        "    shown = fields.Char(compute='c')\n"
        "    chosen = fields.Char(compute='c', store=True, readonly=False)\n"
        "class B(models.Model):\n"
        "    _inherit = 'y'\n"
        "    proof = fields.Char(readonly=True)\n"
        "class C(models.Model):\n"
        "    _name = 'z'\n"
        "    def action(self):\n"
        "        pass\n"
        "class D(models.TransientModel):\n"
        "    _name = 'd'\n"
        "    shown = fields.Char(compute='c', store=True)\n"
        "    other = fields.Char(related='shown')\n"
        "@internal\n"
        "class E(models.AbstractModel):\n"
        "    def run(self):\n"
        "        pass\n"
        "class F(models.AbstractModel):\n"
        "    def run(self):\n"
        "        pass\n"
    )
    assert unguarded(source) == ["A.total", "B.proof", "C is not guarded"] + [
        "D is not guarded"
    ]
    assert computed_as_superuser(source) == ["D.shown", "D.other"]
    assert callable_by_clients(source) == ["F.run"]


def unguarded(source):
    """Return technical fields that are not guarded, and models that should be."""
    constants = _constants(source)
    found = []
    for node in _classes(source):
        if "AbstractModel" in ast.unparse(node.bases[0]):
            continue
        guarded = _guarded(node, constants)
        is_dialog = "TransientModel" in ast.unparse(node.bases[0])
        names = [] if is_dialog else technical_fields(node)
        found += [f"{node.name}.{x}" for x in names if x not in (guarded or ())]
        is_own = "_name" in _texts(node)
        if guarded is None and is_own and (is_dialog or _public(node)):
            found.append(f"{node.name} is not guarded")
    return found


def technical_fields(node):
    """Return the stored fields of a class that no form may change."""
    found = []
    for name, options in _fields(node):
        is_computed = "compute" in options or "related" in options
        is_readonly = options.get("readonly", is_computed)
        if is_readonly and (options.get("store") or not is_computed):
            found.append(name)
    return found


def computed_as_superuser(source):
    """Return fields of dialogs that show what their user may not read."""
    found = []
    for node in _classes(source):
        if "TransientModel" not in ast.unparse(node.bases[0]):
            continue
        for name, options in _fields(node):
            is_stored = "compute" in options and options.get("store")
            if is_stored and options.get("compute_sudo") is not False:
                found.append(f"{node.name}.{name}")
            if "related" in options and options.get("related_sudo") is not False:
                found.append(f"{node.name}.{name}")
    return found


def callable_by_clients(source):
    """Return the public methods of services that are not internal."""
    return [
        f"{node.name}.{name}"
        for node in _classes(source)
        if "AbstractModel" in ast.unparse(node.bases[0])
        and not any(ast.unparse(x) == "internal" for x in node.decorator_list)
        for name in _public(node)
        if (node.name, name) not in CALLED_BY_CLIENTS
    ]


def _sources(addon, folder):
    paths = sorted((ROOT / addon / folder).glob("*.py"))
    return [path.read_text(encoding="utf-8") for path in paths]


def _classes(source):
    return [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef)
        and node.bases
        and ast.unparse(node.bases[0]).startswith("models.")
    ]


def _constants(source):
    """Return the values of a module's constants, as far as they are plain."""
    found = {"frozenset": frozenset}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = _value(node.value, found)
    return found


def _value(node, constants):
    tree = ast.fix_missing_locations(ast.Expression(node))
    code = compile(tree, "source", "eval")
    try:
        return eval(code, {"__builtins__": {}}, constants)  # noqa: S307
    except Exception:
        return None


def _guarded(node, constants):
    """Return the names that the class guards, or ``None``."""
    for call in node.decorator_list:
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "guarded":
            return _value(ast.List(call.args, ast.Load()), constants) or []
    return None


def _fields(node):
    """Yield name and options of the class's fields, without one2many fields."""
    for part in node.body:
        if isinstance(part, ast.Assign) and isinstance(part.value, ast.Call):
            kind = ast.unparse(part.value.func)
            if kind.startswith("fields.") and kind != "fields.One2many":
                options = {
                    x.arg: getattr(x.value, "value", True) for x in part.value.keywords
                }
                yield part.targets[0].id, options


def _texts(node):
    return {
        part.targets[0].id: part.value.value
        for part in node.body
        if isinstance(part, ast.Assign) and isinstance(part.value, ast.Constant)
    }


def _parents(node):
    """Return the models that a class with a list of them extends."""
    return {
        item.value
        for part in node.body
        if isinstance(part, ast.Assign) and part.targets[0].id == "_inherit"
        for item in ast.walk(part.value)
        if isinstance(item, ast.Constant)
    }


def _public(node):
    return [
        part.name
        for part in node.body
        if isinstance(part, ast.FunctionDef) and not part.name.startswith("_")
        if part.name not in ("create", "write", "unlink", "copy", "default_get")
    ]
