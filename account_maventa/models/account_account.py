"""The account of a received bill is not the one that its supplier's drafts have."""

from odoo import api, models

from .expected_account import expected_id


class AccountAccount(models.Model):
    _inherit = "account.account"

    @api.model
    def _get_most_frequent_account_for_partner(
        self, company_id, partner_id, move_type=None
    ):
        # EXTENDS 'account'
        return expected_id(self) or super()._get_most_frequent_account_for_partner(
            company_id, partner_id, move_type
        )
