"""Registering a series: written down, asked, written down again.

AT is not part of our transaction. So the intent is committed before AT is asked, and
the outcome before anything else happens; whoever finds an intent without an outcome
asks AT what became of it, and repeats nothing blindly.
"""

from odoo import models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools import SQL

from ..at_series import (
    ALREADY_REGISTERED,
    START_DATE_PASSED,
    NewSeries,
    RejectedError,
    SeriesError,
    SetupError,
    TipoDoc,
    TipoSerie,
    UnknownOutcomeError,
    lisbon_date,
)
from .asked_password import asks_for_password
from .open_lines import lines_stay_open


class L10nPtAtcudSeries(models.Model):
    _inherit = "l10n_pt_atcud.series"

    # Actions

    @asks_for_password(lambda series: series._unregistered().company_id)
    def action_register(self):
        """Register from a form or a list, and tell what became of each series.

        What succeeded stays, and what failed can be tried again. After an error of
        the connection the others are not tried: it would be the same for all.
        """
        self._check_may_register()
        if not self:
            raise UserError(self.env._("There is no series to register."))
        with lines_stay_open():
            return self._register_each()

    def _register_each(self):
        lines, failed = [], False
        for series in self:
            # Alone: after each commit it would be read anew with all the others.
            series = series.with_prefetch()
            error = series._communicate()
            if error:
                failed = True
                lines.append(f"{series.display_name}: {series._explain(error)}")
            else:
                lines.append(f"{series.display_name}: {series.validation_code}")
            if isinstance(error, SetupError):
                if len(lines) == 1:
                    series._raise_for(error)
                break
        return self._question() or {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if failed else "success",
                "className": "text-prewrap",
                "title": self.env._("Series at AT"),
                "message": "\n".join(lines),
                "sticky": failed,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @asks_for_password(lambda series: series._unregistered().company_id)
    def action_register_from_document(self):
        """Register from a document's banner.

        :return: ``True``; the banner goes and the document stays open. Or the dialog
            that asks what to do about a difference
        :raise RedirectWarning: leads to the series or to the settings
        """
        self.ensure_one()
        self._check_may_register()
        error = self._communicate()
        question = self._question()
        if error and not question:
            self._raise_for(error)
        return question or True

    # Business

    def _communicate(self):
        """Make sure that AT knows this series, and record what it says.

        :return: ``None``, or the error that stands in the way
        """
        self.ensure_one()
        series = self.sudo()
        series._lock()
        if series.state not in ("draft", "pending"):
            return None
        error = (
            series._numbering_obstacle()
            if series.state == "draft"
            else series._elsewhere_obstacle()
        )
        if error:
            return error
        try:
            client = series.company_id._l10n_pt_atcud_client(series)
        except SetupError as error:
            return error
        with client:
            was_asked = series.state == "pending"
            if not was_asked:
                series._write_intent()
                series._lock()
                if series.state != "pending":  # somebody was faster
                    return None
            error = series._ask(client, was_asked)
        series._commit()
        series.company_id._l10n_pt_atcud_note(error)
        return error

    def _write_intent(self):
        """Write down exactly what AT is about to be asked for."""
        taxpayer = self.company_id._l10n_pt_atcud_taxpayer()
        self.write(
            {
                "state": "pending",
                "environment": taxpayer.l10n_pt_atcud_environment,
                "software_number": taxpayer.l10n_pt_atcud_software_number,
                # AT refuses a start in the past (4049).
                "start_date": max(self.start_date, lisbon_date()),
                "result_code": False,
                "result_message": False,
            }
        )
        self._commit()

    def _ask(self, client, was_asked):
        """Ask AT and record the answer; consult first when asked before."""
        new = self._new_series()
        nif = client.credentials.nif
        if was_asked:
            try:
                known = client.find(new)
            except SeriesError as error:
                return self._record_unanswered(error)
            if known:
                return self._adopt(known, new, nif)
        try:
            return self._record_registered(self._send(client, new))
        except UnknownOutcomeError as error:
            return self._record_unanswered(error)
        except RejectedError as error:
            if error.code != ALREADY_REGISTERED:
                return self._record_refused(error)
            refusal = error
        except SeriesError as error:
            return self._record_refused(error)
        try:
            known = client.find(new)
        except SeriesError as error:
            return self._record_unanswered(error)
        return self._adopt(known, new, nif) if known else self._record_refused(refusal)

    def _send(self, client, new):
        """Ask AT to register; a start that has passed meanwhile is moved, once."""
        try:
            return client.registar_serie(new)
        except RejectedError as error:
            today = lisbon_date()
            if error.code != START_DATE_PASSED or self.start_date >= today:
                raise
        self.start_date = today
        return client.registar_serie(self._new_series())

    def _new_series(self):
        return NewSeries(
            serie=self.identifier,
            tipo_doc=TipoDoc(self.document_type),
            num_inicial_seq=self.first_number,
            data_inicio_prev_utiliz=self.start_date,
            tipo_serie=TipoSerie[self.kind.upper()],
            num_cert_sw_fatur=self.software_number,
        )

    # Private functions

    def _unregistered(self):
        return self.filtered(lambda series: series.state in ("draft", "pending"))

    def _check_may_register(self):
        """Whoever may post documents may get the code that posting asks for."""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(
            "account.group_account_invoice"
        ):
            raise AccessError(
                self.env._("Only those who may invoice may register AT series.")
            )

    def _elsewhere_obstacle(self):
        """Return an error when AT was told of this series by another door.

        Another environment, or another taxpayer, has another register.
        """
        company = self.company_id
        if (self.environment, self.nif) == (
            self._current_environment(),
            company._l10n_pt_atcud_nif(),
        ):
            return None
        return RejectedError(f"{self.nif}, {self.environment}", code="elsewhere")

    def _lock(self):
        """Let nobody else ask AT about this series before the next commit."""
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            raise UserError(
                self.env._(
                    "Somebody else is registering the series %s at this moment.",
                    self.display_name,
                )
            ) from None
        self.invalidate_recordset()

    def _hold_open(self):
        """Keep these series from being closed before this transaction ends.

        Many may hold at once. Whoever closes the series meanwhile is sent away, and
        who had not seen that it was closed begins anew.
        """
        if self:
            self.env.cr.execute(
                SQL(
                    "SELECT FROM l10n_pt_atcud_series WHERE id IN %s"
                    " ORDER BY id FOR SHARE",
                    tuple(self.ids),
                )
            )

    def _commit(self):
        self.company_id._l10n_pt_atcud_commit()
