from odoo import api, models

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
    def _is_applicable_to_company(self, method, company):
        # EXTENDS 'account'
        if method == "maventa":
            return company._maventa_account_company().sudo().maventa_enabled
        return super()._is_applicable_to_company(method, company)

    @api.model
    def _is_applicable_to_move(self, method, move, **move_data):
        # EXTENDS 'account'
        if method == "maventa":
            enabled = self._is_applicable_to_company(method, move.company_id)
            return enabled and not move._maventa_refusal()
        return super()._is_applicable_to_move(method, move, **move_data)

    @api.model
    def _get_default_sending_settings(self, move, from_cron=False, **custom_settings):
        # EXTENDS 'account'
        # The last word on what somebody, or some code, asked for explicitly; what
        # waits for Odoo's schedule gets the defaults above.
        settings = super()._get_default_sending_settings(
            move, from_cron=from_cron, **custom_settings
        )
        methods = settings["sending_methods"]
        if move._maventa_is_carried() or "maventa" in methods:
            settings["sending_methods"] = {
                method for method in methods if method not in OTHER_ROADS
            }
        return settings

    @api.model
    def _hook_if_success(self, moves_data, from_cron=False):
        # EXTENDS 'account'
        super()._hook_if_success(moves_data, from_cron=from_cron)
        for move, move_data in moves_data.items():
            if "maventa" in move_data["sending_methods"]:
                author = move_data["author_user_id"]
                move.with_user(author).sudo()._maventa_send_by_status()

    @api.model
    def _get_alerts(self, moves, moves_data):
        # EXTENDS 'account'
        alerts = super()._get_alerts(moves, moves_data)
        alerts |= self._maventa_alerts(moves, moves_data)
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

    @api.model
    def _maventa_alerts(self, moves, moves_data):
        """Say why Maventa cannot take some, or that one way is enough."""
        chosen = moves.filtered(
            lambda move: "maventa" in moves_data[move]["sending_methods"]
        )
        alerts = {}
        if any(
            OTHER_ROADS & set(moves_data[move]["sending_methods"]) for move in chosen
        ):
            alerts["maventa_one_road"] = {
                "level": "danger",
                "message": self.env._(
                    "Maventa brings the invoice to the customer: choose no other way "
                    "of sending besides it."
                ),
            }
        refused = [
            f"{move.display_name}: {reason}"
            for move in chosen
            if not move._maventa_is_wanted() and (reason := move._maventa_refusal())
        ]
        if refused:
            alerts["maventa_refused"] = {
                "level": "danger" if len(moves) == 1 else "warning",
                "message": "\n".join(refused),
            }
            return alerts
        return alerts | self._maventa_missing_alerts(moves, chosen)

    @api.model
    def _maventa_missing_alerts(self, moves, chosen):
        """Say now what would stop the transfer later: a part of an address, say."""
        missing = {move: move._maventa_problems() for move in chosen}
        lines = [
            f"{move.display_name}: {problem}"
            for move, problems in missing.items()
            for problem in problems
        ]
        if not lines:
            return {}
        alert = {"level": "warning", "message": "\n".join(lines)}
        if len(moves) == 1:
            alert |= {"level": "danger"} | moves._maventa_way_to_trouble()
        return {"maventa_missing": alert}
