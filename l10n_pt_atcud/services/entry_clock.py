"""When a document is recorded: SystemEntryDate, in Lisbon's time.

It is the moment of number and signature, and ascends with the number (Despacho
8632/2014, 3.2.1). Where the clock is behind the last document of any series, a person
confirms that it is right before anything is issued (3.4.3); a job waits.
"""

from datetime import UTC

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import format_datetime

from ..at_series import entry_text, is_clock_behind, seconds_until_entry
from ..at_series.clock import utc_now
from ..guards import internal

# In the context of a confirmation. An object: no request from outside can carry it.
CONFIRMATION = object()


@internal
class L10nPtAtcudEntryClock(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.entry_clock"
    _description = "AT: moment in which documents are recorded"

    # === PUBLIC === #

    @api.model
    def entry(self, series, documents):
        """Return SystemEntryDate as it is signed, and the moment in UTC without zone.

        :param documents: that are issued together
        :raise UserError: the clock is behind; or, where a person can confirm that it
            is right, RedirectWarning
        """
        moment = utc_now().replace(microsecond=0)
        last = self._last_moment(series.nif)
        if is_clock_behind(moment, last) and not self._is_confirmed():
            raise self._question(documents, moment, last)
        wait = seconds_until_entry(moment, series.signed_entry or "")
        if wait:
            raise UserError(
                self.env._(
                    "The last document of %(series)s was recorded at %(last)s, and now "
                    "it is %(now)s in Lisbon. Wait until that time has passed, or use "
                    "a new series.",
                    series=series.display_name,
                    last=series.signed_entry,
                    now=entry_text(moment),
                )
            )
        return entry_text(moment), moment.replace(tzinfo=None)

    @api.model
    def confirmed(self, moves):
        """Return ``moves`` in a context in which a person has confirmed the clock."""
        return moves.with_context(l10n_pt_atcud_clock=CONFIRMATION)

    # === HELPERS === #

    def _is_confirmed(self):
        return self.env.context.get("l10n_pt_atcud_clock") is CONFIRMATION

    def _last_moment(self, nif):
        """Return when the last document of any series was recorded, aware."""
        series = self.env["l10n_pt_atcud.series"].sudo()
        last = series.with_context(active_test=False).search(
            [("nif", "=", nif), ("signed_on", "!=", False)],
            order="signed_on desc",
            limit=1,
        )
        return last.signed_on.replace(tzinfo=UTC) if last else None

    def _question(self, documents, moment, last):
        text = self.env._(
            "The clock of the server says %(now)s, and the last document was recorded "
            "at %(last)s. Date and time must be right before anything is issued.",
            now=format_datetime(self.env, moment.replace(tzinfo=None)),
            last=format_datetime(self.env, last.replace(tzinfo=None)),
        )
        if not self.env["l10n_pt_atcud.posting_series_check"].can_redirect():
            return UserError(text)
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Date and time are right"),
            "res_model": "l10n_pt_atcud.clock",
            "view_mode": "form",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_move_ids": documents.ids},
        }
        return RedirectWarning(text, action, self.env._("Confirm date and time"))
