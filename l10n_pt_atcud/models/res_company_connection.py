"""Whether AT lets a company in: written down, so that no machine tries twice."""

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from ..at_series import Query, RejectedError, SeriesError, SetupError
from .asked_password import forget

# What the verdict of AT is about; a change of it asks for a new one.
_CONNECTION = frozenset(
    "vat l10n_pt_atcud_environment l10n_pt_atcud_username l10n_pt_atcud_password "
    "l10n_pt_atcud_password_mode "
    "l10n_pt_atcud_client_certificate_id l10n_pt_atcud_cipher_certificate_id".split()
)
# No series has this identifier, and asking for it changes nothing.
_HARMLESS = Query(serie="ODOOPING")


class ResCompany(models.Model):
    _inherit = "res.company"

    # STATE DIAGRAM
    #
    #  unchecked <--> active
    #      ^  |         |
    #      |  '---------'--> refused
    #      '-------------------'
    #  unchecked, refused -> active: AT answered what was asked.
    #  unchecked, active -> refused: AT did not let us in. Nothing is asked any more,
    #      because too many wrong passwords suspend the sub-user.
    #  refused -> active: somebody checked again, and AT let us in.
    #  active, refused -> unchecked: user, password, certificate or environment changed.
    l10n_pt_atcud_verdict = fields.Selection(
        selection=[
            ("unchecked", "Not checked yet"),
            ("active", "Active"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="unchecked",
        copy=False,
    )
    l10n_pt_atcud_verdict_on = fields.Datetime(readonly=True, copy=False)
    # code, message and tries_left of the error that AT refused with
    l10n_pt_atcud_refusal = fields.Json(readonly=True, copy=False)
    l10n_pt_atcud_connection = fields.Selection(
        selection=[
            ("not_configured", "Not configured"),
            ("unchecked", "Not checked yet"),
            ("active", "Active"),
            ("refused", "Refused"),
        ],
        string="AT connection",
        compute="_compute_l10n_pt_atcud_connection",
        compute_sudo=True,
    )
    l10n_pt_atcud_connection_on = fields.Datetime(
        string="AT connection since",
        compute="_compute_l10n_pt_atcud_connection",
        compute_sudo=True,
    )
    l10n_pt_atcud_diagnosis = fields.Text(
        string="What is wrong with the AT connection",
        compute="_compute_l10n_pt_atcud_connection",
        compute_sudo=True,
    )

    # Computes

    @api.depends(
        "parent_id",
        "l10n_pt_atcud_software_number",
        "l10n_pt_atcud_verdict",
        "l10n_pt_atcud_verdict_on",
        "l10n_pt_atcud_refusal",
        *_CONNECTION,
    )
    def _compute_l10n_pt_atcud_connection(self):
        for company in self:
            taxpayer = company._l10n_pt_atcud_taxpayer().sudo()
            obstacle = taxpayer._l10n_pt_atcud_obstacle()
            error = obstacle or taxpayer._l10n_pt_atcud_last_refusal()
            if obstacle and obstacle.code in ("not_configured", "no_nif"):
                state = "not_configured"
            else:
                state = "refused" if error else taxpayer.l10n_pt_atcud_verdict
            company.l10n_pt_atcud_connection = state
            company.l10n_pt_atcud_connection_on = (
                not obstacle and taxpayer.l10n_pt_atcud_verdict_on
            )
            company.l10n_pt_atcud_diagnosis = error and taxpayer._l10n_pt_atcud_explain(
                error
            )

    # CRUD

    def write(self, vals):
        changed = self.browse()
        if _CONNECTION & vals.keys():
            changed = self.filtered(lambda company: company._l10n_pt_atcud_news(vals))
        result = super().write(vals)
        if changed:
            changed.sudo()._l10n_pt_atcud_judge("unchecked", on=False)
        return result

    # Business

    def _l10n_pt_atcud_check(self):
        """Ask AT something that changes nothing, and remember whether it answers.

        :return: ``None``, or the error that stands in the way
        """
        company = self._l10n_pt_atcud_taxpayer().sudo()
        company._l10n_pt_atcud_commit()  # what was saved stays, whatever AT says
        try:
            company.lock_for_update(allow_referencing=True)
        except LockError:
            raise UserError(
                self.env._("Somebody else is checking the connection at this moment.")
            ) from None
        try:
            client = company._l10n_pt_atcud_client(checking=True)
        except SetupError as error:
            return error
        outcome = None
        with client:
            try:
                client.consultar_series(_HARMLESS)
            except SeriesError as error:
                outcome = error
        company._l10n_pt_atcud_note(outcome)
        return outcome

    def _l10n_pt_atcud_note(self, error):
        """Remember what an answer of AT says about the connection, and commit.

        Called when the outcome of the call itself is safe.

        :param error: the error of the call, or ``None``
        """
        company = self._l10n_pt_atcud_taxpayer().sudo()
        answered = error is None or (
            # A fault of the envelope comes before AT looks at who is speaking.
            isinstance(error, RejectedError) and error.code != "soap_client"
        )
        if isinstance(error, SetupError):
            company._l10n_pt_atcud_judge("refused", error=error)
            forget(company, error)
        elif answered and company.l10n_pt_atcud_verdict != "active":
            company._l10n_pt_atcud_judge("active")
        self._l10n_pt_atcud_commit()

    # Private functions

    def _l10n_pt_atcud_judge(self, verdict, *, error=None, on=True):
        self.write(
            {
                "l10n_pt_atcud_verdict": verdict,
                "l10n_pt_atcud_verdict_on": on and fields.Datetime.now(),
                "l10n_pt_atcud_refusal": error
                and {
                    "code": error.code,
                    "message": error.message,
                    "tries_left": error.tries_left,
                },
            }
        )

    def _l10n_pt_atcud_last_refusal(self):
        """Return AT's refusal that nobody has looked into yet, or ``None``."""
        if self.l10n_pt_atcud_verdict != "refused":
            return None
        return SetupError(**(self.l10n_pt_atcud_refusal or {}))

    def _l10n_pt_atcud_news(self, vals):
        """Tell whether ``vals`` change what AT's verdict is about."""
        company = self.sudo()
        return any(
            company._fields[name].convert_to_write(company[name], company) != vals[name]
            for name in _CONNECTION & vals.keys()
        )

    def _l10n_pt_atcud_commit(self):
        """Keep what was written, whatever happens to the rest of the request.

        What AT was asked and what it answered has happened; a roll-back here would
        only make us forget it.
        """
        if self.env["account.move"]._can_commit():
            self.env.cr.commit()  # pylint: disable=invalid-commit
