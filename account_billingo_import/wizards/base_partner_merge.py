"""Merged partners: entries of imported documents keep their taxpayer."""

from odoo import api, models

from ..guards import guarded


@guarded()
class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # EXTENDS 'base': it gives entries their new partner by SQL
        src_partners._billingo_check_merge(dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
