"""``./dev pictures``: play the demo, and renew the pictures in READMEs and stores."""

import sys

from PIL import Image

from . import console, demo, processes
from .addons import ADDONS
from .console import Problem, say
from .places import ROOT, TESTS

OVERVIEW = TESTS / "product" / "demo" / "overview.png"
WIDTH = 1080  # pixels
STRIP = 330  # pixels of each picture that the overview shows
GAP = 12
COLOURS = 128  # enough for a screen, and a third of the size


def main():
    """Take the pictures from a demo in which everything is true."""
    if demo.main():
        raise Problem("the demo is not true, so its pictures stay out")
    strips = []
    for addon in reversed(ADDONS.values()):
        for name in addon.pictures:
            picture = _read(demo.FOLDER / name)
            _write(picture, ROOT / addon.name / "static" / "description" / name)
        strips.append(_read(demo.FOLDER / addon.pictures[0]))
    _write(_stacked(strips), OVERVIEW)


def _read(path):
    with Image.open(path) as picture:
        height = round(picture.height * WIDTH / picture.width)
        return picture.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)


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
