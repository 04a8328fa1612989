"""Numbers that somebody writes on a document, instead of its series giving them."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..at_series import lisbon_date
from ..guards import internal

# Of a document of another program, beside what no issued document changes.
_EXTERNAL = frozenset(
    "state auto_post auto_post_until l10n_pt_atcud_external_hash "
    "l10n_pt_atcud_external_hash_control".split()
)
# What makes a number one of a series, or not.
IDENTITY = frozenset(
    "name sequence_prefix journal_id move_type l10n_pt_atcud_series_id "
    "l10n_pt_atcud_is_external".split()
)


@internal
class L10nPtAtcudWrittenNumbers(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.written_numbers"
    _description = "AT: numbers that are written on documents"

    # === PUBLIC === #

    @api.model
    def check_drafts(self, moves):
        """Raise when a draft has a number that its series has not given."""
        for move in moves:
            if (
                move.name
                and move.name != "/"
                and move.state == "draft"
                and not move.posted_before
                and move._l10n_pt_atcud_is_required()
            ):
                raise UserError(
                    self.env._(
                        "A draft cannot have the number %s: the AT series gives the "
                        "number when the document is posted. Leave the number empty. "
                        "If another program has issued the document, tick “Issued by "
                        "another program”.",
                        move.name,
                    )
                )

    @api.model
    def check_external(self, moves, vals=None):
        """Raise when somebody who may not enters or changes what others issued.

        Issuing, resetting and cancelling it are changes of its state.

        :param vals: the change; nothing: the documents are new, or deleted
        """
        if self._may_enter():
            return
        immutability = self.env["l10n_pt_atcud.immutability"]
        for move in moves.filtered("l10n_pt_atcud_is_external"):
            if vals is None or immutability.is_change(move, vals, _EXTERNAL):
                raise AccessError(
                    self.env._(
                        "Only accounting administrators enter, change, confirm and "
                        "delete documents of another program."
                    )
                )

    @api.model
    def check_external_lines(self, lines, vals=None):
        """Raise when somebody who may not changes lines of what others issued.

        :param vals: the change; nothing: the lines are new, or deleted
        """
        if self._may_enter():
            return
        immutability = self.env["l10n_pt_atcud.immutability"]
        external = lines.filtered("move_id.l10n_pt_atcud_is_external")
        changed = external.filtered(
            lambda line: vals is None or immutability.is_line_change(line, vals)
        )
        self.check_external(changed.move_id)

    @api.model
    def check_entered(self, move):
        """Raise when a document of another program cannot be as it is entered.

        :raise UserError: it is of the future, its ATCUD has another number, or the
            number or ATCUD is entered already
        """
        problem = self._entered_problem(move)
        if problem:
            raise UserError(problem)

    @api.model
    def check_outside(self, moves):
        """Raise when what belongs to no series has a number of one: an entry, too.

        It would take the number from the next document, and leave a gap in the series.
        A document of another program may have an earlier number; it is checked when
        it is posted.
        """
        for move in moves:
            is_issued = move._l10n_pt_atcud_is_document() and (
                move.l10n_pt_atcud_series_id or move.l10n_pt_atcud_is_external
            )
            if is_issued or not move.name or move.name == "/":
                continue
            prefixes = move._l10n_pt_atcud_communicated_prefixes()
            if (move.sequence_prefix or "").lower() in prefixes:
                raise UserError(
                    self.env._(
                        "The number %s belongs to an AT series, and this document does "
                        "not. Clear the number.",
                        move.name,
                    )
                )

    @api.model
    def identities(self, moves):
        """Return what makes a number one of a series, or not, for each entry."""
        return {move: tuple(move[name] for name in IDENTITY) for move in moves}

    # === HELPERS === #

    def _may_enter(self):
        """Return whether the user may enter documents of another program."""
        return self.env.su or self.env.user.has_group("account.group_account_manager")

    def _entered_problem(self, move):
        if move.invoice_date and move.invoice_date > lisbon_date():
            return self.env._(
                "%(document)s was issued by another program, and its date %(day)s is "
                "in the future.",
                document=move.name,
                day=format_date(self.env, move.invoice_date),
            )
        value = move.l10n_pt_atcud_external_value or ""
        number, last = move.name.rpartition("/")[2], value.rpartition("-")[2]
        if value and not (number.isdecimal() and int(number) == int(last)):
            return self.env._(
                "The ATCUD %(value)s is not that of %(document)s: both end with the "
                "same number.",
                value=value,
                document=move.name,
            )
        twin = self._twin(move, value)
        if twin:
            return self.env._(
                "%(document)s has the same number or ATCUD as %(other)s, which is "
                "already in Odoo.",
                document=move.name,
                other=twin._get_move_display_name(),
            )
        return None

    def _twin(self, move, value):
        """Return a document of the company with the same number or ATCUD.

        A draft has them as they were entered.
        """
        same = Domain("name", "=", move.name)
        if value:
            same |= Domain("l10n_pt_atcud_value", "=", value)
            same |= Domain("l10n_pt_atcud_external_value", "=", value)
        return move.sudo().search(
            same
            & Domain("id", "!=", move.id)
            & Domain("company_id", "=", move.company_id.id)
            & Domain("journal_id.type", "=", "sale")
            & Domain("state", "in", ("draft", "posted")),
            limit=1,
        )
