from odoo import models
from odoo.exceptions import UserError

from ..maventa_api import MaventaError, UnknownOutcomeError


class MaventaTransfer(models.Model):
    """What Maventa has goes another way, without a new upload."""

    _inherit = "maventa.transfer"

    def _reroute(self, target):
        """Have Maventa send this failed document by another way, and follow it.

        :raise UserError: it cannot go, or nobody knows whether it does
        """
        self.ensure_one()
        company = self.account_company_id
        if self.state != "failed" or not self._lock():
            raise UserError(
                self.env._("Only what Maventa could not deliver can go another way.")
            )
        if self.account_ref != company._maventa_account_ref():
            raise UserError(
                self.env._("It was sent by another Maventa account than today's.")
            )
        try:
            with company._maventa_client() as client:
                client.reroute(self.remote_id, target)
        except UnknownOutcomeError as error:
            raise UserError(
                self.env._(
                    "Maventa has not answered clearly; perhaps it is on its way. Press "
                    "Refresh in a minute, before you try anything else."
                )
            ) from error
        except MaventaError as error:
            raise UserError(company._maventa_explain(error)) from error
        self.write({"state": "accepted", "finished_at": False, "error": False})
        self.move_id._maventa_set_status(company.maventa_status_after_transfer_id)
        self.move_id.activity_unlink(["account_maventa.mail_activity_type_error"])
        way = self.env["maventa.words"]._channel(target.route.value)
        text = self.env._("Maventa sends it another way: %s", way)
        self.move_id._message_log(body=text)
        self._note("info", text)
        self._wait()
        self._commit()
