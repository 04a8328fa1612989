from odoo import api, models


class AccountMove(models.Model):
    """What somebody who looks at the entry should know of its document."""

    _inherit = "account.move"

    @api.depends(
        "billingo_document_id.is_cancelled",
        "billingo_document_id.is_changed",
        "amount_total",
        "amount_tax",
    )
    def _compute_alerts(self):
        # EXTENDS 'account': more that the banner depends on.
        return super()._compute_alerts()

    def _get_alerts(self):
        # EXTENDS 'account'
        alerts = super()._get_alerts()
        document = self.sudo().billingo_document_id
        if not document:
            return alerts
        texts = {}
        if document._waits_for_storno():
            texts["cancelled"] = self.env._(
                "Cancelled at Billingo. It is settled as soon as the storno arrives; "
                "there is nothing to do here."
            )
        if document.is_changed:
            texts["changed"] = self.env._(
                "Billingo changed this document after it was booked. Compare them, and "
                "correct the entry if need be."
            )
        if self._billingo_differs(document):
            texts["amounts"] = self.env._(
                "Billingo has other amounts: VAT %(vat)s, gross %(gross)s.",
                vat=self.currency_id.format(abs(document.vat_amount)),
                gross=self.currency_id.format(abs(document.gross_total)),
            )
        for name, text in texts.items():
            alerts[f"billingo_{name}"] = {
                "level": "warning",
                "message": text,
                "action_text": self.env._("Open the Billingo document"),
                "action": document.with_env(self.env)._get_records_action(),
            }
        return alerts

    def _billingo_differs(self, document):
        """Tell whether somebody has made other amounts of it."""
        compare = self.currency_id.compare_amounts
        return bool(
            compare(self.amount_total, abs(document.gross_total))
            or compare(self.amount_tax, abs(document.vat_amount))
        )
