"""The QR code on paper, read from a real PDF."""

import subprocess
from io import BytesIO

from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.tests import tagged
from PIL import Image

from ..at_series.qr_image import qr_image
from .common import AtcudCommon
from .test_printing import PrintedPages
from .test_qr_code import Signed

DOTS = 300  # per inch
MILLIMETRE = DOTS / 25.4
SMALLEST_VERSION = 9  # Portaria 195/2020, whatever the code says


class Scanner:
    """Read QR codes from a PDF as a scanner does."""

    def picture(self, pdf):
        """Return the only page of a PDF as a scanner sees it."""
        png = subprocess.run(
            ["pdftoppm", "-r", str(DOTS), "-png", "-singlefile", "-"],
            input=pdf,
            capture_output=True,
            check=True,
        ).stdout
        return Image.open(BytesIO(png)).convert("L")

    def codes(self, picture):
        import zxingcpp  # here: without it the other tests can run

        return zxingcpp.read_barcodes(picture)

    def scan(self, picture):
        (found,) = self.codes(picture)
        return found


@tagged("post_install", "-at_install", "post_install_l10n")
class TestQrPdf(
    Scanner, Signed, PrintedPages, AtcudCommon, AccountTestInvoicingHttpCommon
):
    def test_code_is_readable_and_large_enough(self):
        self.registered_series()
        invoice = self.issued(self.line(100, self.tax(23)))
        picture = self.picture(self.pdf(invoice))
        found = self.scan(picture)
        self.assertEqual(found.text, self.payload(invoice))
        self.assertEqual(found.ec_level, "M")
        corners = found.position
        left, top = corners.top_left.x, corners.top_left.y
        right, bottom = corners.bottom_right.x, corners.bottom_right.y
        self.assertGreaterEqual((right - left) / MILLIMETRE, 30)
        self.assertGreaterEqual((bottom - top) / MILLIMETRE, 30)
        # More text makes more modules: the smallest code that the law allows would
        # be as large as it wants, too, but for a scanner's dot.
        version = qr_image(found.text).version
        self.assertGreaterEqual(version, SMALLEST_VERSION)
        smallest = (17 + 4 * SMALLEST_VERSION) / (17 + 4 * version)
        for side in (right - left, bottom - top):
            self.assertGreaterEqual((side + 1) * smallest / MILLIMETRE, 30)
        margin = 2.5 * MILLIMETRE
        around = (left - margin, top - margin, right + margin, bottom + margin)
        symbol = picture.crop(tuple(round(edge) for edge in around))
        dark = symbol.point(lambda value: 255 if value < 128 else 0).getbbox()
        for edge, limit in zip(dark, (0, 0, *symbol.size), strict=True):
            # the scanner's grid is a dot or two wide
            self.assertGreaterEqual(abs(edge - limit), margin - 3)

    def test_paper_format_does_not_shrink_the_code(self):
        self.registered_series()
        invoice = self.issued(self.line(100, self.tax(23)))
        paper = self.company.sudo().paperformat_id
        for dpi, disable_shrinking in ((140, False), (96, True)):
            with self.subTest(dpi=dpi):
                paper.write({"dpi": dpi, "disable_shrinking": disable_shrinking})
                corners = self.scan(self.picture(self.pdf(invoice))).position
                side = (corners.bottom_right.x - corners.top_left.x) / MILLIMETRE
                self.assertTrue(30 <= side <= 33, side)

    def test_atcud_is_directly_above_the_code(self):
        self.registered_series()
        invoice = self.issued(self.line(100, self.tax(23)))
        pdf = self.pdf(invoice)
        found = self.scan(self.picture(pdf))
        top = found.position.top_left.y / DOTS * 72
        below = [y for y, _text in self.words(pdf) if y < top]
        self.assertEqual(
            [text for y, text in self.words(pdf) if y == max(below)],
            [f"ATCUD:{invoice.l10n_pt_atcud_value}"],
        )
        self.assertLess(top - max(below), 10 / 25.4 * 72)

    def test_each_document_has_its_own_code(self):
        self.registered_series()
        self.registered_series("A2026", "NC")
        invoice = self.issued(self.line(100, self.tax(23)))
        refund = invoice._reverse_moves([{"date": invoice.date}])
        refund.action_post()
        for document in (invoice, refund):
            found = self.scan(self.picture(self.pdf(document)))
            self.assertEqual(found.text, self.payload(document))

    def test_draft_has_no_code(self):
        self.registered_series()
        self.assertEqual(self.codes(self.picture(self.pdf(self.draft()))), [])

    def words(self, pdf):
        """Yield the bottom (in points) and the text of each word of the page."""
        from lxml import html

        page = subprocess.run(
            ["pdftotext", "-bbox", "-", "-"],
            input=pdf,
            capture_output=True,
            check=True,
        ).stdout
        for word in html.fromstring(page).iter("word"):
            yield float(word.get("ymax")), word.text
