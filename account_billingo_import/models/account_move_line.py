"""Lines of imported entries: an account that a user chooses is remembered."""

from odoo import api, models
from odoo.exceptions import UserError

from ..guards import guarded

# What the VAT return and the books take from a line, but for its account: of all lines,
# for one that is another kind of line now may be a price in the next moment.
KEPT = frozenset(
    "move_id display_type product_id product_uom_id quantity price_unit discount "
    "price_subtotal price_total deductible_amount extra_tax_data partner_id "
    "currency_id currency_rate balance debit credit amount_currency "
    "amount_residual amount_residual_currency reconciled tax_ids tax_tag_ids "
    "tax_line_id tax_repartition_line_id tax_base_amount group_tax_id date "
    "invoice_date company_id journal_id parent_state move_name".split()
)
# On the PDF that the customer of a sale has: its words, and their order
PRINTED = frozenset({"name", "sequence", "collapse_composition", "collapse_prices"})
PRINTED_TYPES = ("product", "line_section", "line_subsection", "line_note")


@guarded()
class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account': Odoo itself adds lines to drafts alone.
        lines = super().create(vals_list)
        lines._billingo_posted()._billingo_refuse()
        return lines

    def write(self, vals):
        # EXTENDS 'account': a posted entry stays as it is; another account of it is
        # remembered, and that of a draft when a user posts it.
        self._billingo_check_kept(vals)
        self._billingo_check_printed(vals)
        ours = self.browse() if "account_id" not in vals else self._billingo_priced()
        before = {line: line.account_id for line in ours}
        known = self._billingo_posted() if "move_id" in vals else self
        result = super().write(vals)
        (self - known)._billingo_posted()._billingo_refuse()  # moved into such an entry
        if self.env.su:
            return result
        changed = ours.filtered(lambda x: x.account_id != before[x])
        for lines in changed.grouped("move_id").values():
            self.env["billingo.account.rules"]._learn(lines)
        return result

    def unlink(self):
        # EXTENDS 'account': Odoo itself deletes lines of drafts alone.
        self._billingo_posted()._billingo_refuse()
        return super().unlink()

    # === HELPERS === #

    def _billingo_posted(self):
        """Return those of posted entries of Billingo."""
        # Not `parent_state`, which is a value of its own in the database.
        return self.filtered(
            lambda x: x.move_id.state == "posted" and x.move_id.billingo_document_id
        )

    def _billingo_priced(self):
        """Return those of posted entries that have a price."""
        return self._billingo_posted().filtered(lambda x: x.display_type == "product")

    def _billingo_check_kept(self, vals):
        """Refuse other amounts, taxes and dates of posted entries."""
        names = KEPT & vals.keys()
        of_tax = names | ({"account_id"} & vals.keys())
        for line in self._billingo_posted() if of_tax else ():
            # The account of the VAT is that of the tax, and no choice of a user.
            kept = of_tax if line.tax_line_id else names
            if any(line._billingo_differs(x, vals[x]) for x in kept):
                line._billingo_refuse()

    def _billingo_check_printed(self, vals):
        """Refuse other texts of a posted sale: the customer has them."""
        names = PRINTED & vals.keys()
        lines = self._billingo_posted() if names else self.browse()
        for line in lines.filtered(lambda x: x.display_type in PRINTED_TYPES):
            move = line.move_id
            if move._billingo_is_issued_there() and any(
                line._billingo_differs(x, vals[x]) for x in names
            ):
                raise UserError(
                    self.env._(
                        "The texts of %s are Billingo's, and the customer has them. "
                        "Reset the entry to draft to change them.",
                        move.display_name,
                    )
                )

    def _billingo_differs(self, name, value):
        """Tell whether a value is another; a contact of the same company is not."""
        field = self._fields[name]
        wanted = field.convert_to_record(field.convert_to_cache(value, self), self)
        if name == "partner_id":
            return wanted.commercial_partner_id != self.partner_id.commercial_partner_id
        return (wanted or False) != (self[name] or False)

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
