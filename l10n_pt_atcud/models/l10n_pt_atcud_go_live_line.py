"""A type of document in the go-live assistant, and the series that is made for it."""

from odoo import api, fields, models

from ..guards import guarded
from .l10n_pt_atcud_series import PAYMENT_JOURNALS, RECEIPT_TYPES


@guarded(*"document_type series_id".split())
class L10nPtAtcudGoLiveLine(models.Model):
    _name = "l10n_pt_atcud.go_live.line"
    _description = "AT: document type in the go-live assistant"
    _order = "id"

    go_live_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.go_live", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="go_live_id.company_id")
    document_type = fields.Selection(
        selection=lambda self: (
            self.env["l10n_pt_atcud.series"]
            ._fields["document_type"]
            ._description_selection(self.env)
        ),
        required=True,
        readonly=True,
    )
    is_ticked = fields.Boolean(string="Issued")
    issued_until = fields.Integer(
        string="Last Number in Odoo", compute="_compute_issued_until"
    )
    first_number = fields.Integer(
        compute="_compute_first_number", store=True, readonly=False, precompute=True
    )
    series_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series",
        string="AT series",
        readonly=True,
        ondelete="set null",
    )
    state = fields.Selection(related="series_id.state")
    status = fields.Char(related="series_id.status")
    validation_code = fields.Char(related="series_id.validation_code")
    is_uncompared = fields.Boolean(related="series_id.is_uncompared")
    result_message = fields.Char(related="series_id.result_message")

    # === COMPUTES === #

    @api.depends("document_type", "go_live_id.identifier", "go_live_id.journal_id")
    def _compute_issued_until(self):
        for line in self:
            line.issued_until = line._find_numbered()

    @api.depends(
        "document_type",
        "go_live_id.connection_id",
        "go_live_id.identifier",
        "go_live_id.journal_id",
    )
    def _compute_first_number(self):
        for line in self:
            line.first_number = line._find_numbered() + 1

    # === ACTIONS === #

    def action_enter_code(self):
        """Open the dialog for the code of this type's series from AT's portal."""
        return self.series_id.action_enter_code()

    # === HELPERS === #

    def _values(self):
        """Return the values of the series of this type."""
        assistant = self.go_live_id
        return {
            "company_id": assistant.company_id.id,
            "journal_id": self._journal().id,
            "document_type": self.document_type,
            "identifier": assistant.identifier,
        }

    def _journal(self):
        """Return the journal of the series; of receipts, one that receives payments.

        The other journals of the company use the series as well.
        """
        journals = self.env["account.journal"]
        if self.document_type not in RECEIPT_TYPES:
            series = self.env["l10n_pt_atcud.series"]
            is_issued = series._is_issued_by_journals(self.document_type)
            return self.go_live_id.journal_id if is_issued else journals
        company = self.go_live_id.company_id
        payment_journals = journals.search(
            [
                *journals._check_company_domain(company),
                ("type", "in", PAYMENT_JOURNALS),
            ]
        )
        issuing = payment_journals.filtered(
            lambda one: one.l10n_pt_atcud_receipt_type == self.document_type
        )
        return (issuing or payment_journals)[:1]

    def _find_numbered(self):
        """Return the highest number that Odoo has issued under this name, or 0."""
        series = self.env["l10n_pt_atcud.series"].new(self._values())
        series.environment = self.go_live_id.environment
        return series._find_numbered()

    def _find_or_create_series(self):
        """Keep the series of this type: one that exists, or a new draft."""
        assistant = self.go_live_id
        series = self.env["l10n_pt_atcud.series"]
        nif = assistant.company_id._l10n_pt_atcud_nif()
        environment = assistant.environment
        known = series._find_by_name(
            nif, environment, self.document_type, assistant.identifier
        ).with_env(self.env)
        if not known:
            known = series.create({**self._values(), "first_number": self.first_number})
        elif known.state == "draft":
            known.first_number = self.first_number
        self.check_access("write")
        self.sudo().series_id = known
