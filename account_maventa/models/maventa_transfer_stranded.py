from odoo import api, fields, models

GOING = ("uploading", "unknown", "accepted")


class MaventaTransfer(models.Model):
    """What began under keys that the settings do not have any more: a warning.

    Another account knows nothing of it, and is not asked.
    """

    _inherit = "maventa.transfer"

    stranded_at = fields.Datetime("Not followed since", readonly=True, copy=False)

    # === COMPUTE === #

    @api.depends("stranded_at")
    def _compute_level(self):
        # EXTENDS
        super()._compute_level()
        stranded = self.filtered(lambda row: row.stranded_at and row.state in GOING)
        stranded.level = "warning"

    # === CRON === #

    @api.model
    def _cron_maventa_follow_up(self):
        # EXTENDS
        super()._cron_maventa_follow_up()
        going = [("state", "in", GOING), ("account_ref", "!=", False)]
        groups = self._read_group(going, ["account_company_id", "account_ref"])
        for company, ref in groups:
            stranded = ref != company._maventa_account_ref()
            changed = self.search(
                [
                    *going,
                    ("account_company_id", "=", company.id),
                    ("account_ref", "=", ref),
                    ("stranded_at", "=" if stranded else "!=", False),
                ]
            )
            for transfer in changed:
                if transfer._lock() and transfer.state in GOING:
                    transfer._strand(stranded)
                if not self.env["ir.cron"]._commit_progress(1):
                    return

    # === BUSINESS === #

    def _is_of_another_account(self):
        """Tell whether it began under keys that the settings do not have any more."""
        self.ensure_one()
        current = self.account_company_id._maventa_account_ref()
        return bool(self.account_ref) and self.account_ref != current

    def _strand(self, stranded):
        """Say that nobody follows it, to its salesperson too; or that it is well."""
        self = self.with_context(lang=self.create_uid.lang)
        kind = "account_maventa.mail_activity_type_pending"
        self.move_id.activity_unlink([kind])
        if not stranded:
            self.stranded_at = False
            text = self.env._("The earlier account is back: followed again.")
            self._note("info", text)
            return
        self.stranded_at = fields.Datetime.now()
        text = self._stranded_text()
        self._note("warning", text)
        self.move_id._message_log(body=text)
        self.move_id.activity_schedule(
            kind,
            note=text,
            user_id=(self.move_id.invoice_user_id or self.create_uid).id,
        )

    def _stranded_text(self):
        if self.state == "accepted":
            return self.env._(
                "Maventa has it under another account than the one in the settings "
                "now, so that nobody follows it. Enter the earlier keys again until it "
                "is delivered, or look for it in that account."
            )
        return self.env._(
            "It was on its way to another Maventa account than the one in the settings "
            "now, and nobody knows whether it arrived. Enter the earlier keys again: "
            "then Maventa is asked."
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.depends("maventa_transfer_id.stranded_at")
    def _compute_alerts(self):
        # EXTENDS 'account'
        super()._compute_alerts()

    def _get_alerts(self):
        # EXTENDS 'account'
        alerts = super()._get_alerts()
        transfer = self.maventa_transfer_id
        if self.maventa_is_available and self.maventa_state in GOING:
            if transfer.stranded_at:
                alerts["maventa_stranded"] = {
                    "level": "warning",
                    "message": transfer._stranded_text(),
                }
        return alerts
