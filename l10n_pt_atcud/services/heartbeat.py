"""A witness outside the database: the last signed document of each series, in a file.

A backup that is restored takes the database back to an earlier day, and leaves the
file. Then the file knows documents that the database has lost.
"""

import json
import os
import tempfile
from pathlib import Path

from odoo import api, models
from odoo.tools import config

from ..at_series import Head
from ..guards import internal


@internal
class L10nPtAtcudHeartbeat(models.AbstractModel):
    """Commits nothing, and never calls AT. Writes a file for each taxpayer."""

    _name = "l10n_pt_atcud.heartbeat"
    _description = "AT: last documents, kept outside the database"

    # === PUBLIC === #

    @api.model
    def compare(self, signing, heads):
        """Return the last documents that the file knows and the database has lost.

        What the database has is written to the file; what it has lost stays there.

        :param heads: list of :class:`~..at_series.Head`, what the database has
        """
        path = self._path(signing)
        known = self._read(path)
        present = {head.series: head for head in heads}
        lost = [
            head
            for name, head in sorted(known.items())
            if not self._has(signing, head, present.get(name))
        ]
        kept = {**known, **present, **{head.series: head for head in lost}}
        self._write(path, kept)
        return lost

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

    def _path(self, signing):
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        nif = signing.company_id._l10n_pt_atcud_nif()
        folder = Path(config["data_dir"]) / "l10n_pt_atcud"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder / f"{uuid}-{nif}.json"

    def _read(self, path):
        if not path.exists():
            return {}
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {row["series"]: Head(**row) for row in rows}

    def _write(self, path, heads):
        """Replace the file as a whole, so that it is never half written."""
        rows = [vars(head) for _name, head in sorted(heads.items())]
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, delete=False, encoding="utf-8"
        ) as file:
            json.dump(rows, file)
        os.replace(file.name, path)
