"""One e-mail per run and company about transfers that have failed."""

from markupsafe import Markup
from odoo import api, models

from ..models.transfer_state import TO_CORRECT

LONGEST_LIST = 50  # the log has the others


class MaventaFailureDigest(models.AbstractModel):
    _name = "maventa.failure.digest"
    _description = "Digest of Failed Transfers"

    # === PUBLIC === #

    @api.model
    def _send(self):
        """Create the e-mails about failures that are not reported; commits nothing.

        Odoo's own queue sends them: a mail server that is down undoes nothing here.
        """
        failed = self.env["maventa.transfer"].search(
            [("state", "in", TO_CORRECT), ("is_reported", "=", False)]
        )
        current = failed.filtered(lambda row: row.move_id.maventa_transfer_id == row)
        by_company = current.grouped(lambda row: row.account_id.company_id)
        for company, transfers in by_company.items():
            if company.maventa_notify_emails:
                self._write(company, transfers)
        failed.is_reported = True

    # === HELPERS === #

    def _write(self, company, transfers):
        self = self.with_context(lang=company.partner_id.lang)
        listed = transfers.with_env(self.env)[:LONGEST_LIST]
        rows = Markup().join(self._row(transfer) for transfer in listed)
        more = len(transfers) - LONGEST_LIST
        intro = self.env._(
            "These invoices of %s were not transferred to Maventa or not delivered. "
            "Correct them and set their status to be transferred again.",
            company.display_name,
        )
        body = Markup("<p>%s</p><ul>%s</ul>") % (intro, rows)
        if more > 0:
            body += Markup("<p>%s</p>") % self.env._("And %s more.", more)
        self.env["mail.mail"].sudo().create(
            {
                "subject": self.env._(
                    "Maventa: %s invoices to correct", len(transfers)
                ),
                "email_from": company.email_formatted,
                "email_to": ", ".join(company._maventa_notified()),
                "body_html": body,
                "auto_delete": True,
            }
        )

    def _row(self, transfer):
        move = transfer.move_id
        url = f"{move.get_base_url()}/mail/view?model=account.move&res_id={move.id}"
        text = self.env["maventa.messages"]._shorten(transfer.error)
        return Markup('<li><a href="%s">%s</a> %s<br/>%s</li>') % (
            url,
            move.name,
            move.partner_id.display_name,
            Markup("<br/>").join(text.splitlines()),
        )
