"""The required packages of the operating system; as root, they are installed."""

import importlib.util
import os
import pathlib
import shutil
import subprocess

from .console import Problem, step
from .processes import output

POSTGRES = pathlib.Path("/usr/lib/postgresql")
OLDEST_POSTGRES = 15
KEYRING = pathlib.Path("/usr/share/keyrings/debian-archive-keyring.gpg")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LIBRARIES = {
    "libXrender.so.1": "libxrender1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libXext.so.6": "libxext6",
    "libX11.so.6": "libx11-6",
}
FONTS = pathlib.Path("/usr/share/fonts/truetype/dejavu")


def postgres_bin():
    """Return the folder of the newest PostgreSQL server's programs, or None."""
    found = [
        folder
        for folder in POSTGRES.glob("*/bin")
        if (folder / "initdb").exists()
        and folder.parent.name.isdigit()
        and int(folder.parent.name) >= OLDEST_POSTGRES
    ]
    return max(found, key=lambda folder: int(folder.parent.name), default=None)


def browser():
    """Return the path of Chromium, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def provide():
    """Make sure that PostgreSQL, Chromium, libraries and small tools are installed.

    :raise Problem: a package is missing and cannot be installed
    """
    missing = _missing()
    if not missing:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() or not shutil.which("apt-get"):
        raise Problem(
            "packages of the operating system are missing; install them with: sudo "
            + " ".join(install)
        )
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step(f"install {', '.join(missing)}"):
        failed = "apt could not install what is missing; try: " + " ".join(install)
        output(["apt-get", "-qq", "update"], failed, env=environment)
        output(install, failed, env=environment)
    if left := _missing():
        raise Problem(f"apt installed {', '.join(left)}, and they are still not found")


def _missing():
    """Return the Debian packages whose programs or files are missing."""
    libraries = _libraries()
    probes = {
        "postgresql": postgres_bin() is not None,
        "chromium": browser() is not None,
        "poppler-utils": shutil.which("pdftotext") is not None,
        "git": shutil.which("git") is not None,
        "python3-venv": importlib.util.find_spec("ensurepip") is not None
        or shutil.which("uv") is not None,
        "fonts-dejavu-core": FONTS.is_dir(),
        **{package: name in libraries for name, package in LIBRARIES.items()},
    }
    if shutil.which("apt-get"):
        probes["debian-archive-keyring"] = KEYRING.exists()
    return [package for package, present in probes.items() if not present]


def _libraries():
    """Return the names of the shared libraries that the loader knows."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    listed = subprocess.run(
        [shutil.which("ldconfig", path=path) or "ldconfig", "-p"],
        capture_output=True,
        text=True,
        check=False,
    )
    return {line.split()[0] for line in listed.stdout.splitlines()[1:] if line.split()}
