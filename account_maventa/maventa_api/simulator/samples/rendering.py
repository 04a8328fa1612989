"""A sample with its bytes: the original, the conversions, the image, the files."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .as_finvoice import as_finvoice
from .as_ubl import as_ubl
from .draft import Draft, Style

FINVOICE, PEPPOL = "FINVOICE30", "PEPPOLBIS30"


@dataclass(frozen=True)
class Sample:
    """One document as the service holds it.

    ``formats`` has the bytes per format; that of ``source_format`` is the original.
    """

    draft: Draft
    formats: dict[str, bytes] = field(repr=False)
    image: bytes = field(repr=False)  # as the sender gave it; empty: none
    generated: bytes = field(repr=False)

    @property
    def key(self) -> str:
        return self.draft.key


def sample_of(draft: Draft) -> Sample:
    """Write a draft in both formats; a conversion is in the guidelines' manner."""
    image = pdf(f"{draft.seller.name} {draft.number}") if draft.has_image else b""
    is_embedded = draft.source_format == PEPPOL
    formats = {PEPPOL: as_ubl(draft, image if is_embedded else b"")}
    is_own = draft.source_format.startswith("FINVOICE")
    formats[FINVOICE] = as_finvoice(draft, None if is_own else Style())
    if draft.source_format not in formats:
        formats[draft.source_format] = formats[FINVOICE if is_own else PEPPOL]
        converted = replace(draft.style, version="3.0", declared="ISO-8859-15")
        formats[FINVOICE] = as_finvoice(draft, converted if is_own else Style())
    generated = pdf(f"Maventa {draft.number}")
    return Sample(draft, formats, image, generated)


def pdf(text: str) -> bytes:
    """Return a small page with a line of text, which PDF readers open."""
    line = text.encode("ascii", "replace").replace(b"(", b"[").replace(b")", b"]")
    stream = b"BT /F1 12 Tf 40 780 Td (" + line.replace(b"\\", b"/") + b") Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count, start = len(objects) + 1, len(out)
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (count, table, count, start)
    )
