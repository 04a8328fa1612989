"""Every import is declared, required and locked; nothing else is declared."""

import re
import sys

import pytest
from repository_layout import ADDONS, ROOT, files_of, imports, manifest, settings

LOCK = ROOT / "tests" / "tools" / "harness" / "requirements.lock"
# No Odoo starts without these; an addon may declare them, and need not.
ODOO_BRINGS = {"lxml", "markupsafe", "psycopg2", "requests", "urllib3", "werkzeug"}
# An addon runs without these, and says what it cannot do then.
OPTIONAL = {"saxonche"}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}(\s|$)")


@pytest.mark.parametrize("addon", ADDONS)
def test_manifest_declares_the_imports(addon):
    sources = [
        (ROOT / addon / name).read_text(encoding="utf-8")
        for name in files_of(addon)
        if name.endswith(".py") and not name.startswith("tests/")
    ]
    assert sources
    assert undeclared(declared(addon), sources) == (set(), set())


def test_missing_or_unused_dependency_is_found():
    sources = ["import zeep.wsdl, re", "def f():\n    import requests", "import odoo"]
    assert undeclared({"lxml"}, sources) == ({"zeep"}, {"lxml"})


def test_setup_lists_the_declared_dependencies():
    wanted = set().union(*(declared(addon) for addon in ADDONS))
    assert {name for name, _version in requirements("addons")} == wanted


@pytest.mark.parametrize("extra", ["addons", "odoo", "test"])
def test_lock_has_every_requirement(extra):
    assert requirements(extra)
    assert unlocked(requirements(extra), LOCK.read_text(encoding="utf-8")) == []


def test_requirement_outside_the_lock_is_found():
    lock = "lxml-html-clean==0.4.1 ; sys_platform == 'x' \\\n  --hash=x\nzeep==4.2.1\n"
    wanted = [("lxml-html-clean", None), ("zeep", "4.3.1"), ("ruff", None)]
    assert unlocked(wanted, lock) == wanted[1:]


def test_lock_has_versions_and_hashes():
    text = LOCK.read_text(encoding="utf-8")
    assert len(list(entries(text))) > 100
    assert loose(text) == []


def test_lock_without_version_or_hash_is_found():
    good = f"# a comment\na==1 \\\n  --hash=sha256:{'0' * 64}\n"
    assert loose(f"{good}b==2\nc --hash=sha256:0\n") == ["b==2", "c --hash=sha256:0"]


def declared(addon):
    """Return the names of the manifest's Python dependencies."""
    return set(manifest(addon)["external_dependencies"]["python"])


def undeclared(names, sources):
    """Return what ``sources`` import beyond ``names``, and what of them they do not."""
    known = sys.stdlib_module_names | {"odoo", ""}
    used = {name.partition(".")[0] for text in sources for name in imports(text)}
    return used - known - ODOO_BRINGS - OPTIONAL - names, names - used


def requirements(extra):
    """Return (name, pinned version or None) of an extra of setup.cfg."""
    lines = settings()["options.extras_require"][extra].strip().splitlines()
    return [_name_and_version(line) for line in lines]


def unlocked(wanted, text):
    """Return those of ``wanted`` that the lock does not hold, or in other versions."""
    held = {_name_and_version(line) for line in entries(text)}
    held |= {(name, None) for name, _version in held}
    return [requirement for requirement in wanted if requirement not in held]


def loose(text):
    """Return the entries of a lock that lack a version or a hash."""
    return [x for x in entries(text) if "==" not in x or not HASH.search(x)]


def entries(text):
    """Yield the entries of a lock, each with its hashes, as one line."""
    for line in text.replace("\\\n", "").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def _name_and_version(line):
    name = NAME.match(line).group()
    version = re.search(r"==\s*([^\s;]+)", line.partition(";")[0])
    return re.sub(r"[._-]+", "-", name).lower(), version and version.group(1)
