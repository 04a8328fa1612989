"""What failures mean for a connection: it is suspended, or tried again later.

A key that cannot be used suspends it; what passes by itself postpones the next call.
"""

from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_datetime

from ..guards import internal
from ..models.billingo_document import WARNING

BACK_OFF = (1, 5, 15, 60, 120)  # minutes, by failures in a row
OUTAGE_NOTICE = timedelta(days=2)  # an outage is reported when it lasts so long


@internal
class BillingoConnectionFailures(models.AbstractModel):
    _name = "billingo.connection.failures"
    _description = "Failures of Billingo connections"

    # === PUBLIC === #

    def _suspend(self, connection, source):
        """Stop a connection whose key cannot be used, and notify its people once.

        :param source: of the text, see ``billingo.messages``
        """
        connection.ensure_one()
        if connection.state != "active":
            connection.write({"error_source": source, "checked_at": False})
            return
        connection.run_id._end("stopped", source)
        connection.write(
            {
                "state": "suspended",
                "error_source": source,
                "fetch_page": 0,
                # The key has to be checked before the connection is active again.
                "checked_at": False,
            }
        )
        self.env["billingo.notifications"]._send(
            connection,
            "mt_connection_problem",
            lambda env: (
                env._("Billingo connection suspended"),
                env["billingo.messages"]._text(source),
            ),
        )

    def _postpone(self, connection, source, retry_after=None):
        """Try again later, not before Billingo allows it; the position is kept.

        :param source: of the text, see ``billingo.messages``
        :param retry_after: seconds that Billingo asks to wait, or None
        """
        now = fields.Datetime.now()
        minutes = BACK_OFF[min(connection.failures, len(BACK_OFF) - 1)]
        wait = timedelta(minutes=minutes)
        if retry_after:
            wait = max(timedelta(seconds=retry_after), timedelta(minutes=1))
        connection.write(
            {
                "failures": connection.failures + 1,
                "failing_since": connection.failing_since or now,
                "error_source": source,
                "next_fetch_at": now + wait,
                "wait_until": retry_after and now + wait,
            }
        )
        if connection.run_id.state == "running":
            connection.run_id.error_source = connection.error_source
        lasts = now - connection.failing_since
        if lasts >= OUTAGE_NOTICE and not connection.is_outage_notified:
            connection.is_outage_notified = True
            since = fields.Date.to_string(connection.failing_since)
            self.env["billingo.notifications"]._send(
                connection,
                "mt_connection_problem",
                lambda env: (
                    env._("Billingo: nothing could be fetched since %s", since),
                    env["billingo.messages"]._text(source),
                ),
            )
        self.env.ref("account_billingo_import.ir_cron_billingo_fetch")._trigger(
            at=now + wait
        )

    def _reason_not_to_call(self, connection):
        """Return why Billingo may not be called now, even by hand, or no text.

        A check of the key may be made: it ends a suspension.
        """
        connection.ensure_one()
        if connection.state == "suspended":
            return self.env._(
                "The connection is suspended. Resolve the problem shown on it, then "
                "check it: %s",
                connection.error or "",
            )
        if connection.wait_until and connection.wait_until > fields.Datetime.now():
            at = format_datetime(self.env, connection.wait_until, dt_format="short")
            return self.env._(
                "Billingo asked to wait until %s. Fetching continues then by itself.",
                at,
            )
        return ""

    def _recover(self, connection):
        """Forget earlier failures: Billingo answered."""
        if connection.is_outage_notified:
            self._close_activities(connection)
        connection.write(
            {
                "failures": 0,
                "failing_since": False,
                "is_outage_notified": False,
                "error_source": False,
                "wait_until": False,
            }
        )

    def _close_activities(self, connection):
        connection.activity_unlink([WARNING])
