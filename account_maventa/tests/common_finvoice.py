import io
import zipfile
from decimal import Decimal

from lxml import etree
from odoo import Command

from ..maventa_api.finvoice import document_in
from .common import MaventaCommon

TOTALS = "InvoiceDetails/InvoiceTotalVat"


class FinvoiceCommon(MaventaCommon):
    """The company sends Finvoice; taxes of all kinds, and looks into documents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.maventa_format = "finvoice"
        cls.company.partner_id.bank_ids.bank_id = cls.env["res.bank"].create(
            {"name": "Pankki", "bic": "NDEAFIHH"}
        )
        cls._ensure_rates()
        taxes = cls.env["account.tax"]
        values = {"type_tax_use": "sale", "amount_type": "percent"}
        cls.standard = taxes.create(values | {"name": "25.5 %", "amount": 25.5})
        cls.reduced = taxes.create(values | {"name": "13.5 %", "amount": 13.5})
        cls.included = taxes.create(
            values
            | {
                "name": "10 % in",
                "amount": 10,
                "price_include_override": "tax_included",
            }
        )
        cls.reverse = taxes.create(
            values
            | {"name": "0 % AE", "amount": 0, "ubl_cii_tax_category_code": "AE"}
            | {"invoice_legal_notes": "<p>Reverse charge</p>"}
        )
        cls.zero = taxes.create(
            values | {"name": "0 %", "amount": 0, "ubl_cii_tax_category_code": "E"}
        )

    def _lines(self, *rows):
        return [
            Command.create(
                {
                    "name": name,
                    "quantity": quantity,
                    "price_unit": price,
                    "discount": discount,
                    "tax_ids": [Command.set(tax.ids)],
                }
            )
            for name, quantity, price, discount, tax in rows
        ]

    def _document(self, lines, **values):
        return self._invoice(invoice_line_ids=lines, **values)

    def _xml(self, file):
        """Return the XML of what is uploaded, with the frame if there is one."""
        if not file.startswith(b"PK"):
            return file
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            [name] = [name for name in archive.namelist() if name.endswith(".xml")]
            return archive.read(name)

    def _tree(self, move):
        return etree.fromstring(document_in(self._xml(self._make_document(move).file)))

    def _texts(self, tree, path):
        return [node.text for node in tree.findall(path)]

    def _number(self, tree, path):
        return Decimal(tree.findtext(path).replace(",", "."))
