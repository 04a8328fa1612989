"""The dialog to process a document with another partner, date, taxes or accounts.

Amounts cannot be changed: they stay Billingo's.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from ..client_actions import closing
from ..guards import guarded


@guarded()
class BillingoCorrect(models.TransientModel):
    _name = "billingo.correct"
    _description = "Correct and process a Billingo document"
    _check_company_auto = True

    document_id = fields.Many2one("billingo.document", required=True, readonly=True)
    company_id = fields.Many2one(related="document_id.company_id", related_sudo=False)
    currency_id = fields.Many2one(related="document_id.currency_id", related_sudo=False)
    mode = fields.Selection(related="document_id.mode", related_sudo=False)
    problem = fields.Text(
        related="document_id.error", string="Error", related_sudo=False
    )
    partner_name = fields.Char(
        "Partner at Billingo",
        related="document_id.partner_name",
        related_sudo=False,
    )
    partner_id = fields.Many2one(
        "res.partner",
        check_company=True,
        domain="[('company_id', 'in', (False, company_id))]",
        help="Leave empty to find the partner by tax number and name, or to create it.",
    )
    date = fields.Date("Accounting date", required=True)
    received_date = fields.Date(
        "Received",
        help="Day on which the bill came to us. It can decide the period of the VAT.",
    )
    direction = fields.Char()
    line_ids = fields.One2many("billingo.correct.line", "wizard_id", "Lines")

    # === OVERRIDES === #

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        document = self.env["billingo.document"].browse(values.get("document_id"))
        if not document:
            return values
        document._check_bookkeeper()
        document = document.sudo().with_company(document.company_id)
        parsed = document._parsed()
        direction = document._tax_direction()
        return {
            **values,
            "partner_id": document.partner_id.id,
            "date": self.env["billingo.accounting.date"]._wanted(document, parsed),
            "received_date": document.received_date,
            "direction": direction,
            "line_ids": [
                Command.create(self._line(document, parsed, item, position))
                for position, item in enumerate(parsed.items)
            ],
        }

    # === COMPUTES === #

    @api.onchange("received_date")
    def _onchange_received_date(self):
        if self.received_date:
            self.date = self._proposed_date(self.received_date)

    # === ACTIONS === #

    def action_process(self):
        """Store the corrections, and process."""
        self.ensure_one()
        document = self.document_id
        document._check_bookkeeper()
        if document.state == "processed":
            raise UserError(self.env._("This document is already processed."))
        issued = document.invoice_date
        if self.received_date and issued and self.received_date < issued:
            raise UserError(
                self.env._(
                    "A bill cannot be received before its issue on %s.",
                    format_date(self.env, issued),
                )
            )
        record = document.sudo().with_company(document.company_id)
        if self.partner_id:
            record.partner_id = self.partner_id
        record.corrections = False
        # What was proposed for the earlier day of receipt was not chosen, either.
        proposed = {self._proposed_date(x) for x in (False, self.received_date)}
        record.received_date = self.received_date
        record.corrections = self._chosen(record, proposed)
        answer = document.action_process()
        if self.env.context.get("billingo_is_page"):
            # There is no dialog to close: it was opened by the link in a mail.
            answer["params"]["next"] = document._get_records_action()
            return answer
        return closing(answer)

    def action_open_document(self):
        """Open the document, which has all the buttons."""
        self.ensure_one()
        return self.document_id._get_records_action()

    # === HELPERS === #

    def _proposed_date(self, received):
        """Return the date without corrections.

        :param received: day of receipt, or False for the stored one
        """
        document = self.document_id.sudo()
        document = document.with_company(document.company_id)
        parsed = document._parsed()
        regime = document.env["billingo.vat.regime"]._regime(
            document, parsed, received=received
        )
        dates = document.env["billingo.accounting.date"]
        return dates._wanted(document, parsed, regime)

    def _line(self, document, parsed, item, position):
        chosen = document._corrected_line(position)
        mapped = document.env["billingo.vat.regime"]._proposed_tax(
            document, parsed, position
        )
        return {
            "position": position,
            "name": item.name,
            "net_amount": float(item.net_amount or 0),
            "vat_amount": float(item.vat_amount or 0),
            "vat_code": " ".join(filter(None, (item.vat, item.entitlement))),
            "mapped_tax_id": mapped.id,
            "tax_id": (chosen.get("tax") or mapped).id,
            "account_id": chosen["account"].id if "account" in chosen else False,
        }

    def _chosen(self, record, proposed):
        """Return what differs from what would be booked without corrections.

        :param proposed: the dates that were not chosen by the user
        """
        chosen, lines = {}, {}
        if self.date not in proposed:
            chosen["date"] = fields.Date.to_string(self.date)
        for line in self.line_ids:
            fix = {}
            if line.tax_id and line.tax_id != line.mapped_tax_id:
                fix["tax_id"] = line.tax_id.id
            if line.account_id:
                fix["account_id"] = line.account_id.id
            if fix:
                lines[str(line.position)] = fix
        if lines:
            chosen["lines"] = lines
        return chosen or False


@guarded()
class BillingoCorrectLine(models.TransientModel):
    _name = "billingo.correct.line"
    _description = "Corrected line of a Billingo document"
    _check_company_auto = True
    _order = "position"

    wizard_id = fields.Many2one("billingo.correct", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="wizard_id.company_id", related_sudo=False)
    currency_id = fields.Many2one(related="wizard_id.currency_id", related_sudo=False)
    direction = fields.Char(related="wizard_id.direction", related_sudo=False)
    position = fields.Integer()
    name = fields.Char(readonly=True)
    net_amount = fields.Monetary("Net", readonly=True)
    vat_amount = fields.Monetary("VAT", readonly=True)
    vat_code = fields.Char("VAT code at Billingo", readonly=True)
    mapped_tax_id = fields.Many2one("account.tax", "Mapped tax", check_company=True)
    tax_id = fields.Many2one(
        "account.tax",
        check_company=True,
        domain="[('type_tax_use', '=', direction), "
        "('company_id', 'parent_of', company_id)]",
    )
    account_id = fields.Many2one(
        "account.account",
        check_company=True,
        domain="[('company_ids', 'parent_of', company_id)]",
        help="Leave empty to use the account of the connection.",
    )
