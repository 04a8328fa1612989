from odoo import api, models

from .maventa_transfer import CARRIED

# What would bring the same invoice to the same customer a second time
OTHER_ROADS = {"email", "peppol", "snailmail"}


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _get_default_sending_methods(self, move):
        # EXTENDS 'account'
        methods = super()._get_default_sending_methods(move)
        if move._maventa_is_carried():
            return methods - OTHER_ROADS
        if move.maventa_account_company_id.sudo().maventa_enabled:
            return methods - {"peppol"}
        return methods

    @api.model
    def _get_default_sending_settings(self, move, from_cron=False, **custom_settings):
        # EXTENDS 'account'
        # The last word, also for what was queued or asked for explicitly.
        settings = super()._get_default_sending_settings(
            move, from_cron=from_cron, **custom_settings
        )
        if move._maventa_is_carried():
            methods = settings["sending_methods"]
            settings["sending_methods"] = {
                method for method in methods if method not in OTHER_ROADS
            }
        return settings

    @api.model
    def _get_alerts(self, moves, moves_data):
        # EXTENDS 'account'
        alerts = super()._get_alerts(moves, moves_data)
        twice = moves.filtered(
            lambda move: (
                move._maventa_is_carried()
                and OTHER_ROADS & set(moves_data[move]["sending_methods"])
            )
        )
        if twice:
            alerts["maventa_carried"] = {
                # blocks, so that nobody believes in a mail that is not sent
                "level": "danger",
                "message": self.env._(
                    "Maventa carries %s: it must not be sent to the customer a "
                    "second time.",
                    ", ".join(twice.mapped("name")),
                ),
            }
        return alerts


class AccountMove(models.Model):
    _inherit = "account.move"

    def _maventa_is_carried(self):
        """Tell whether the customer gets it through Maventa, or soon will."""
        return self.maventa_state in (*CARRIED, "queued")
