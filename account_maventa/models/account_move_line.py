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
# How a line of a sent document is booked and taxed. Not among them: what payments,
# reconciliation and analytic accounting write later.
BOOKED = frozenset(
    "currency_id currency_rate partner_id price_subtotal price_total tax_line_id "
    "tax_repartition_line_id tax_base_amount tax_tag_ids group_tax_id date "
    "date_maturity discount_date discount_balance discount_amount_currency "
    "invoice_date company_id journal_id extra_tax_data deductible_amount parent_state "
    "move_name is_storno".split()
)


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
        names = (PRINTED | BOOKED | {"account_id"}) & vals.keys() & self._fields.keys()
        if names:
            self.filtered(
                lambda line: any(
                    line._maventa_changes(name, vals[name])
                    for name in line._maventa_frozen_among(names)
                )
            )._maventa_check_documents()
        moved = self.browse()
        if "move_id" in vals:
            moved = self.filtered(lambda line: line.move_id.id != vals["move_id"])
        moves = self.move_id
        result = super(AccountMoveLine, inside(self)).write(vals)
        moved._maventa_check_frozen()  # into a sent document
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

    def _maventa_frozen_among(self, names):
        """Return those of the fields that say something about a sent document.

        Cost of goods is Odoo's bookkeeping beside the document, and stays that. Where
        the others are booked may be corrected, but not where tax is.
        """
        if self.display_type == "cogs":
            return names & {"display_type"}
        return names if self.tax_line_id else names - {"account_id"}

    def _maventa_changes(self, name, value):
        field = self._fields[name]
        cached = field.convert_to_cache(value, self)
        return self[name] != field.convert_to_record(cached, self)

    def _maventa_check_frozen(self):
        """Raise a user error for lines, new or to be deleted, of frozen documents."""
        lines = self.filtered(lambda line: line.display_type != "cogs")
        lines._maventa_check_documents()

    def _maventa_check_documents(self):
        """Raise a user error if documents of these lines are frozen."""
        moves = self.move_id.filtered(
            lambda move: move.maventa_state or move.maventa_status_id
        )
        moves.filtered(lambda move: move._maventa_is_frozen())._maventa_raise_frozen()
