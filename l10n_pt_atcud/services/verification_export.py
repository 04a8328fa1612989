"""What an auditor takes along: all messages and signatures, and the public keys.

Each signature can be verified with ``openssl`` and nothing of Odoo.
"""

import csv
import io
import zipfile

from odoo import api, models

from ..guards import internal

_COLUMNS = (
    *("Number", "Date", "SystemEntryDate", "GrossTotal", "Hash", "HashControl"),
    *("SourceID", "State", "Message"),
)
_HOW_TO = """Each line of documents.csv has a message and its signature (Hash).

    printf '%s' 'MESSAGE' > message
    printf '%s' 'HASH' | openssl enc -d -base64 -A > signature
    openssl dgst -sha1 -verify public-key-1.txt -signature signature message

The number before a hyphen in HashControl, or HashControl itself, names the key.
"""


@internal
class L10nPtAtcudVerificationExport(models.AbstractModel):
    """Commits nothing. Reads only, and no private key."""

    _name = "l10n_pt_atcud.verification_export"
    _description = "AT: export of signed documents"

    # === PUBLIC === #

    @api.model
    def archive(self, signing, breaks):
        """Return a ZIP file: documents, breaks, public keys, and how to verify.

        :param breaks: list of (number, text)
        """
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(
                "documents.csv", self._sheet(_COLUMNS, self._rows(signing))
            )
            archive.writestr("breaks.csv", self._sheet(("Number", "Break"), breaks))
            archive.writestr("verify.txt", _HOW_TO)
            for key in signing.key_ids:
                archive.writestr(f"public-key-{key.version}.txt", key.public_key)
        return stream.getvalue()

    # === HELPERS === #

    def _rows(self, signing):
        verification = self.env["l10n_pt_atcud.chain_verification"]
        for series in verification.series(signing):
            for row in verification.documents(series):
                signed = row["signed"] or {}
                texts = [
                    signed.get(name, "")
                    for name in ("date", "entry", "number", "gross_total", "previous")
                ]
                yield (
                    row["name"],
                    *(texts[0], texts[1], texts[3]),
                    *(row["hash"] or "", row["hash_control"] or ""),
                    *(row["source_id"] or "", row["state"]),
                    ";".join(texts),
                )

    def _sheet(self, columns, rows):
        """Return a table as spreadsheet programs read it in Portugal."""
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(columns)
        writer.writerows(rows)
        return stream.getvalue().encode("utf-8-sig")
