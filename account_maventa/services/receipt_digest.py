"""One e-mail a day and company: which invoices came, and which wait."""

from datetime import timedelta

from markupsafe import Markup
from odoo import api, fields, models

from ..guards import internal
from ..models.receipt_state import UNFINISHED, WAITING
from ..remote_text import as_html

LONGEST_LIST = 50  # the list of receipts has the others


@internal
class MaventaReceiptDigest(models.AbstractModel):
    _name = "maventa.receipt.digest"
    _description = "Digest of Received Invoices"

    # === PUBLIC === #

    @api.model
    def _send(self):
        """Create the e-mails of today, once per account; commits nothing.

        Odoo's own queue sends them: a mail server that is down undoes nothing here.
        """
        today = fields.Date.today()
        accounts = self.env["maventa.account"].search(
            [
                ("receives", "=", True),
                "|",
                ("digest_on", "=", False),
                ("digest_on", "<", today),
            ]
        )
        for account in accounts.filtered(lambda row: row._may_receive()):
            came, waiting = (
                self.env["maventa.receipt"].search(
                    [("account_id", "=", account.id), *domain], order="id"
                )
                for domain in self._domains()
            )
            account.digest_on = today
            if account.company_id.maventa_notify_emails and (came or waiting):
                self._mail(account.company_id, came, waiting)

    # === HELPERS === #

    def _domains(self):
        """Return what came since yesterday, and what waits for a person."""
        since = fields.Datetime.now() - timedelta(days=1)
        return (
            [("create_date", ">=", since)],
            [
                "|",
                ("state", "in", WAITING),
                *("&", ("state", "in", UNFINISHED), ("error", "!=", False)),
            ],
        )

    def _mail(self, company, came, waiting):
        self = self.with_context(lang=company.partner_id.lang)
        body = self._part(
            self.env._("Received by Maventa since yesterday:"), came.with_env(self.env)
        )
        body += self._part(
            self.env._("Waiting for a decision:"), waiting.with_env(self.env)
        )
        self.env["mail.mail"].sudo().create(
            {
                "subject": self.env._(
                    "Maventa: %(came)s invoices received, %(waiting)s to review",
                    came=len(came),
                    waiting=len(waiting),
                ),
                "email_from": company.email_formatted,
                "email_to": ", ".join(company._maventa_notified()),
                "body_html": body,
                "auto_delete": True,
            }
        )

    def _part(self, title, receipts):
        if not receipts:
            return Markup()
        rows = Markup().join(map(self._row, receipts[:LONGEST_LIST]))
        part = Markup("<p>%s</p><ul>%s</ul>") % (title, rows)
        if len(receipts) > LONGEST_LIST:
            more = self.env._("And %s more.", len(receipts) - LONGEST_LIST)
            part += Markup("<p>%s</p>") % more
        return part

    def _row(self, receipt):
        url = (
            f"{receipt.get_base_url()}/mail/view?model=maventa.receipt"
            f"&res_id={receipt.id}"
        )
        return Markup('<li><a href="%s">%s</a> %s %s<br/>%s</li>') % (
            url,
            as_html(receipt.display_name),
            f"{receipt.amount_total:.2f}",
            as_html(receipt.currency or ""),
            as_html(receipt.points_text or ""),
        )
