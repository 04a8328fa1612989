"""The series of a sales journal, and their state on its dashboard card."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..guards import ensure_one, guarded
from ..services.password_prompt import prompts_for_password

# The types that a sales journal issues.
DOCUMENT_TYPES = [
    ("FT", "FT - Invoice"),
    ("FS", "FS - Simplified invoice"),
    ("FR", "FR - Invoice-receipt"),
    ("ND", "ND - Debit note"),
    ("NC", "NC - Credit note"),
]


@guarded("l10n_pt_atcud_reminded_year")
class AccountJournal(models.Model):
    _inherit = "account.journal"

    l10n_pt_atcud_series_ids = fields.One2many(
        comodel_name="l10n_pt_atcud.series",
        inverse_name="journal_id",
        string="AT series",
    )
    l10n_pt_atcud_notice = fields.Char(
        string="Notice about AT", compute="_compute_l10n_pt_atcud_notice"
    )
    l10n_pt_atcud_default_type = fields.Selection(
        selection=[one for one in DOCUMENT_TYPES if one[0] in ("FT", "FS", "FR")],
        string="Default document type",
        default="FT",
        help="The type of a new invoice of this journal. A sales receipt is FS or FR.",
    )
    l10n_pt_atcud_receipt_type = fields.Selection(
        selection=[("RG", "RG - Receipt"), ("RC", "RC - Receipt (VAT cash scheme)")],
        string="Receipts of customer payments",
        copy=False,
        help="Customer payments of this journal get a receipt with a number of an AT "
        "series: RG, or RC for companies in the VAT cash scheme. Empty: none.",
    )
    # the last year for whose series a reminder was given
    l10n_pt_atcud_reminded_year = fields.Integer(
        string="Year of the last reminder", readonly=True, copy=False
    )

    # === CONSTRAINTS === #

    @api.constrains("type")
    def _check_l10n_pt_atcud_type(self):
        series = self.env["l10n_pt_atcud.series"].sudo()
        registered = series.with_context(active_test=False).search(
            [
                ("journal_id", "in", self.filtered(lambda x: x.type != "sale").ids),
                ("state", "!=", "draft"),
            ],
            limit=1,
        )
        if registered:
            raise ValidationError(
                self.env._(
                    "The journal %(journal)s stays a sales journal: its series "
                    "%(series)s is registered with AT.",
                    journal=registered.journal_id.display_name,
                    series=registered.display_name,
                )
            )

    # === COMPUTES === #

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_l10n_pt_atcud_notice(self):
        trial = self.env["l10n_pt_atcud.demo_documents"]
        for journal in self:
            connection = journal.company_id._l10n_pt_atcud_issuing_connection().sudo()
            if not connection and journal.country_code == "PT":
                journal.l10n_pt_atcud_notice = self.env._(
                    "No environment of AT is chosen, so no series can be registered."
                )
            else:
                journal.l10n_pt_atcud_notice = trial.notice(connection.environment)

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
        lambda journal: ensure_one(journal).company_id._l10n_pt_atcud_connection()
    )
    def action_l10n_pt_atcud_import(self):
        """Open the dialog with the series at AT that do not exist in Odoo."""
        ensure_one(self)
        wizard = self.env["l10n_pt_atcud.series.import"]._propose(self)
        name = self.env._("Import from AT")
        return {**wizard._get_records_action(name=name), "target": "new"}

    def action_l10n_pt_atcud_open_series(self):
        """Open the series of this journal."""
        ensure_one(self)
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
            lambda journal: (
                ensure_one(journal).type == "sale" and journal.country_code == "PT"
            )
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
            "trial": self._l10n_pt_atcud_trial_label(),
        }

    def _l10n_pt_atcud_trial_label(self):
        """Return the name of the trial that the company uses, or ``""``."""
        connection = self.company_id._l10n_pt_atcud_connection().sudo()
        if not connection._is_trial():
            return ""
        return self.env["l10n_pt_atcud.demo_documents"].label(connection.environment)
