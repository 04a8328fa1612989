"""The nightly job: comparison with AT, expiring certificates, next year's series."""

from markupsafe import Markup
from odoo import api, fields, models
from psycopg2.extensions import TransactionRollbackError

from ..at_series import Estado, MeioProcessamento, SeriesError, SetupError
from ..guards import internal
from .session_pool import session_pool

_WARNING_DAYS = (7, 30, 60)  # before a certificate expires
_CERTIFICATES = ("client_certificate_id", "cipher_certificate_id")


@internal
class L10nPtAtcudNightlyCheck(models.AbstractModel):
    """Commits after each connection, and within the calls to AT."""

    _name = "l10n_pt_atcud.nightly_check"
    _description = "AT: nightly check"

    # === PUBLIC === #

    @api.model
    def _cron_check(self):
        """Check every connection, one after the other.

        Under a connection that is no longer in use only what is unfinished at AT is
        followed to its end.
        """
        connections = self.env["l10n_pt_atcud.connection"].sudo()
        connections = connections.search(
            [
                ("company_id.account_fiscal_country_id.code", "=", "PT"),
                "|",
                ("next_try_at", "=", False),
                ("next_try_at", "<=", fields.Datetime.now()),
            ],
            order="tried_at NULLS FIRST, id DESC",
        )
        self.env["ir.cron"]._commit_progress(remaining=len(connections))
        for connection in connections:
            self._check_alone(connection.with_prefetch())
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.model
    def warn_of_expiry(self, connection):
        """Warn an administrator 60, 30 and 7 days before a certificate expires."""
        if not connection.is_in_use:
            return
        warnings = dict(connection.expiry_warnings or {})
        for name in _CERTIFICATES:
            certificate = connection[name]
            if not certificate.date_end:
                continue
            left = (certificate.date_end - fields.Datetime.now()).days
            due = next((days for days in _WARNING_DAYS if left <= days), None)
            key = f"{certificate.id}/{certificate.date_end.date()}"
            if due is None or due >= warnings.get(key, due + 1):
                continue
            warnings[key] = due
            connection._alert(
                self.env._(
                    "%(certificate)s of %(company)s expires on %(day)s. Without a "
                    "valid one AT cannot be reached. Obtain the next one in time.",
                    certificate=connection._fields[name]._description_string(self.env),
                    company=connection.company_id.display_name,
                    day=certificate.date_end.date(),
                )
            )
        if warnings != (connection.expiry_warnings or {}):
            connection.expiry_warnings = warnings

    @api.model
    def remind(self, connection):
        """Remind of the next year's series; those of a trial need no successor."""
        if connection.is_in_use and not connection._is_trial():
            series = self._followed_series(connection)
            self.env["l10n_pt_atcud.next_year"].remind(series)

    @api.model
    def report_documents(self, connection):
        """Report posted documents without the right ATCUD, or out of order."""
        if connection.is_in_use:
            self.env["l10n_pt_atcud.issued_document_check"].report(connection)

    @api.model
    def verify_signatures(self, connection):
        """Compare signed documents with the witness, and verify the last of them."""
        signing = connection.company_id._l10n_pt_atcud_signing()
        if connection.is_in_use and signing:
            self.env["l10n_pt_atcud.witness"].check(signing)

    @api.model
    def compare(self, connection):
        """Compare the series of this connection with what AT knows of them."""
        series = self._followed_series(connection)
        if not series:
            return
        comparison = self.env["l10n_pt_atcud.series_comparison"]
        with session_pool():
            known, error = comparison.try_fetch(connection)
            if isinstance(error, SetupError):
                connection._alert(connection._explain(error))
            elif isinstance(error, SeriesError):
                connection._note_failure(connection._explain(error))
            if error:
                return
            connection._note_success()
            comparison.compare_each(series, known)
        if connection.is_in_use:
            self._report_unknown(connection, known)

    # === HELPERS === #

    def _check_alone(self, connection):
        """Check one connection; whatever happens, the others have their turn.

        A service that drips, or a worker that is ended by its time limit, comes to no
        outcome; therefore the try is committed before.
        """
        remote = self.env["l10n_pt_atcud.remote_call"]
        with remote.fence(connection):
            connection.tried_at = fields.Datetime.now()
            remote.commit()
        for task in (
            self.warn_of_expiry,
            self.remind,
            self.report_documents,
            self.verify_signatures,
            self.compare,
        ):
            with remote.fence(connection) as fence:
                task(connection)
            if fence.error and not isinstance(fence.error, TransactionRollbackError):
                text = self.env._(
                    "The job broke off (%s). The server's log has the details.",
                    type(fence.error).__name__,
                )
                connection._note_failure(text)

    def _followed_series(self, connection):
        """Return the series of this connection that can still change at AT."""
        states = ["pending", "closing"]
        if connection.is_in_use:
            states.append("registered")
        series = self.env["l10n_pt_atcud.series"].sudo()
        return series.with_context(active_test=False).search(
            [
                ("connection_id", "=", connection.id),
                "|",
                ("state", "in", states),
                "&",
                ("state", "=", "registered"),
                ("is_uncompared", "=", True),
            ]
        )

    def _report_unknown(self, connection, known):
        """Report active series of other programs to an administrator, once each.

        Series of the portal and of other means number no documents of a program.
        """
        ours = self._known_names(connection)
        reported = set(connection.reported_series or ())
        fresh = {
            f"{info.tipo_doc}/{info.serie.casefold()}": f"{info.tipo_doc} {info.serie}"
            for info in known
            if info.is_identified
            and info.estado == Estado.ACTIVE
            and info.meio_processamento == MeioProcessamento.PROGRAM
            and (str(info.tipo_doc), info.serie.casefold()) not in ours
        }
        fresh = {key: name for key, name in fresh.items() if key not in reported}
        if not fresh:
            return
        connection.reported_series = sorted({*reported, *fresh})
        text = self.env._(
            "AT knows series of %(company)s that do not exist in Odoo: %(series)s. "
            "Import them to use them here.",
            company=connection.company_id.display_name,
            series=", ".join(fresh.values()),
        )
        connection._alert(
            Markup('%s <a href="/odoo/at-series">%s</a>')
            % (text, self.env._("Import from AT"))
        )

    def _known_names(self, connection):
        """Return type and identifier of what AT and Odoo both know."""
        series = self.env["l10n_pt_atcud.series"].sudo()
        ours = series.with_context(active_test=False).search(
            [
                ("nif", "=", connection.nif),
                ("environment", "=", connection.environment),
                ("state", "!=", "draft"),
            ]
        )
        return {(one.document_type, one.identifier.casefold()) for one in ours}
