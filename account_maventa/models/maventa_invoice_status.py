"""A company's own statuses of its posted customer invoices and credit notes.

Three statuses have a role in the transfer; the company's settings choose them.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guards import guarded
from .localized_text import in_language

ROLES = (
    "maventa_status_to_transfer_id",
    "maventa_status_after_transfer_id",
    "maventa_status_after_error_id",
)


@guarded()
class MaventaInvoiceStatus(models.Model):
    _name = "maventa.invoice.status"
    _description = "Maventa Invoice Status"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company._maventa_account_company(),
    )
    active = fields.Boolean(default=True)
    not_editable = fields.Boolean(
        help="An invoice in this status cannot be changed, reset or cancelled.",
    )
    sent = fields.Boolean(
        help="An invoice that reaches this status counts as sent. The status of "
        "invoices to transfer must not have this flag.",
    )

    # === CONSTRAINTS === #

    @api.constrains("sent", "active", "company_id")
    def _check_roles(self):
        """Refuse changes that a status with a role does not allow while switched on."""
        domain = ["|"] * (len(ROLES) - 1) + [(role, "in", self.ids) for role in ROLES]
        self.env["res.company"].sudo().search(domain)._check_maventa_roles()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        for status in self:
            if status._is_in_use():
                raise UserError(
                    self.env._(
                        'The status "%s" is in use. Archive it instead: invoices '
                        "keep it, but users can no longer choose it.",
                        status.name,
                    )
                )

    # === HELPERS === #

    @api.model
    def _first_names(self):
        """Return the names of a company's first statuses, in all languages."""
        messages = self.env["maventa.messages"]
        return [
            messages._in_all_languages(lambda env: env._("To transfer")),
            messages._in_all_languages(lambda env: env._("Transferred")),
            messages._in_all_languages(lambda env: env._("Transfer failed")),
        ]

    @api.model
    def _translate_first(self, codes):
        """Name the first statuses in new languages, where nobody has renamed them."""
        if not codes:
            return
        statuses = self.with_context(active_test=False, lang="en_US")
        for name in self._first_names():
            text = in_language(name, "en_US")
            for status in statuses.search([("name", "=", text)]):
                open_codes = [
                    code
                    for code in codes
                    if status.with_context(lang=code).name == text
                ]
                translated = {code: in_language(name, code) for code in open_codes}
                status.update_field_translations("name", translated)

    def _is_in_use(self):
        company = self.company_id.sudo()
        if any(company[role] == self for role in ROLES):
            return True
        moves = self.env["account.move"].sudo().with_context(active_test=False)
        return bool(moves.search_count([("maventa_status_id", "=", self.id)], limit=1))
