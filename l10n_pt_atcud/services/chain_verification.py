"""Verifies all signed documents of a taxpayer, and names each break.

The pure part verifies messages, signatures, order and gaps. Here what was signed is
compared with what the database shows now, and the end of each series with what its
row and the witness know.
"""

from collections import defaultdict
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.tools import SQL, LazyTranslate

from ..at_series import Break, SignedDocument, verify_chain
from ..at_series.hash_chain import (
    CHANGED,
    DATE,
    DUPLICATE_NUMBER,
    FORM,
    GAP,
    HASH,
    KEY,
    ORDER,
    UNCHECKED,
)
from ..guards import internal

_lt = LazyTranslate(__name__)

#: the last documents of the series are missing
LOST = "lost"
#: issued outside the signed series while the company signed
UNSIGNED = "unsigned"
_TAIL = 200  # documents of a series that the nightly check verifies
KINDS = {
    GAP: _lt("Numbers before this document are missing"),
    DUPLICATE_NUMBER: _lt("The number is there more than once"),
    ORDER: _lt("Recorded before the document with the number before"),
    DATE: _lt("Dated before the document with the number before"),
    FORM: _lt("Not signed, or a value is not as it would have been signed"),
    HASH: _lt("The signature is none of the key"),
    KEY: _lt("The key is unknown, or not the one that signed"),
    CHANGED: _lt("Not what was signed"),
    UNCHECKED: _lt("Cannot be compared: what stands before it is broken"),
    LOST: _lt("The last documents of the series are missing"),
    UNSIGNED: _lt("Issued after signing was switched on, and not signed"),
}


@dataclass(frozen=True)
class Finding:
    """What a verification has found.

    :ivar breaks: list of (series, :class:`~..at_series.Break`); what is in none of
        the signed series has no series
    :ivar counts: series -> number of its documents
    """

    breaks: list
    counts: dict


@internal
class L10nPtAtcudChainVerification(models.AbstractModel):
    """Commits nothing. Reads only."""

    _name = "l10n_pt_atcud.chain_verification"
    _description = "AT: verification of signed documents"

    # === PUBLIC === #

    @api.model
    def verify(self, signing, *, tail=False):
        """Verify all series in which documents are signed, from the first number.

        :param tail: the last documents of each series only, for every night
        :return: :class:`Finding`
        """
        keys = self.env["l10n_pt_atcud.signature_provider"].public_keys(signing)
        breaks, counts = [], {}
        for series in self.series(signing):
            rows = self._rows(series, _TAIL + 1 if tail else None)
            counts[series] = len(rows)
            breaks += [(series, found) for found in self._verify(series, rows, keys)]
        none = self.env["l10n_pt_atcud.series"]
        breaks += [
            (none, Break(UNSIGNED, name)) for name in self._unsigned(signing, counts)
        ]
        return Finding(breaks, counts)

    @api.model
    def series(self, signing):
        """Return the series that have signed documents, or should have."""
        return signing._series().filtered(lambda x: x.signed_hash or x.lost_number)

    @api.model
    def documents(self, series):
        """Return what is exported of each document: what was signed, and its result.

        :return: list of dictionaries in the order of the numbers
        """
        return self._rows(series)

    @api.model
    def describe(self, found):
        """Return a break as a text for an auditor."""
        text = self.env._(KINDS[found.kind])
        return f"{text}: {found.detail}" if found.detail else text

    # === HELPERS === #

    def _unsigned(self, signing, verified):
        """Return the numbers of documents that were issued unsigned while it is on.

        A document is of that time if it was made or dated in it; whatever country its
        company has now.

        :param verified: series whose documents are verified one by one
        """
        if signing.state != "on":
            return []
        self.env["account.move"].flush_model()
        taxpayer = signing.company_id
        companies = taxpayer.sudo().search([("id", "child_of", taxpayer.ids)])
        companies = companies.filtered(
            lambda one: one._l10n_pt_atcud_taxpayer() == taxpayer
        )
        query = SQL(
            """
            SELECT move.name
              FROM account_move AS move
              JOIN account_journal AS journal ON journal.id = move.journal_id
             WHERE move.company_id = ANY(%(companies)s) AND journal.type = 'sale'
               AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
               AND move.posted_before AND move.state != 'draft'
               AND move.l10n_pt_atcud_hash IS NULL
               AND move.l10n_pt_atcud_is_external IS NOT TRUE
               AND COALESCE(move.l10n_pt_atcud_series_id, 0) != ALL(%(verified)s)
               AND (move.create_date >= %(start)s
                    OR move.invoice_date > %(start)s::timestamp::date)
             ORDER BY move.id
            """,
            companies=companies.ids,
            verified=[one.id for one in verified],
            start=fields.Datetime.to_string(signing.switched_on),
        )
        return [name for (name,) in self.env.execute_query(query)]

    def _rows(self, series, limit=None):
        """Return signed texts and present values of a series' documents, by number."""
        self.env["account.move"].flush_model()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT * FROM (
                    SELECT id, name, invoice_date::text AS date, state,
                           sequence_number, l10n_pt_atcud_hash AS hash,
                           l10n_pt_atcud_hash_control AS hash_control,
                           l10n_pt_atcud_signed AS signed,
                           l10n_pt_atcud_digest AS digest,
                           l10n_pt_atcud_source_id AS source_id
                      FROM account_move
                     WHERE l10n_pt_atcud_series_id = %s AND posted_before
                     ORDER BY sequence_number DESC, id DESC LIMIT %s
                ) AS last ORDER BY sequence_number, id
                """,
                series.id,
                limit,
            )
        )

    def _verify(self, series, rows, keys):
        documents = [_document(row) for row in rows]
        start = rows[0]["sequence_number"] if rows else 0
        first, previous = series.first_number, None
        if start > first and len(rows) == _TAIL + 1:
            previous, documents = documents[0], documents[1:]
        found = defaultdict(list)
        for one in verify_chain(documents, keys, first_number=first, previous=previous):
            found[one.number].append(one)
        for number, one in self._differences(series, rows):
            found[number].append(one)
        yield from (one for breaks in found.values() for one in breaks)
        last = rows[-1]["sequence_number"] if rows else 0
        known = max(series.signed_number, series.lost_number)
        if known > last:
            number = f"{series._number_prefix()}{last + 1}"
            yield Break(LOST, number, f"{last + 1}-{known}")

    def _differences(self, series, rows):
        """Yield what the database shows differently than it was signed."""
        query = self.env["l10n_pt_atcud.content_digest"].query(
            SQL("move.l10n_pt_atcud_series_id = %s", series.id)
        )
        digests = dict(self.env.execute_query(query))
        for row in rows:
            signed = row["signed"]
            if not signed:
                continue
            for field, name in (("number", "name"), ("date", "date")):
                if signed[field] != row[name]:
                    detail = f"{field}: {signed[field]} ≠ {row[name]}"
                    yield signed["number"], Break(CHANGED, signed["number"], detail)
            if digests[row["id"]] != row["digest"]:
                detail = self.env._("lines, amounts or taxes")
                yield signed["number"], Break(CHANGED, signed["number"], detail)


def _document(row):
    """Return a document as it was signed; one without a signature has empty texts."""
    signed = row["signed"] or {}
    return SignedDocument(
        number=signed.get("number") or row["name"] or "",
        date=signed.get("date") or row["date"] or "",
        entry=signed.get("entry") or "",
        gross_total=signed.get("gross_total") or "",
        signature=row["hash"] or "",
        hash_control=row["hash_control"] or "1",
    )
