"""File names as Maventa takes them."""

import pytest
from maventa_api import safe_filename


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("INV_2026_00001.pdf", "INV_2026_00001.pdf"),
        ("Lasku INV/2026/1.pdf", "Lasku_INV_2026_1.pdf"),
        ("Hyvä lasku åäö.PDF", "Hyva_lasku_aao.PDF"),
        ("../../etc/passwd", "etc_passwd"),
        ("лист.pdf", "file.pdf"),
        ("", "file"),
        ("20260001", "20260001"),
    ],
)
def test_only_plain_letters_digits_dot_and_underscore(name, safe):
    assert safe_filename(name) == safe


def test_at_most_fifty_characters_and_the_extension_stays():
    safe = safe_filename("a" * 80 + ".pdf")
    assert len(safe) == 50
    assert safe.endswith("a.pdf")
