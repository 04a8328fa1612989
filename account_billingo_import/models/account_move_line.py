"""Lines of imported entries: Billingo's VAT stays under another tax, if that fits."""

from odoo import models
from odoo.fields import Command


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # === OVERRIDES === #

    def write(self, vals):
        # EXTENDS 'account': another tax keeps Billingo's amounts, and another account
        # is remembered for the partner.
        ours = self.browse()
        if {"tax_ids", "account_id"} & vals.keys():
            ours = self.filtered(
                lambda x: x.display_type == "product" and x.move_id.billingo_document_id
            )
        if not ours:
            return super().write(vals)
        before = {line: line.account_id for line in ours}
        for line in ours if "tax_ids" in vals else ():
            kept = line._billingo_kept_amounts(vals["tax_ids"])
            super(AccountMoveLine, line).write({**vals, **kept})
        rest = self - ours if "tax_ids" in vals else self
        result = super(AccountMoveLine, rest).write(vals)
        changed = ours.filtered(
            lambda x: (
                x.account_id != before[x]
                and before[x] != x._billingo_connection().advance_account_id
            )
        )
        if changed:
            self.env["billingo.account.rules"]._learn(changed)
        return result

    # === HELPERS === #

    def _billingo_connection(self):
        return self.move_id.sudo().billingo_document_id.connection_id

    def _billingo_kept_amounts(self, commands):
        """Return the values that keep Billingo's amounts with another tax.

        :param commands: what is written to ``tax_ids``
        """
        data = self.extra_tax_data or {}
        stated, amounts = data.get("billingo"), data.get("manual_tax_amounts")
        tax = self._billingo_next_taxes(commands)
        if not stated or not amounts or len(tax) != 1:
            return {}
        vat = self.env["billingo.vat.regime"]._kept_vat(self, tax, stated)
        if vat is None:
            return {}
        [before] = list(amounts.values())[:1]
        now = {**before, "tax_amount_currency": vat[0], "tax_amount": vat[1]}
        return {"extra_tax_data": {**data, "manual_tax_amounts": {str(tax.id): now}}}

    def _billingo_next_taxes(self, commands):
        """Return the taxes that a line has after these commands."""
        if isinstance(commands, models.BaseModel):
            return commands
        ids = set(self.tax_ids.ids)
        for command in commands or ():
            if isinstance(command, int):
                ids = {x for x in commands if isinstance(x, int)}
                break
            operation, record_id, values = (*command, False, False)[:3]
            if operation == Command.SET:
                ids = set(values)
            elif operation == Command.CLEAR:
                ids = set()
            elif operation == Command.LINK:
                ids.add(record_id)
            elif operation in (Command.UNLINK, Command.DELETE):
                ids.discard(record_id)
        return self.env["account.tax"].browse(ids)
