"""The store pages are those of their text sources, and all their pictures exist."""

import re

import pytest
from harness import store_page
from harness.addons import ADDONS
from PIL import Image
from repository_layout import ROOT, files_of, manifest

FOLDER = "static/description/"

each_addon = pytest.mark.parametrize("addon", ADDONS.values(), ids=ADDONS)


@each_addon
def test_page_is_made_from_its_source(addon):
    path = store_page.folder(addon.name) / "index.html"
    assert path.read_text(encoding="utf-8") == store_page.render(addon)


@each_addon
def test_page_has_every_part(addon):
    page = store_page.source(addon.name)
    assert len(page["cards"]) == 3
    for part in ("comparison", "questions"):
        assert len(page[part]) >= 4
    html = store_page.render(addon)
    assert "<script" not in html and "style" not in html
    assert "Languages" in html and "Requirements" in html


@each_addon
def test_pictures_are_shown_and_exist(addon):
    pictures = store_page.pictures(addon.name)
    shown = re.findall(r'src="([^"]*)"', store_page.render(addon))
    assert shown == [store_page.BANNER, *pictures]
    readme = (ROOT / addon.name / "README.md").read_text(encoding="utf-8")
    in_readme = re.findall(r"!\[[^]]+\]\(static/description/([^)]*)\)", readme)
    assert tuple(in_readme) == pictures
    existing = {x for x in files_of(addon.name) if x.startswith(FOLDER)}
    names = (*shown, "icon.png", "index.html")
    assert existing == {FOLDER + name for name in names}


@each_addon
def test_banner_is_the_cover_in_the_store(addon):
    assert manifest(addon.name)["images"][0] == FOLDER + store_page.BANNER
    folder = store_page.folder(addon.name)
    with Image.open(folder / store_page.BANNER) as banner:
        assert banner.size == (1120, 560)
    with Image.open(folder / "icon.png") as icon:
        assert icon.size == (128, 128)
