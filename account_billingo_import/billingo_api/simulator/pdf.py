"""A document on one page, as a PDF small enough to write by hand."""

from __future__ import annotations

from collections.abc import Sequence

# Helvetica has the two Hungarian letters that the code page of PDF lacks; they take
# the places that Latin-2 gives them.
HUNGARIAN = str.maketrans("ŐőŰű", "ÕõÛû")
NAMES = b"213 /Ohungarumlaut 219 /Uhungarumlaut 245 /ohungarumlaut 251 /uhungarumlaut"
LINES = 24  # so many fit between head and totals


def document_pdf(raw: dict) -> bytes:
    """Return a document (OpenAPI ``Document``) as people read it."""
    seller, buyer = raw["organization"], raw["document_partner"]
    summary, currency = raw["summary"], raw["currency"]
    rows = [
        (60, 780, 18, raw["invoice_number"] or "-"),
        (60, 762, 10, raw["type"]),
        (60, 730, 10, f"Eladó: {seller['name']}, {seller['tax_number']}"),
        (60, 714, 10, f"Vevő: {buyer['name']}, {buyer['taxcode'] or '-'}"),
        (60, 690, 10, f"Kelt: {raw['invoice_date']}"),
        (210, 690, 10, f"Teljesítés: {raw['fulfillment_date']}"),
        (380, 690, 10, f"Fizetési határidő: {raw['due_date']}"),
    ]
    for place, item in enumerate(raw["items"][:LINES]):
        y = 656 - 18 * place
        shown = f"{item['quantity']} {item['unit']}"
        rows += [
            (60, y, 10, item["name"]),
            (320, y, 10, shown),
            (400, y, 10, item["vat"]),
            (460, y, 10, f"{item['gross_amount']} {currency}"),
        ]
    rows += [
        (320, 180, 10, f"Nettó: {summary['net_amount']} {currency}"),
        (320, 164, 10, f"ÁFA: {summary['vat_amount']} {currency}"),
        (320, 142, 14, f"Összesen: {raw['gross_total']} {currency}"),
    ]
    return text_pdf(rows)


def text_pdf(rows: Sequence[tuple[int, int, int, str]]) -> bytes:
    """Return a valid one-page PDF (1.4).

    :param rows: (x, y, size, text), in points from the lower left corner of an A4
    """
    drawing = b"\n".join(_drawn(*row) for row in rows)
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Type"
        b" /Encoding /BaseEncoding /WinAnsiEncoding /Differences [%s] >> >>" % NAMES,
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


def _drawn(x: int, y: int, size: int, text: str) -> bytes:
    shown = text.translate(HUNGARIAN).encode("cp1252", "replace")
    for special in (b"\\", b"(", b")"):
        shown = shown.replace(special, b"\\" + special)
    return b"BT /F1 %d Tf %d %d Td (%s) Tj ET" % (size, x, y, shown)
