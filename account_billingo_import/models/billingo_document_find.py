from odoo import models

from .problem import DocumentProblem

ROUNDING_XMLID = {
    1: "l10n_hu_edi.cash_rounding_1_huf",
    5: "account_billingo_import.cash_rounding_5_huf",
    10: "account_billingo_import.cash_rounding_10_huf",
}


class BillingoDocument(models.Model):
    _inherit = "billingo.document"

    def _perhaps_recorded(self):
        """Return those that a closer look may find recorded, or that nobody books.

        Two questions for all instead of two for each.
        """
        twins = self.sudo().search(
            [
                ("billingo_id", "in", self.mapped("billingo_id")),
                ("company_id", "in", self.company_id.ids),
                ("id", "not in", self.ids),
            ]
        )
        names = [name for name in self.mapped("name") if name]
        moves = self.env["account.move"].search(
            [
                ("company_id", "in", self.company_id.ids),
                "|",
                ("name", "in", names),
                ("ref", "in", names),
            ]
        )
        ids, numbers = set(twins.mapped("billingo_id")), set()
        for move in moves:
            numbers |= {move.name, move.ref}
        return self.filtered(
            lambda x: x.billingo_id in ids or x.name in numbers or x.kind == "proforma"
        )

    def _recorded_already(self):
        """Return an entry of this document that another way brought here.

        By hand, or by another connection to the same account; never one that this
        connection made, since two blocks may use the same numbers.
        """
        self.ensure_one()
        twins = self.sudo().search(
            [
                ("billingo_id", "=", self.billingo_id),
                ("name", "=", self.name),
                ("company_id", "=", self.company_id.id),
                ("mode", "=", self.mode),
                ("state", "=", "processed"),
                ("id", "!=", self.id),
            ]
        )
        moves = self.env["account.move"]
        if twins.move_id or not self.name:
            return twins.move_id[:1]
        common = [("company_id", "=", self.company_id.id), ("state", "!=", "cancel")]
        if self.mode == "customer":
            types = ("out_invoice", "out_refund", "out_receipt")
            numbers = ["|", ("name", "=", self.name), ("ref", "=", self.name)]
            return moves.search(
                [
                    *common,
                    ("billingo_document_id", "=", False),
                    ("move_type", "in", types),
                    *numbers,
                ],
                limit=1,
            )
        partners = self.env["res.partner"]._billingo_candidates(
            self.company_id, self.partner_tax_number
        )
        return moves.search(
            [
                *common,
                "|",
                ("billingo_document_id", "=", False),
                ("billingo_document_id.connection_id", "!=", self.connection_id.id),
                ("move_type", "in", ("in_invoice", "in_refund", "in_receipt")),
                ("ref", "=", self.name),
                ("commercial_partner_id", "in", partners.ids),
            ],
            limit=1,
        )

    def _tax_key(self, with_entitlement):
        """Return the pair that an error names, as the tax map keys it."""
        data = self.error_data or {}
        title = data.get("entitlement") if with_entitlement else ""
        return (
            self.company_id,
            data.get("direction"),
            data.get("vat_code"),
            title or "",
        )

    def _find_tax(self, line):
        direction = "sale" if self.mode == "customer" else "purchase"
        if self.mode == "spending" and not line.vat_code:
            raise DocumentProblem(
                "other",
                self.env._(
                    "Billingo gives no lines for this bill, and its VAT fits no single "
                    "rate. Enter the bill by hand under its number and process again: "
                    "it then counts as recorded."
                ),
            )
        tax = self.env["billingo.tax.map"]._find_tax(
            self.company_id, direction, line.vat_code, line.entitlement
        )
        if not tax:
            pair = {"code": line.vat_code or "?", "entitlement": line.entitlement}
            raise DocumentProblem(
                "tax",
                self.env._(
                    "No tax is mapped to the VAT code %(code)s with the entitlement "
                    "%(entitlement)s. Map it and process again.",
                    **pair,
                )
                if line.entitlement
                else self.env._(
                    "No tax is mapped to the VAT code %(code)s without an "
                    "entitlement. Map it and process again.",
                    **pair,
                ),
                direction=direction,
                vat_code=line.vat_code,
                entitlement=line.entitlement,
            )
        return tax

    def _find_rounding(self, booking):
        """Return the cash rounding of Billingo's step, ready for this company."""
        rounding = self.env["account.cash.rounding"]
        if not booking.rounding:
            return rounding
        rounding = self.env.ref(ROUNDING_XMLID[int(booking.rounding_step)])
        rounding = rounding.with_company(self.company_id)
        chart = self.env["account.chart.template"].with_company(self.company_id)
        for name, xmlid in (
            ("profit_account_id", "l10n_hu_969"),
            ("loss_account_id", "l10n_hu_869"),
        ):
            if not rounding[name]:
                rounding[name] = chart.ref(xmlid, raise_if_not_found=False)
        return rounding
