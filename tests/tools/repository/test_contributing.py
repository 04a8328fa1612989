"""The documents for contributors name files and checks that exist."""

import re

import pytest
from harness.lint import list_tools
from repository_layout import ADDONS, PACKAGES, ROOT

DOCUMENTS = ("README.md", "CONTRIBUTING.md")
FILE = re.compile(r"`((?:\w+/)+[\w.-]+/?)`")
MADE = ("var/", "i18n/CODE.po")  # by commands and by translators


@pytest.mark.parametrize("document", DOCUMENTS)
def test_named_files_exist(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    assert missing(text) == []


def test_missing_file_is_found():
    text = "`setup.cfg`, `tests/tools/`, `dev/null/x.py`, `ADDON/services/none.py`"
    assert missing(text) == ["dev/null/x.py", "ADDON/services/none.py"]
    assert missing("`ADDON/PACKAGE/simulator/`, `i18n/ADDON.pot`") == []


def test_hooks_run_existing_checks():
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    hooks = re.findall(r"entry: \./dev lint (\S+)", text)
    assert set(hooks) == {tool.name for tool in list_tools(ROOT)}


def missing(text):
    """Return the paths in a text that do not exist, in any addon if they name none."""
    return [path for path in FILE.findall(text) if not _exists(path)]


def _exists(path):
    """Tell whether a path exists at the top or in an addon.

    One with a placeholder has to exist for each addon.
    """
    if path.startswith(MADE):
        return True
    found = [
        (ROOT / name).exists() or (ROOT / addon / name).exists()
        for addon in ADDONS
        for name in [_filled(path, addon)]
    ]
    return all(found) if "ADDON" in path else any(found)


def _filled(path, addon):
    return path.replace("ADDON", addon).replace("PACKAGE", PACKAGES[addon].name)
