"""Lines of documents at Maventa: sent ones stay, received ones are compared."""

from odoo import api, fields, models

from ..guards import guarded
from ..maventa_api.supply import Sign, Supply
from .comparing import inside

# Fields of an invoice line that appear in its PDF or XML
PRINTED = {
    "amount_currency",
    "balance",
    "collapse_composition",
    "collapse_prices",
    "credit",
    "debit",
    "discount",
    "display_type",
    "move_id",
    "name",
    "price_unit",
    "product_id",
    "product_uom_id",
    "quantity",
    "sequence",
    "tax_ids",
}
PRINTED_TYPES = ("product", "line_section", "line_subsection", "line_note")


@guarded("maventa_vat_key", "maventa_supply_signs")
class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # VAT category and rate of a received document, "S|25.5"; "round" for its rounding
    maventa_vat_key = fields.Char(readonly=True, copy=False)
    # Signs of goods or services of its row: [what, text, supply], the weightiest first
    maventa_supply_signs = fields.Json(readonly=True, copy=False)

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        lines = super(AccountMoveLine, inside(self)).create(vals_list)
        lines = lines.with_env(self.env)
        lines._maventa_check_frozen()
        lines.move_id._maventa_compare_with_receipts()
        return lines

    def write(self, vals):
        # EXTENDS 'account'
        names = PRINTED & vals.keys()
        if names:
            lines = self._maventa_printed()
            lines.filtered(
                lambda line: any(
                    line._maventa_changes(name, vals[name]) for name in names
                )
            )._maventa_check_frozen()
        moves = self.move_id
        result = super(AccountMoveLine, inside(self)).write(vals)
        (moves | self.move_id)._maventa_compare_with_receipts()
        return result

    def unlink(self):
        # EXTENDS 'account'
        self._maventa_check_frozen()
        moves = self.move_id
        result = super(AccountMoveLine, inside(self)).unlink()
        moves.exists()._maventa_compare_with_receipts()
        return result

    # === HELPERS === #

    def _maventa_signs(self):
        """Return the signs of goods or services, the weightiest first."""
        rows = self.maventa_supply_signs
        return tuple(
            Sign(what, text, Supply(supply)) for what, text, supply in rows or ()
        )

    def _maventa_printed(self):
        """Return the lines that are printed, of documents with a transfer."""
        moves = self.move_id.filtered("maventa_state")
        return self.filtered(
            lambda line: line.move_id in moves and line.display_type in PRINTED_TYPES
        )

    def _maventa_changes(self, name, value):
        field = self._fields[name]
        cached = field.convert_to_cache(value, self)
        return self[name] != field.convert_to_record(cached, self)

    def _maventa_check_frozen(self):
        """Raise a user error for printed lines of frozen documents."""
        moves = self._maventa_printed().move_id
        moves.filtered(lambda move: move._maventa_is_frozen())._maventa_raise_frozen()
