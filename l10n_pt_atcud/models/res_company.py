"""A company as a taxpayer: its tax number, its connection to AT, its preferences."""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..at_series import AZORES, MADEIRA, MAINLAND
from ..guards import as_service, guarded
from .l10n_pt_atcud_signing import TRAINING_NUMBER, WARNINGS

MOST_DAYS = 36_500
_STATES = {"20": AZORES, "30": MADEIRA}
_POSTCODES = {
    **dict.fromkeys(("95", "96", "97", "98", "99"), AZORES),
    **dict.fromkeys(("90", "91", "92", "93", "94"), MADEIRA),
}


# The settings are for accounting users and administrators, not for portal users.
_READERS = (
    "account.group_account_readonly,account.group_account_invoice,base.group_system"
)


@guarded("l10n_pt_atcud_connection_id")
class ResCompany(models.Model):
    _inherit = "res.company"

    l10n_pt_atcud_connection_id = fields.Many2one(
        groups=_READERS,
        comodel_name="l10n_pt_atcud.connection",
        string="AT connection",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The connection that was chosen last. Without one the company is not "
        "configured.",
    )
    l10n_pt_atcud_signing_ids = fields.One2many(
        groups=_READERS,
        comodel_name="l10n_pt_atcud.signing",
        inverse_name="company_id",
        string="Signing of documents",
    )
    l10n_pt_atcud_software_number = fields.Char(
        groups=_READERS,
        string="Software certificate number",
        size=4,
        copy=False,
        help="The number that AT gave to the certified invoicing program, with its "
        "leading zeros; empty or 0 when there is none.",
    )
    l10n_pt_atcud_without_series = fields.Selection(
        groups=_READERS,
        selection=[("refuse", "Refuse to post"), ("warn", "Warn and post")],
        string="Without a registered AT series",
        default="refuse",
        required=True,
    )
    l10n_pt_atcud_date_earlier = fields.Selection(
        groups=_READERS,
        selection=[("refuse", "Refuse to post"), ("warn", "Warn and post")],
        string="Date before the last document of the series",
        default="refuse",
        required=True,
    )
    l10n_pt_atcud_date_later = fields.Selection(
        groups=_READERS,
        selection=[("refuse", "Refuse to post"), ("warn", "Warn and post")],
        string="Date after today",
        default="refuse",
        required=True,
    )
    l10n_pt_atcud_date_unregistered = fields.Selection(
        groups=_READERS,
        selection=[("refuse", "Refuse to post"), ("warn", "Warn and post")],
        string="Date before the registration of the series",
        default="refuse",
        required=True,
    )
    l10n_pt_atcud_document_rules = fields.Selection(
        groups=_READERS,
        selection=[("refuse", "Refuse to post"), ("warn", "Warn and post")],
        string="Rules of document types",
        default="refuse",
        required=True,
        help="The limits of simplified invoices, the payment of invoice-receipts, the "
        "series of their own for documents of the VAT cash scheme, what credit and "
        "debit notes must name and may not exceed, and the period of the VAT.",
    )
    l10n_pt_atcud_is_retailer = fields.Boolean(
        groups=_READERS,
        string="Retailer",
        help="Simplified invoices for goods to private customers may amount to "
        "1,000 euro, all others to 100 euro (CIVA art. 40).",
    )
    l10n_pt_atcud_producer = fields.Char(
        groups=_READERS,
        string="Producer of the software",
        help="Printed on training documents.",
    )
    l10n_pt_atcud_without_reason = fields.Selection(
        groups=_READERS,
        selection=[("refuse", "Refuse to post"), ("warn", "Warn and post")],
        string="Line without VAT and without a reason",
        default="refuse",
        required=True,
    )
    l10n_pt_atcud_exchange_days = fields.Integer(
        groups=_READERS,
        string="Days to keep exchanges with AT",
        default=365,
        help="Requests to AT and its answers are deleted after this number of days; 0 "
        "keeps them forever.",
    )

    # === CONSTRAINTS === #

    @api.constrains("l10n_pt_atcud_exchange_days")
    def _check_l10n_pt_atcud_exchange_days(self):
        for company in self:
            if company.l10n_pt_atcud_exchange_days > MOST_DAYS:
                raise ValidationError(
                    self.env._(
                        "Exchanges with AT are kept for %s days at most, or forever "
                        "with 0.",
                        MOST_DAYS,
                    )
                )

    _l10n_pt_atcud_exchange_days_positive = models.Constraint(
        "CHECK(l10n_pt_atcud_exchange_days >= 0)",
        "The number of days to keep exchanges with AT is at least 0.",
    )
    _l10n_pt_atcud_software_number_range = models.Constraint(
        "CHECK(l10n_pt_atcud_software_number ~ '^[0-9]{0,4}$')",
        "The software certificate number has at most four digits.",
    )

    @api.constrains("l10n_pt_atcud_connection_id")
    def _check_l10n_pt_atcud_connection_id(self):
        for company in self:
            connection = company.l10n_pt_atcud_connection_id
            if connection and connection.company_id != company:
                raise ValidationError(
                    self.env._("A connection to AT belongs to one company only.")
                )

    @api.constrains("account_fiscal_country_id")
    def _check_l10n_pt_atcud_fiscal_country(self):
        for company in self:
            is_portuguese = company.account_fiscal_country_id.code == "PT"
            if is_portuguese or company._l10n_pt_atcud_is_being_made():
                continue
            if company._l10n_pt_atcud_signing():
                raise ValidationError(
                    self.env._(
                        "Documents of %s are signed under the law of Portugal, which "
                        "stays its fiscal country.",
                        company.display_name,
                    )
                )

    @api.constrains("l10n_pt_atcud_connection_id")
    def _check_l10n_pt_atcud_demo_number(self):
        for company in self:
            environment = company.l10n_pt_atcud_connection_id.sudo().environment
            signing = company._l10n_pt_atcud_signing()
            # What leaves Demo is switched off: ``environment_switch``.
            if (
                environment == "demo"
                and signing
                and (problem := signing._number_problem())
            ):
                raise ValidationError(problem)

    @api.constrains(*WARNINGS, "l10n_pt_atcud_software_number")
    def _check_l10n_pt_atcud_warnings(self):
        for company in self:
            signing = company._l10n_pt_atcud_signing()
            if signing and any(company[name] == "warn" for name in WARNINGS):
                raise ValidationError(
                    self.env._(
                        "Documents of %s are signed. A certified program refuses what "
                        "it could warn of otherwise.",
                        company.display_name,
                    )
                )
            if signing and (problem := signing._number_problem()):
                raise ValidationError(problem)

    # === HELPERS === #

    def _l10n_pt_atcud_is_being_made(self):
        """Return whether this is a new branch, which gets its country afterwards."""
        entries = self.env["account.move"].sudo()
        return bool(
            self.parent_id
            and not self.chart_template
            and not entries.search_count([("company_id", "=", self.id)], limit=1)
        )

    def _l10n_pt_atcud_signing(self):
        """Return how the taxpayer signs documents, with ``sudo``, or none if it is off.

        A branch signs as the company under whose tax number it invoices.
        """
        taxpayer = self._l10n_pt_atcud_taxpayer().sudo()
        signing = taxpayer.l10n_pt_atcud_signing_ids
        return signing.filtered(lambda one: one.state == "on")

    def _l10n_pt_atcud_taxpayer(self):
        """Return the company whose tax number this one invoices under.

        A branch without a tax number of its own uses that of the nearest company
        above it, with the credentials that belong to it. So does one on which the
        same number is entered once more.
        """
        company = self.sudo()
        if not company.parent_id:  # also where a form has no company yet
            return company.with_env(self.env)
        above = company.parent_id._l10n_pt_atcud_taxpayer()
        is_branch = not company.vat or _nif(company.vat) == _nif(above.vat)
        return (above if is_branch else company).with_env(self.env)

    def _l10n_pt_atcud_nif(self):
        """Return the nine digits of the tax number, or "" when there are none."""
        digits = _nif(self._l10n_pt_atcud_taxpayer().sudo().vat)
        return digits if re.fullmatch(r"\d{9}", digits) else ""

    def _l10n_pt_atcud_certificate_number(self):
        """Return the number of the certified program as AT assigned it, or ``""``.

        Demo's number is none of AT, so it is on nothing that is real.
        """
        taxpayer = self._l10n_pt_atcud_taxpayer().sudo()
        number = taxpayer.l10n_pt_atcud_software_number or ""
        connection = taxpayer._l10n_pt_atcud_issuing_connection().sudo()
        if number == TRAINING_NUMBER and connection.environment == "production":
            return ""
        return number if number.strip("0") else ""

    def _l10n_pt_atcud_space(self):
        """Return the fiscal space of the seat: the mainland, Azores or Madeira."""
        partner = self._l10n_pt_atcud_taxpayer().sudo().partner_id
        if partner.state_id.country_id.code == "PT":
            return _STATES.get(partner.state_id.code, MAINLAND)
        if partner.country_id.code == "PT" and partner.zip:
            return _POSTCODES.get(partner.zip.strip()[:2], MAINLAND)
        return MAINLAND

    def _l10n_pt_atcud_connection(self):
        """Return the connection that is in use, in the caller's environment, or none.

        A connection of an earlier tax number is not in use.
        """
        taxpayer = self._l10n_pt_atcud_taxpayer().sudo()
        connection = taxpayer.l10n_pt_atcud_connection_id
        if connection.nif != taxpayer._l10n_pt_atcud_nif():
            connection = connection.browse()
        return connection.with_env(self.env)

    def _l10n_pt_atcud_issuing_connection(self):
        """Return the connection under whose series documents are issued, or none.

        Where no environment was chosen, codes of AT's portal can still be entered by
        hand: they belong to Production.
        """
        taxpayer = self._l10n_pt_atcud_taxpayer().sudo()
        connection = taxpayer._l10n_pt_atcud_connection()
        if not connection and not taxpayer.l10n_pt_atcud_connection_id:
            connection = taxpayer._l10n_pt_atcud_find_connection("production")
        return connection.with_env(self.env)

    def _l10n_pt_atcud_find_connection(self, environment):
        """Return this taxpayer's connection to an environment, or none."""
        taxpayer = self._l10n_pt_atcud_taxpayer()
        return self.env["l10n_pt_atcud.connection"].search(
            [
                ("company_id", "=", taxpayer.id),
                ("environment", "=", environment),
                ("nif", "=", taxpayer._l10n_pt_atcud_nif()),
            ],
            limit=1,
        )

    def _l10n_pt_atcud_obtain_connection(self, environment):
        """Return the connection to ``environment``; make it where it is missing.

        It is not in use by that.
        """
        taxpayer = self._l10n_pt_atcud_taxpayer().sudo()
        connection = taxpayer._l10n_pt_atcud_find_connection(environment)
        if not connection:
            connection = connection.create(
                {"company_id": taxpayer.id, "environment": environment}
            )
        return connection.with_env(self.env)

    def _l10n_pt_atcud_use_environment(self, environment):
        """Use the connection to ``environment`` from now on; make it where needed.

        :return: the connection
        """
        taxpayer = self._l10n_pt_atcud_taxpayer().sudo()
        connection = taxpayer._l10n_pt_atcud_obtain_connection(environment)
        if taxpayer.l10n_pt_atcud_connection_id != connection:
            as_service(taxpayer).l10n_pt_atcud_connection_id = connection
            self.env["l10n_pt_atcud.environment_switch"].follow(taxpayer, connection)
        return connection.with_env(self.env)


def _nif(vat):
    """Return a tax number as AT writes it, without separators and country."""
    return re.sub(r"[\s.-]", "", vat or "").upper().removeprefix("PT")
