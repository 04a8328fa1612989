"""Peppol BIS Billing 3."""

import base64

from lxml import etree
from odoo import models
from odoo.exceptions import ValidationError

from ..maventa_api import InvoiceFormat, ovt, package_names, safe_filename

CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
OVT_SCHEME, BUSINESS_ID_SCHEME, VAT_SCHEME = "0216", "0212", "0213"


class AccountEdiXmlMaventaBis3(models.AbstractModel):
    """Odoo's Peppol BIS 3, with the addresses that Finnish receivers expect."""

    _name = "account.edi.xml.maventa_bis3"
    _inherit = ["account.edi.xml.ubl_bis3", "account.edi.xml.maventa"]
    _description = "Peppol BIS Billing 3 by Maventa"

    _maventa_key = "peppol"
    _maventa_label = "Peppol BIS Billing 3"
    _maventa_format = InvoiceFormat.PEPPOLBIS30

    def _maventa_export(self, invoice, files):
        # OVERRIDE
        xml, errors = self._export_invoice(invoice)
        if errors:
            raise ValidationError("\n".join(sorted(errors)))
        name = safe_filename(self._export_invoice_filename(invoice))
        return name, self._maventa_embed(xml, files)

    def _maventa_check(self, invoice):
        # OVERRIDE
        _xml, errors = self._export_invoice(invoice)
        return sorted(errors)

    def _maventa_embed(self, xml, files):
        """Embed attachments right before the parties, which is UBL 2.1's order."""
        if not files:
            return xml
        root = etree.fromstring(
            xml, etree.XMLParser(resolve_entities=False, no_network=True)
        )
        anchor = root.find(f"{{{CAC}}}AccountingSupplierParty")
        names = package_names([file[:2] for file in files])
        for name, (_name, mimetype, raw) in zip(names, files, strict=True):
            reference = etree.Element(f"{{{CAC}}}AdditionalDocumentReference")
            etree.SubElement(reference, f"{{{CBC}}}ID").text = name
            attachment = etree.SubElement(reference, f"{{{CAC}}}Attachment")
            etree.SubElement(
                attachment,
                f"{{{CBC}}}EmbeddedDocumentBinaryObject",
                mimeCode=mimetype,
                filename=name,
            ).text = base64.b64encode(raw).decode()
            anchor.addprevious(reference)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")

    def _add_invoice_header_nodes(self, document_node, vals):
        # EXTENDS 'account_edi_ubl_cii'
        super()._add_invoice_header_nodes(document_node, vals)
        invoice = vals["invoice"]
        if (original := invoice.reversed_entry_id) and not document_node.get(
            "cac:BillingReference"
        ):
            document_node["cac:BillingReference"] = {
                "cac:InvoiceDocumentReference": {
                    "cbc:ID": {"_text": original.name},
                    "cbc:IssueDate": {"_text": original.invoice_date},
                }
            }

    def _get_party_node(self, vals):
        # EXTENDS 'account_edi_ubl_cii'
        node = super()._get_party_node(vals)
        partner = vals["partner"].commercial_partner_id
        business_id = partner._maventa_finnish_business_id()
        if endpoint := self._maventa_endpoint(vals["partner"], business_id):
            node["cbc:EndpointID"] = endpoint
        if business_id:  # Maventa finds receivers by their organisation number.
            node["cac:PartyLegalEntity"]["cbc:CompanyID"] = {
                "_text": business_id,
                "schemeID": BUSINESS_ID_SCHEME,
            }
        return node

    def _maventa_endpoint(self, partner, business_id):
        """Return the electronic address, if it differs from Odoo's.

        The contact's e-invoice address comes first, then Odoo's Peppol address. Odoo's
        default in Finland is the VAT number (0213), which receivers there do not
        register.
        """
        company = partner.commercial_partner_id
        typed = partner.edicode or company.edicode
        address = partner._maventa_address()
        if typed and address.scheme:
            return {"_text": address.address, "schemeID": address.scheme}
        eia, scheme = company.peppol_endpoint, company.peppol_eas
        if business_id and (not eia or (scheme == VAT_SCHEME and eia == company.vat)):
            return {"_text": ovt(business_id), "schemeID": OVT_SCHEME}
        return None
