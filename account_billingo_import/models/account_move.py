from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    billingo_document_id = fields.Many2one(
        "billingo.document",
        "Billingo document",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    # Whatever two workers do at once: a document is one entry.
    _billingo_document_uniq = models.UniqueIndex(
        "(billingo_document_id) WHERE billingo_document_id IS NOT NULL",
        "This Billingo document has an entry already.",
    )
    billingo_related_move_ids = fields.Many2many(
        "account.move",
        string="Related by Billingo",
        compute="_compute_billingo_related_move_ids",
    )

    @api.depends("billingo_document_id")
    def _compute_billingo_related_move_ids(self):
        for move in self:
            document = move.sudo().billingo_document_id
            related = document._related_moves() if document else self.browse()
            move.billingo_related_move_ids = related.with_env(move.env)

    def action_billingo_open_document(self):
        """Open what Billingo sent."""
        self.ensure_one()
        return self.billingo_document_id._get_records_action()

    def action_billingo_open_related(self):
        """Open the advances, final invoices, stornos and corrections."""
        self.ensure_one()
        return self.billingo_related_move_ids._get_records_action(
            name=self.env._("Related by Billingo")
        )

    def _creation_message(self):
        # EXTENDS 'account'
        if self.billingo_document_id:
            return self.env._("Imported from Billingo.")
        return super()._creation_message()

    def button_draft(self):
        # EXTENDS 'account': Odoo lets go of the PDF, and gets it back when posted.
        result = super().button_draft()
        documents = self.sudo().billingo_document_id.filtered(
            lambda x: x.pdf_state == "attached" and not x._has_pdf()
        )
        # Odoo calls this often for nothing.
        if documents:
            documents.write(
                {
                    "pdf_state": "waiting",
                    "pdf_tries": 0,
                    "pdf_next_try": fields.Datetime.now(),
                }
            )
        return result

    def unlink(self):
        # EXTENDS 'account': without its entry a document waits again.
        if not self:
            return super().unlink()
        documents = self.sudo().billingo_document_id
        # Those that were passed over because this entry was there already.
        passed_over = documents.search(
            [("move_id", "in", self.ids), ("state", "=", "skipped")]
        )
        result = super().unlink()
        (documents | passed_over)._wait_again()
        return result

    def _sequence_matches_date(self):
        # EXTENDS 'account': Billingo's number stays, whichever year it names and
        # whichever day the entry is booked on.
        if self.billingo_document_id:
            return True
        return super()._sequence_matches_date()

    def _l10n_hu_edi_get_valid_actions(self):
        # EXTENDS 'l10n_hu_edi': Billingo has told NAV; nobody may tell it twice.
        actions = super()._l10n_hu_edi_get_valid_actions()
        if self._billingo_origin():
            return [action for action in actions if action != "upload"]
        return actions

    def _billingo_origin(self):
        """Return the imported invoice that this entry is, or changes, or nothing.

        NAV knows such an invoice from Billingo alone: what Odoo would report about
        it names an original that Odoo never reported.
        """
        move, seen = self, self.browse()
        while move and move not in seen:
            if move.sudo().billingo_document_id or move._billingo_is_recorded():
                return move
            seen |= move
            move = move.reversed_entry_id or move.debit_origin_id
        return self.browse()

    def _billingo_is_recorded(self):
        """Tell whether this is what somebody entered for a document of Billingo.

        Unless Odoo told NAV of it before Billingo's document came: then it goes on.
        """
        if self.l10n_hu_edi_state or not self.id:
            return False
        recorded = [("move_id", "=", self.id), ("skip_reason", "=", "recorded")]
        return bool(
            self.env["billingo.document"].sudo().search_count(recorded, limit=1)
        )

    @api.depends("reversed_entry_id", "debit_origin_id", "billingo_document_id")
    def _compute_alerts(self):
        # EXTENDS 'account': more that the banner depends on.
        return super()._compute_alerts()

    def _get_alerts(self):
        # EXTENDS 'account'
        alerts = super()._get_alerts()
        origin = self._billingo_origin()
        if origin and origin != self and self.is_sale_document(include_receipts=True):
            alerts["billingo_origin"] = {
                "level": "warning",
                "message": self.env._(
                    "%(origin)s was issued in Billingo, which alone reports to NAV "
                    "about it. Make this storno or correction in Billingo: it comes "
                    "here by itself. This entry is not offered to NAV.",
                    origin=origin.name,
                ),
            }
        return alerts
