"""Mails from templates: a certified program writes of issued documents only."""

from odoo import models

from ..guards import guarded


@guarded()
class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _generate_template(self, res_ids, render_fields, **options):
        # EXTENDS 'mail': composers and mails that are sent at once come through here
        printing = self.env["l10n_pt_atcud.signed_printing"]
        known = [res_id for res_id in res_ids if res_id]
        printing.check(printing.documents(self.model, known))
        return super()._generate_template(res_ids, render_fields, **options)
