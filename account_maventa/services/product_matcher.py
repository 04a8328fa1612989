"""The product of a received row: by its numbers, never by its name."""

from odoo import api, models

from ..guards import internal


@internal
class MaventaProductMatcher(models.AbstractModel):
    _name = "maventa.product.matcher"
    _description = "Products of Received Invoices"

    # === PUBLIC === #

    @api.model
    def _product(self, company, supplier, ean="", buyer_article="", article=""):
        """Return the product that has one of a row's numbers; may be empty.

        :param ean: a barcode of ours
        :param buyer_article: an internal reference of ours
        :param article: the supplier's own code, in its price list
        """
        products = self.env["product.product"]
        own = products._check_company_domain(company)
        for field, text in (("barcode", ean), ("default_code", buyer_article)):
            if text:
                found = products.search([*own, (field, "=", text)], limit=2)
                if len(found) == 1:
                    return found
        if not article or not supplier:
            return products
        suppliers = self.env["product.supplierinfo"]
        found = suppliers.search(
            [
                *suppliers._check_company_domain(company),
                ("partner_id", "=", supplier.commercial_partner_id.id),
                ("product_code", "=", article),
            ]
        )
        variants = found.product_id or found.product_tmpl_id.product_variant_id
        return variants if len(variants) == 1 else products
