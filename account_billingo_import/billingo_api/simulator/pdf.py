"""A PDF small enough to write by hand, with one line of text on it."""

from __future__ import annotations


def one_line_pdf(line: str) -> bytes:
    """Return a valid one-page PDF (1.4) that shows ``line``."""
    shown = line.encode("latin-1", "replace")
    for special in (b"\\", b"(", b")"):
        shown = shown.replace(special, b"\\" + special)
    drawing = b"BT /F1 18 Tf 60 760 Td (" + shown + b") Tj ET"
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    file = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    file += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(bodies) + 1)
    file += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(file)
