"""A series of documents as it is communicated to the Tax Authority."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..at_series import is_valid_identifier, lisbon_date
from .res_company import ENVIRONMENTS


class L10nPtAtcudSeries(models.Model):
    _name = "l10n_pt_atcud.series"
    _description = "AT series"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"
    _rec_names_search = ["identifier", "validation_code"]
    _check_company_auto = True
    # As for journals: what belongs to a company serves its branches.
    _check_company_domain = models.check_company_domain_parent_of

    active = fields.Boolean(
        default=True,
        help="An archived series stays as it is at AT, but is not offered any more.",
    )
    sequence = fields.Integer(
        default=10,
        help="The first series of a journal that fits is proposed on new documents.",
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        check_company=True,
        domain=[("type", "=", "sale")],
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    nif = fields.Char(
        string="Tax Number", compute="_compute_nif", store=True, precompute=True
    )
    document_type = fields.Selection(
        selection=[
            ("FT", "FT - Invoice"),
            ("FS", "FS - Simplified invoice"),
            ("FR", "FR - Invoice-receipt"),
            ("ND", "ND - Debit note"),
            ("NC", "NC - Credit note"),
            ("GR", "GR - Delivery note"),
            ("GT", "GT - Transport guide"),
            ("GA", "GA - Own assets movement guide"),
            ("GC", "GC - Consignment note"),
            ("GD", "GD - Return note"),
            ("CM", "CM - Table consultation"),
            ("CC", "CC - Consignment credit"),
            ("FC", "FC - Consignment invoice"),
            ("FO", "FO - Work sheet"),
            ("NE", "NE - Order note"),
            ("OU", "OU - Other"),
            ("OR", "OR - Quotation"),
            ("PF", "PF - Pro forma"),
            ("RP", "RP - Premium or premium receipt"),
            ("RE", "RE - Reversal of premium or premium receipt"),
            ("CS", "CS - Allocation to co-insurers"),
            ("LD", "LD - Allocation to a leading co-insurer"),
            ("RA", "RA - Accepted reinsurance"),
            ("RC", "RC - Receipt (VAT cash scheme)"),
            ("RG", "RG - Other receipt"),
        ],
        required=True,
        default="FT",
        tracking=True,
    )
    identifier = fields.Char(
        string="Series",
        required=True,
        copy=False,
        tracking=True,
        help="Letters without accents and digits, with single dots, hyphens or "
        "underscores between them; at most 35. It cannot be used twice, ever.",
    )
    kind = fields.Selection(
        selection=[
            ("normal", "Normal"),
            ("training", "Training"),
            ("recovery", "Recovery"),
        ],
        required=True,
        default="normal",
        tracking=True,
    )
    first_number = fields.Integer(required=True, default=1, tracking=True)
    start_date = fields.Date(
        string="Expected Start",
        required=True,
        default=lambda self: lisbon_date(),
        copy=False,
        tracking=True,
        help="When the series is expected to be used first; not before the day of "
        "its registration.",
    )
    environment = fields.Selection(
        selection=ENVIRONMENTS,
        required=True,
        readonly=True,
        compute="_compute_environment",
        store=True,
        precompute=True,
    )

    # STATE DIAGRAM
    #
    #  draft --> pending --> registered --> closing --> finalised
    #    ^         |  ^  |       ^           |  ^  |
    #    |         |  '--'       |           |  '--'---> annulled
    #    '---------'             '-----------'
    #  draft -> pending: written down and committed before AT is asked.
    #  pending -> registered: AT said yes, or knows the series exactly as asked for.
    #  pending -> draft: AT said no, or was not reached at all.
    #  pending -> pending: AT's answer was lost; the next step consults before it asks.
    #  registered -> closing: written down and committed before AT is asked; nothing is
    #      posted any more.
    #  closing -> finalised: AT knows that its last document was issued.
    #  closing -> annulled: AT knows that it was a mistake and never used.
    #  closing -> registered: AT said no, or was not reached at all.
    #  closing -> closing: AT's answer was lost; the next step consults.
    state = fields.Selection(
        selection=[
            ("draft", "To register"),
            ("pending", "To be confirmed"),
            ("registered", "Registered"),
            ("closing", "Being closed"),
            ("finalised", "Finalised"),
            ("annulled", "Annulled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    validation_code = fields.Char(readonly=True, copy=False, tracking=True)
    software_number = fields.Integer(
        string="Software Certificate Number", readonly=True, copy=False
    )
    registered_on = fields.Date(readonly=True, copy=False)
    status_on = fields.Datetime(string="Status Since", readonly=True, copy=False)
    result_code = fields.Char(string="AT's Last Code", readonly=True, copy=False)
    result_message = fields.Char(string="AT's Last Words", readonly=True, copy=False)

    # Constraints

    _validation_code_uniq = models.UniqueIndex(
        "(nif, environment, validation_code) WHERE validation_code IS NOT NULL",
        "Another series of this taxpayer has this validation code.",
    )
    # Capitals do not make another series for AT. What was registered for a try in
    # Demo or Test does not block the real registration.
    _identifier_uniq = models.UniqueIndex(
        "(nif, document_type, lower(identifier), environment)",
        "This taxpayer already has a series with this identifier for this document "
        "type, maybe in another company, or archived. AT never lets an identifier be "
        "used again, not even that of an annulled or finalised series: choose another.",
    )
    _first_number_positive = models.Constraint(
        "CHECK(first_number >= 1)", "The first number of a series is at least 1."
    )

    @api.constrains("identifier")
    def _check_identifier(self):
        for series in self:
            if not is_valid_identifier(series.identifier):
                raise ValidationError(
                    self.env._(
                        "AT does not accept the series identifier “%s”. Use at most 35 "
                        "letters without accents and digits, with single dots, hyphens "
                        "or underscores between them, not beginning with AT.",
                        series.identifier,
                    )
                )

    @api.constrains("journal_id")
    def _check_journal_id(self):
        for series in self:
            if series.journal_id and series.journal_id.type != "sale":
                raise ValidationError(
                    self.env._("AT series number the documents of sales journals.")
                )

    # Computes

    @api.depends("journal_id")
    def _compute_company_id(self):
        for series in self:
            series.company_id = (
                series.journal_id.company_id or series.company_id or self.env.company
            )

    @api.depends("company_id.vat", "company_id.parent_id.vat")
    def _compute_nif(self):
        for series in self:
            if series.state == "draft" or not series.nif:
                series.nif = series.company_id._l10n_pt_atcud_nif()

    @api.depends("company_id")
    def _compute_environment(self):
        for series in self:
            if series.state == "draft" or not series.environment:
                series.environment = series._current_environment()

    @api.depends("document_type", "identifier")
    def _compute_display_name(self):
        for series in self:
            series.display_name = f"{series.document_type} {series.identifier or ''}"

    # Private functions

    def _current_environment(self):
        company = self.company_id or self.env.company
        return company._l10n_pt_atcud_taxpayer().l10n_pt_atcud_environment

    def _number_prefix(self):
        """Return what stands before the number of a document: ``FT A2026/``."""
        self.ensure_one()
        return f"{self.document_type} {self.identifier}/"
