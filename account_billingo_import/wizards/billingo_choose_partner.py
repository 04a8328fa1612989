"""The dialog to choose the partner of a document where several match."""

from odoo import fields, models

from ..guards import guarded


@guarded()
class BillingoChoosePartner(models.TransientModel):
    _name = "billingo.choose.partner"
    _description = "Choose the partner of a Billingo document"
    _check_company_auto = True

    document_id = fields.Many2one("billingo.document", required=True, readonly=True)
    company_id = fields.Many2one(related="document_id.company_id", related_sudo=False)
    candidate_ids = fields.Many2many(
        "res.partner",
        string="Matching partners",
        readonly=True,
        check_company=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        required=True,
        check_company=True,
        domain="[('company_id', 'in', (False, company_id))]",
    )

    # === ACTIONS === #

    def action_choose(self):
        """Process with this partner, which later documents then find, too."""
        self.ensure_one()
        self.document_id._check_bookkeeper()
        self.document_id.sudo().partner_id = self.partner_id
        # The answer reloads the document behind this form, and closes the form.
        return self.document_id.action_process()
