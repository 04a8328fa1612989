from odoo import fields, models

from .asked_password import asks_for_password


class AccountJournal(models.Model):
    _inherit = "account.journal"

    l10n_pt_atcud_series_ids = fields.One2many(
        comodel_name="l10n_pt_atcud.series",
        inverse_name="journal_id",
        string="AT series",
    )

    # Actions

    @asks_for_password(
        lambda journals: journals.l10n_pt_atcud_series_ids._unregistered().company_id
    )
    def action_l10n_pt_atcud_register_all(self):
        """Register what is to be registered or confirmed in this journal."""
        return self.l10n_pt_atcud_series_ids._unregistered().action_register()

    def action_l10n_pt_atcud_next_year(self):
        """Propose this journal's series for the year that comes."""
        return self.l10n_pt_atcud_series_ids.action_next_year()

    @asks_for_password(lambda journal: journal.company_id)
    def action_l10n_pt_atcud_import(self):
        """Ask AT for all series of the company, and show which are not here yet."""
        self.ensure_one()
        wizard = self.env["l10n_pt_atcud.series.import"].create({"journal_id": self.id})
        wizard._fill()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import from AT"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }
