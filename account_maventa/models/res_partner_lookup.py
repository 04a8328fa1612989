from odoo import Command, api, models
from odoo.exceptions import UserError

from ..maventa_api import MaventaError, organisation_number


class ResPartner(models.Model):
    _inherit = "res.partner"

    # === ACTIONS === #

    def action_maventa_lookup(self):
        """Ask Maventa where the customer takes e-invoices, and show what it knows.

        Whoever makes invoices may look; to use an address takes leave to change
        customers.
        """
        self.ensure_one()
        self.env["maventa.lookup"].check_access("create")
        self.check_access("read")
        partner = self.commercial_partner_id
        country = partner.country_code or ""
        number = organisation_number(country, partner.vat or "")
        wanted = {
            "bid": number or (partner.company_registry or "").strip(),
            "name": partner.name or "",
            "country": country,
        }
        if not partner.is_company:  # a person's number is nobody's business
            wanted["bid"] = number
        found = self._maventa_ask(lambda client: client.find_receivers(**wanted))
        if not found:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "warning",
                    "message": self.env._(
                        "Maventa knows no e-invoice address of %s. Invoices go by "
                        "e-mail or print, as the settings say.",
                        partner.display_name,
                    ),
                },
            }
        lookup = self.env["maventa.lookup"].create(
            {
                "partner_id": self.id,
                "line_ids": [Command.create(self._maventa_line(row)) for row in found],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Known to Maventa"),
            "res_model": "maventa.lookup",
            "res_id": lookup.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def action_maventa_update_operators(self):
        """Fetch Maventa's list of operators; those that are there stay as they are."""
        self.env["res.partner.operator.einvoice"].check_access("create")
        for operator in self._maventa_ask(lambda client: client.operators()):
            self._maventa_operator(operator.identifier, operator.name)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # === BUSINESS === #

    @api.model
    def _maventa_ask(self, question):
        """Return what Maventa answers to a question that changes nothing.

        :param question: takes a client of the current company's account
        :raise UserError: there is no account, or Maventa does not answer
        """
        company = (self.company_id or self.env.company)._maventa_account_company()
        if company.sudo().maventa_account_state in ("none", "refused"):
            raise UserError(
                self.env._(
                    "%s has no working account at Maventa: see Settings, Invoicing, "
                    "Maventa.",
                    company.name,
                )
            )
        try:
            with company._maventa_client() as client:
                return question(client)
        except MaventaError as error:
            raise UserError(company._maventa_explain(error)) from error

    @api.model
    def _maventa_line(self, receiver):
        return {
            "network": receiver.network.value,
            "address": receiver.eia,
            "operator": receiver.operator,
            "name": receiver.name,
            "business_id": receiver.bid,
            "country": receiver.country,
        }
