"""Checks of a draft: obstacles to posting, and remarks about its date."""

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError

from ..guards import internal
from .series_comparison import DIFFERENCES


@internal
class L10nPtAtcudPostingSeriesCheck(models.AbstractModel):
    """Alerts of drafts, and refusals of posting. Commits nothing, never calls AT."""

    _name = "l10n_pt_atcud.posting_series_check"
    _description = "AT: check of documents before posting"

    # === PUBLIC === #

    @api.model
    def obstacle(self, move):
        """Return what keeps a draft from being posted, as an alert, or ``None``."""
        alert = self._series_alert(move)
        if alert and move._l10n_pt_atcud_warns():
            alert["message"] += " " + self.env._(
                "If it is posted now, the document gets no ATCUD, and a number outside "
                "all AT series."
            )
        return alert

    @api.model
    def check(self, move):
        """Raise unless the document gets its number from a registered series.

        :raise UserError: or, where a user can be led to the fault, RedirectWarning
        """
        if move.l10n_pt_atcud_is_external:
            self._check_external(move)
        if not move._l10n_pt_atcud_is_required() or move.l10n_pt_atcud_value:
            return
        obstacle = self.obstacle(move)
        if obstacle:
            raise self._refusal(move, obstacle)

    @api.model
    def date_remark(self, move):
        """Return what is unusual about the date of a draft, or ``None``."""
        series = move.l10n_pt_atcud_series_id.sudo()
        is_issued = move.state != "draft" or move.l10n_pt_atcud_value
        if is_issued or series.state != "registered":
            return None
        return self.env["l10n_pt_atcud.issue_dates"].remark(move)

    @api.model
    def can_redirect(self):
        """Return whether a user is present who can be led to another form.

        An import lists errors of users, and calls everything else unknown.
        """
        jobs = ("cron_id", "import_file", "_import_current_module")
        is_job = any(self.env.context.get(name) for name in jobs)
        return not is_job and self.env.user._is_internal()

    # === HELPERS === #

    def _check_external(self, move):
        """Raise unless a document of another program has a number of that program."""
        if not move.name or move.name == "/":
            raise UserError(
                self.env._(
                    "The document was issued by another program. Enter the number "
                    "that it got there."
                )
            )
        self.env["l10n_pt_atcud.written_numbers"].check_entered(move)
        for series in move._l10n_pt_atcud_communicated_series():
            prefix = series._number_prefix().casefold()
            number = move.name.casefold().removeprefix(prefix)
            is_of_series = move.name.casefold().startswith(prefix)
            if is_of_series and not (
                number.isdecimal() and int(number) < series._start_number()
            ):
                raise UserError(
                    self.env._(
                        "The number %(number)s belongs to Odoo: the series %(series)s "
                        "begins here with %(first)s. Correct the number, or enter the "
                        "last number of the other program on the series first.",
                        number=move.name,
                        series=series.display_name,
                        first=series._start_number(),
                    )
                )

    def _series_alert(self, move):
        if not move._l10n_pt_atcud_is_required() or move.l10n_pt_atcud_value:
            return None
        series = move.l10n_pt_atcud_series_id.sudo()
        choice = self.env["l10n_pt_atcud.series_choice"]
        if not series or not choice.is_allowed(move, series):
            return self._no_series_alert(move)
        if series.state == "registered":
            return self._contradicted_code_alert(series)
        if series.state == "pending":
            message = self.env._("AT has not confirmed the series %s yet.")
        else:
            message = self.env._("The series %s has no validation code from AT.")
        return {
            "message": message % series.display_name,
            "action_text": self.env._("Generate validation code"),
            "action_call": (series._name, "action_register_from_document", series.ids),
        }

    def _contradicted_code_alert(self, series):
        """Return an alert where AT knows another series than was typed in."""
        if not (series.is_uncompared and series.result_code in DIFFERENCES):
            return None
        return {
            "message": self.env._(
                "AT's register contradicts the code of the series %s, which was "
                "entered by hand. Correct the code.",
                series.display_name,
            ),
            "action_text": self.env._("Open the series"),
            "action": series.with_env(self.env(context={}))._get_records_action(),
        }

    def _no_series_alert(self, move):
        document_type = move._l10n_pt_atcud_type()
        alert = {
            "message": self.env._(
                "The journal %(journal)s has no AT series for documents of type "
                "%(type)s.",
                journal=move.journal_id.display_name,
                type=document_type,
            )
        }
        chosen = move.l10n_pt_atcud_series_id.sudo()
        if chosen and chosen.document_type != document_type:
            alert["message"] = self.env._(
                "The series %(series)s is not for documents of type %(type)s.",
                series=chosen.display_name,
                type=document_type,
            )
        changed = self._changed_nif(move)
        if changed:
            alert["message"] = changed + " " + alert["message"]
        series = self.env["l10n_pt_atcud.series"]
        if series.has_access("create"):
            alert["action_text"] = self.env._("Create a series")
            alert["action"] = {
                "type": "ir.actions.act_window",
                "name": self.env._("AT series"),
                "res_model": series._name,
                "views": [[False, "form"]],
                "context": {
                    "default_journal_id": move.journal_id.id,
                    "default_document_type": document_type,
                },
            }
        elif self.env.user._is_internal():  # customers see no names of employees
            messages = self.env["l10n_pt_atcud.messages"]
            alert["message"] += " " + messages.contact_for_series(move.company_id)
        return alert

    def _changed_nif(self, move):
        """Return that the journal's series are of another tax number, or ``None``."""
        nif = move.company_id._l10n_pt_atcud_nif()
        series = self.env["l10n_pt_atcud.series"].sudo()
        earlier = series.search(
            [
                ("journal_id", "=", move.journal_id._origin.id),
                ("state", "=", "registered"),
                ("nif", "!=", nif),
            ],
            order="id desc",
            limit=1,
        )
        if not earlier:
            return None
        return self.env._(
            "The tax number of the company is now %(now)s. The series of this journal "
            "were registered for %(before)s and cannot be used: choose the environment "
            "in the AT settings again, and register series for the new tax number.",
            now=nif or "-",
            before=earlier.nif,
        )

    def _refusal(self, move, obstacle):
        """Return the error for an obstacle."""
        # Jobs and pages continue after a UserError, and after nothing else.
        if not self.can_redirect():
            return UserError(obstacle["message"])
        if "action" in obstacle:
            return RedirectWarning(
                obstacle["message"], obstacle["action"], obstacle["action_text"]
            )
        if "action_call" in obstacle:
            series = move.l10n_pt_atcud_series_id.with_env(move.env(context={}))
            return RedirectWarning(
                obstacle["message"],
                series._get_records_action(),
                self.env._("Open the series"),
            )
        return UserError(obstacle["message"])
