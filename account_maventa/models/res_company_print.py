from odoo import fields, models
from odoo.exceptions import UserError

from ..maventa_api import MaventaError


class ResCompany(models.Model):
    """Maventa's print service. Maventa keeps these settings; we show what it said."""

    _inherit = "res.company"

    maventa_print_enabled = fields.Boolean(
        "Print service", readonly=True, copy=False, help="As Maventa said last."
    )
    maventa_print_own_pdf = fields.Boolean(
        "Own PDF for print", readonly=True, copy=False, help="As Maventa said last."
    )
    maventa_print_asked_at = fields.Datetime(readonly=True, copy=False)

    # === ACTIONS === #

    def action_maventa_print_refresh(self):
        return self._maventa_print({})

    def action_maventa_print_switch(self):
        return self._maventa_print({"enabled": not self.maventa_print_enabled})

    def action_maventa_own_pdf_switch(self):
        return self._maventa_print({"use_own_pdf": not self.maventa_print_own_pdf})

    # === BUSINESS === #

    def _maventa_print(self, wanted):
        """Change the settings at Maventa, and note what it says they are now.

        :raise UserError: Maventa refuses, or nobody knows; asking again shows
        """
        self.ensure_one()
        self.check_access("write")
        if self.sudo().maventa_account_state in ("none", "refused"):
            raise UserError(self.env._('Press "Check account" first.'))
        try:
            with self._maventa_client() as client:
                if wanted:
                    client.change_print_settings(**wanted)
                said = client.print_settings()
        except MaventaError as error:
            raise UserError(self._maventa_explain(error)) from error
        self.sudo().write(
            {
                "maventa_print_enabled": said.enabled,
                "maventa_print_own_pdf": said.use_own_pdf,
                "maventa_print_asked_at": fields.Datetime.now(),
            }
        )
        return True

    def _maventa_disconnect(self):
        super()._maventa_disconnect()
        self.sudo().write(
            {
                "maventa_print_enabled": False,
                "maventa_print_own_pdf": False,
                "maventa_print_asked_at": False,
            }
        )
