from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        # EXTENDS 'account': an entry that was a draft again gets its original back.
        posted = super()._post(soft)
        for move in posted:
            document = move.sudo().billingo_document_id
            if document.move_id == move and not document._has_pdf():
                document._attach_pdf()
        return posted
