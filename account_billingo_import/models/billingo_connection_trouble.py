import logging
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..billingo_api import errors

_logger = logging.getLogger(__name__)

BACK_OFF = (1, 5, 15, 60, 120)  # minutes, by failures in a row
SILENCE = timedelta(days=2)  # Billingo may be away for so long before people hear
WARNING = "mail.mail_activity_data_warning"


class BillingoConnection(models.Model):
    _inherit = "billingo.connection"

    failures = fields.Integer("Failures in a row", readonly=True, copy=False)
    failing_since = fields.Datetime(readonly=True, copy=False)
    is_failure_told = fields.Boolean(readonly=True, copy=False)

    def _explain(self, error):
        """Say in the user's words what went wrong and what to do about it."""
        if isinstance(error, UserError):
            return str(error)
        said = f" ({error.words})" if error.words else ""
        if error.trace_id:
            said += f" [{error.trace_id}]"
        if isinstance(error, errors.SetupError):
            text = {
                "401": self.env._(
                    "Billingo does not know this API key, or it was revoked. Enter "
                    "a valid key and check it."
                ),
                "402": self.env._(
                    "The Billingo subscription has ended or does not include the "
                    "API. Renew it and check the connection."
                ),
            }.get(error.code) or self.env._(
                "This API key may not read documents. Give it the right at "
                "Billingo and check the connection."
            )
        elif error.code == "429":
            text = self.env._(
                "Billingo asks us to wait: too many requests. Fetching goes on later."
            )
        elif isinstance(error, errors.TemporaryError):
            text = self.env._(
                "Billingo cannot be reached now. It is tried again later."
            )
            said = said or f" ({error.code})"
        elif isinstance(error, errors.RejectedError):
            text = self.env._("Billingo refused the request.")
            said = said or f" ({error.code})"
        else:
            text = self.env._(
                "What Billingo sent could not be stored. It is tried again later; "
                "the server's log has the details."
            )
            said = f" ({error.code})"
        return text + said

    def _suspend(self, error):
        """Switch this connection off and tell its people, once."""
        self.ensure_one()
        self._switch_off(self._explain(error))

    def _switch_off(self, text):
        self._end_run("stopped", text)
        self.write(
            {
                "state": "suspended",
                "error": text,
                "fetch_page": 0,
                # Whoever switches it on again has to ask Billingo first.
                "checked_at": False,
            }
        )
        self._notify(
            "mt_connection_off",
            self.env._("Billingo: automatic processing switched off"),
            text,
        )

    def _postpone(self, error):
        """Come back later, not before Billingo allows it; the place is kept."""
        now = fields.Datetime.now()
        minutes = BACK_OFF[min(self.failures, len(BACK_OFF) - 1)]
        wait = timedelta(minutes=minutes)
        asked = getattr(error, "retry_after", None)
        if asked:
            wait = max(timedelta(seconds=asked), timedelta(minutes=1))
        text = self._explain(error)
        self.write(
            {
                "failures": self.failures + 1,
                "failing_since": self.failing_since or now,
                "error": text,
                "next_fetch_at": now + wait,
            }
        )
        if self.run_id.state == "running":
            self.run_id.error = text
        if now - self.failing_since >= SILENCE and not self.is_failure_told:
            self.is_failure_told = True
            self._notify(
                "mt_connection_off",
                self.env._(
                    "Billingo: nothing could be fetched since %s",
                    fields.Date.to_string(self.failing_since),
                ),
                text,
            )
        self.env.ref("account_billingo_import.ir_cron_billingo_fetch")._trigger(
            at=now + wait
        )

    def _stumble(self, error):
        """Come back later after an error that nobody foresaw; others go on."""
        self.env.cr.rollback()
        _logger.error("Billingo connection %s", self.id, exc_info=error)
        if not isinstance(error, UserError):
            error = errors.BillingoError(code=type(error).__name__)
        self._postpone(error)

    def _recover(self):
        """Billingo answered: forget the failures before."""
        if self.is_failure_told:
            self._close_activities()
        self.write(
            {
                "failures": 0,
                "failing_since": False,
                "is_failure_told": False,
                "error": False,
            }
        )

    def _close_activities(self):
        self.activity_unlink([WARNING])
