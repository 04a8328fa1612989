"""Posting: refused without a registered series, and the ATCUD is written once.

The Tax Authority is never asked while a document is posted.
"""

from odoo import fields, models
from odoo.exceptions import RedirectWarning, UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        # EXTENDS 'account'
        today = fields.Date.context_today(self)
        # Later ones will be posted on their date, and looked at then.
        moves = self.filtered(lambda move: not soft or move.date <= today)
        for move in moves:
            # Before a number is used, so that refusing leaves no gap.
            move._l10n_pt_atcud_check_postable()
        moves.l10n_pt_atcud_series_id._hold_open()
        posted = super()._post(soft=soft)
        posted._l10n_pt_atcud_stamp()
        return posted

    def _l10n_pt_atcud_check_postable(self):
        """Raise unless this document gets its number from a registered series."""
        if not self._l10n_pt_atcud_is_required() or self.l10n_pt_atcud_value:
            return
        obstacle = self._l10n_pt_atcud_obstacle()
        if obstacle and not self._l10n_pt_atcud_somebody_is_there():
            # Jobs and pages go on after a UserError, and after nothing else.
            raise UserError(obstacle["message"])
        if obstacle and "action" in obstacle:
            raise RedirectWarning(
                obstacle["message"], obstacle["action"], obstacle["action_text"]
            )
        if obstacle and "action_call" in obstacle:
            raise RedirectWarning(
                obstacle["message"],
                self.l10n_pt_atcud_series_id._get_records_action(),
                self.env._("Open the series"),
            )
        if obstacle:
            raise UserError(obstacle["message"])
        if self.name and self.name != "/":
            raise UserError(
                self.env._(
                    "Documents are numbered by their AT series. Clear the number %s "
                    "that was given to this draft.",
                    self.name,
                )
            )

    def _l10n_pt_atcud_somebody_is_there(self):
        """Tell whether somebody sits in front of Odoo who can be led elsewhere."""
        return not self.env.context.get("cron_id") and self.env.user._is_internal()

    def _l10n_pt_atcud_stamp(self):
        """Write the ATCUD of documents that have just got their number."""
        field = self._fields["l10n_pt_atcud_value"]
        moves = self.filtered(
            lambda move: move.l10n_pt_atcud_series_id and not move.l10n_pt_atcud_value
        )
        # Protected, as while it is computed: the number has been given, and writing
        # through account.move would weigh and balance every entry once more.
        with self.env.protecting([field], moves):
            for move in moves:
                code = move.l10n_pt_atcud_series_id.sudo().validation_code
                number = move.name.rpartition("/")[2]  # the digits as they stand
                move.l10n_pt_atcud_value = f"{code}-{number}"

    def _l10n_pt_atcud_is_training(self):
        """Tell whether the law wants this document to say what it is not."""
        return bool(
            self.l10n_pt_atcud_value
            and self.l10n_pt_atcud_series_id.sudo().kind == "training"
        )

    def _l10n_pt_atcud_printed(self):
        """Return what stands on every page, or ``""`` on drafts and others."""
        if self.state == "draft" or not self.l10n_pt_atcud_value:
            return ""
        return f"ATCUD:{self.l10n_pt_atcud_value}"
