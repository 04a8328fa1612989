"""What became of a registration: on the record, in the chatter, in readable words."""

import datetime

from odoo import models
from odoo.exceptions import RedirectWarning

from ..at_series import (
    Estado,
    RejectedError,
    SetupError,
    UnknownOutcomeError,
)

# Codes of ours whose message is part of the words.
_OURS = ("different", "elsewhere", "moved_on", "no_last_number", "numbered")
_DEAD = (Estado.ANNULLED, Estado.FINALISED)


class L10nPtAtcudSeries(models.Model):
    _inherit = "l10n_pt_atcud.series"

    # Business

    def _record_registered(self, info):
        """AT knows the series: keep its code and its dates."""
        self.write(
            {
                "state": "registered",
                "validation_code": info.cod_validacao_serie,
                "start_date": info.data_inicio_prev_utiliz,
                "registered_on": info.data_registo,
                "status_on": info.data_estado
                and info.data_estado.astimezone(datetime.UTC).replace(tzinfo=None),
                "result_code": False,
                "result_message": False,
                "mismatch": False,
            }
        )
        return None

    def _record_unanswered(self, error):
        """Nobody knows: the series waits, and the next step consults."""
        self.write({"state": "pending", **self._words(error)})
        self.message_post(body=self._explain(error))
        return error

    def _record_refused(self, error):
        """Nothing happened at AT: the series can be corrected and tried again."""
        self.write({"state": "draft", **self._words(error)})
        self.message_post(body=self._explain(error))
        return error

    def _adopt(self, info, new, nif):
        """Take over what AT knows, if it is exactly what was asked for."""
        if info.estado in _DEAD:
            return self._record_refused(RejectedError(code="burnt"))
        differences = info.differences(new, nif)
        if differences or not info.is_complete:
            self._note_mismatch(info, differences)
            return self._record_refused(self._different(differences))
        return self._record_registered(info)

    # Private functions

    def _different(self, differences):
        words = [
            f"{name} (AT: {at}, Odoo: {ours})"
            for name, (at, ours) in differences.items()
        ]
        return RejectedError(", ".join(words), code="different")

    def _words(self, error):
        return {"result_code": error.code, "result_message": error.message}

    def _explain(self, error):
        """Return what happened and what to do, AT's own words quoted."""
        if isinstance(error, SetupError):
            return self.company_id._l10n_pt_atcud_explain(error)
        text = (
            self._explain_closing(error)
            or self._explain_code(error)
            or self._explain_family(error)
        )
        if error.code not in _OURS:
            text += self.company_id._l10n_pt_atcud_quote(error)
        return text

    def _explain_code(self, error):
        """Return the words for a code that says exactly what to do, or ``None``."""
        if error.code == "burnt":
            return self.env._(
                "AT knows this series as annulled or finalised. Its identifier can "
                "never be used again: choose another one."
            )
        if error.code == "different":
            return self.env._(
                "AT knows a series with this identifier, but not as it is written "
                "here. These differ: %s. Correct the series or choose another "
                "identifier.",
                error.message,
            )
        if error.code == "elsewhere":
            return self.env._(
                "AT was told of the series %(series)s under %(register)s, which is not "
                "where the company speaks to AT now. Switch back to ask about it.",
                series=self.display_name,
                register=error.message,
            )
        if error.code == "numbered":
            return self.env._(
                "The journal has documents up to %(prefix)s%(number)s. Register the "
                "series from its next number on.",
                prefix=self._number_prefix(),
                number=error.message,
            )
        if error.code == "unknown_code":
            return self.env._("AT does not know the series %s.", self.display_name)
        if error.code == "other_code":
            return self.env._(
                "AT gave another validation code to the series %s.", self.display_name
            )
        if error.code == "4043":
            return self.env._(
                "For AT the company has no open activity: see to it on AT's portal, "
                "and register the series %s afterwards.",
                self.display_name,
            )
        return None

    def _explain_family(self, error):
        if isinstance(error, RejectedError):
            return self.env._("AT refused the series %s.", self.display_name)
        if isinstance(error, UnknownOutcomeError) or self.state == "pending":
            return self.env._(
                "AT did not confirm the series %s, which may be registered or not. "
                "Try again: AT is asked what became of it first.",
                self.display_name,
            )
        return self.env._("AT cannot be reached. Nothing was changed there; try later.")

    def _explain_closing(self, error):
        """Return the words for an error of closing the series, or ``None``."""
        text = self._explain_obstacle(error)
        if text or self.state != "closing" or isinstance(error, SetupError):
            return text
        if isinstance(error, RejectedError):
            return self.env._("AT did not close the series %s.", self.display_name)
        if isinstance(error, UnknownOutcomeError):
            return self.env._(
                "AT did not confirm that the series %s is closed, which it may be or "
                "not. Nothing is posted into it; try again: AT is asked what became of "
                "it first.",
                self.display_name,
            )
        return None

    def _explain_obstacle(self, error):
        """Return what in the series itself keeps it from being closed, or ``None``."""
        if error.code == "issued":
            return self.env._(
                "The series %s has documents, so it cannot be annulled. Finalise it.",
                self.display_name,
            )
        if error.code == "window":
            return self.env._(
                "AT lets a series be annulled on the day of its registration and the "
                "next. For the series %(series)s that was until %(day)s. Archive it, "
                "so that it is not offered any more.",
                series=self.display_name,
                day=self._annul_until(),
            )
        if error.code == "unused":
            return self.env._(
                "The series %s has no document, and AT finalises none without. Annul "
                "it or archive it.",
                self.display_name,
            )
        if error.code == "moved_on":
            return self.env._(
                "Meanwhile a document was issued: the last number of the series is %s. "
                "Look at it and finalise again.",
                error.message,
            )
        if error.code == "no_last_number":
            return self.env._(
                "The documents of the series %(series)s are not issued in Odoo, so "
                "enter the last number that was given in it: at least %(number)s. If "
                "none was issued, annul the series or archive it.",
                series=self.display_name,
                number=error.message,
            )
        if error.code == "4047":
            return self.env._(
                "AT finalises no series whose last number is its first one. Archive "
                "the series %s, so that it is not offered any more, or issue another "
                "document in it.",
                self.display_name,
            )
        return None

    def _raise_for(self, error):
        """Raise what leads the user to whatever is at fault."""
        if isinstance(error, SetupError):
            self.company_id._l10n_pt_atcud_raise_for(error)
        text = self._explain(error)
        if isinstance(error, RejectedError) and not self.has_access("write"):
            text += "\n" + self.company_id._l10n_pt_atcud_ask_for_series()
        raise RedirectWarning(
            text,
            self._get_records_action(),
            self.env._("Open the series"),
        )
