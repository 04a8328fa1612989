"""How the documents of a taxpayer are signed: by which key or signer, and whether.

The addon is not certified and certifies nobody. Signing is for the producer of a
program that AT has certified, who alone knows the private key (Portaria 363/2010,
article 3).
"""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..guards import guarded
from .l10n_pt_atcud_series import ISSUED_BY_JOURNALS

TRAINING_NUMBER = "9999"  # a number that AT gives to nobody
# Settings that let a user choose a warning; a certified program has none of them.
WARNINGS = (
    "l10n_pt_atcud_without_series",
    "l10n_pt_atcud_date_earlier",
    "l10n_pt_atcud_date_later",
    "l10n_pt_atcud_date_unregistered",
    "l10n_pt_atcud_document_rules",
    "l10n_pt_atcud_without_reason",
)
# Fields of other addons that sign the same documents.
_OTHER_SIGNERS = ("l10n_pt_hashed_on", "l10n_pt_inalterable_hash_short")


@guarded("state", "switched_on", "verified_on", "finding")
class L10nPtAtcudSigning(models.Model):
    _name = "l10n_pt_atcud.signing"
    _description = "Signing of documents"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _rec_name = "company_id"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company._l10n_pt_atcud_taxpayer(),
        ondelete="restrict",
        index=True,
    )
    software_number = fields.Char(
        related="company_id.l10n_pt_atcud_software_number", readonly=False
    )
    producer = fields.Char(related="company_id.l10n_pt_atcud_producer", readonly=False)
    producer_vat = fields.Char(string="Tax number of the producer", tracking=True)
    producer_address = fields.Text(string="Address of the producer", tracking=True)
    method = fields.Selection(
        selection=[
            ("local", "A key of the producer on this server"),
            ("remote", "A signer that the producer runs"),
        ],
        string="Signed by",
        default="remote",
        required=True,
        tracking=True,
        help="The key is known to the producer only: on a server that a customer "
        "administers, only a signer keeps it secret.",
    )
    address = fields.Char(
        string="Address of the signer",
        tracking=True,
        help="https://host or https://host:port",
    )
    token = fields.Char(
        string="Token for the signer", groups="base.group_system", copy=False
    )
    client_certificate_id = fields.Many2one(
        comodel_name="certificate.certificate",
        groups="base.group_system",
        copy=False,
        help="Shown to a signer that wants a certificate instead of a token, or both.",
    )
    authority = fields.Text(
        string="Authority of the signer (PEM)",
        groups="base.group_system",
        copy=False,
        help="Empty: those that the system trusts.",
    )
    key_ids = fields.One2many(
        comodel_name="l10n_pt_atcud.signing_key",
        inverse_name="signing_id",
        string="Keys",
    )

    # STATE DIAGRAM
    #
    #  off <--> on
    #  off -> on: all that signing needs is there.
    #  on -> off: nothing was signed outside Demo and Test.
    state = fields.Selection(
        selection=[("off", "Off"), ("on", "On")],
        default="off",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    switched_on = fields.Datetime(readonly=True, copy=False)
    verified_on = fields.Datetime(string="Last verified", readonly=True, copy=False)
    finding = fields.Text(string="Last finding", readonly=True, copy=False)

    # === CONSTRAINTS === #

    _company_uniq = models.Constraint(
        "UNIQUE(company_id)", "The documents of a company are signed in one way."
    )

    @api.constrains("address")
    def _check_address(self):
        for signing in self:
            provider = self.env["l10n_pt_atcud.signature_provider"]
            if signing.address and not provider.is_address(signing.address):
                raise ValidationError(
                    self.env._("The address of the signer begins with https://.")
                )

    @api.constrains("company_id")
    def _check_company_id(self):
        for signing in self:
            if signing.company_id._l10n_pt_atcud_taxpayer() != signing.company_id:
                raise ValidationError(
                    self.env._(
                        "%s invoices under the tax number of another company. Signing "
                        "is set up there.",
                        signing.company_id.display_name,
                    )
                )

    # === OVERRIDES === #

    @api.model
    def name_create(self, name):
        # EXTENDS 'base': its name is that of its company
        raise UserError(self.env._("“%s” is not created by a name.", self._description))

    def write(self, vals):
        if "company_id" in vals and any(
            one.company_id.id != vals["company_id"] for one in self
        ):
            raise UserError(
                self.env._(
                    "Signing stays with its company. Set it up anew for another one."
                )
            )
        return super().write(vals)

    # === ACTIONS === #

    def action_switch_on(self):
        """Sign all documents from now on, if all that this needs is there."""
        self.ensure_one()
        self.check_access("write")
        missing = self._missing()
        if missing:
            raise UserError("\n".join(missing))
        company = self.company_id.sudo()
        companies = company.search([("id", "child_of", company.ids)])
        companies.write(dict.fromkeys(WARNINGS, "refuse"))
        now = fields.Datetime.now()
        self.sudo().write({"state": "on", "switched_on": now})
        return True

    def action_switch_off(self):
        """Sign nothing any more; only what has no fiscal value may stop like this."""
        self.ensure_one()
        self.check_access("write")
        signed = self._series().filtered(lambda x: x.signed_hash and not x._is_trial())
        if signed:
            raise UserError(
                self.env._(
                    "Documents are signed in %s. A certified program signs all "
                    "documents, so signing is not switched off any more.",
                    ", ".join(signed.mapped("display_name")),
                )
            )
        self.sudo().state = "off"
        return True

    def action_make_demo_key(self):
        """Make a fresh pair for Demo, where the number is 9999 and nothing counts."""
        self.ensure_one()
        self.check_access("write")
        if self._environment() != "demo":
            raise UserError(self.env._("A fresh key is made in Demo only."))
        self.sudo().key_ids._make_fresh(self.sudo())
        self.company_id.sudo().l10n_pt_atcud_software_number = TRAINING_NUMBER
        self.sudo().method = "local"
        return True

    # === HELPERS === #

    def _own_keys(self):
        """Return the keys of the producer, without those that were made in Demo."""
        return self.key_ids.filtered(lambda key: not key.is_demo)

    def _environment(self):
        return self.company_id._l10n_pt_atcud_issuing_connection().sudo().environment

    def _series(self):
        """Return all series of the taxpayer in which documents are signed."""
        series = self.env["l10n_pt_atcud.series"].sudo()
        return series.with_context(active_test=False).search(
            [
                ("nif", "=", self.company_id._l10n_pt_atcud_nif()),
                ("document_type", "in", sorted(ISSUED_BY_JOURNALS)),
                ("state", "!=", "draft"),
            ]
        )

    def _missing(self):
        """Return what signing needs and has not, as messages."""
        checks = (
            self._number_problem,
            self._producer_problem,
            self._key_problem,
            self._series_problem,
            self._neighbour_problem,
        )
        return [problem for check in checks if (problem := check())]

    def _number_problem(self):
        environment = self._environment()
        entered = self.company_id.sudo().l10n_pt_atcud_software_number
        if environment == "production" and entered == TRAINING_NUMBER:
            return self.env._(
                "The number %s is no certificate of AT: it is for Demo and Test.",
                TRAINING_NUMBER,
            )
        number = self.company_id._l10n_pt_atcud_certificate_number()
        if not number:
            return self.env._(
                "Enter the number of the certificate that AT gave to the producer."
            )
        if environment == "demo" and number != TRAINING_NUMBER:
            return self.env._(
                "In Demo the number of the certificate is %s, never a real one.",
                TRAINING_NUMBER,
            )
        return None

    def _producer_problem(self):
        if self.producer and self.producer_vat and self.producer_address:
            return None
        return self.env._("Enter name, tax number and address of the producer.")

    def _key_problem(self):
        return self.env["l10n_pt_atcud.signature_provider"].problem(self.sudo())

    def _series_problem(self):
        connection = self.company_id._l10n_pt_atcud_issuing_connection()
        series = self._series()
        series.invalidate_recordset(["is_used"], flush=False)
        unused = series.filtered(
            lambda x: (
                x.state == "registered"
                and x.connection_id.id == connection.id
                and (x.signed_hash or not x.is_used)
            )
        )
        if unused:
            return None
        return self.env._(
            "Register a new series first: signed documents begin in a series without "
            "documents."
        )

    def _neighbour_problem(self):
        """Return why two addons must not sign the same documents."""
        if not any(name in self.env["account.move"]._fields for name in _OTHER_SIGNERS):
            return None
        return self.env._(
            "Another addon signs Portuguese documents in this database. Two chains "
            "contradict each other: remove one of the addons."
        )
