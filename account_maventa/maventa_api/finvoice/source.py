"""From the bytes of a file to element trees: frames, encodings, limits.

Not trusted: declared encodings, document types, sizes. Entities are refused, and
nothing outside of the file is read.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

LARGEST_FILE = 60 * 10**6  # bytes
MOST_DOCUMENTS = 500
MOST_ELEMENTS = 1_500_000
DEEPEST = 100
XSI = "http://www.w3.org/2001/XMLSchema-instance"
START = re.compile(
    rb"<(?:[\w.-]+:)?(finvoiceattachments|finvoice)(?=[\s>/])", re.IGNORECASE
)
END = re.compile(rb"</(?:[\w.-]+:)?finvoice(?:attachments)?\s*>", re.IGNORECASE)
DECLARATION = re.compile(r"""<\?xml\s[^>]*?\?>""")
ELEMENT = re.compile(rb"<[A-Za-z_]")
ENCODING = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(\[|>)", re.IGNORECASE)
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CHARACTER = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,8}));")
WESTERN = {"iso8859-1", "iso8859-15", "cp1252", "ascii"}
DEFAULT = "iso8859-15"  # what the guidelines prescribe
# Controls in the standards that are letters and quotes on Windows
WINDOWS = {code: bytes([code]).decode("cp1252", "replace") for code in range(128, 160)}


class UnreadableError(Exception):
    """No document can be read; ``kind`` says why, ``detail`` what was found.

    Kinds: ``empty``, ``archive``, ``not_finvoice``, ``too_large``, ``too_many``,
    ``entities``, ``encoding``, ``xml``.
    """

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind
        self.detail = detail


@dataclass(frozen=True)
class Piece:
    """One document of a file: its own bytes, and the frame that stood before it."""

    kind: str  # finvoice, finvoiceattachments
    data: bytes = field(repr=False)
    frame: bytes = field(default=b"", repr=False)


def pieces(file: bytes) -> list[Piece]:
    """Return the documents of a file in their order.

    :raise UnreadableError: there is none, or the file is beyond the limits
    """
    if len(file) > LARGEST_FILE:
        raise UnreadableError("too_large", str(len(file)))
    if not file.strip():
        raise UnreadableError("empty")
    if file.startswith(b"PK\x03\x04"):
        raise UnreadableError("archive")
    found = list(_cut(_without_wide_characters(file)))
    if not any(piece.kind == "finvoice" for piece in found):
        raise UnreadableError("not_finvoice", _root_name(file))
    return found


def tree(data: bytes) -> tuple[etree._Element, list[str]]:
    """Return the root of a document, and what was odd about its characters.

    :raise UnreadableError: it is no XML, or beyond the limits
    """
    if len(data) > LARGEST_FILE:
        raise UnreadableError("too_large", str(len(data)))
    text, odd = decoded(_without_wide_characters(data))
    text = _without_prolog(text)
    clean = CHARACTER.sub(_legal_character, ILLEGAL.sub(" ", text))
    if clean != text:
        odd.append("control_characters")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    if clean.count("<") > MOST_ELEMENTS:
        raise UnreadableError("too_large", "elements")
    try:
        root = etree.fromstring(clean.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError("xml", str(error)[:200]) from None
    _check_depth(root)
    return root, odd


def decoded(data: bytes) -> tuple[str, list[str]]:
    """Return the text of a document, and ``["declared_encoding"]`` if it lied.

    Bytes that are UTF-8 beyond ASCII are UTF-8 whatever the declaration says: no
    text in a western encoding looks like that by chance.
    """
    declared = _declared(data)
    if data.startswith(codecs.BOM_UTF8):
        return data[3:].decode("utf-8", "replace"), []
    if (text := _utf_8(data)) is not None:
        is_lie = not data.isascii() and declared not in ("", "utf-8")
        return text, ["declared_encoding"] if is_lie else []
    encoding = declared if declared not in ("", "utf-8", "ascii") else DEFAULT
    try:
        text = data.decode(encoding, "replace" if encoding in WESTERN else "strict")
    except (LookupError, ValueError):
        raise UnreadableError("encoding", encoding) from None
    if encoding in WESTERN:
        text = text.translate(WINDOWS)
    return text, ["declared_encoding"] if declared in ("utf-8", "ascii") else []


def _utf_8(data: bytes) -> str | None:
    """Return the text if the bytes are UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _declared(data: bytes) -> str:
    """Return the normal name of the declared encoding, or nothing."""
    found = ENCODING.search(data[:1000])
    if not found:
        return ""
    try:
        return codecs.lookup(found[1].decode()).name
    except LookupError:
        return ""


def _cut(file: bytes) -> Iterator[Piece]:
    end = 0
    for count, start in enumerate(START.finditer(file)):
        if start.start() < end:
            continue  # inside of a document
        if count >= MOST_DOCUMENTS:
            raise UnreadableError("too_many", str(count))
        before = file[end : start.start()]
        declaration = max(before.rfind(b"<?xml "), before.rfind(b"<?xml\t"))
        if ELEMENT.search(before, max(declaration, 0)):
            declaration = -1  # of what stands around the document
        cut = declaration if declaration >= 0 else len(before)
        closing = END.search(file, start.end())
        begin, end = end + cut, closing.end() if closing else len(file)
        yield Piece(
            kind=start[1].decode().lower(),
            data=file[begin:end],
            frame=before[:cut].removeprefix(codecs.BOM_UTF8).strip(),
        )


def _without_wide_characters(file: bytes) -> bytes:
    """Return a file of two bytes per character as UTF-8."""
    for mark, encoding in (
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
        (b"<\0", "utf-16-le"),
        (b"\0<", "utf-16-be"),
    ):
        if file.startswith(mark):
            text = DECLARATION.sub("", file.decode(encoding, "replace"))
            return text.encode("utf-8", "replace")
    return file


def _without_prolog(text: str) -> str:
    """Return the root alone, with the one prefix that may have been declared above.

    :raise UnreadableError: the document brings declarations of its own
    """
    start = re.search(r"<[A-Za-z_]", text)
    if not start:
        raise UnreadableError("xml", "no element")
    doctype = DOCTYPE.search(text, 0, start.start())
    if doctype and doctype[1] == "[" or "<!ENTITY" in text[: start.start()]:
        raise UnreadableError("entities")
    root = text[start.start() :]
    head, closing, rest = root.partition(">")
    if "xmlns:xsi" not in head and "xsi:" in root:
        slash = "/" if head.endswith("/") else ""
        head = f'{head.removesuffix("/")} xmlns:xsi="{XSI}"{slash}'
    return head + closing + rest


def _legal_character(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else int(found[2])
    is_legal = code <= 0x10FFFF and (
        code in (9, 10, 13) or code >= 32 and not ILLEGAL.match(chr(code))
    )
    return found[0] if is_legal else " "


def _check_depth(root: etree._Element) -> None:
    depth = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise UnreadableError("too_large", "depth")


def _root_name(file: bytes) -> str:
    found = re.search(rb"<([A-Za-z_][\w.:-]{0,80})", file)
    return found[1].decode("ascii", "replace") if found else ""
