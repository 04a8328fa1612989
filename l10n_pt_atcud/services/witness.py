"""Notices that a backup was restored, and verifies the last documents every night.

A database that was taken back to an earlier day looks whole by itself. A witness
outside it, the signer or a file, knows the documents that are lost.
"""

from odoo import api, fields, models

from ..at_series import Head, SeriesError
from ..guards import internal


@internal
class L10nPtAtcudWitness(models.AbstractModel):
    """Commits nothing. The signer may be called."""

    _name = "l10n_pt_atcud.witness"
    _description = "AT: nightly check of signed documents"

    # === PUBLIC === #

    @api.model
    def check(self, signing):
        """Compare with the witness, verify the last documents, report what is new.

        :param signing: that is on, with ``sudo``
        """
        # What cannot be read is kept aside first: comparing writes it anew.
        texts = [
            *self._unreadable(signing),
            *self._lost(signing),
            *self._broken(signing),
        ]
        finding = "\n".join(texts) or False
        is_new = finding and finding != signing.finding
        signing.write({"verified_on": fields.Datetime.now(), "finding": finding})
        if is_new:
            connection = signing.company_id._l10n_pt_atcud_issuing_connection()
            connection.sudo()._alert(finding)

    # === HELPERS === #

    def _lost(self, signing):
        """Mark the series whose last documents the database has lost."""
        chains = self.env["l10n_pt_atcud.chain_verification"].series(signing)
        names = {one._number_prefix()[:-1]: one for one in chains}
        heads = [
            Head(name, one.signed_number, one.signed_hash or "")
            for name, one in names.items()
            if one.signed_hash
        ]
        provider = self.env["l10n_pt_atcud.signature_provider"]
        try:
            lost = provider.lost_heads(signing, heads)
        except SeriesError:
            return [self.env._("The signer did not answer the nightly comparison.")]
        texts = []
        for head in lost:
            series = names.get(head.series) or self._find(signing, head.series)
            if series:
                series.lost_number = max(series.lost_number, head.number)
            texts.append(
                self.env._(
                    "%(series)s/%(number)s was signed, and the database has not this "
                    "document: a backup was restored. Finalise the series, register "
                    "new ones, and enter the lost documents in a recovery series.",
                    series=head.series,
                    number=head.number,
                )
            )
        return texts

    def _unreadable(self, signing):
        """Return what the administrator does about damaged files of the witness."""
        if signing.method == "remote":
            return []
        nif = signing.company_id._l10n_pt_atcud_nif()
        return [
            self.env._(
                "The file %s on the server could not be read. It says which document "
                "of its series was signed last, and was kept aside. Compare the last "
                "document in Odoo with the last one that was printed or sent: if that "
                "is later, a backup was restored. Then delete the file.",
                path,
            )
            for path in self.env["l10n_pt_atcud.heartbeat"].unreadable(nif)
        ]

    def _find(self, signing, name):
        return next(
            (one for one in signing._series() if one._number_prefix()[:-1] == name),
            None,
        )

    def _broken(self, signing):
        verification = self.env["l10n_pt_atcud.chain_verification"]
        finding = verification.verify(signing, tail=True)
        return [
            f"{found.number}: {verification.describe(found)}"
            for _series, found in finding.breaks
        ]
