from odoo import models
from odoo.exceptions import UserError

# What can still be written on a posted document and is on its print or in its XML
PRINTED = {
    "delivery_date",
    "invoice_date_due",
    "invoice_incoterm_id",
    "incoterm_location",
    "invoice_origin",
    "name",
    "narration",
    "partner_bank_id",
    "partner_shipping_id",
    "payment_reference",
    "ref",
}


class AccountMove(models.Model):
    """What must stay as it is, because of its status or of a transfer under way."""

    _inherit = "account.move"

    # === CRUD === #

    def write(self, vals):
        # EXTENDS 'account'
        self._maventa_check_frozen(vals)
        return super().write(vals)

    def button_draft(self):
        # EXTENDS 'account'
        self.filtered(lambda move: move._maventa_is_frozen())._maventa_raise_frozen()
        # Whoever posts it again says again that it is to be transferred.
        waiting = self.filtered(
            lambda move: move.maventa_state == "queued" or move._maventa_is_wanted()
        )
        waiting.maventa_status_id = False
        return super().button_draft()

    # === BUSINESS === #

    def _maventa_is_frozen(self):
        """Tell whether the document must stay as it is."""
        return self.maventa_state in ("uploading", "unknown") or bool(
            self.sudo().maventa_status_id.not_editable
        )

    def _maventa_check_frozen(self, vals):
        """Let nobody change what the customer reads on a document that is frozen."""
        names = PRINTED & vals.keys()
        if not names:
            return
        changed = self.filtered(
            lambda move: (
                move._maventa_is_frozen()
                and any(
                    move[name]
                    != move._fields[name].convert_to_record(
                        move._fields[name].convert_to_cache(vals[name], move), move
                    )
                    for name in names
                )
            )
        )
        changed._maventa_raise_frozen()

    def _maventa_raise_frozen(self):
        for move in self:
            raise UserError(
                self.env._(
                    "%(invoice)s cannot be changed: it is on its way to Maventa, "
                    'or its Maventa status "%(status)s" does not allow it.',
                    invoice=move.display_name,
                    status=move.maventa_status_id.name or "",
                )
            )
