"""The invoices for advances that an invoice deducts (EN 16931, BG-3).

The lines of *Sales* know them. A credit note names its original alone.
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
        lines = move.invoice_line_ids
        if move.move_type != "out_invoice" or "sale_line_ids" not in lines._fields:
            return ()
        lines = lines.sudo()  # who sends invoices need not see orders
        deducted = lines.filtered(
            lambda line: line.is_downpayment and line.price_subtotal < 0
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
        advances = advances.sorted(lambda other: (other.invoice_date, other.name))
        return tuple(
            EarlierInvoice(advance.name, advance.invoice_date) for advance in advances
        )
