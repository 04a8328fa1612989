"""The journal's card says how its series stand at AT."""

from odoo import models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    # Actions

    def action_l10n_pt_atcud_open_series(self):
        """Open the series of this journal."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_pt_atcud.action_l10n_pt_atcud_series"
        )
        return {
            **action,
            "domain": [("journal_id", "=", self.id)],
            "context": {"default_journal_id": self.id},
        }

    # Private functions

    def _fill_sale_purchase_dashboard_data(self, dashboard_data):
        # EXTENDS 'account'
        super()._fill_sale_purchase_dashboard_data(dashboard_data)
        if not self.env["l10n_pt_atcud.series"].has_access("read"):
            return
        journals = self.filtered(
            lambda journal: journal.type == "sale" and journal.country_code == "PT"
        )
        for journal in journals:
            dashboard_data[journal.id]["l10n_pt_atcud"] = journal._l10n_pt_atcud_card()

    def _l10n_pt_atcud_card(self):
        """Return how many series are registered, to be registered, and waiting."""
        series = self.l10n_pt_atcud_series_ids.filtered(
            lambda one: (
                one.state == "draft" or one.environment == one._current_environment()
            )
        )
        groups = (
            ("registered", self.env._("%s registered"), ("registered",)),
            ("draft", self.env._("%s to register"), ("draft",)),
            ("waiting", self.env._("%s to be confirmed"), ("pending", "closing")),
        )
        counts = {
            name: (text, len(series.filtered(lambda one, s=states: one.state in s)))
            for name, text, states in groups
        }
        words = [text % count for text, count in counts.values() if count]
        return {
            "text": ", ".join(words) or self.env._("none"),
            "is_ready": bool(counts["registered"][1]),
        }
