"""Ways in: the networks that Maventa receives in, and the bell that says so."""

import secrets

from odoo import api, models
from odoo.exceptions import UserError

from ..exceptions import TransferProblem
from ..guards import internal
from ..maventa_api import MaventaError
from .remote_call import remote_call


@internal
class MaventaReceivingNetworks(models.AbstractModel):
    _name = "maventa.receiving.networks"
    _description = "Receiving Networks at Maventa"

    # === PUBLIC === #

    @api.model
    def _refresh(self, account):
        """Record the networks as Maventa has them; commits.

        :raise UserError: Maventa refuses, or cannot be reached
        """
        self._call(account, lambda client: None)

    @api.model
    def _join(self, account, network):
        """Have Maventa receive in a network, unless it does; commits.

        :raise UserError: Maventa refuses (another operator has the address)
        """

        def join(client):
            if network not in {row.network for row in client.networks()}:
                client.join_network(network)

        self._call(account, join)

    @api.model
    def _switch_bell(self, account):
        """Subscribe to Maventa's webhook, or end it; commits.

        The token is committed before Maventa knows it.

        :raise UserError: Maventa refuses, or Odoo has no public address
        """
        if account.webhook_id:

            def switch(client):
                client.unsubscribe(account.webhook_id)
                account.write({"webhook_id": False, "webhook_token": False})

            self._call(account, switch)
            return
        if not account.get_base_url().startswith("https://"):
            raise UserError(
                self.env._(
                    "Maventa rings only at a public HTTPS address. Odoo fetches every "
                    "hour without it."
                )
            )

        def switch(client):
            account.webhook_id = client.subscribe(account._bell_url())

        token = account.webhook_token or secrets.token_urlsafe(32)
        self._call(account, switch, {"webhook_token": token})

    # === HELPERS === #

    def _call(self, account, change, intent=None):
        try:
            with remote_call(account, intent=intent) as client:
                change(client)
                networks = client.networks()
                account._note_settings(networks=networks)
                names = [f"{row.network} ({row.status})" for row in networks]
                account.networks = ", ".join(names)
        except (MaventaError, TransferProblem) as error:
            text = self.env["maventa.messages"]._explain(error, account)
            raise UserError(text) from error
