"""The series of a sales journal, and their state on its dashboard card."""

from odoo import fields, models

from ..services.password_prompt import prompts_for_password


class AccountJournal(models.Model):
    _inherit = "account.journal"

    l10n_pt_atcud_series_ids = fields.One2many(
        comodel_name="l10n_pt_atcud.series",
        inverse_name="journal_id",
        string="AT series",
    )
    l10n_pt_atcud_receipt_type = fields.Selection(
        selection=[("RG", "RG - Receipt"), ("RC", "RC - Receipt (VAT cash scheme)")],
        string="Receipts of customer payments",
        copy=False,
        help="Customer payments of this journal get a receipt with a number of an AT "
        "series: RG, or RC for companies in the VAT cash scheme. Empty: none.",
    )
    # the last year for whose series a reminder was given
    l10n_pt_atcud_reminded_year = fields.Integer(readonly=True, copy=False)

    # === ACTIONS === #

    @prompts_for_password(
        lambda journals: (
            journals.l10n_pt_atcud_series_ids._unregistered()._connections()
        )
    )
    def action_l10n_pt_atcud_register_all(self):
        """Register the series of this journal that are not registered yet."""
        return self.l10n_pt_atcud_series_ids._unregistered().action_register()

    def action_l10n_pt_atcud_next_year(self):
        """Propose this journal's series for the next year."""
        return self.l10n_pt_atcud_series_ids.action_next_year()

    @prompts_for_password(
        lambda journal: journal.company_id._l10n_pt_atcud_connection()
    )
    def action_l10n_pt_atcud_import(self):
        """Open the dialog with the series at AT that do not exist in Odoo."""
        self.ensure_one()
        wizard = self.env["l10n_pt_atcud.series.import"]._propose(self)
        name = self.env._("Import from AT")
        return {**wizard._get_records_action(name=name), "target": "new"}

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

    # === HELPERS === #

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
        """Return the number of series that are registered, to register, unconfirmed."""
        series = self.l10n_pt_atcud_series_ids.filtered(
            lambda one: one.state == "draft" or one._is_current()
        )
        groups = (
            ("registered", self.env._("%s registered"), ("registered",)),
            ("draft", self.env._("%s to register"), ("draft",)),
            ("unconfirmed", self.env._("%s to be confirmed"), ("pending", "closing")),
        )
        counts = {
            name: (text, len(series.filtered(lambda one, s=states: one.state in s)))
            for name, text, states in groups
        }
        parts = [text % count for text, count in counts.values() if count]
        return {
            "text": ", ".join(parts) or self.env._("none"),
            "is_ready": bool(counts["registered"][1]),
        }
