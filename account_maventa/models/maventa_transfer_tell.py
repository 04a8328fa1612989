from markupsafe import Markup
from odoo import api, fields, models

from .maventa_transfer import TROUBLED

LONGEST_LIST = 50  # the log has the others


class MaventaTransfer(models.Model):
    """Who hears of failures by e-mail: one message per run and company."""

    _inherit = "maventa.transfer"

    told = fields.Boolean("Failure told", readonly=True, copy=False)

    @api.model
    def _cron_tell(self):
        """Write one e-mail per company about what has failed and was not told yet.

        Odoo's own queue sends it: a mail server that is down undoes nothing here.
        """
        failed = self.search([("state", "in", TROUBLED), ("told", "=", False)])
        current = failed.filtered(lambda row: row.move_id.maventa_transfer_id == row)
        for company, transfers in current.grouped("account_company_id").items():
            if company.maventa_notify_emails:
                transfers._write_digest(company)
        failed.told = True

    def _write_digest(self, company):
        self = self.with_context(lang=company.partner_id.lang)
        rows = Markup().join(row._digest_row() for row in self[:LONGEST_LIST])
        more = len(self) - LONGEST_LIST
        intro = self.env._(
            "These invoices of %s were not transferred to Maventa, or not delivered. "
            "Correct them and set their status back.",
            company.display_name,
        )
        body = Markup("<p>%s</p><ul>%s</ul>") % (intro, rows)
        if more > 0:
            body += Markup("<p>%s</p>") % self.env._("And %s more.", more)
        self.env["mail.mail"].sudo().create(
            {
                "subject": self.env._("Maventa: %s not transferred", len(self)),
                "email_from": company.email_formatted,
                "email_to": ", ".join(company._maventa_notified()),
                "body_html": body,
                "auto_delete": True,
            }
        )

    def _digest_row(self):
        move = self.move_id
        url = f"{move.get_base_url()}/mail/view?model=account.move&res_id={move.id}"
        words = self._shortened(self.error).splitlines()
        return Markup('<li><a href="%s">%s</a> %s<br/>%s</li>') % (
            url,
            move.name,
            move.partner_id.display_name,
            Markup("<br/>").join(words),
        )
