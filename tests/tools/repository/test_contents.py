"""The files have no private, unfinished or machine-bound content."""

import re

import pytest
from repository_layout import FILES, ROOT

# Each pattern is written so that it does not match itself.
FORBIDDEN = {
    "a folder beside the repository": r"[.][.]/shared\b",
    "a path of one machine": r"(?<![\w.~/:*$}-])/(?:home|Users|root|work|workspace)/\w",
    "a path of one Windows machine": r"\b[A-Za-z]:[\\]+Users\b",
    "a package registry": (
        r"\b(?:pypi[.]org|pythonhosted[.]org|debian[.]org|ubuntu[.]com|npmjs[.]\w+"
        r"|yarnpkg[.]com|golang[.]org|crates[.]io|rubygems[.]org|anaconda[.]\w+)\b"
    ),
    "an unfinished place": r"\b(?:TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b",
    "a private key": r"-{5}BEGIN [A-Z ]*PRIVATE KEY-{5}",
}
ADDRESS = re.compile(r"[\w.+-]+@((?:[A-Za-z0-9-]+[.])+[A-Za-z]{2,})\b")
RESERVED = re.compile(r"(?:.+[.])?(?:example|example[.](?:com|net|org)|test|invalid)")


def test_files_have_no_forbidden_content():
    assert len(FILES) > 100
    found = []
    for name in FILES:
        found += [f"{name}:{line}: {what}" for line, what in forbidden(_text(name))]
    assert found == []


@pytest.mark.parametrize(
    "parts",
    [
        ("open('.", "./shared/notes')"),
        ("PATH=", "/home/", "kim/odoo"),
        ("'/wo", "rk/", "main'"),
        ("C:\\", "Users\\kim"),
        ("https://files.python", "hosted.org/x"),
        ("deb http://deb.deb", "ian.org/debian trixie main"),
        ("# TO", "DO: later"),
        ("# XX", "X"),
        ("-----BEGIN RSA PRI", "VATE KEY-----"),
        ("kim@", "gmail.com"),
    ],
)
def test_forbidden_content_is_found(parts):
    assert [line for line, _what in forbidden("fine\n" + "".join(parts))] == [2]


@pytest.mark.parametrize(
    "text",
    [
        "https://service.example/work/list, //root/child, ~/work/x, /homepage/",
        "kim@example.com, kim@shop.example, kim@mail.test, root@localhost",
        "@api.depends('x'), odoo@19.0, -----BEGIN CERTIFICATE-----",
        "HACKNEY, xXXXx, https://www4.maventa.com/",
    ],
)
def test_allowed_content_passes(text):
    assert forbidden(text) == []


def forbidden(text):
    """Return (line number, what) of everything in ``text`` that must not be there."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        found += [(number, what) for what, x in FORBIDDEN.items() if re.search(x, line)]
        for domain in ADDRESS.findall(line):
            if not RESERVED.fullmatch(domain.lower()):
                found.append((number, "an address of a real domain"))
    return found


def _text(name):
    """Return a file's text; a binary file has none."""
    content = (ROOT / name).read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", "replace")
