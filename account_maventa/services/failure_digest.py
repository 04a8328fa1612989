"""One e-mail per run and company about transfers that have failed."""

from markupsafe import Markup
from odoo import api, models
from odoo.tools import format_date, formatLang

from ..guards import internal
from ..models.transfer_state import TO_CORRECT, TransferState
from ..remote_text import as_html

LONGEST_LIST = 50  # the log has the others


@internal
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
            [
                ("state", "in", TO_CORRECT),
                ("is_reported", "=", False),
                ("is_void", "=", False),
            ]
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
        rows = transfers.with_env(self.env)
        undelivered = rows.filtered(lambda row: row.state == TransferState.FAILED)
        intro = self.env._("Invoices of %s that need attention:", company.display_name)
        body = Markup("<p>%s</p>") % intro
        body += self._part(
            self.env._(
                "Not transferred to Maventa. Correct them and set their status to be "
                "transferred again."
            ),
            rows - undelivered,
        )
        body += self._part(
            self.env._(
                "Transferred, but not delivered by Maventa. Resend them by another "
                "channel, or correct them and transfer them again."
            ),
            undelivered,
        )
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

    def _part(self, title, transfers):
        """Return the list of transfers under a title; nothing if there is none."""
        if not transfers:
            return Markup()
        rows = Markup().join(map(self._row, transfers[:LONGEST_LIST]))
        part = Markup("<p>%s</p><ul>%s</ul>") % (title, rows)
        if len(transfers) > LONGEST_LIST:
            more = self.env._("And %s more.", len(transfers) - LONGEST_LIST)
            part += Markup("<p>%s</p>") % more
        return part

    def _row(self, transfer):
        move = transfer.move_id
        url = f"{move.get_base_url()}/mail/view?model=account.move&res_id={move.id}"
        text = self.env["maventa.messages"]._shorten(transfer.error)
        amount = self.env._(
            "%(amount)s, due on %(date)s",
            amount=formatLang(
                self.env, move.amount_total, currency_obj=move.currency_id
            ),
            date=format_date(self.env, move.invoice_date_due) or "-",
        )
        return Markup('<li><a href="%s">%s</a> %s, %s<br/>%s</li>') % (
            url,
            move.name,
            move.partner_id.display_name,
            amount,
            as_html(text),
        )
