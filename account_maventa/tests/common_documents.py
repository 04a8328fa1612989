"""What documents say, in both formats and on paper, of sellers of four countries."""

from lxml import etree, html
from odoo import Command

from ..guards import as_service
from ..maventa_api.finvoice import document_in
from ..models.ir_actions_report import with_e_invoice
from .common_sellers import SellersCommon

FORMATS = ("peppol", "finvoice")


class DocumentsCommon(SellersCommon):
    """All sellers have an account. Shortcuts make documents, and read them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("SE", "NO", "NL"):
            company = cls.sellers[code]
            remote = cls.simulator.add_account(
                name=company.name, bid=company.vat, vat=company.vat
            )
            as_service(cls._use(company, remote)).state = "verified"

    def _builder_of(self, key):
        return self.env["account.edi.xml.maventa"]._maventa_builders()[key]

    def _tax(self, code, amount=0, xmlid=None, **values):
        company = self.sellers[code]
        taxes = self.env["account.tax"].with_company(company)
        count = len(taxes.with_context(active_test=False).search([]))
        tax = taxes.create(
            {
                "name": f"{amount} % no. {count}",
                "type_tax_use": "sale",
                "amount": amount,
                "company_id": company.id,
                "country_id": company.account_fiscal_country_id.id,
                **values,
            }
        )
        if xmlid:
            xmlid = f"account.{company.id}_{xmlid}"
            self.env["ir.model.data"]._update_xmlids([{"xml_id": xmlid, "record": tax}])
        return tax

    def _move(self, code, taxes, buyer=None, product=None, **values):
        if buyer:
            self._dress_buyer(buyer, code)
        lines = [
            Command.create(
                {
                    "name": "Snow",
                    "price_unit": 100,
                    "product_id": product and product[:1].id,
                    "tax_ids": [Command.set(tax.ids)],
                }
            )
            for tax in taxes
        ]
        values.setdefault("delivery_date", "2026-03-01")
        return self._sale(code, "standard", invoice_line_ids=lines, **values)

    def _place(self, country):
        return self.env["res.partner"].create(
            {
                "name": "Site",
                "parent_id": self.buyer.id,
                "type": "delivery",
                "street": "Weg 1",
                "zip": "10115",
                "city": "Berlin",
                "country_id": self.env.ref(f"base.{country}").id,
            }
        )

    def _assert_refused(self, move, *texts, without=()):
        for key in FORMATS:
            problems = "\n".join(self._builder_of(key)._maventa_check(move))
            for text in texts:
                self.assertIn(text, problems, key)
            for text in without:
                self.assertNotIn(text, problems, key)

    def _assert_passes(self, move):
        for key in FORMATS:
            self.assertFalse(self._builder_of(key)._maventa_check(move), key)

    def _ubl(self, move):
        return etree.fromstring(self._builder_of("peppol")._maventa_export(move, [])[1])

    def _finvoice(self, move):
        file = self._builder_of("finvoice")._maventa_export(move, [])[1]
        return etree.fromstring(document_in(file))

    def _free_texts(self, move):
        return [node.text for node in self._finvoice(move).iter("InvoiceFreeText")]

    def _printed(self, move, along=False):
        """Return the text of the paper, or of that which goes along with it."""
        report = self.env["ir.actions.report"].with_company(move.company_id)
        report = with_e_invoice(report) if along else report
        page, _kind = report._render_qweb_html("account.account_invoices", move.ids)
        return " ".join(html.fromstring(page).text_content().split())

    def _assert_said(self, move, ground):
        """Assert that both formats and the paper say a ground, the paper once."""
        reasons = [node.text for node in self._ubl(move).iter("{*}TaxExemptionReason")]
        self.assertIn(ground, reasons)
        texts = [node.text for node in self._finvoice(move).iter("VatFreeText")]
        self.assertIn(ground, " ".join(texts))
        for words in ground.split(". "):
            self.assertEqual(self._printed(move).count(words), 1, words)
