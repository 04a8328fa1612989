from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from .maventa_transfer import CARRIED, LIVE


class AccountMove(models.Model):
    """The status and what follows from it: into the queue, and out of it."""

    _inherit = "account.move"

    # === CONSTRAINTS === #

    @api.constrains("maventa_status_id")
    def _check_maventa_status(self):
        for move in self.filtered("maventa_status_id"):
            if reason := move._maventa_refusal(move.maventa_status_id):
                raise ValidationError(
                    self.env._(
                        "%(document)s: %(reason)s",
                        document=move.display_name,
                        reason=reason,
                    )
                )

    # === CRUD === #

    def write(self, vals):
        # EXTENDS 'account'
        if "maventa_status_id" not in vals:
            return super().write(vals)
        status = self.env["maventa.invoice.status"].browse(vals["maventa_status_id"])
        changed = self.filtered(lambda move: move.maventa_status_id != status)
        changed._maventa_check_not_under_way()
        result = super().write(vals)
        changed._maventa_follow_status(status)
        return result

    # === ACTIONS === #

    def action_maventa_to_transfer(self):
        """Put these into the transfer status, or say of each why not."""
        reasons = []
        for move in self:
            company = move.maventa_account_company_id.sudo()
            status = company.maventa_status_to_transfer_id
            reason = (
                move._maventa_refusal(status)
                if status
                else self.env._("Maventa is not set up for this company.")
            )
            if reason:
                reasons.append(f"{move.display_name}: {reason}")
        if reasons:
            raise UserError("\n".join(reasons))
        for move in self:
            company = move.maventa_account_company_id.sudo()
            move.maventa_status_id = company.maventa_status_to_transfer_id.id
        return True

    def action_maventa_transfer_now(self):
        """Transfer these without waiting for the schedule."""
        self.check_access("write")
        for move in self:
            company = move.maventa_account_company_id.sudo()
            if not company.maventa_enabled:
                raise UserError(
                    self.env._(
                        "The transfer to Maventa is switched off in the settings."
                    )
                )
            if company.maventa_account_state != "verified":
                raise UserError(move._maventa_account_alert(company)["message"])
            if move._maventa_is_wanted():
                move._maventa_queue()
            transfer = move.sudo().maventa_transfer_id
            if transfer.state in LIVE and transfer._is_of_another_account():
                raise UserError(transfer._stranded_text())
            if transfer.state in LIVE and transfer._lock():
                transfer._run()
                transfer._commit()
        return self._maventa_toast()

    def action_maventa_refresh(self):
        """Ask Maventa what became of these, now."""
        self.check_access("write")
        self.sudo().maventa_transfer_id._follow_up_now()
        return self._maventa_toast()

    # === BUSINESS === #

    def _maventa_check_not_under_way(self):
        """Let nobody take back what is between us and Maventa right now."""
        under_way = self.filtered(
            lambda move: move.maventa_state in ("uploading", "unknown")
        )
        if under_way and not self.env.su:
            raise UserError(
                self.env._(
                    "%s is on its way to Maventa: wait for the answer.",
                    ", ".join(under_way.mapped("name")),
                )
            )

    def _maventa_refusal(self, status=None):
        """Return why the invoice cannot have a status, or nothing.

        :param status: the wanted one; the transfer status when not given
        """
        self.ensure_one()
        company = self.maventa_account_company_id.sudo()
        status = status or company.maventa_status_to_transfer_id
        if self.move_type not in ("out_invoice", "out_refund"):
            return self.env._(
                "only customer invoices and credit notes travel by Maventa."
            )
        if self.state != "posted":
            return self.env._("only posted documents have a Maventa status.")
        if status.company_id != company:
            return self.env._(
                'the status "%s" belongs to another company.', status.name
            )
        if status != company.maventa_status_to_transfer_id:
            return None
        if self.maventa_state in CARRIED:
            return self.env._(
                "Maventa has it already; it is not sent twice. If it really has to go "
                'once more, use "Send again as new" on the invoice.'
            )
        if self._maventa_is_sent_by_peppol():
            return self.env._("it is on its way by Odoo's own Peppol already.")
        return None

    def _maventa_is_sent_by_peppol(self):
        # 'account_peppol' is no dependency, but may well be there.
        return "peppol_move_state" in self._fields and self.peppol_move_state in (
            "to_send",
            "processing",
            "done",
        )

    def _maventa_is_wanted(self):
        """Tell whether the invoice waits in the transfer status."""
        company = self.maventa_account_company_id.sudo()
        wanted = company.maventa_status_to_transfer_id
        return bool(wanted) and self.maventa_status_id == wanted

    def _maventa_set_status(self, status):
        """Move on because of what Maventa said, not because somebody chose to."""
        for move in self.sudo():
            if status and move.maventa_status_id != status:
                move.maventa_status_id = status

    def _maventa_follow_status(self, status):
        """Queue, or take out of the queue, as the status says."""
        for move in self:
            company = move.maventa_account_company_id.sudo()
            if not move._maventa_is_wanted():
                transfers = move.sudo().maventa_transfer_ids
                transfers.filtered(lambda row: row.state == "queued").unlink()
            elif company.maventa_enabled:
                move._maventa_queue()

    def _maventa_queue(self):
        """Note the wish to transfer, once, and wake the worker."""
        for move in self.sudo():
            if move.maventa_transfer_ids.filtered(lambda row: row.state in LIVE):
                continue
            if not move._maventa_refusal():
                move._maventa_enqueue()

    def _maventa_enqueue(self, again=False):
        self.ensure_one()
        # The index that allows for one live row looks at what is in the database.
        self.env["maventa.transfer"].flush_model(["state"])
        self.env["maventa.transfer"].sudo().create(
            {
                "move_id": self.id,
                "account_company_id": self.maventa_account_company_id.id,
                "again": again,
            }
        )
        self.env.ref("account_maventa.ir_cron_maventa_transfer").sudo()._trigger()

    def _maventa_toast(self):
        states = dict(self._fields["maventa_state"]._description_selection(self.env))
        lines = [f"{move.name}: {states.get(move.maventa_state, '-')}" for move in self]
        fine = all(move.maventa_state in ("accepted", "delivered") for move in self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if fine else "warning",
                "title": self.env._("Maventa"),
                "message": "\n".join(lines),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
