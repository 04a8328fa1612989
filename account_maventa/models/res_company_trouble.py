from datetime import timedelta

from odoo import fields, models

from ..maventa_api import CompanyUnverifiedError, SetupError, UnknownOutcomeError

BACK_OFF = (60, 300, 900, 3600)  # seconds, for the first, second, ... failure
# One lost answer is an accident; so many in a row are an outage.
ACCIDENTS = 3


class ResCompany(models.Model):
    _inherit = "res.company"

    def _maventa_can_call(self):
        """Tell whether calls make sense now: account in order, no pause."""
        paused = self.maventa_paused_until
        return self.maventa_account_state == "verified" and (
            not paused or paused <= fields.Datetime.now()
        )

    def _maventa_may_send(self):
        """Tell whether something new may leave: switched on, and not archived."""
        return self.active and self.maventa_enabled

    def _maventa_note_success(self):
        """Maventa answers: forget earlier trouble."""
        self.ensure_one()
        if self.maventa_failures or self.maventa_paused_until or self.maventa_problem:
            self.sudo().write(
                {
                    "maventa_failures": 0,
                    "maventa_paused_until": False,
                    "maventa_problem": False,
                }
            )
            self._maventa_journals().activity_unlink(
                ["account_maventa.mail_activity_type_account"]
            )

    def _maventa_note_trouble(self, error):
        """Stop calling for a while, or until an administrator has looked."""
        self.ensure_one()
        if isinstance(error, SetupError):
            self._maventa_stop(error)
            return
        paused = self.maventa_paused_until
        if paused and paused > fields.Datetime.now():
            return  # of uploads beside the one that has made us pause
        failures = self.maventa_failures + 1
        vals = {"maventa_failures": failures}
        if not isinstance(error, UnknownOutcomeError) or failures >= ACCIDENTS:
            seconds = getattr(error, "retry_after", None)
            seconds = seconds or BACK_OFF[min(failures, len(BACK_OFF)) - 1]
            until = fields.Datetime.now() + timedelta(seconds=seconds)
            vals |= {
                "maventa_paused_until": until,
                "maventa_problem": self._maventa_explain(error),
            }
            cron = self.env.ref("account_maventa.ir_cron_maventa_transfer").sudo()
            cron._trigger(at=until + timedelta(seconds=1))
        self.sudo().write(vals)

    def _maventa_stop(self, error):
        """Wrong keys are never tried again by a machine: tell somebody, once."""
        unverified = isinstance(error, CompanyUnverifiedError)
        state = "unverified" if unverified else "refused"
        if self.maventa_account_state == state:
            return
        text = self._maventa_explain(error)
        self.sudo().write({"maventa_account_state": state, "maventa_problem": text})
        self._maventa_journals()[:1].activity_schedule(
            "account_maventa.mail_activity_type_account",
            note=text,
            user_id=(
                self.sudo().maventa_admin_id or self.env.ref("base.user_admin")
            ).id,
        )

    def _maventa_journals(self):
        """Return the sale journals, whose dashboard cards show activities."""
        return (
            self.env["account.journal"]
            .sudo()
            .search([("company_id", "=", self.id), ("type", "=", "sale")])
        )
