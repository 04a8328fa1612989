from odoo import models


class BillingoDocument(models.Model):
    """Each error has a button that leads to where it can be put right."""

    _inherit = "billingo.document"

    def _remedy(self):
        """Return the parts of an alert that lead on from the error."""
        self.ensure_one()
        data = self.error_data or {}
        if self.error_kind == "amounts":
            return self._again_remedy()
        if self.error_kind == "period" or "unfit_tax_id" in data:
            return self._correct_remedy()
        if self.error_kind == "tax":
            return self._tax_remedy(data)
        if self.error_kind == "currency" and data.get("currency_id"):
            currency = self.env["res.currency"].browse(data["currency_id"])
            return {
                "action_text": self.env._("Open the currency"),
                "action": currency._get_records_action(),
            }
        if self.error_kind == "partner" and data.get("partner_ids"):
            return self._partner_remedy(data)
        return {
            "action_text": self.env._("Open the connection"),
            "action": self.connection_id._get_records_action(),
        }

    def _tax_remedy(self, data):
        dialog = self.env.ref("account_billingo_import.view_billingo_tax_map_dialog")
        return {
            "action_text": self.env._("Map the tax"),
            "action": {
                "type": "ir.actions.act_window",
                "res_model": "billingo.tax.map",
                "views": [[dialog.id, "form"]],
                "target": "new",
                "context": {
                    "billingo_document_id": self.id,
                    "default_company_id": self.company_id.id,
                    **{f"default_{key}": value for key, value in data.items()},
                },
            },
        }

    def _partner_remedy(self, data):
        return {
            "action_text": self.env._("Choose the partner"),
            "action": {
                "type": "ir.actions.act_window",
                "res_model": "billingo.choose.partner",
                "views": [[False, "form"]],
                "target": "new",
                "context": {
                    "default_document_id": self.id,
                    "default_candidate_ids": data["partner_ids"],
                },
            },
        }
