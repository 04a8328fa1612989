"""The invoices for advances that an invoice deducts (EN 16931, BG-3).

The lines of *Sales* know them. A final invoice below its advances is a credit note that
names them, too; any other credit note names its original alone.
"""

from odoo import api, models

from ..guards import internal
from ..maventa_api.ubl import EarlierInvoice


@internal
class MaventaDeductedAdvances(models.AbstractModel):
    _name = "maventa.deducted.advances"
    _description = "Advances That Invoices Deduct"

    # === PUBLIC === #

    @api.model
    def _of(self, move):
        """Return an ``EarlierInvoice`` of each advance, the oldest first."""
        advances = self._invoices(move)
        return tuple(
            EarlierInvoice(advance.name, advance.invoice_date) for advance in advances
        )

    @api.model
    def _invoices(self, move):
        """Return the invoices of the advances, the oldest first."""
        lines, none = move.invoice_line_ids, move.browse()
        if "sale_line_ids" not in lines._fields or move.reversed_entry_id:
            return none
        lines = lines.sudo()  # who sends invoices need not see orders
        sign = -1 if move.move_type == "out_refund" else 1
        deducted = lines.filtered(
            lambda line: line.is_downpayment and line.price_subtotal * sign < 0
        )
        charged = deducted.sale_line_ids.invoice_lines.filtered(
            lambda line: line.price_subtotal > 0
        )
        advances = (charged.move_id - move).filtered(
            lambda other: (
                other.move_type == "out_invoice"
                and other.state == "posted"
                and other.payment_state != "reversed"
            )
        )
        return advances.sorted(lambda other: (other.invoice_date, other.name))
