"""Odoo 19.0 from one of four sources, as a folder for ``PYTHONPATH``.

In this order: ODOO_HOME, an ``odoo`` that this Python can import, ODOO_DEB, Debian.
"""

import hashlib
import importlib.util
import os
import pathlib

from . import debian_odoo
from .console import Problem
from .paths import build_once

FOUR_WAYS = (
    "Odoo 19.0 can come from a tree (ODOO_HOME=folder), from an installed `odoo`, "
    "from a package file (ODOO_DEB=odoo-19_….deb), or from Debian's archive by apt"
)


def provide(cache):
    """Return a folder with nothing but ``odoo`` in it, and Odoo's addons folders.

    :param cache: where it is unpacked, or linked
    :raise Problem: none of the four ways leads to Odoo 19.0
    """
    if home := os.environ.get("ODOO_HOME"):
        tree = pathlib.Path(home).absolute()
        _check(tree / "odoo", f"ODOO_HOME={home}")
        return _link(cache, tree / "odoo")
    if package := _importable():
        return _link(cache, package)
    if file := os.environ.get("ODOO_DEB"):
        return _unpacked(cache, pathlib.Path(file).absolute())
    return _unpacked(cache, None)


def _importable():
    """Return the folder of an importable Odoo 19.0, or None."""
    try:
        found = importlib.util.find_spec("odoo")
    except (ImportError, ValueError):
        return None
    places = found.submodule_search_locations if found else None
    for place in places or ():
        if _version(pathlib.Path(place)) == "19.0":
            return pathlib.Path(place)
    return None


def _version(package):
    """Return "19.0" for the package folder of such an Odoo, or None."""
    try:
        release = (package / "release.py").read_text(encoding="utf-8")
    except OSError:
        return None
    return "19.0" if "\nversion_info = (19, 0" in release else None


def _check(package, named):
    if _version(package) != "19.0":
        raise Problem(f"{named} is not Odoo 19.0. {FOUR_WAYS}")


def _link(cache, package):
    """Link ``package`` in a folder of its own, without its neighbours."""
    key = hashlib.sha256(str(package).encode()).hexdigest()[:12]
    site = build_once(
        cache / f"odoo-{key}",
        f"Odoo 19.0 at {package}",
        lambda folder: (folder / "odoo").symlink_to(package),
    )
    beside = package.parent / "addons"  # a source tree has two folders of addons
    return site, (beside,) if (beside / "account").is_dir() else ()


def _unpacked(cache, file):
    if file and not file.is_file():
        raise Problem(f"ODOO_DEB={file} does not exist. {FOUR_WAYS}")
    folder = debian_odoo.provide(cache, file, FOUR_WAYS)
    _check(folder / "odoo", str(file or "Debian's package odoo-19"))
    return folder, ()
