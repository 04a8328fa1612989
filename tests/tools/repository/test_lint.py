"""`./dev lint` sees what is wrong, and does not pass when it looked at nothing."""

import os
import shutil
import subprocess
import sys

import pytest
from harness.lint import Tool, complaint, list_tools, repository_files
from repository_layout import ADDONS, FILES, ROOT

# An addon that passes, though a void method calls `super`, one model is in two
# classes, and there is no README.rst. Its translations and data are well-formed.
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
    "addon/models.py": (
        "from odoo import models\n\n\n"
        'class A(models.Model):\n    _inherit = "a"\n\n'
        "    def write(self, vals):\n        super().write(vals)\n"
        '\n\nclass B(models.Model):\n    _inherit = "a"\n'
    ),
    "dev": "#!/usr/bin/env python3\n",
}
# The file, what in it is replaced by what, and so what each tool has to say.
SPOILED = [
    ("dev", "3\n", "3\nimport os\n"),
    ("addon/data/partners.xml", "two", "one"),
    ("addon/i18n/pt.po", "two", "one"),
    ("addon/models.py", "super().write(vals)", "super().write(vals); print(vals)"),
]
SEEN = {
    "ruff check": "dev:2:8: F401",
    "ruff format": "--> addon/models.py:8:",
    "OCA checks of the addons": "addon/data/partners.xml:3: xml-duplicate-record-id",
    "OCA checks of the terms": "addon/i18n/pt.po:6: po-duplicate-message-definition",
    "pylint-odoo": "addon/models.py:8:29: W8116",
}


@pytest.fixture
def tree(tmp_path):
    """Return a folder with the good addon and this repository's settings."""
    for name, text in GOOD.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    return tmp_path


def lint(folder):
    """Run the lint in ``folder``; return its status and what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "harness.lint"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT / "tests" / "tools")},
        capture_output=True,
        text=True,
    )
    assert not done.stderr
    return done.returncode, done.stdout


def test_a_good_tree_passes_and_is_left_as_it_was(tree):
    before = sorted(tree.rglob("*"))
    status, output = lint(tree)
    assert (status, output.splitlines()[-1]) == (0, "5 passed, 0 failed"), output
    assert [x.split(" (")[0] for x in output.splitlines()[:-1]] == [
        f"PASSED {name}" for name in SEEN
    ]
    assert sorted(tree.rglob("*")) == before


def test_every_tool_sees_its_finding(tree):
    for name, old, new in SPOILED:
        (tree / name).write_text(GOOD[name].replace(old, new))
    status, output = lint(tree)
    assert status == 1
    assert output.endswith("\n0 passed, 5 failed\n")
    assert [x for x in SEEN.values() if x not in output] == [], output
    assert str(tree)[1:] not in output


def test_nothing_to_look_at_is_a_failure(tmp_path):
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    status, output = lint(tmp_path)
    assert status == 1
    assert output.count("found no file to look at") == len(SEEN)


def test_a_missing_tool_is_a_failure(tmp_path):
    tool = Tool("a tool", "no_such_tool", [], ["setup.cfg"])
    assert complaint(tool, tmp_path).startswith("a tool cannot be started: ")


def test_the_tools_look_at_all_of_the_repository():
    targets = {tool.name: tool.targets for tool in list_tools(ROOT)}
    assert list(targets) == list(SEEN)
    python = {"dev", *(x for x in FILES if x.endswith(".py"))}
    assert python <= set(targets["ruff check"])
    assert targets["ruff format"] == targets["ruff check"]
    assert targets["OCA checks of the addons"] == [
        f"{addon}/__manifest__.py" for addon in ADDONS
    ]
    assert targets["pylint-odoo"] == ADDONS


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
