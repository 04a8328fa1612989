"""Peppol BIS Billing 3."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from odoo import models
from odoo.exceptions import UserError, ValidationError

from ..maventa_api import InvoiceFormat, package_names, safe_filename
from ..maventa_api.ubl import (
    EmbeddedFile,
    Severity,
    embed,
    problems_of,
    put_right,
)
from ..maventa_api.ubl.tree import amount, lines, parse
from ..services.check_finding import Finding, texts_of

BUILDER = "account.edi.xml.ubl_bis3"
FEW_CENTS = Decimal("0.05")


@dataclass(frozen=True)
class Made:
    """A document, its product lines in their order, and what prevents it."""

    xml: bytes = field(default=b"", repr=False)
    lines: Any = None
    findings: list[Finding] = field(default_factory=list)


class AccountEdiXmlMaventaBis3(models.AbstractModel):
    """Odoo's Peppol BIS 3, put right after it is made.

    Nothing of Odoo's builder is changed: only its finished XML is.
    """

    _name = "account.edi.xml.maventa_bis3"
    _inherit = ["account.edi.xml.maventa"]
    _description = "Peppol BIS Billing 3 by Maventa"

    _maventa_key = "peppol"
    _maventa_label = "Peppol BIS Billing 3"
    _maventa_format = InvoiceFormat.PEPPOLBIS30

    def _maventa_export(self, invoice, files):
        # OVERRIDE
        made = self._bis3_document(invoice)
        if made.findings:
            raise ValidationError("\n".join(texts_of(made.findings)))
        rules = self.env["maventa.official.rules"]
        rules._assert_valid(invoice, self._maventa_key, made.xml, made.lines)
        name = safe_filename(f"{invoice.name.replace('/', '_')}_ubl_bis3.xml")
        return name, embed(made.xml, self._bis3_files(files))

    def _maventa_check(self, invoice):
        # OVERRIDE
        return texts_of(self._maventa_findings(invoice))

    def _maventa_findings(self, invoice):
        # OVERRIDE
        return self._bis3_document(invoice).findings

    # === HELPERS === #

    def _bis3_document(self, invoice):
        """Return the document put right, or what prevents it (:class:`Made`).

        Odoo's own checks are not asked: they know neither the addresses nor the
        categories that the document gets here.
        """
        values = self.env["maventa.document.values"]
        findings = [
            *self.env["maventa.vat.category"]._findings(invoice),
            *self.env["maventa.parties"]._findings(invoice),
            *values._account_findings(invoice),
            *values._currency_findings(invoice),
            *values._head_findings(invoice),
            *self.env["maventa.vat.rates"]._findings(invoice),
            *self.env["maventa.vat.amounts"]._findings(invoice),
            *self.env["maventa.printed.taxes"]._findings(invoice),
        ]
        if findings:
            return Made(findings=findings)
        try:
            raw = self._bis3_of_odoo(invoice)
            rows = self._bis3_lines(invoice, raw)
            xml = put_right(raw, values._values(invoice, rows))
        except (UserError, ValueError) as error:  # a UblError, or lxml's
            text = self.env._("Odoo could not make the Peppol document: %s", error)
            return Made(findings=[Finding(text, invoice)])
        problems = self.env["maventa.ubl.problems"]
        found = [row for row in problems_of(xml) if row.severity == Severity.ERROR]
        return Made(xml, rows, problems._findings(invoice, found, rows))

    def _bis3_of_odoo(self, invoice):
        """Return Odoo's document; a debit note is an invoice for Peppol.

        Odoo 19.0 raises an error for debit notes: its template of UBL's DebitNote lacks
        elements that its own builder writes. So the builder does not see the original.
        """
        builder = self.env[BUILDER]
        field = invoice._fields.get("debit_origin_id")
        original = field and invoice.debit_origin_id
        if not original:
            return builder._export_invoice(invoice)[0]
        field._update_cache(invoice, None)
        try:
            return builder._export_invoice(invoice)[0]
        finally:
            field._update_cache(invoice, original.id)

    def _bis3_lines(self, invoice, xml):
        """Return the product lines in the order in which the document has them.

        Builders take them as they were entered, or as they are sorted; the amounts
        tell which.
        """
        rows = invoice.line_ids.filtered(lambda row: row.display_type == "product")
        rows = rows.sorted("id")
        by_sequence = rows.sorted(lambda row: (row.sequence, row.id))
        said = [amount(line, "cbc:LineExtensionAmount") for line in lines(parse(xml))]

        def misses(candidate):
            return sum(
                value is None
                or abs(abs(value) - Decimal(f"{abs(row.price_subtotal):.2f}"))
                > FEW_CENTS
                for row, value in zip(candidate, said, strict=False)
            )

        return min((invoice.line_ids & rows, by_sequence, rows), key=misses)

    def _bis3_files(self, files):
        names = package_names([file[:2] for file in files])
        return tuple(
            EmbeddedFile(name, mimetype, content)
            for name, (_name, mimetype, content) in zip(names, files, strict=True)
        )
