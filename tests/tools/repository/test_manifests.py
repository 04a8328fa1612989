"""Each addon says what it is, and brings along all that it names."""

import re

import pytest
from repository_layout import ADDONS, ROOT, files_of, manifest, settings

DATA = re.compile(r"(views|security|data|report|wizard)/.*\.(xml|csv)")
NEEDED = (
    "README.md",
    "i18n/{addon}.pot",
    "pyproject.toml",
    "security/ir.model.access.csv",
    "static/description/icon.png",
    "tests/__init__.py",
)

each_addon = pytest.mark.parametrize("addon", ADDONS)


@each_addon
def test_a_manifest_introduces_its_addon(addon):
    values = manifest(addon)
    assert values["version"] == settings()["metadata"]["version"]
    assert values["version"].startswith("19.0.")
    assert values["author"] == "Fiscal Bridges for Odoo contributors"
    assert values["license"] == "LGPL-3"
    assert values["category"].startswith("Accounting/")
    assert values["name"] and values["summary"]


@each_addon
def test_a_manifest_lists_its_data(addon):
    values = manifest(addon)
    listed = values["data"] + values.get("demo", [])
    assert listed
    assert misplaced(listed, files_of(addon)) == ([], [])


def test_data_that_is_forgotten_or_gone_is_seen():
    there = ["views/a.xml", "security/b.csv", "data/neutralize.sql", "tests/c.xml"]
    assert misplaced(["views/a.xml", "data/d.xml"], there) == (
        ["data/d.xml"],
        ["security/b.csv"],
    )


@each_addon
def test_assets_are_there(addon):
    patterns = [x for group in manifest(addon)["assets"].values() for x in group]
    assert patterns
    assert [x for x in patterns if not any(ROOT.glob(x))] == []


@each_addon
def test_an_addon_has_what_every_addon_needs(addon):
    needed = [name.format(addon=addon) for name in NEEDED]
    assert [name for name in needed if name not in files_of(addon)] == []
    icon = (ROOT / addon / "static/description/icon.png").read_bytes()
    assert icon.startswith(b"\x89PNG")


def misplaced(listed, there):
    """Compare the data files of a manifest with the files of the addon.

    :return: those that are listed and missing, and those that are there and unlisted
    """
    missing = [name for name in listed if name not in there]
    return missing, [x for x in there if DATA.fullmatch(x) and x not in listed]
