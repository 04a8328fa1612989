"""The folders: repository, cache, and output of runs."""

import fcntl
import os
import pathlib
import re
import shutil
from contextlib import contextmanager, suppress

from .console import Problem, step

ROOT = pathlib.Path(__file__).resolve().parents[3]
TESTS = ROOT / "tests"
PYTHON_PATH = os.pathsep.join(
    str(path) for path in (TESTS / "tools", TESTS / "product", TESTS)
)
VAR = ROOT / "var"  # output for the user: logs, PDFs, screenshots
COMPLETE = ".complete"
MADE = re.compile(  # in the cache
    r"(odoo|venv|wkhtmltopdf)-[0-9a-f]{12}(\.lock)?"
    r"|odoo-data|postgres-[0-9a-f]{12}\.(lock|users)|template\.lock"
)
NEEDED = 2 * 1024**3  # bytes: 0.7 GB stay, the rest is downloads and databases


def cache():
    """Return the folder for everything that is built once, and make it."""
    named = os.environ.get("FISCAL_BRIDGES_CACHE")
    if named:
        folder = pathlib.Path(named)
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
        folder = pathlib.Path(base).expanduser() / "fiscal-bridges"
    folder = folder.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(
            f"the cache {folder} cannot be created ({error.strerror}); name another "
            "folder in FISCAL_BRIDGES_CACHE"
        ) from error
    return folder


def build_once(folder, label, make):
    """Make ``folder`` by ``make(folder)`` unless it is complete already; return it.

    The rest of an interrupted run is removed: only a folder with the mark, which is
    set last, is complete. Other processes wait meanwhile.

    :param label: text for the user while it is made
    """
    mark = folder / COMPLETE
    if mark.exists():
        return folder
    with locked(folder.with_name(folder.name + ".lock")):
        if not mark.exists():
            _check_space(folder.parent)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            with step(label):
                make(folder)
            mark.touch()
    return folder


def empty_cache(folder):
    """Remove the files made in the cache, and the folder if it is empty then.

    The named folder may have other files.
    """
    for path in [path for path in folder.iterdir() if MADE.fullmatch(path.name)]:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    with suppress(OSError):  # it has other files
        folder.rmdir()


def _check_space(folder):
    free = shutil.disk_usage(folder).free
    if free < NEEDED:
        raise Problem(
            f"{folder} has {free / 1024**3:.1f} GB left and set-up needs 2; free some, "
            "or name another folder in FISCAL_BRIDGES_CACHE"
        )


@contextmanager
def locked(path, busy=None):
    """Hold an exclusive lock on the file ``path``.

    :param busy: message when another process holds it; without it, wait
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (fcntl.LOCK_NB if busy else 0))
        except BlockingIOError:
            raise Problem(busy) from None
        yield
