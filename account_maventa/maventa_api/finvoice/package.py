"""One file for the upload: the XML alone, or a ZIP with the PDF and attachments."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

EPOCH = (1980, 1, 1, 0, 0, 0)  # the same values make the same bytes


def packed(
    stem: str, xml: bytes, files: Sequence[tuple[str, str, bytes]]
) -> tuple[str, bytes]:
    """Return name and bytes of what is uploaded.

    Finvoice cannot hold files: Maventa takes a ZIP, in which the PDF with the stem
    of the XML is the invoice's image, and other files are attachments.

    :param files: name, MIME type and bytes; the first PDF is the image
    """
    if not files:
        return f"{stem}.xml", xml
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, f"{stem}.xml", xml)
        image = next((file for file in files if file[1] == "application/pdf"), None)
        for file in files:
            name = f"{stem}.pdf" if file is image else file[0]
            _put(archive, name, file[2])
    return f"{stem}.zip", buffer.getvalue()


def _put(archive, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, data)
