"""Numbers that somebody writes on a document, instead of its series giving them."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..guards import internal


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
    def check_external(self, moves):
        """Raise when somebody who may not enters a document of another program."""
        if self.env.su or self.env.user.has_group("account.group_account_manager"):
            return
        if any(move.l10n_pt_atcud_is_external for move in moves):
            raise AccessError(
                self.env._(
                    "Only accounting administrators enter documents of another program."
                )
            )

    @api.model
    def check_outside(self, move):
        """Raise when a document without a series has a number of one."""
        prefixes = move._l10n_pt_atcud_communicated_prefixes()
        if (move.sequence_prefix or "").lower() in prefixes:
            raise UserError(
                self.env._(
                    "The number %s belongs to an AT series, and this document does "
                    "not. Clear the number.",
                    move.name,
                )
            )
