"""`./dev lint` sees what is wrong, and does not pass when it looked at nothing."""

import os
import shutil
import subprocess
import sys

import pytest
from harness.lint import Tool, findings_of, list_tools, repository_files
from repository_layout import ADDONS, FILES, PACKAGES, ROOT

# An addon that passes, though a void method calls `super` and there is no README.rst.
# Its translations and data are well-formed, its protocol package is annotated.
GOOD = {
    "addon/__init__.py": "from . import models\n",
    "addon/__manifest__.py": (
        '{\n    "name": "A",\n    "version": "19.0.1.0.0",\n    "license": "LGPL-3",\n'
        '    "author": "Fiscal Bridges for Odoo contributors",\n'
        '    "data": ["data/partners.xml"],\n}\n'
    ),
    "addon/data/partners.xml": (
        '<?xml version="1.0" encoding="utf-8" ?>\n<odoo>\n'
        '    <record id="one" model="res.partner" />\n'
        '    <record id="two" model="res.partner" />\n</odoo>\n'
    ),
    "addon/i18n/pt.po": (
        '#\nmsgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
        '\n#. module: addon\nmsgid "one"\nmsgstr "x"\n'
        '\n#. module: addon\nmsgid "two"\nmsgstr "x"\n'
    ),
    "addon/api/__init__.py": "",
    "addon/api/client.py": "def double(x: int) -> int:\n    return 2 * x\n",
    "addon/models.py": (
        "from odoo import models\n\n\n"
        'class A(models.Model):\n    _inherit = "a"\n\n'
        "    def write(self, vals):\n        super().write(vals)\n"
        '\n\nclass B(models.Model):\n    _inherit = "b"\n'
    ),
    "dev": "#!/usr/bin/env python3\n",
}
# The file, the text in it, and the text that takes its place.
SPOILED = [
    ("dev", "3\n", "3\nimport os\n"),
    ("addon/data/partners.xml", "two", "one"),
    ("addon/i18n/pt.po", "two", "one"),
    ("addon/models.py", "super().write(vals)", "super().write(vals); print(vals)"),
    ("addon/models.py", '"b"', '"a"'),
    ("addon/api/client.py", "x: int", "x"),
]
# Each tool's finding in the spoiled files.
FINDINGS = {
    "ruff-check": ["dev:2:8: F401"],
    "ruff-format": ["--> addon/models.py:8:"],
    "oca-addons": ["addon/data/partners.xml:3: xml-duplicate-record-id"],
    "oca-translations": ["addon/i18n/pt.po:6: po-duplicate-message-definition"],
    "mypy": ["addon/api/client.py:1: error: Function is missing a type annotation"],
    "pylint-odoo": ["addon/models.py:8:29: W8116", "R8180"],
}


@pytest.fixture
def tree(tmp_path):
    """Return a folder with the good addon and this repository's settings."""
    for name, text in GOOD.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    settings = (ROOT / "setup.cfg").read_text(encoding="utf-8")
    (tmp_path / "setup.cfg").write_text(settings.replace("/l10n_pt_atcud", "/addon"))
    return tmp_path


def lint(folder, *names):
    """Run the lint in ``folder``; return its status and its output."""
    done = subprocess.run(
        [sys.executable, "-m", "harness.lint", *names],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT / "tests" / "tools")},
        capture_output=True,
        text=True,
    )
    assert not done.stderr
    return done.returncode, done.stdout


def test_good_tree_passes_and_is_unchanged(tree):
    before = sorted(tree.rglob("*"))
    status, output = lint(tree)
    assert (status, output.splitlines()[-1]) == (0, "6 passed, 0 failed"), output
    started, *passed = output.splitlines()[:-1]
    assert started == f"started: {', '.join(FINDINGS)}"
    assert {x.split(" (")[0] for x in passed} == {f"PASSED {x}" for x in FINDINGS}
    assert sorted(tree.rglob("*")) == before


def test_every_tool_reports_its_finding(tree):
    for name, old, new in SPOILED:
        text = (tree / name).read_text()
        assert old in text
        (tree / name).write_text(text.replace(old, new))
    status, output = lint(tree)
    assert status == 1
    assert output.endswith("\n0 passed, 6 failed\n")
    wanted = [text for texts in FINDINGS.values() for text in texts]
    assert [text for text in wanted if text not in output] == [], output
    assert str(tree)[1:] not in output


def test_named_checks_are_run_alone(tree):
    status, output = lint(tree, "ruff-check", "ruff-format")
    assert (status, output.splitlines()[-1]) == (0, "2 passed, 0 failed"), output
    status, output = lint(tree, "ruff")
    assert status == 2
    assert output.startswith("no check 'ruff'; there are ruff-check, ")


def test_no_file_to_check_is_a_failure(tmp_path):
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    status, output = lint(tmp_path)
    assert status == 1
    assert output.count("found no file to check") == len(FINDINGS)


def test_missing_tool_is_a_failure(tmp_path):
    tool = Tool("a tool", "no_such_tool", [], ["setup.cfg"])
    assert findings_of(tool, tmp_path).startswith("a tool cannot be started: ")


def test_tools_check_all_of_the_repository():
    targets = {tool.name: tool.targets for tool in list_tools(ROOT)}
    assert list(targets) == list(FINDINGS)
    python = {"dev", *(x for x in FILES if x.endswith(".py"))}
    assert python <= set(targets["ruff-check"])
    assert targets["ruff-format"] == targets["ruff-check"]
    assert targets["oca-addons"] == [f"{addon}/__manifest__.py" for addon in ADDONS]
    assert targets["pylint-odoo"] == ADDONS
    packages = {str(folder.relative_to(ROOT)) for folder in PACKAGES.values()}
    assert set(targets["mypy"]) == packages


def test_without_git_the_files_are_those_that_are_not_ignored(tmp_path):
    kept = ["a/b.py", "a/var/c.py", "d"]
    for name in [*kept, "var/e.py", "a/__pycache__/f.py", "a/g.pyc", ".git/h"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".gitignore").write_text("__pycache__/\n*.pyc\n/var/\n")
    assert repository_files(tmp_path) == [".gitignore", *kept]


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_with_git_files_count_before_they_are_committed(tmp_path):
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("*.pyc\n")
    (tmp_path / "a.py").touch()
    (tmp_path / "b.pyc").touch()
    assert repository_files(tmp_path) == [".gitignore", "a.py"]
