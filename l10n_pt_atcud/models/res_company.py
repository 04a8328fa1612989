"""The connection of a company to the Tax Authority."""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

ENVIRONMENTS = [
    ("demo", "Demo"),
    ("test", "Test"),
    ("production", "Production"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    l10n_pt_atcud_environment = fields.Selection(
        selection=ENVIRONMENTS,
        string="AT environment",
        default="demo",
        required=True,
        copy=False,
    )
    l10n_pt_atcud_username = fields.Char(
        string="AT sub-user",
        copy=False,
        help="Tax number and sub-user number, for example 509987656/1.",
    )
    l10n_pt_atcud_password = fields.Char(
        string="AT sub-user password", groups="base.group_system", copy=False
    )
    l10n_pt_atcud_client_certificate_id = fields.Many2one(
        comodel_name="certificate.certificate",
        string="AT client certificate",
        groups="base.group_system",
        copy=False,
        help="The certificate, with its private key, that AT issued to the producer "
        "of the software.",
    )
    l10n_pt_atcud_cipher_certificate_id = fields.Many2one(
        comodel_name="certificate.certificate",
        string="AT public key",
        groups="base.group_system",
        copy=False,
        help="AT's certificate (Chave Cifra Pública AT) that passwords are encrypted "
        "for.",
    )
    l10n_pt_atcud_software_number = fields.Integer(
        string="Software certificate number",
        copy=False,
        help="The number that AT gave to the certified invoicing program; 0 when "
        "there is none.",
    )
    l10n_pt_atcud_exchange_days = fields.Integer(
        string="Days to keep exchanges with AT",
        default=365,
        help="What was sent to AT and answered is deleted after so many days; 0 keeps "
        "it for ever.",
    )

    # Constraints

    _l10n_pt_atcud_exchange_days_positive = models.Constraint(
        "CHECK(l10n_pt_atcud_exchange_days >= 0)",
        "The number of days to keep exchanges with AT is at least 0.",
    )
    _l10n_pt_atcud_software_number_range = models.Constraint(
        "CHECK(l10n_pt_atcud_software_number BETWEEN 0 AND 9999)",
        "The software certificate number has at most four digits.",
    )

    @api.constrains("l10n_pt_atcud_username", "vat", "parent_id")
    def _check_l10n_pt_atcud_username(self):
        for company in self:
            username = company.l10n_pt_atcud_username
            if not username:
                continue
            if not re.fullmatch(r"\d{9}/\d{1,4}", username):
                raise ValidationError(
                    self.env._(
                        "The AT sub-user is the tax number, a slash and up to four "
                        "digits, for example 509987656/1."
                    )
                )
            nif = company._l10n_pt_atcud_nif()
            if nif and username.partition("/")[0] != nif:
                raise ValidationError(
                    self.env._(
                        "The AT sub-user %(username)s belongs to another taxpayer than "
                        "the company %(company)s (%(nif)s).",
                        username=username,
                        company=company.display_name,
                        nif=nif,
                    )
                )

    # CRUD

    def write(self, vals):
        result = super().write(vals)
        if "l10n_pt_atcud_environment" in vals:
            # A code of one environment says nothing in another.
            series = self.env["l10n_pt_atcud.series"].sudo()
            series.search([("company_id", "child_of", self.ids)])._offer_to_drafts()
        return result

    # Private functions

    def _l10n_pt_atcud_taxpayer(self):
        """Return the company whose tax number this one invoices under.

        A branch without a tax number of its own uses that of the nearest company
        above it, with the credentials that belong to it.
        """
        self.ensure_one()
        company = self.sudo()
        while not company.vat and company.parent_id:
            company = company.parent_id
        return company.with_env(self.env)

    def _l10n_pt_atcud_nif(self):
        """Return the nine digits of the tax number, or "" when there are none."""
        vat = self._l10n_pt_atcud_taxpayer().sudo().vat or ""
        digits = re.sub(r"[\s.-]", "", vat).upper().removeprefix("PT")
        return digits if re.fullmatch(r"\d{9}", digits) else ""
