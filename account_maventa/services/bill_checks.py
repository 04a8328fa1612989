"""What a person has to decide about a received bill: compared with its document.

The points are those of ``models/point_kinds.py``; each service declares its own.
"""

from odoo import api, models

from ..guards import internal
from ..models.point_kinds import decision_key


@internal
class MaventaBillChecks(models.AbstractModel):
    _name = "maventa.bill.checks"
    _description = "Checks of Received Bills"

    # === PUBLIC === #

    @api.model
    def _diagnose(self, receipt, document):
        """Return the points of a bill as it is now, each one once."""
        move, decided = receipt.move_id, receipt._decided_keys()
        points = []
        for row in self._found(receipt, move, document):
            if decision_key(row) in decided:
                row = {**row, "level": "note"}
            if row not in points:
                points.append(row)
        return points

    @api.model
    def _is_decided_before(self, receipt, row):
        """Return whether a person has decided so on an earlier bill of the supplier."""
        domain = [
            ("company_id", "=", receipt.company_id.id),
            ("partner_id", "=", receipt.move_id.commercial_partner_id.id),
            ("partner_id", "!=", False),
            ("id", "!=", receipt.id),
            ("decided", "!=", False),
        ]
        earlier = self.env["maventa.receipt"].search(domain, order="id desc", limit=50)
        return any(decision_key(row) in other._decided_keys() for other in earlier)

    @api.model
    def _name_of(self, bill):
        """Return what to call a bill; a draft without a number, by what it says."""
        if bill.name and bill.name != "/":
            return bill.display_name
        day, total = bill.invoice_date, f"{bill.amount_total:.2f}"
        parts = (bill.partner_id.name, bill.ref, day, total, bill.currency_id.name)
        return f"{bill.display_name} ({', '.join(str(x) for x in parts if x)})"

    # === HELPERS === #

    def _found(self, receipt, move, document):
        """Yield the points of all services; the first that holds the bill is why."""
        yield from self.env["maventa.bill.kind"]._points(receipt, document)
        yield from self.env["maventa.bill.supplier"]._points(receipt, move)
        yield from self.env["maventa.bill.parties"]._points(receipt, document)
        yield from self.env["maventa.payee.accounts"]._points(receipt, move, document)
        yield from self.env["maventa.bill.tax.checks"]._points(receipt, move, document)
        yield from self.env["maventa.bill.sums"]._points(receipt, move, document)
        yield from self.env["maventa.vat.deduction"]._points(receipt, move)
        yield from self.env["maventa.bill.advances"]._points(move, document)
        yield from self.env["maventa.bill.currency"]._points(receipt, move, document)
        yield from self.env["maventa.bill.head"]._points(receipt, move, document)
        yield from self.env["maventa.bill.dates"]._points(move, document)
        yield from self.env["maventa.bill.duplicates"]._points(receipt, move, document)
        yield from self.env["maventa.service.warnings"]._points(receipt)
        yield from self.env["maventa.reader.problems"]._points(document)
