import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize


class ResCompany(models.Model):
    _inherit = "res.company"

    maventa_notify_emails = fields.Char(
        "Notify of failures",
        copy=False,
        help="E-mail addresses, separated by commas, that hear of invoices which were "
        "not transferred or not delivered.",
    )

    maventa_warn_days = fields.Integer(
        "Warn of what is not delivered after",
        default=5,
        help="Days that Maventa may take to deliver an invoice before its salesperson "
        "is told; 0 for never.",
    )

    @api.constrains("maventa_notify_emails")
    def _check_maventa_notify_emails(self):
        for company in self:
            for address in company._maventa_notified():
                if not email_normalize(address):
                    raise ValidationError(
                        self.env._('"%s" is no e-mail address.', address)
                    )

    def _maventa_notified(self):
        """Return the addresses that hear of failures."""
        return list(
            filter(None, re.split(r"[,;\s]+", self.maventa_notify_emails or ""))
        )
