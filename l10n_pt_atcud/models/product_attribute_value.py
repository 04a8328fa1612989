"""Values of attributes are part of the description of a variant (3.3.5)."""

from odoo import models

from ..guards import guarded
from .product_template import check_description


@guarded()
class ProductAttributeValue(models.Model):
    _inherit = "product.attribute.value"

    def write(self, vals):
        if "name" in vals:
            renamed = self.filtered(lambda value: value.name != vals["name"])
            renamed._l10n_pt_atcud_check_name()
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, *args, **kwargs):
        # EXTENDS 'base': a translation is printed like the name. Also of a record that
        # inherits the name, which does not call the public method here.
        if field_name == "name":
            self._l10n_pt_atcud_check_name()
        return super()._update_field_translations(
            field_name, translations, *args, **kwargs
        )

    def _l10n_pt_atcud_check_name(self):
        """Raise where signed documents have a variant with one of the values."""
        variants = self.env["product.product"].sudo().with_context(active_test=False)
        attribute = "product_template_attribute_value_ids.product_attribute_value_id"
        check_description(variants.search([(attribute, "in", self.ids)]))
