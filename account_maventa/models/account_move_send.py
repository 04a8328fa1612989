"""Odoo's *Send* dialog: the sending method *by Maventa*, and never two methods."""

from odoo import api, models

# Methods that would bring the same invoice to the same customer a second time
OTHER_METHODS = {"email", "peppol", "snailmail"}


def without_doubles(move, methods):
    """Return the sending methods without those that would bring an invoice twice."""
    if move._maventa_is_carried():
        return methods - OTHER_METHODS
    if move.maventa_account_company_id.sudo().maventa_enabled:
        return methods - {"peppol"}
    return methods


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    # === METHODS === #

    @api.model
    def _get_default_sending_methods(self, move):
        # EXTENDS 'account'
        return without_doubles(move, super()._get_default_sending_methods(move))

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
            rules = self.env["maventa.status.rules"]
            return enabled and not rules._refusal(move)
        return super()._is_applicable_to_move(method, move, **move_data)

    @api.model
    def _get_default_sending_settings(self, move, from_cron=False, **custom_settings):
        # EXTENDS 'account'
        # Applies to explicit requests too; invoices that wait for Odoo's own job get
        # the defaults above.
        settings = super()._get_default_sending_settings(
            move, from_cron=from_cron, **custom_settings
        )
        methods = set(settings["sending_methods"])
        if "sending_methods" not in custom_settings:
            # Another module may have added a method after ours has left it out.
            settings["sending_methods"] = methods = without_doubles(move, methods)
        if move._maventa_is_carried() or "maventa" in methods:
            settings["sending_methods"] = {
                method for method in methods if method not in OTHER_METHODS
            }
        return settings

    @api.model
    def _display_attachments_widget(self, edi_format, sending_methods):
        # EXTENDS 'account'
        return "maventa" in (
            sending_methods or ()
        ) or super()._display_attachments_widget(edi_format, sending_methods)

    # === SENDING === #

    @api.model
    def _link_invoice_documents(self, invoices_data):
        # EXTENDS 'account', where a printed document counts as sent: one that is to be
        # sent by Maventa waits for its transfer.
        waiting = self.env["account.move"].union(
            *(
                move
                for move, data in invoices_data.items()
                if "maventa" in data["sending_methods"] and not move.is_move_sent
            )
        )
        super()._link_invoice_documents(invoices_data)
        waiting.is_move_sent = False

    @api.model
    def _hook_if_success(self, moves_data, from_cron=False):
        # EXTENDS 'account'
        chosen = {
            move: move_data
            for move, move_data in moves_data.items()
            if "maventa" in move_data["sending_methods"]
        }
        for move, move_data in chosen.items():
            self._maventa_choose_files(move, move_data)
        super()._hook_if_success(moves_data, from_cron=from_cron)
        for move, move_data in chosen.items():
            author = move_data["author_user_id"]
            move.with_user(author).sudo()._maventa_send_by_status()

    @api.model
    def _maventa_choose_files(self, move, move_data):
        """Keep files that were added in the dialog with the invoice, and send them."""
        ids = [
            int(row["id"])
            for row in move_data.get("mail_attachments_widget") or []
            if row.get("manual") and not row.get("skip")
        ]
        files = self.env["ir.attachment"].browse(ids).exists()
        files.check_access("read")
        for file in files.sudo():
            if (file.res_model, file.res_id) == (move._name, move.id):
                file.maventa_send = True
                continue
            place = {"res_model": move._name, "res_id": move.id, "res_field": False}
            file.copy(place | {"name": file.name}).maventa_send = True

    # === ALERTS === #

    @api.model
    def _get_alerts(self, moves, moves_data):
        # EXTENDS 'account'
        alerts = super()._get_alerts(moves, moves_data)
        alerts |= self._maventa_alerts(moves, moves_data)
        twice = moves.filtered(
            lambda move: (
                move._maventa_is_carried()
                and OTHER_METHODS & set(moves_data[move]["sending_methods"])
            )
        )
        if twice:
            alerts["maventa_carried"] = {
                # blocks, because no e-mail would be sent
                "level": "danger",
                "message": self.env._(
                    "Maventa sends %s. The customer must not receive it a second time.",
                    ", ".join(twice.mapped("name")),
                ),
            }
        return alerts

    @api.model
    def _maventa_alerts(self, moves, moves_data):
        """Return the alerts about invoices for which *by Maventa* is chosen."""
        chosen = moves.filtered(
            lambda move: "maventa" in moves_data[move]["sending_methods"]
        )
        alerts = {}
        if any(
            OTHER_METHODS & set(moves_data[move]["sending_methods"]) for move in chosen
        ):
            alerts["maventa_one_method"] = {
                "level": "danger",
                "message": self.env._(
                    "Maventa brings the invoice to the customer. Choose no other "
                    "sending method together with it."
                ),
            }
        rules = self.env["maventa.status.rules"]
        asked = chosen.filtered(rules._is_question)
        if asked and len(moves) == 1:
            status = moves.maventa_account_company_id.sudo()
            question = rules._question(moves, status.maventa_status_to_transfer_id)
            alerts["maventa_twice"] = {"level": "warning", "message": question}
            chosen -= asked
        if any(move.maventa_is_demo for move in chosen | asked):
            alerts["maventa_demo"] = {
                "level": "warning",
                "message": self.env._(
                    "Maventa is in Demo: nothing leaves Odoo, and the customer "
                    "receives nothing."
                ),
            }
        alerts |= self._maventa_doubts(chosen | asked)
        refused = [
            f"{move.display_name}: {reason}"
            for move in chosen
            if not move._maventa_is_wanted() and (reason := rules._refusal(move))
        ]
        if refused:
            alerts["maventa_refused"] = {
                "level": "danger" if len(moves) == 1 else "warning",
                "message": "\n".join(refused),
            }
            return alerts
        return alerts | self._maventa_missing_alerts(moves, chosen | asked)

    @api.model
    def _maventa_doubts(self, chosen):
        """Return the alerts about what does not refuse the transfer."""
        rules, alerts = self.env["maventa.status.rules"], {}
        odd = dict.fromkeys(filter(None, map(rules._unsent_original, chosen)))
        if odd:
            text = "\n".join(odd)
            alerts["maventa_original"] = {"level": "warning", "message": text}
        for moves in chosen.grouped("maventa_account_company_id").values():
            if text := rules._obstacle(moves[0]):
                way = self.env["maventa.remedies"]._settings(moves[0], text)
                alert = {"level": "warning", "message": text} | way
                alerts[f"maventa_obstacle_{moves[0].company_id.id}"] = alert
        return alerts

    @api.model
    def _maventa_missing_alerts(self, moves, chosen):
        """Return the alert about data that would stop the transfer later."""
        checks = self.env["maventa.upload.checks"]
        lines = [
            f"{move.display_name}: {problem}"
            for move in chosen
            for problem in checks._problems(move, is_of_format=len(chosen) == 1)
        ]
        if not lines:
            return {}
        text = "\n".join(lines)
        alert = {"level": "warning", "message": text}
        if len(moves) == 1:
            link = self.env["maventa.invoice.alerts"]._link_to_cause(moves, text)
            alert |= {"level": "danger"} | link
        return {"maventa_missing": alert}
