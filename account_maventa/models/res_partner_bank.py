"""Accounts of suppliers: what happens to one is seen on the bills that wait for it."""

from odoo import api, models


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        banks = super().create(vals_list)
        self._maventa_accounts_changed(banks.partner_id)
        return banks

    def write(self, vals):
        # EXTENDS 'account'
        partners = self.partner_id
        result = super().write(vals)
        self._maventa_accounts_changed(partners | self.partner_id)
        return result

    def unlink(self):
        # EXTENDS 'account'
        partners = self.partner_id
        result = super().unlink()
        self._maventa_accounts_changed(partners)
        return result

    # === HELPERS === #

    def _maventa_accounts_changed(self, partners):
        booking = self.env["maventa.bill.booking"].sudo()
        booking._accounts_changed(partners.sudo())
