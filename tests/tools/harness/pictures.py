"""``./dev pictures``: play the demo, and renew store pages and pictures of READMEs."""

import sys
import textwrap

from PIL import Image, ImageDraw, ImageFont

from . import console, demo, processes, store_page
from .addons import ADDONS
from .console import Problem, say
from .paths import ROOT, TESTS
from .system import FONTS

OVERVIEW = TESTS / "product" / "demo" / "overview.png"
WIDTH = 1080  # pixels
STRIP = 330  # pixels of each picture in the overview
GAP = 12
COLOURS = 128  # enough for a screen, and a third of the size
BANNER = (1120, 560)  # pixels: the store shows it in half that size as well
ICON = 112  # pixels in the banner
MARGIN = 56
TEXT_WIDTH = 500
CARD = (620, 72, 1120, 560)  # the picture in the banner: left, top, right, bottom


def main():
    """Take the pictures from a demo in which all checks are true."""
    if demo.main():
        raise Problem("a check of the demo is false, so its pictures are not used")
    renew(demo.FOLDER)


def renew(screenshots):
    """Make pictures, banners and pages.

    :param screenshots: folder with the screenshots of the demo
    """
    strips = []
    for name, addon in reversed(ADDONS.items()):
        target = store_page.folder(name)
        page = store_page.source(name)
        for picture in page["pictures"]:
            image = _read(screenshots / picture["file"])
            _write(_narrow(_cut(image, picture["crop"])), target / picture["file"])
        first = page["pictures"][0]
        screenshot = _read(screenshots / first["file"])
        strips.append(_narrow(screenshot))
        icon = _read(target / "icon.png", "RGBA")
        cut = _cut(screenshot, first["crop"])
        _write(banner(page, icon, cut), target / store_page.BANNER)
        write_page(addon)
    _write(_stacked(strips), OVERVIEW)


def write_page(addon):
    """Write the HTML of an addon's store page."""
    path = store_page.folder(addon.name) / "index.html"
    path.write_text(store_page.render(addon), encoding="utf-8")
    say(f"  {path.relative_to(ROOT)}")


def banner(page, icon, picture):
    """Draw icon, title and promise of a page, with a picture beside them."""
    image = Image.new("RGB", BANNER, page["colour"])
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle(
        (MARGIN - 4, MARGIN - 4, MARGIN + ICON + 4, MARGIN + ICON + 4), 24, fill="white"
    )
    small = icon.resize((ICON, ICON), Image.Resampling.LANCZOS)
    image.paste(small, (MARGIN, MARGIN), small)
    top = MARGIN + ICON + 40
    for text, font, size in (
        (page["title"], "DejaVuSans-Bold.ttf", 44),
        (page["promise"], "DejaVuSans.ttf", 27),
    ):
        face = ImageFont.truetype(FONTS / font, size)
        for line in _lines(text, face):
            draw.text((MARGIN, top), line, fill="white", font=face)
            top += round(size * 1.3)
        top += 20
    _paste_card(image, draw, picture)
    return image


def _lines(text, face):
    """Break a text into lines that are not wider than the banner's column."""
    for width in range(len(text), 0, -1):
        lines = textwrap.wrap(text, width)
        if all(face.getlength(line) <= TEXT_WIDTH for line in lines):
            return lines
    return [text]


def _paste_card(image, draw, picture):
    """Put the upper left part of a picture into the right half, on a white card."""
    left, top, right, bottom = CARD
    draw.rounded_rectangle((left - 10, top - 10, right + 40, bottom + 40), 16, "white")
    scale = max(0.6, (bottom - top) / picture.height)
    size = (round(picture.width * scale), round(picture.height * scale))
    part = picture.resize(size, Image.Resampling.LANCZOS)
    image.paste(part.crop((0, 0, right - left, bottom - top)), (left, top))


def _read(path, mode="RGB"):
    with Image.open(path) as picture:
        return picture.convert(mode)


def _cut(picture, crop):
    """Return a part of a picture.

    :param crop: left, top, right and bottom as fractions of its size
    """
    sizes = (picture.width, picture.height) * 2
    return picture.crop([round(x * size) for x, size in zip(crop, sizes, strict=True)])


def _narrow(picture):
    """Return the picture, no wider than a page."""
    if picture.width <= WIDTH:
        return picture
    height = round(picture.height * WIDTH / picture.width)
    return picture.resize((WIDTH, height), Image.Resampling.LANCZOS)


def _stacked(pictures):
    """Return the upper part of each picture, one below the other."""
    height = (STRIP + GAP) * len(pictures) - GAP
    whole = Image.new("RGB", (WIDTH, height), "white")
    for number, picture in enumerate(pictures):
        strip = picture.crop((0, 0, WIDTH, STRIP))
        whole.paste(strip, (0, number * (STRIP + GAP)))
    return whole


def _write(picture, path):
    picture.quantize(COLOURS).save(path, optimize=True)
    say(f"  {path.relative_to(ROOT)}")


if __name__ == "__main__":
    processes.unwind_on_signals()
    sys.exit(console.run(main))
