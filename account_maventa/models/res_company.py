from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .maventa_invoice_status import ROLES


class ResCompany(models.Model):
    _inherit = "res.company"

    maventa_environment = fields.Selection(
        [
            ("demo", "Demo"),
            ("test", "Test"),
            ("production", "Production"),
        ],
        default="demo",
        required=True,
        help="Demo: nothing leaves Odoo. Test: Maventa's stage. "
        "Production: real invoices to real customers.",
    )
    maventa_company_uuid = fields.Char(
        "Maventa Company UUID", groups="base.group_system", copy=False
    )
    maventa_user_api_key = fields.Char(
        "Maventa User API Key", groups="base.group_system", copy=False
    )
    # STATE DIAGRAM
    #   none --check--> unverified --Maventa verifies--> verified
    #     any --keys refused--> refused --check--> unverified / verified
    #     verified --verification lapses--> unverified
    #     any --keys or environment changed--> none
    # Nothing is sent unless it is verified, whatever the switch says.
    maventa_account_state = fields.Selection(
        [
            ("none", "Not connected"),
            ("unverified", "Waiting for authentication"),
            ("verified", "Verified"),
            ("refused", "Refused"),
        ],
        string="Maventa Account",
        default="none",
        required=True,
        readonly=True,
        copy=False,
    )
    maventa_account_name = fields.Char("Account at Maventa", readonly=True, copy=False)
    maventa_admin_id = fields.Many2one(
        "res.users",
        string="Maventa Administrator",
        copy=False,
        help="Who hears of it when transfers stop.",
    )
    maventa_enabled = fields.Boolean("Transfer invoices to Maventa", copy=False)
    maventa_status_to_transfer_id = fields.Many2one(
        "maventa.invoice.status", "Status of invoices to transfer", copy=False
    )
    maventa_status_after_transfer_id = fields.Many2one(
        "maventa.invoice.status", "Status after transfer", copy=False
    )
    maventa_status_after_error_id = fields.Many2one(
        "maventa.invoice.status", "Status after error", copy=False
    )
    maventa_on_posting = fields.Boolean(
        "Transfer when posted",
        help="A posted customer invoice or credit note gets the status of invoices to "
        "transfer at once, unless its customer has another way of sending.",
    )
    maventa_format = fields.Selection(
        "_selection_maventa_format",
        default="auto",
        required=True,
        help="By the address: Finvoice for customers of Finnish banks and operators, "
        "and Peppol for all others.",
    )
    maventa_send_pdf = fields.Boolean(
        "Send original invoice PDF",
        default=True,
        help="On: the customer sees the invoice as Odoo prints it. "
        "Off: data only, shown in Maventa's layout.",
    )
    maventa_send_email = fields.Boolean(
        "Send by e-mail",
        default=True,
        help="On: customers without an e-invoice address get the invoice by e-mail. "
        "Off: it goes to print.",
    )
    maventa_problem = fields.Text("Maventa's last problem", readonly=True, copy=False)
    maventa_paused_until = fields.Datetime(readonly=True, copy=False)
    maventa_failures = fields.Integer(readonly=True, copy=False)

    @api.model
    def _selection_maventa_format(self):
        formats = self.env["account.edi.xml.maventa"]._maventa_selection()
        return [("auto", self.env._("By the customer's address")), *formats]

    # === CONSTRAINTS === #

    @api.constrains("maventa_enabled")
    def _check_maventa_verified(self):
        for company in self.filtered("maventa_enabled"):
            if company.maventa_account_state != "verified":
                raise ValidationError(
                    self.env._(
                        "%s cannot transfer invoices yet: Maventa has not verified "
                        'the account. Enter the keys and press "Check account"; if '
                        "it waits for its authentication, see to that one.",
                        company.display_name,
                    )
                )

    @api.constrains("maventa_enabled", *ROLES)
    def _check_maventa_roles(self):
        for company in self.filtered("maventa_enabled"):
            if problem := company._maventa_roles_problem():
                raise ValidationError(problem)

    def _maventa_roles_problem(self):
        """Return what is wrong with the three statuses, or nothing."""
        statuses = [self[role] for role in ROLES]
        if not all(statuses):
            return self.env._("Choose all three statuses for the transfer to Maventa.")
        if len(set(statuses)) < len(statuses):
            return self.env._(
                "The three statuses for the transfer to Maventa must be different."
            )
        for status in statuses:
            if status.company_id != self or not status.active:
                return self.env._(
                    'The status "%(status)s" is archived or belongs to another '
                    "company than %(company)s.",
                    status=status.name,
                    company=self.display_name,
                )
        if self.maventa_status_to_transfer_id.sent:
            return self.env._(
                "Status of the invoices to be transferred can not be sent: "
                'untick "Sent" on the status "%s".',
                self.maventa_status_to_transfer_id.name,
            )
        return None

    # === CRUD === #

    def write(self, vals):
        # EXTENDS 'base'
        connection = {
            "maventa_environment",
            "maventa_company_uuid",
            "maventa_user_api_key",
        }
        vals = dict(vals)
        for name in connection & vals.keys():
            if isinstance(vals[name], str):  # keys are copied with blanks around
                vals[name] = vals[name].strip()
        changed = self.filtered(
            lambda company: any(
                company.sudo()[name] != vals[name] for name in connection & vals.keys()
            )
        )
        result = super().write(vals)
        if changed:
            changed._maventa_disconnect()
        return result

    # === BUSINESS === #

    def _maventa_account_company(self):
        """Return the company whose account carries this company's invoices.

        An account belongs to a tax number: a branch without one uses its parent's.
        """
        self.ensure_one()
        company = self.sudo()
        while company.parent_id and not company.vat:
            company = company.parent_id
        return company.with_env(self.env)

    def _maventa_disconnect(self):
        """Forget what was true of other keys or of another environment."""
        self.sudo().write(
            {
                "maventa_account_state": "none",
                "maventa_account_name": False,
                "maventa_auth_state": False,
                "maventa_auth_email": False,
                "maventa_problem": False,
                "maventa_paused_until": False,
                "maventa_failures": 0,
            }
        )

    def _maventa_ensure_statuses(self):
        """Make the statuses that a company starts with, unless it has some."""
        for company in self:
            statuses = self.env["maventa.invoice.status"].sudo()
            if statuses.with_context(active_test=False).search_count(
                [("company_id", "=", company.id)], limit=1
            ):
                continue
            made = statuses.create(
                [
                    {
                        "name": self.env._("To transfer"),
                        "sequence": 10,
                        "company_id": company.id,
                    },
                    {
                        "name": self.env._("Transferred"),
                        "sequence": 20,
                        "company_id": company.id,
                        "sent": True,
                        "not_editable": True,
                    },
                    {
                        "name": self.env._("Transfer failed"),
                        "sequence": 30,
                        "company_id": company.id,
                    },
                ]
            )
            company.sudo().write(dict(zip(ROLES, made.ids, strict=True)))
