"""The QR code as a picture: level M, version 9 or more, at least 30 mm wide.

Source: AT, "Especificações Técnicas - Código de Barras Bidimensional - Código QR",
v1.0, August 2020, section 2.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from math import ceil

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_8BIT_BYTE, QRData

SMALLEST_VERSION = 9
# Version 9 has 53 modules a side: a little more than 30 mm even without its margin.
MODULE_MILLIMETRES = 0.57
MARGIN_MILLIMETRES = 2.5
_PIXELS = 8  # per module; printers have more dots, and edges stay sharp


@dataclass(frozen=True)
class QrImage:
    """A code to print.

    :ivar png: the picture, its white margin included
    :ivar millimetres: the side that it has to be printed with
    :ivar version: of the QR code, 9 to 40
    """

    png: bytes
    millimetres: float
    version: int


def qr_image(text: str) -> QrImage:
    """Draw ``text`` in byte mode, in the smallest version that the law allows."""
    margin = ceil(MARGIN_MILLIMETRES / MODULE_MILLIMETRES)
    code = qrcode.QRCode(
        version=SMALLEST_VERSION,
        error_correction=ERROR_CORRECT_M,
        box_size=_PIXELS,
        border=margin,
    )
    code.add_data(QRData(text.encode(), mode=MODE_8BIT_BYTE))
    code.make(fit=True)
    png = io.BytesIO()
    code.make_image().save(png, "PNG")
    side = (code.modules_count + 2 * margin) * MODULE_MILLIMETRES
    return QrImage(png.getvalue(), round(side, 2), code.version)
