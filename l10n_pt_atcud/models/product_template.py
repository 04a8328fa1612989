"""Products: the description stays once documents are signed with it (3.3.5)."""

from odoo import models
from odoo.exceptions import UserError

from ..guards import guarded


@guarded()
class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        if "name" in vals:
            for product in self:
                if vals["name"] != product.name:
                    product._l10n_pt_atcud_check_name()
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, *args, **kwargs):
        # EXTENDS 'base': a translation is printed like the name. Also of a record that
        # inherits the name, which does not call the public method here.
        if field_name == "name":
            for product in self:
                product._l10n_pt_atcud_check_name()
        return super()._update_field_translations(
            field_name, translations, *args, **kwargs
        )

    def _l10n_pt_atcud_check_name(self):
        """Raise where signed documents have the product on a line."""
        variants = self.with_context(active_test=False).product_variant_ids
        check_description(variants)


def check_description(variants):
    """Raise where signed documents have one of these variants on a line.

    :param variants: whose description would change
    """
    env = variants.env
    signed = env["account.move.line"].sudo()
    signed = signed.search(
        [
            ("product_id", "in", variants.ids),
            ("move_id.l10n_pt_atcud_hash", "!=", False),
        ],
        limit=1,
    )
    if signed:
        raise UserError(
            env._(
                "Signed documents have the product %s, so its name cannot be changed "
                "any more. Create a new product.",
                signed.product_id.display_name,
            )
        )
