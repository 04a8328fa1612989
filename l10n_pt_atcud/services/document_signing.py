"""Signs documents while they are posted: after number and ATCUD, before all else.

All documents of a series are signed by one call, in the order of their numbers, each
on the one before. Number and signature are of the same transaction: if it fails,
neither is left. What was signed is kept as it was signed.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, LazyTranslate

from ..at_series import (
    Batch,
    HashControl,
    RejectedError,
    SeriesError,
    SetupError,
    SigningError,
    UnsignedDocument,
    check_batch,
    gross_total_text,
    was_made_with,
)
from ..guards import internal

_lt = LazyTranslate(__name__)

_TEXTS = {
    "key": _lt("The key of the producer cannot sign on this machine."),
    "missing": _lt("No private key of the producer is here."),
    "version": _lt("The signer used a key whose public half is not entered here."),
    "changed_key": _lt(
        "The last document of the series is not signed with the key that is entered "
        "as this version."
    ),
    "hash": _lt("The signer answered with a wrong signature."),
    "value": _lt("A value of the document cannot be signed."),
    "behind": _lt(
        "Later documents of this series exist: the database is older than what was "
        "signed. Finalise the series, register new ones, and enter the lost "
        "documents in a recovery series."
    ),
    "refused": _lt("The signer does not accept this program."),
    "unreachable": _lt(
        "The signer does not answer. Try again later. Meanwhile invoices may be "
        "written in a book of an authorised printing house, and are entered in a "
        "recovery series afterwards."
    ),
}


@internal
class L10nPtAtcudDocumentSigning(models.AbstractModel):
    """Commits nothing, and never calls AT. A remote signer may be called."""

    _name = "l10n_pt_atcud.document_signing"
    _description = "AT: signing of documents"

    # === PUBLIC === #

    @api.model
    def sign(self, moves):
        """Sign documents that have just got their number, where the taxpayer signs.

        :param moves: with a series and an ATCUD, in series that are locked
        :return: those that were signed
        :raise UserError: nothing can be signed; nothing may be issued then
        """
        signed = moves.filtered(
            lambda move: move.company_id._l10n_pt_atcud_signing()
        ).filtered(lambda move: not move.l10n_pt_atcud_hash)
        for series in signed.l10n_pt_atcud_series_id.sorted("id"):
            documents = signed.filtered(
                lambda move, series=series: move.l10n_pt_atcud_series_id == series
            )
            self._sign_series(series.sudo(), documents.sorted("sequence_number"))
        return signed

    # === HELPERS === #

    def _sign_series(self, series, documents):
        signing = documents.company_id[:1]._l10n_pt_atcud_signing()
        entry, moment = self.env["l10n_pt_atcud.entry_clock"].entry(series, documents)
        self._check_last_signature(signing, series)
        try:
            batch = self._batch(series, documents, entry)
            provider = self.env["l10n_pt_atcud.signature_provider"]
            signatures, version = provider.sign(signing, batch)
            key = provider.public_keys(signing).get(str(version))
            if not key:
                raise self._refusal("version")
            check_batch(key, batch, signatures)
        except (SigningError, SeriesError) as error:
            raise self._refusal(self._kind(error)) from error
        self._store(documents, batch, signatures, version, moment)
        self._move_head(series, documents[-1:], moment)
        self._note_use(signing, version, moment)

    def _batch(self, series, documents, entry):
        amounts = self.env["l10n_pt_atcud.fiscal_amounts"]
        company = documents.company_id[:1]
        return Batch(
            certificate=company._l10n_pt_atcud_certificate_number(),
            nif=series.nif,
            previous=series.signed_hash or "",
            documents=tuple(
                UnsignedDocument(
                    date=move.invoice_date.isoformat(),
                    entry=entry,
                    number=move.name,
                    gross_total=gross_total_text(amounts.gross_total(move)),
                )
                for move in documents
            ),
        )

    def _check_last_signature(self, signing, series):
        """Stop at once where the key under a version is another one than before.

        :raise UserError: the last signature of the series is not of its key
        """
        last = series.signed_hash
        if not last:
            return
        version = str(series.signed_version)
        keys = self.env["l10n_pt_atcud.signature_provider"].public_keys(signing)
        key = keys.get(version)
        if not key or not was_made_with(key, last):
            raise self._refusal("changed_key")

    def _store(self, documents, batch, signatures, version, moment):
        """Keep what was signed, as it was signed."""
        source_id = self.env.user._l10n_pt_atcud_source_id()
        previous = batch.previous
        for move, document, signature in zip(
            documents, batch.documents, signatures, strict=True
        ):
            move._l10n_pt_atcud_write_protected(
                l10n_pt_atcud_hash=signature,
                l10n_pt_atcud_hash_control=str(self._control(move, version)),
                l10n_pt_atcud_signed={
                    "date": document.date,
                    "entry": document.entry,
                    "number": document.number,
                    "gross_total": document.gross_total,
                    "previous": previous,
                },
                l10n_pt_atcud_entered_on=moment,
                l10n_pt_atcud_source_id=source_id,
                l10n_pt_atcud_issuer_id=self.env.uid,
            )
            previous = signature

    def _control(self, move, version):
        """Return HashControl: the key, and where a recovered document comes from."""
        if move.l10n_pt_atcud_series_id.sudo().kind != "recovery":
            return HashControl(version)
        return HashControl(
            version,
            move.l10n_pt_atcud_origin,
            move.l10n_pt_atcud_document_type,
            move._l10n_pt_atcud_original(),
        )

    def _move_head(self, series, last, moment):
        """Write the last document to the series' row.

        Whoever waits for the row is repeated by Odoo, and sees the new head.
        """
        control = HashControl.parse(last.l10n_pt_atcud_hash_control)
        self.env.cr.execute(
            SQL(
                """
                UPDATE l10n_pt_atcud_series
                   SET signed_number = %s, signed_hash = %s, signed_entry = %s,
                       signed_version = %s, signed_on = %s
                 WHERE id = %s
                """,
                last.sequence_number,
                last.l10n_pt_atcud_hash,
                last.l10n_pt_atcud_signed["entry"],
                control.version,
                fields.Datetime.to_string(moment),
                series.id,
            )
        )
        series.invalidate_recordset(
            ["signed_number", "signed_hash", "signed_entry"]
            + ["signed_version", "signed_on"],
            flush=False,
        )

    def _note_use(self, signing, version, moment):
        key = signing.key_ids.filtered(lambda one: one.version == version)
        if not key.used_on:
            key.used_on = moment

    def _kind(self, error):
        """Return the key of the text about an error."""
        if isinstance(error, SigningError):
            if error.field == "key":
                # A key that was entered has its form: it is not there any more.
                return "missing" if error.reason == "form" else "key"
            return "hash" if error.field == "hash" else "value"
        if isinstance(error, RejectedError):
            return "behind"
        return "refused" if isinstance(error, SetupError) else "unreachable"

    def _refusal(self, kind):
        text = self.env._(_TEXTS[kind])
        return UserError(
            self.env._(
                "The document was not issued, because it could not be signed. %(why)s",
                why=text,
            )
        )
