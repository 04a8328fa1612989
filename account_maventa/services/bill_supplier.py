"""Whether a received bill has a supplier, and whether somebody knows that one."""

from odoo import api, models
from odoo.tools import LazyTranslate

from ..guards import internal
from ..models.point_kinds import Asked, Label, PointKind, Question, declare, point

PURCHASES = ("in_invoice", "in_refund")
_lt = LazyTranslate(__name__)

declare(
    PointKind(
        "supplier_unknown",
        Label.SUPPLIER,
        _lt(
            "The supplier (%(name)s) has no valid number in the invoice. Choose the "
            "supplier."
        ),
    ),
    PointKind(
        "supplier_several",
        Label.SUPPLIER,
        _lt(
            "Several contacts have the number of the supplier %(name)s. Choose the "
            "supplier."
        ),
    ),
    PointKind(
        "supplier_archived",
        Label.SUPPLIER,
        _lt(
            "The contact of the supplier %(name)s is archived. Restore it, or "
            "choose another one."
        ),
    ),
    PointKind(
        "supplier_self",
        Label.SUPPLIER,
        _lt("Your own company is named as the seller."),
    ),
    Question(
        "supplier_new",
        Label.SUPPLIER,
        _lt(
            "The supplier %(name)s is new: the contact was made from this invoice. "
            "Check it before you post."
        ),
        asked=Asked.BY_POSTING,
    ),
    Question(
        "supplier_unconfirmed",
        Label.SUPPLIER,
        _lt(
            "The supplier %(name)s is new: the contact was made from the invoice "
            "%(number)s, and nobody has confirmed it yet. Check it before you post."
        ),
        asked=Asked.BY_POSTING,
    ),
    Question(
        "supplier_namesake",
        Label.SUPPLIER,
        _lt(
            "Another contact is also called %(name)s, but has another number "
            "(%(known)s; the invoice says %(number)s). Frauds use the name of a "
            "supplier that you know: ask the supplier before you pay."
        ),
        is_urgent=True,
    ),
)


@internal
class MaventaBillSupplier(models.AbstractModel):
    _name = "maventa.bill.supplier"
    _description = "Suppliers of Received Bills"

    # === PUBLIC === #

    @api.model
    def _points(self, receipt, move):
        """Yield what a person decides about the contact that a bill is from."""
        partner = move.commercial_partner_id
        if not partner:
            remark = receipt.supplier_remark or "unknown"
            yield point(f"supplier_{remark}", name=receipt.sender_name or "-")
            return
        origin = self.env["maventa.new.suppliers"]._origin(partner)
        if not origin or self._has_posted(move):
            return
        values = {"id": partner.id, "name": partner.name}
        if namesake := self.env["maventa.new.suppliers"]._namesake(move):
            known = namesake.vat or namesake.company_registry or "-"
            number = partner.vat or partner.company_registry or "-"
            yield point("supplier_namesake", **values, number=number, known=known)
        if receipt in origin:
            yield point("supplier_new", **values)
        else:
            number = origin[:1].number or origin[:1].remote_id
            yield point("supplier_unconfirmed", number=number, **values)

    @api.model
    def _has_posted(self, move):
        """Return whether the company has a posted bill of the supplier."""
        domain = [
            ("company_id", "=", move.company_id.id),
            ("commercial_partner_id", "=", move.commercial_partner_id.id),
            ("move_type", "in", PURCHASES),
            ("state", "=", "posted"),
        ]
        return bool(self.env["account.move"].search_count(domain, limit=1))
