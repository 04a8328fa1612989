"""The pictures of store pages and READMEs are there, and are the demo's."""

import re

import pytest
from harness.addons import ADDONS
from repository_layout import ROOT, files_of, manifest

FOLDER = "static/description/"


@pytest.mark.parametrize("addon", ADDONS.values(), ids=ADDONS)
def test_pictures_are_shown_and_there(addon):
    page = (ROOT / addon.name / FOLDER / "index.html").read_text(encoding="utf-8")
    assert tuple(re.findall(r'src="([^"]*)"', page)) == addon.pictures
    readme = (ROOT / addon.name / "README.md").read_text(encoding="utf-8")
    shown = tuple(re.findall(r"!\[[^]]+\]\(static/description/([^)]*)\)", readme))
    assert shown == addon.pictures
    assert manifest(addon.name)["images"] == [FOLDER + addon.pictures[0]]
    there = {x for x in files_of(addon.name) if x.startswith(FOLDER)}
    assert there == {
        *(FOLDER + name for name in addon.pictures),
        FOLDER + "icon.png",
        FOLDER + "index.html",
    }
