"""Series that did not begin here: already numbered, or registered on AT's portal."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..at_series import Estado, RejectedError, SeriesError, SetupError


class L10nPtAtcudSeries(models.Model):
    _inherit = "l10n_pt_atcud.series"

    first_number = fields.Integer(
        compute="_compute_first_number",
        store=True,
        readonly=False,
        precompute=True,
        help="Where the journal has documents that are numbered like this already, "
        "their next number.",
    )
    numbered_until = fields.Integer(
        string="Last Number Elsewhere",
        readonly=True,
        copy=False,
        help="Of a series that was begun in another program: Odoo goes on after it.",
    )

    # Constraints

    _numbered_until_positive = models.Constraint(
        "CHECK(numbered_until >= 0)", "The last number elsewhere is at least 0."
    )

    # Computes

    @api.depends("journal_id", "document_type", "identifier")
    def _compute_first_number(self):
        for series in self:
            if series.state == "draft":
                issued = series._find_numbered()
                series.first_number = issued + 1 if issued else series.first_number or 1

    # Actions

    def action_enter_code(self):
        """Ask for a validation code that was obtained on AT's portal."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter a validation code"),
            "res_model": "l10n_pt_atcud.series.code",
            "view_mode": "form",
            "target": "new",
            "context": {"default_series_id": self.id},
        }

    # Business

    def _take_code(self, code, registered_on, numbered_until=0):
        """Take over a code from AT's portal, compared with AT's where AT answers.

        :param numbered_until: the last number that was issued elsewhere
        :return: ``None``, or the error that stands in the way
        """
        self.ensure_one()
        series = self.sudo()
        series._lock()
        if series.state != "draft":
            return None
        # A number that exists is never given again.
        series.numbered_until = max(numbered_until, series._find_numbered())
        return series._compare_and_take(code, registered_on)

    def _compare_and_take(self, code, registered_on):
        taxpayer = self.company_id._l10n_pt_atcud_taxpayer()
        self.write(
            {
                "environment": taxpayer.l10n_pt_atcud_environment,
                "software_number": taxpayer.l10n_pt_atcud_software_number,
            }
        )
        try:
            client = self.company_id._l10n_pt_atcud_client(self)
        except SetupError as error:
            return self._record_code(code, registered_on, error)
        outcome = None
        with client:
            try:
                known = client.find(self._new_series())
            except SeriesError as error:
                outcome = error
        if outcome:
            result = self._record_code(code, registered_on, outcome)
        else:
            result = self._code_obstacle(code, known) or self._record_registered(known)
        self._commit()
        self.company_id._l10n_pt_atcud_note(outcome)
        return result

    def _code_obstacle(self, code, known):
        """Return what AT's register says against a code, as an error, or ``None``."""
        if not known:
            return RejectedError(code="unknown_code")
        if known.estado in (Estado.ANNULLED, Estado.FINALISED):
            return RejectedError(code="burnt")
        if known.cod_validacao_serie != code:
            return RejectedError(code="other_code")
        nif = self.company_id._l10n_pt_atcud_nif()
        differences = known.differences(self._new_series(), nif)
        # On the portal the number of the software may have been left out.
        differences.pop("numCertSWFatur", None)
        return self._different(differences) if differences else None

    def _record_code(self, code, registered_on, error):
        """AT cannot be asked now: take the user's word for it, and say so."""
        self.message_post(
            body=self.env._("The code %s was entered by hand. AT was not asked: ", code)
            + self._explain(error)
        )
        self.write(
            {
                "state": "registered",
                "validation_code": code,
                "registered_on": registered_on,
                "result_code": False,
                "result_message": False,
            }
        )
        return None

    # Private functions

    def _start_number(self):
        """Return the first number that Odoo gives in this series."""
        return max(self.first_number, self.numbered_until + 1)

    def _find_numbered(self):
        """Return the highest number in the journal that reads like this series'."""
        if not (self.journal_id and self.document_type and self.identifier):
            return 0
        moves = self.env["account.move"]
        moves.flush_model(["journal_id", "sequence_prefix", "sequence_number"])
        ((number,),) = self.env.execute_query(
            SQL(
                """
                SELECT max(sequence_number) FROM account_move
                 WHERE journal_id = %s AND lower(sequence_prefix) = lower(%s)
                """,
                self.journal_id._origin.id,
                self._number_prefix(),
            )
        )
        return number or 0

    def _numbering_obstacle(self):
        """Return an error when the series would give a number for a second time."""
        issued = self._find_numbered()
        if issued >= self.first_number:
            return RejectedError(str(issued), code="numbered")
        return None
