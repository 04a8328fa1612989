"""A reason why an operation has no VAT, of AT's table (V4.0 of June 2026).

The texts are the law's, and the same for all companies: administrators add and
archive reasons. One is never deleted: documents name it. What AT retires gets a last
day, and can be read on old documents, but not be used on newer ones.
"""

from odoo import api, fields, models

from ..guards import guarded


@guarded()
class L10nPtAtcudExemptionReason(models.Model):
    _name = "l10n_pt_atcud.exemption_reason"
    _description = "Reason for an exemption from VAT"
    _order = "code"
    _rec_names_search = ["code", "name", "norm"]

    active = fields.Boolean(default=True)
    code = fields.Char(
        required=True, help="The code of SAF-T (PT), TaxExemptionCode: M01 to M99."
    )
    # Prescribed in Portuguese, whatever the language of the document.
    name = fields.Char(string="Text on the invoice", required=True)
    norm = fields.Char(string="Legal basis", required=True)
    valid_from = fields.Date(help="The first day of its use; empty: always.")
    valid_until = fields.Date(help="The last day of its use; empty: in use.")

    # === CONSTRAINTS === #

    _code_uniq = models.Constraint("UNIQUE(code)", "This reason exists already.")
    _code_format = models.Constraint(
        "CHECK(code ~ '^M[0-9]{2}$')",
        "The code of an exemption reason is M and two digits.",
    )

    # === COMPUTES === #

    @api.depends("code", "name", "norm")
    def _compute_display_name(self):
        for reason in self:
            reason.display_name = f"{reason.code} - {reason.name} ({reason.norm})"

    # === HELPERS === #

    def _is_valid_on(self, day):
        """Return whether a document of this day may name the reason."""
        return (not self.valid_from or self.valid_from <= day) and (
            not self.valid_until or day <= self.valid_until
        )
