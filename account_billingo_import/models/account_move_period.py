from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        # EXTENDS 'account': in a closed period Odoo chooses another day silently.
        for move in self.filtered("billingo_document_id"):
            move._billingo_keep_period()
        return super()._post(soft)

    def _billingo_keep_period(self):
        """Do in a closed period what the connection says, and say so."""
        locks = self._get_violated_lock_dates(self.date, True)
        if not locks:
            return
        document = self.sudo().billingo_document_id
        named = self.env["res.company"]._format_lock_dates(locks)
        if document.connection_id.closed_policy == "stop":
            raise UserError(
                self.env._(
                    "%(number)s from Billingo has the accounting date %(date)s, which "
                    "is in a closed period: %(locks)s. Open the period, or give the "
                    "entry another date.",
                    number=document.display_name,
                    date=self.date,
                    locks=named,
                )
            )
        before, self.date = self.date, document._first_open_day(self.date)
        self.message_post(
            body=self.env._(
                "%(wanted)s is in a closed period: booked on %(date)s, the first "
                "open day.",
                wanted=before,
                date=self.date,
            )
        )
