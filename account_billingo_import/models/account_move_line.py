"""Lines of imported entries: an account that a user chooses is remembered."""

from odoo import api, models
from odoo.exceptions import UserError

from ..guards import guarded

# What the VAT return and the books take from a line, but for its account
AMOUNTS = frozenset(
    "move_id quantity price_unit discount tax_ids tax_tag_ids tax_line_id balance "
    "debit credit amount_currency".split()
)
TEXTS = ("product", "line_section", "line_subsection", "line_note")


@guarded()
class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        lines = super().create(vals_list)
        lines._billingo_posted()._billingo_refuse()
        return lines

    def write(self, vals):
        # EXTENDS 'account': amounts of a posted entry stay; another account of it is
        # remembered, and that of a draft when a user posts it.
        if names := AMOUNTS & vals.keys():
            self._billingo_posted().filtered(
                lambda line: any(line._billingo_differs(x, vals[x]) for x in names)
            )._billingo_refuse()
        if "name" in vals:
            self._billingo_check_text(vals["name"])
        if "account_id" not in vals or self.env.su:
            return super().write(vals)
        ours = self._billingo_posted()
        before = {line: line.account_id for line in ours}
        result = super().write(vals)
        changed = ours.filtered(lambda x: x.account_id != before[x])
        for lines in changed.grouped("move_id").values():
            self.env["billingo.account.rules"]._learn(lines)
        return result

    # === HELPERS === #

    def _billingo_posted(self):
        """Return those with a price, of posted entries of Billingo."""
        return self.filtered(
            lambda x: (
                x.display_type == "product"
                and x.parent_state == "posted"
                and x.move_id.billingo_document_id
            )
        )

    def _billingo_check_text(self, text):
        """Refuse another text of a posted sale: the customer has it."""
        for line in self.filtered(lambda x: x.display_type in TEXTS):
            move = line.move_id
            is_issued = line.parent_state == "posted" and (
                move._billingo_is_issued_there()
            )
            if is_issued and line._billingo_differs("name", text):
                raise UserError(
                    self.env._(
                        "The texts of %s are Billingo's, and the customer has them. "
                        "Reset the entry to draft to change them.",
                        move.display_name,
                    )
                )

    def _billingo_differs(self, name, value):
        field = self._fields[name]
        return self[name] != field.convert_to_record(
            field.convert_to_cache(value, self), self
        )

    def _billingo_refuse(self):
        """Raise a user error about these lines, if there are any."""
        for line in self:
            raise UserError(
                self.env._(
                    "The amounts of %s are Billingo's, and part of the VAT return. "
                    "Reset the entry to draft to change them.",
                    line.move_id.display_name,
                )
            )

    def _billingo_connection(self):
        return self.move_id.sudo().billingo_document_id.connection_id

    def _billingo_proposed_account(self):
        """Return the id of the account that the import gave to a line, or None."""
        stated = (self.extra_tax_data or {}).get("billingo") or {}
        return stated.get("account_id")
