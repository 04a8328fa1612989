"""One file for the upload: the XML alone, or a ZIP with the PDF and attachments."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from ..attachments import PDF, package_names

EPOCH = (1980, 1, 1, 0, 0, 0)  # the same values make the same bytes


def packed(
    stem: str, xml: bytes, files: Sequence[tuple[str, str, bytes]]
) -> tuple[str, bytes]:
    """Return name and bytes of what is uploaded.

    Finvoice cannot hold files: Maventa takes a ZIP, in which the PDF with the stem
    of the XML is the invoice's image, and other files are attachments.

    :param files: name, MIME type and bytes; the first one, if it is a PDF, is the
        image
    """
    if not files:
        return f"{stem}.xml", xml
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, f"{stem}.xml", xml)
        names = [f"{stem}.xml"]
        for name, mimetype, data in files:
            if len(names) == 1 and mimetype == PDF:
                names.append(f"{stem}.pdf")
            else:  # never by the image's name
                names += package_names([(name, mimetype)], [f"{stem}.pdf", *names])
            _put(archive, names[-1], data)
    return f"{stem}.zip", buffer.getvalue()


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, data)
