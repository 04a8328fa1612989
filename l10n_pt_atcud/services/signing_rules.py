"""What a certified program refuses before it gives a number.

The rules are of Despacho 8632/2014 (points in brackets), and apply where documents are
signed. What every document keeps is checked elsewhere: dates, corrections, taxes.
"""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import escape_psql, float_compare

from ..at_series import DUPLICATE, MANUAL, HashControl, SigningError
from ..guards import internal
from . import original_numbers
from .document_cancellation import REASON_LENGTH

_PRECISION = 6  # decimals of quantities, prices and discounts in a comparison


@internal
class L10nPtAtcudSigningRules(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.signing_rules"
    _description = "AT: rules of a certified program"

    # === PUBLIC === #

    @api.model
    def check(self, moves):
        """Raise unless all documents may be signed; a number is not used yet.

        :raise UserError: what is wrong with the first that may not
        """
        for series, documents in moves.grouped("l10n_pt_atcud_series_id").items():
            problem = self._series_problem(documents[:1], series.sudo())
            if problem:
                raise UserError(problem)
            for move in documents:
                problems = self._own_problems(move)
                if problems:
                    raise UserError("\n".join(problems))

    @api.model
    def check_country(self, moves):
        """Raise for sales that would be posted unsigned under another country's law.

        They would take the numbers of a signed series.

        :param moves: that are no documents of the Portuguese law
        """
        for move in moves.filtered(lambda one: one.is_sale_document(True)):
            series = move.l10n_pt_atcud_series_id.sudo()
            is_signed = series.signed_hash or move.company_id._l10n_pt_atcud_signing()
            if move.journal_id.type == "sale" and is_signed:
                raise UserError(
                    self.env._(
                        "Documents of %s are signed under the law of Portugal, which "
                        "stays its fiscal country.",
                        move.company_id.display_name,
                    )
                )

    @api.model
    def check_reset(self, moves):
        """Raise when documents that were issued unsigned are reset to draft.

        They would be issued once more, changed and unsigned.
        """
        for move in moves:
            if self._is_earlier(move):
                raise self._earlier_error(move)

    @api.model
    def problems(self, move):
        """Return what keeps a draft from being signed, as messages."""
        problem = self._series_problem(move, move.l10n_pt_atcud_series_id.sudo())
        return ([problem] if problem else []) + self._own_problems(move)

    # === HELPERS === #

    def _own_problems(self, move):
        """Return what is wrong with the document itself, whatever its series has."""
        series = move.l10n_pt_atcud_series_id.sudo()
        if move.l10n_pt_atcud_value or not move.company_id._l10n_pt_atcud_signing():
            return []
        if self._is_earlier(move):
            return [str(self._earlier_error(move))]
        if not series:
            return []
        problems = [*self._line_problems(move), *self._recovery_problems(move, series)]
        return [*problems, *filter(None, [self._reason_problem(move)])]

    def _is_earlier(self, move):
        """Return whether a document was issued before the taxpayer signed, unsigned."""
        return bool(
            move.posted_before
            and move._l10n_pt_atcud_is_document()
            and not move.l10n_pt_atcud_is_external
            and not move.l10n_pt_atcud_value
            and move.company_id._l10n_pt_atcud_signing()
        )

    def _earlier_error(self, move):
        return UserError(
            self.env._(
                "%s was issued before documents were signed. A certified program "
                "changes no issued document: correct it by a credit or debit note.",
                move.name,
            )
        )

    def _series_problem(self, move, series):
        """Signed and unsigned documents share no series; a lost end is not continued.

        [2.1.5, 2.5.1]
        """
        if move.l10n_pt_atcud_value or not series:
            return None
        if not move.company_id._l10n_pt_atcud_signing():
            return series.signed_hash and self.env._(
                "The documents of %s are signed, and signing is switched off. Use a "
                "series without signed documents.",
                series.display_name,
            )
        if series.lost_number:
            return self.env._(
                "Number %(number)s of %(series)s was signed, and the database has lost "
                "it: a backup was restored. Finalise the series, register new ones, "
                "and enter the lost documents in a recovery series.",
                number=series.lost_number,
                series=series.display_name,
            )
        series.invalidate_recordset(["is_used"], flush=False)
        if not series.signed_hash and series.is_used:
            return self.env._(
                "The series %s has documents that are not signed. Signed documents "
                "begin in a series without documents: register a new one.",
                series.display_name,
            )
        return None

    def _reason_problem(self, move):
        """SAF-T (PT) has room for 50 characters of a correction's reason."""
        if len(move.l10n_pt_atcud_reason or "") <= REASON_LENGTH:
            return None
        return self.env._(
            "The reason of a correction has at most %s characters: SAF-T (PT) has "
            "room for no more.",
            REASON_LENGTH,
        )

    def _line_problems(self, move):
        """No negative values, and discounts from 0 to 100 % [2.2.6, 3.2.8, 3.3.9]."""
        for line in move.invoice_line_ids:
            if line.display_type != "product":
                continue
            values = (line.quantity, line.price_unit)
            if any(_compare(value, 0) < 0 for value in values):
                yield self.env._(
                    "The line “%s” is negative. A certified program issues no negative "
                    "lines: use a discount from 0 to 100 %% on the line, or a credit "
                    "note.",
                    line.name or "",
                )
            if _compare(line.discount, 0) < 0 or _compare(line.discount, 100) > 0:
                yield self.env._(
                    "The line “%s” has a discount that is not from 0 to 100 %%.",
                    line.name or "",
                )

    def _recovery_problems(self, move, series):
        """A recovered document names its original, which is recovered once.

        [2.4, 2.5, 3.2.2]
        """
        if series.kind != "recovery":
            return
        origin, number = move.l10n_pt_atcud_origin, move._l10n_pt_atcud_original()
        if not origin or not number:
            yield self.env._(
                "The series %s is for recovered documents. Enter whether the original "
                "is from a manual book or a lost one, and its series and number.",
                series.display_name,
            )
            return
        control = HashControl(1, origin, series.document_type, number)
        try:
            is_right = HashControl.parse(str(control)) == control
        except SigningError:
            is_right = False
        is_whole = original_numbers.is_whole(series.document_type, number)
        if not is_right or (origin == DUPLICATE and not is_whole):
            yield self.env._("“%s” is no number of a document.", number)
        if self._others(move, series, number):
            yield self.env._(
                "The document %s is already recovered, or entered in another draft. A "
                "document is recovered once.",
                number,
            )
        if origin == DUPLICATE and self._original(series, number):
            yield self.env._(
                "The document %s is in this database, so it is not lost.", number
            )

    def _others(self, move, series, number):
        """Return other documents from the same original: signed ones, and drafts."""
        key = original_numbers.key(series.document_type, number)
        recovered = self.env["account.move"].search(
            [
                ("id", "not in", move.ids),
                ("l10n_pt_atcud_series_id.nif", "=", series.nif),
                ("l10n_pt_atcud_document_type", "=", series.document_type),
                ("l10n_pt_atcud_origin", "=", move.l10n_pt_atcud_origin),
                ("l10n_pt_atcud_original_number", "!=", False),
                "|",
                ("state", "=", "draft"),
                "&",
                ("l10n_pt_atcud_hash", "!=", False),
                ("state", "=", "posted"),
            ]
        )
        return recovered.filtered(
            lambda one: (
                original_numbers.key(
                    series.document_type, one.l10n_pt_atcud_original_number
                )
                == key
            )
        )

    def _original(self, series, number):
        """Return the issued document of this number, cancelled or not."""
        key = original_numbers.key(series.document_type, number)
        name = f"{series.document_type} {'/'.join(key)}"
        return self.env["account.move"].search(
            [
                ("l10n_pt_atcud_series_id.nif", "=", series.nif),
                ("l10n_pt_atcud_value", "!=", False),
                ("name", "=ilike", escape_psql(name)),
            ]
        )


#: where a recovered document comes from, as a selection of fields
ORIGINS = [
    (MANUAL, "Manual book of an authorised printing house"),
    (DUPLICATE, "Copy of a document that the database has lost"),
]


def _compare(first, second):
    return float_compare(first, second, precision_digits=_PRECISION)
