"""Sales taxes whose VAT category for e-invoices is not known, and a proposal."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..guards import guarded


@guarded()
class AccountTax(models.Model):
    _inherit = "account.tax"

    maventa_category_proposal = fields.Char(
        "Proposed Category",
        compute="_compute_maventa_category_proposal",
        help="The tax category that fits the countries and the scope of the tax. "
        "Empty if they do not decide it.",
    )

    # === COMPUTES === #

    @api.depends(
        "amount",
        "country_id",
        "fiscal_position_ids",
        "tax_scope",
        "ubl_cii_tax_category_code",
    )
    def _compute_maventa_category_proposal(self):
        categories = self.env["maventa.vat.category"]
        for tax in self:
            known = tax.ubl_cii_tax_category_code
            proposal = "" if known else categories._proposal(tax)
            tax.maventa_category_proposal = proposal

    # === OVERRIDES === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_maventa_documents(self):
        """Keep the taxes of documents that were sent or received.

        Odoo holds those alone that have a line of their own; one of 0% has none, and
        the database would take it off the lines of documents.
        """
        groups = self.sudo().with_context(active_test=False)
        groups = groups.search([("children_tax_ids", "in", self.ids)])
        moves = self.env["account.move"]
        kept = moves._maventa_frozen_domain() | moves._maventa_received_domain()
        domain = Domain("tax_ids", "in", (self | groups).ids)
        domain &= Domain("move_id", "any", kept)
        if line := self.env["account.move.line"].sudo().search(domain, limit=1):
            taxes = line.tax_ids & (self | groups)
            raise UserError(
                self.env._(
                    "The tax %(tax)s is on %(document)s, which was sent or received by "
                    "Maventa. Archive the tax instead.",
                    tax=taxes[:1].display_name,
                    document=line.move_id.display_name,
                )
            )

    # === ACTIONS === #

    def action_maventa_use_proposal(self):
        """Set the proposed category on the taxes that have none."""
        self.check_access("write")
        for tax in self:
            if tax.maventa_category_proposal and not tax.ubl_cii_tax_category_code:
                tax.ubl_cii_tax_category_code = tax.maventa_category_proposal
        return True
