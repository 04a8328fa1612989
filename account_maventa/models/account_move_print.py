from odoo import models


class AccountMove(models.Model):
    """What can only be printed, and whether Maventa prints at all."""

    _inherit = "account.move"

    def _maventa_buyer_problems(self):
        # EXTENDS
        problems = super()._maventa_buyer_problems()
        company = self.maventa_account_company_id.sudo()
        is_off = company.maventa_print_asked_at and not company.maventa_print_enabled
        # An incomplete address is told already, with the same words on routes.
        if is_off and not problems and not self._maventa_has_electronic_route():
            problems.append(
                self.env._(
                    "%s can get it by print alone, and Maventa's print service is off: "
                    "enter an e-invoice address, or have print switched on (settings, "
                    "Maventa).",
                    self.partner_id.display_name,
                )
            )
        return problems
