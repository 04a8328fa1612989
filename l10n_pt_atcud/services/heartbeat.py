"""A witness outside the database: the last signed document of each series, in files.

A backup that is restored takes the database back to an earlier day, and leaves the
files. Then they know documents that the database has lost. They are written after
each commit; documents of trials are not kept.

A file that cannot be read, after a power cut or a full disk, stops no document: it is
kept aside and written anew, and an administrator is told until it is deleted.
"""

import contextlib
import json
import logging
import os
import tempfile
from pathlib import Path

from odoo import api, models
from odoo.tools import config

from ..at_series import Head
from ..guards import internal
from ..models.l10n_pt_atcud_connection import TRIALS

_logger = logging.getLogger(__name__)

_ASIDE = ".unreadable"  # after the name of a file that was kept aside


@internal
class L10nPtAtcudHeartbeat(models.AbstractModel):
    """Commits nothing, and never calls AT. Writes a file for each series."""

    _name = "l10n_pt_atcud.heartbeat"
    _description = "AT: last documents, kept outside the database"

    # === PUBLIC === #

    @api.model
    def note(self, nif, head):
        """Write the last document of a series down, once it is committed."""
        if not _is_trial(head.series):
            folder = self.folder(nif)
            self.env.cr.postcommit.add(lambda: _write(folder, head))

    @api.model
    def last(self, nif, series):
        """Return the last document of a series that was committed ever, or ``None``."""
        return _read(self.folder(nif) / f"{series}.json")

    @api.model
    def compare(self, signing, heads):
        """Return the last documents that the files know and the database has lost.

        :param heads: list of :class:`~..at_series.Head`, what the database has
        """
        present = {head.series: head for head in heads}
        folder = self.folder(signing.company_id._l10n_pt_atcud_nif())
        known = [_read(path) for path in sorted(folder.glob("*.json"))]
        lost = [
            head
            for head in filter(None, known)
            if not self._has(signing, head, present.pop(head.series, None))
        ]
        for head in present.values():
            if not _is_trial(head.series):
                _write(folder, head)
        return lost

    @api.model
    def unreadable(self, nif):
        """Return the files that could not be read, and are kept aside."""
        folder = self.folder(nif)
        for path in folder.glob("*.json"):
            if not _read(path):
                _set_aside(path)
        return sorted(folder.glob(f"*{_ASIDE}"))

    @api.model
    def folder(self, nif):
        """Return the folder for a taxpayer of this database; make it where needed."""
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        folder = Path(config["data_dir"]) / "l10n_pt_atcud" / f"{uuid}-{nif}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    # === HELPERS === #

    def _has(self, signing, head, present):
        """Return whether the database still has the document that the file names."""
        if not present or present.number < head.number:
            return False
        found = self.env["account.move"].sudo()
        found = found.search(
            [
                ("name", "=", f"{head.series}/{head.number}"),
                ("l10n_pt_atcud_series_id", "in", signing._series().ids),
            ]
        )
        return head.hash in found.mapped("l10n_pt_atcud_hash")


def _is_trial(series):
    return series.startswith(tuple(TRIALS.values()))


def _read(path):
    """Return the head in a file; ``None`` where there is none, or none to be read."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        head = Head(values["series"], values["number"], values["hash"])
    except (OSError, ValueError, TypeError, LookupError):
        return None
    is_whole = type(head.number) is int and isinstance(head.hash, str)
    return head if is_whole and head.series == path.stem else None


def _write(folder, head):
    """Replace the file of a series as a whole, unless it knows a later document.

    The document is committed: what fails here is noticed, and mended, at night.
    """
    path = folder / f"{head.series}.json"
    known = _read(path)
    if known and known.number > head.number:
        return
    try:
        if path.exists() and not known:
            _set_aside(path)
        _replace(path, json.dumps(vars(head)))
    except OSError:
        _logger.exception("The last document of %s was not written down", head.series)


def _set_aside(path):
    os.replace(path, path.with_name(f"{path.name}{_ASIDE}"))


def _replace(path, text):
    """Write a file so that a power cut leaves the one before, or the new one."""
    file = tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False)  # noqa: SIM115
    try:
        with file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(file.name)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
