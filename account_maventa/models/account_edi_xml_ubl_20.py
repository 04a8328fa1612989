"""Products of received UBL documents, and the characters of those that go out.

Products are found as those of received Finvoice documents: Odoo searches by name, and
takes the supplier's code for a reference of ours.
"""

from odoo import models

from ..maventa_api.xml_text import xml_values

BUYER_ARTICLE = "maventa_buyer_article"


class AccountEdiXmlUbl20(models.AbstractModel):
    _inherit = "account.edi.xml.ubl_20"

    def _get_invoice_node(self, vals):
        # EXTENDS 'account_edi_ubl_cii': Odoo filters bytes, so that U+FFFE gets through
        return xml_values(super()._get_invoice_node(vals))

    def _get_product_xpaths(self):
        # EXTENDS 'account_edi_ubl_cii'
        path = "./cac:Item/cac:BuyersItemIdentification/cbc:ID"
        return {**super()._get_product_xpaths(), BUYER_ARTICLE: path}

    def _import_product(self, **product_vals):
        # EXTENDS 'account_edi_ubl_cii'
        buyer_article = product_vals.pop(BUYER_ARTICLE, None)
        receipt = self.env["maventa.receipt"].browse(
            self.env.context.get("maventa_receipt_id")
        )
        if not receipt:
            return super()._import_product(**product_vals)
        return self.env["maventa.product.matcher"]._product(
            receipt.company_id,
            self.env["res.partner"].browse(self.env.context["maventa_supplier_id"]),
            product_vals.get("barcode"),
            buyer_article,
            product_vals.get("default_code"),
        )
