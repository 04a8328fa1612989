"""The end of a series: finalised after its last document, or annulled unused.

As registering, both are written down and committed before AT is asked. From that
moment nothing is posted into the series any more: the last number that AT is told
must stay the last one.
"""

import datetime

from odoo import fields, models

from ..at_series import (
    Annulment,
    Estado,
    Finalisation,
    RejectedError,
    SeriesError,
    SetupError,
    TipoDoc,
    UnknownOutcomeError,
)
from .asked_password import asks_for_password

_CLOSED = {Estado.FINALISED: "finalised", Estado.ANNULLED: "annulled"}


class L10nPtAtcudSeries(models.Model):
    _inherit = "l10n_pt_atcud.series"

    closing = fields.Selection(
        selection=[("finalise", "Finalise"), ("annul", "Annul")],
        string="To Be",
        readonly=True,
        copy=False,
    )
    last_number = fields.Integer(readonly=True, copy=False)
    closing_reason = fields.Text(string="Reason", readonly=True, copy=False)

    # Actions

    def action_finalise(self):
        """Propose to finalise the series, with its last number."""
        return self._open_closing("finalise", self.env._("Finalise the series"))

    def action_annul(self):
        """Propose to annul the series, which needs a declaration."""
        return self._open_closing("annul", self.env._("Annul the series"))

    @asks_for_password(lambda series: series.company_id)
    def action_close_again(self):
        """Ask AT what became of a closing whose answer was lost, and go on with it."""
        self.ensure_one()
        self.check_access("write")
        error = self._close()
        if error:
            self._raise_for(error)
        return True

    # Business

    def _close(self, closing=None, *, last_number=0, reason=None):
        """Make sure that AT knows the end of this series, and record what it says.

        :param closing: "finalise" or "annul"; nothing: go on with what was begun
        :param last_number: the last number that the user has agreed to, or has stated
        :return: ``None``, or the error that stands in the way
        """
        self.ensure_one()
        series = self.sudo()
        series._lock()
        was_asked = series.state == "closing"
        if not was_asked and (not closing or series.state != "registered"):
            return None
        error = series._elsewhere_obstacle()
        if error:
            return error
        try:
            client = series.company_id._l10n_pt_atcud_client(series)
        except SetupError as error:
            return error
        with client:
            if not was_asked:
                series._write_closing(closing, last_number, reason)
                series._lock()
                if series.state != "closing":  # somebody was faster
                    return None
            error = series._ask_to_close(client, was_asked)
        series._commit()
        if client.last_exchange:  # else AT was not even asked
            series.company_id._l10n_pt_atcud_note(error)
        return error

    def _write_closing(self, closing, last_number, reason):
        """Write down what AT is about to be asked for; nothing is posted any more."""
        self.write(
            {
                "state": "closing",
                "closing": closing,
                "last_number": last_number,
                "closing_reason": reason,
                "result_code": False,
                "result_message": False,
            }
        )
        self._commit()

    def _ask_to_close(self, client, was_asked):
        """Ask AT and record the answer; consult first when asked before."""
        if was_asked:
            try:
                known = client.find(self._new_series())
            except SeriesError as error:
                return self._record_unclosed(error)
            if known and known.estado in _CLOSED:
                return self._record_closed(known.estado, known)
        # Postings that were under way have ended, and none can begin.
        obstacle = self._closing_obstacle()
        if obstacle:
            return self._record_still_open(obstacle)
        try:
            return self._record_closed(*self._send_closing(client))
        except RejectedError as error:
            refusal = error
        except SeriesError as error:
            # Nothing was done this time; of the first time only AT knows.
            if was_asked or isinstance(error, UnknownOutcomeError):
                return self._record_unclosed(error)
            return self._record_still_open(error)
        try:
            known = client.find(self._new_series())
        except SeriesError as error:
            return self._record_unclosed(error)
        if known and known.estado in _CLOSED:
            return self._record_closed(known.estado, known)
        return self._record_still_open(refusal)

    def _send_closing(self, client):
        """Ask AT; return the state that it said yes to, and what it knows."""
        asked = (self.identifier, TipoDoc(self.document_type), self.validation_code)
        if self.closing == "annul":
            annulment = Annulment(*asked, declaracao_nao_emissao=True)
            return Estado.ANNULLED, client.anular_serie(annulment)
        end = Finalisation(*asked, self.last_number, self.closing_reason or None)
        return Estado.FINALISED, client.finalizar_serie(end)

    # Private functions

    def _open_closing(self, closing, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "l10n_pt_atcud.series.close",
            "view_mode": "form",
            "target": "new",
            "context": {"default_series_id": self.id, "default_closing": closing},
        }

    def _annul_until(self):
        """Return the last day, in Lisbon, on which AT lets the series be annulled."""
        return self.registered_on + datetime.timedelta(days=1)

    def _record_closed(self, estado, info):
        """AT knows the series as closed."""
        since = info and info.data_estado
        self.write(
            {
                "state": _CLOSED[estado],
                "last_number": (info and info.seq_ultimo_doc_emitido)
                or self.last_number,
                "status_on": since.astimezone(datetime.UTC).replace(tzinfo=None)
                if since
                else fields.Datetime.now(),
                "result_code": False,
                "result_message": False,
            }
        )
        return None

    def _record_unclosed(self, error):
        """Nobody knows: the series stays shut, and the next step consults."""
        self.write(self._words(error))
        self.message_post(body=self._explain(error))
        return error

    def _record_still_open(self, error):
        """AT did not close the series, so it goes on."""
        self.message_post(body=self._explain(error))
        self.write(
            {
                "state": "registered",
                "closing": False,
                "closing_reason": False,
                "last_number": 0,
                **self._words(error),
            }
        )
        return error
