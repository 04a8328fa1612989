"""Manifests are complete, and every file that they name exists."""

import re

import pytest
from repository_layout import ADDONS, ROOT, files_of, manifest, settings

DATA = re.compile(r"(demo|views|security|data|report|wizards)/.*\.(xml|csv)")
REQUIRED = (
    "README.md",
    "i18n/{addon}.pot",
    "pyproject.toml",
    "security/ir.model.access.csv",
    "static/description/icon.png",
    "tests/__init__.py",
)

each_addon = pytest.mark.parametrize("addon", ADDONS)


@each_addon
def test_manifest_describes_its_addon(addon):
    values = manifest(addon)
    assert values["version"] == settings()["metadata"]["version"]
    assert values["version"].startswith("19.0.")
    assert values["author"] == "Fiscal Bridges for Odoo contributors"
    assert values["license"] == "LGPL-3"
    assert values["category"].startswith("Accounting/")
    assert values["name"] and values["summary"]
    assert values["website"] == "https://fiscal-bridges.example"
    assert values["maintainers"] == ["fiscal-bridges"]
    assert values["development_status"] in ("Alpha", "Beta", "Production/Stable")


@each_addon
def test_manifest_lists_its_data(addon):
    values = manifest(addon)
    listed = values["data"] + values.get("demo", [])
    assert listed
    assert misplaced(listed, files_of(addon)) == ([], [])


def test_unlisted_or_missing_data_is_found():
    there = ["views/a.xml", "security/b.csv", "data/neutralize.sql", "tests/c.xml"]
    assert misplaced(["views/a.xml", "data/d.xml"], there) == (
        ["data/d.xml"],
        ["security/b.csv"],
    )


@each_addon
def test_assets_exist(addon):
    patterns = [x for group in manifest(addon)["assets"].values() for x in group]
    assert patterns
    assert [x for x in patterns if not any(ROOT.glob(x))] == []


@each_addon
def test_addon_has_the_required_files(addon):
    required = [name.format(addon=addon) for name in REQUIRED]
    assert [name for name in required if name not in files_of(addon)] == []
    icon = (ROOT / addon / "static/description/icon.png").read_bytes()
    assert icon.startswith(b"\x89PNG")


def misplaced(listed, there):
    """Compare the data files of a manifest with the files of the addon.

    :return: the listed files that are missing, and the existing ones that are unlisted
    """
    missing = [name for name in listed if name not in there]
    return missing, [x for x in there if DATA.fullmatch(x) and x not in listed]
