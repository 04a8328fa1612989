"""Documents and uploads for the tests of the protocol package."""

import base64
from uuid import uuid4

from maventa_api import InvoiceUpload

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
PDF = b"%PDF-1.4\n%an invented page\n%%EOF\n"


def ubl(
    number="INV/2026/1",
    *,
    pdf=PDF,
    root="Invoice",
    endpoint="003712345671",
    country="FI",
    bid="1234567-1",
):
    """A small UBL document: one line, 100.00 + 25.5 %."""
    attachment = ""
    if pdf is not None:
        attachment = f"""<a:AdditionalDocumentReference><b:ID>p.pdf</b:ID>
            <a:Attachment><b:EmbeddedDocumentBinaryObject mimeCode="application/pdf"
              filename="p.pdf">{base64.b64encode(pdf).decode()}
            </b:EmbeddedDocumentBinaryObject></a:Attachment>
            </a:AdditionalDocumentReference>"""
        attachment = attachment.replace("\n            </b:Emb", "</b:Emb")
    address = f'<b:EndpointID schemeID="0216">{endpoint}</b:EndpointID>'
    company_id = f"<b:CompanyID>{bid}</b:CompanyID>"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
    <{root} xmlns="{UBL}{root}-2"
        xmlns:a="{UBL}CommonAggregateComponents-2"
        xmlns:b="{UBL}CommonBasicComponents-2">
      <b:ID>{number}</b:ID>
      <b:IssueDate>2026-03-02</b:IssueDate>
      <b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>
      {attachment}
      <a:AccountingSupplierParty><a:Party>
        <a:PartyLegalEntity><b:RegistrationName>Lumi Oy</b:RegistrationName>
        </a:PartyLegalEntity>
      </a:Party></a:AccountingSupplierParty>
      <a:AccountingCustomerParty><a:Party>
        {address if endpoint else ""}
        <a:PostalAddress><a:Country><b:IdentificationCode>{country}</b:IdentificationCode>
        </a:Country></a:PostalAddress>
        <a:PartyLegalEntity><b:RegistrationName>Jää Oy</b:RegistrationName>
          {company_id if endpoint and bid else ""}
        </a:PartyLegalEntity>
      </a:Party></a:AccountingCustomerParty>
      <a:TaxTotal><b:TaxAmount currencyID="EUR">25.50</b:TaxAmount></a:TaxTotal>
      <a:LegalMonetaryTotal>
        <b:TaxExclusiveAmount currencyID="EUR">100.00</b:TaxExclusiveAmount>
        <b:TaxInclusiveAmount currencyID="EUR">125.50</b:TaxInclusiveAmount>
        <b:PayableAmount currencyID="EUR">125.50</b:PayableAmount>
      </a:LegalMonetaryTotal>
      <a:{root}Line><b:ID>1</b:ID></a:{root}Line>
    </{root}>""".strip().encode()


def upload(**values):
    """An upload of a fresh UUID."""
    values = {"uuid": str(uuid4()), "file": ubl(), "filename": "INV_1.xml"} | values
    return InvoiceUpload(**values)
