"""Maventa's print service: Maventa keeps the settings, Odoo shows and changes them."""

from odoo import api, models
from odoo.exceptions import UserError

from ..exceptions import TransferProblem
from ..guards import internal
from ..maventa_api import MaventaError
from .remote_call import remote_call


@internal
class MaventaPrintService(models.AbstractModel):
    """Print settings of an account."""

    _name = "maventa.print.service"
    _description = "Print Service of Maventa"

    # === PUBLIC === #

    @api.model
    def _update(self, account, values):
        """Change settings that differ, and record what Maventa returns; commits.

        :param values: ``enabled``, ``use_own_pdf``; empty to read only
        :raise UserError: Maventa refuses, or the outcome is unknown
        """
        if account.state in ("unchecked", "refused"):
            raise UserError(self.env._('Press "Check account" first.'))
        try:
            with remote_call(account) as client:
                current = client.print_settings()
                if any(getattr(current, name) != values[name] for name in values):
                    client.change_print_settings(**values)
                    current = client.print_settings()
                account._note_settings(printing=current)
        except (MaventaError, TransferProblem) as error:
            text = self.env["maventa.messages"]._explain(error, account)
            raise UserError(text) from error
