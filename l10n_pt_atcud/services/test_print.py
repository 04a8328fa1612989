"""The test print of the go-live assistant: how a document will look, without one."""

from odoo import Command, api, models

from ..guards import internal

_REPORT = "account.account_invoices"
_LANGUAGES = ("pt_PT", "pt_BR")


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
        """Return a draft of one line, with the usual tax, for an invented customer.

        It is in Portuguese where the language is installed, as real documents are.
        """
        company = series.journal_id.company_id
        installed = dict(self.env["res.lang"].get_installed())
        lang = next((code for code in _LANGUAGES if code in installed), None)
        lang = lang or company.partner_id.lang or self.env.lang
        texts = self.with_context(lang=lang).env
        partner = self.env["res.partner"].create(
            {
                "name": texts._("Sample customer"),
                "country_id": self.env.ref("base.pt").id,
                "lang": lang,
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
                                "name": texts._("Sample product"),
                                "quantity": 1,
                                "price_unit": 100.0,
                                "tax_ids": company.account_sale_tax_id.ids,
                            }
                        )
                    ],
                }
            )
        )
