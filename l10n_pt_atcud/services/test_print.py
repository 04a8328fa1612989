"""The test print of the go-live assistant: how a document will look, without one."""

from odoo import Command, api, models

from ..guards import internal

_REPORT = "account.account_invoices"


@internal
class L10nPtAtcudTestPrint(models.AbstractModel):
    """Commits nothing; what it makes to print is undone at once."""

    _name = "l10n_pt_atcud.test_print"
    _description = "AT: test print"

    # === PUBLIC === #

    @api.model
    def pdf(self, series):
        """Return the PDF of a sample document of a series.

        It is a draft that never gets a number: it carries the number 0, says on every
        page that it was not issued, and does not exist afterwards.
        """
        series.ensure_one()
        with self.env.cr.savepoint() as savepoint:
            move = self._sample(series)
            reports = self.env["ir.actions.report"].with_context(
                l10n_pt_atcud_test_print=True, report_pdf_no_attachment=True
            )
            pdf, _kind = reports._render_qweb_pdf(_REPORT, move.ids)
            savepoint.rollback()
        return pdf

    # === HELPERS === #

    def _sample(self, series):
        """Return a draft of one line for an invented customer."""
        company = series.journal_id.company_id
        partner = self.env["res.partner"].create(
            {
                "name": self.env._("Sample customer"),
                "country_id": self.env.ref("base.pt").id,
                "lang": self.env.lang or company.partner_id.lang,
            }
        )
        return (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "journal_id": series.journal_id.id,
                    "partner_id": partner.id,
                    "l10n_pt_atcud_series_id": series.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": self.env._("Sample product"),
                                "quantity": 1,
                                "price_unit": 100.0,
                            }
                        )
                    ],
                }
            )
        )
