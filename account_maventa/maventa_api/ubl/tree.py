"""UBL documents as trees: read safely, changed in place, written in schema order.

Source: UBL 2.1 (OASIS), UBL-CommonAggregateComponents-2.1.xsd.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from lxml import etree
from lxml.etree import _Element as Element

from ..xml_text import xml_text

NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd"
NS = {
    "cac": f"{NAMESPACE}:CommonAggregateComponents-2",
    "cbc": f"{NAMESPACE}:CommonBasicComponents-2",
}
CENT = Decimal("0.01")
LARGEST = 150_000_000  # bytes; Maventa takes 150 MB

_ADDRESS = (
    "ID AddressTypeCode AddressFormatCode Postbox Floor Room StreetName "
    "AdditionalStreetName BlockName BuildingName BuildingNumber InhouseMail Department "
    "MarkAttention MarkCare PlotIdentification CitySubdivisionName CityName PostalZone "
    "CountrySubentity CountrySubentityCode Region District TimezoneOffset AddressLine "
    "Country LocationCoordinate"
)
_HEADER = (
    "UBLExtensions UBLVersionID CustomizationID ProfileID ProfileExecutionID ID "
    "CopyIndicator UUID IssueDate IssueTime "
)
_CURRENCIES = (
    "DocumentCurrencyCode TaxCurrencyCode PricingCurrencyCode PaymentCurrencyCode "
    "PaymentAlternativeCurrencyCode AccountingCostCode AccountingCost LineCountNumeric "
    "BuyerReference InvoicePeriod "
)
_PARTIES = (
    "Signature AccountingSupplierParty AccountingCustomerParty PayeeParty "
    "BuyerCustomerParty SellerSupplierParty TaxRepresentativeParty Delivery "
    "DeliveryTerms PaymentMeans PaymentTerms "
)
_RATES = (
    "TaxExchangeRate PricingExchangeRate PaymentExchangeRate "
    "PaymentAlternativeExchangeRate "
)
_LINE_REFERENCES = (
    "DespatchLineReference ReceiptLineReference BillingReference DocumentReference "
    "PricingReference OriginatorParty Delivery PaymentTerms "
)
_PARTY = (
    "MarkCareIndicator MarkAttentionIndicator WebsiteURI LogoReferenceID EndpointID "
    "IndustryClassificationCode PartyIdentification PartyName Language PostalAddress "
    "PhysicalLocation PartyTaxScheme PartyLegalEntity Contact Person AgentParty "
    "ServiceProviderParty PowerOfAttorney FinancialAccount"
)
_TAX_CATEGORY = (
    "ID Name Percent BaseUnitMeasure PerUnitAmount TaxExemptionReasonCode "
    "TaxExemptionReason TierRange TierRatePercent TaxScheme"
)
_REFERENCE = (
    "ID CopyIndicator UUID IssueDate IssueTime DocumentTypeCode DocumentType XPath "
    "LanguageID LocaleCode VersionID DocumentStatusCode DocumentDescription Attachment "
    "ValidityPeriod IssuerParty ResultOfVerification"
)

ORDER: dict[str, tuple[str, ...]] = {
    name: tuple(children.split())
    for names, children in {
        "Invoice": _HEADER
        + "DueDate InvoiceTypeCode Note TaxPointDate "
        + _CURRENCIES
        + "OrderReference BillingReference DespatchDocumentReference "
        "ReceiptDocumentReference StatementDocumentReference "
        "OriginatorDocumentReference ContractDocumentReference "
        "AdditionalDocumentReference ProjectReference "
        + _PARTIES
        + "PrepaidPayment AllowanceCharge "
        + _RATES
        + "TaxTotal WithholdingTaxTotal LegalMonetaryTotal InvoiceLine",
        "CreditNote": _HEADER
        + "TaxPointDate CreditNoteTypeCode Note "
        + _CURRENCIES
        + "DiscrepancyResponse OrderReference BillingReference "
        "DespatchDocumentReference ReceiptDocumentReference ContractDocumentReference "
        "AdditionalDocumentReference StatementDocumentReference "
        "OriginatorDocumentReference "
        + _PARTIES
        + _RATES
        + "AllowanceCharge TaxTotal LegalMonetaryTotal CreditNoteLine",
        "InvoiceLine": "ID UUID Note InvoicedQuantity LineExtensionAmount TaxPointDate "
        "AccountingCostCode AccountingCost PaymentPurposeCode FreeOfChargeIndicator "
        "InvoicePeriod OrderLineReference "
        + _LINE_REFERENCES
        + "AllowanceCharge TaxTotal WithholdingTaxTotal Item Price DeliveryTerms "
        "SubInvoiceLine ItemPriceExtension",
        "CreditNoteLine": "ID UUID Note CreditedQuantity LineExtensionAmount "
        "TaxPointDate AccountingCostCode AccountingCost PaymentPurposeCode "
        "FreeOfChargeIndicator InvoicePeriod OrderLineReference DiscrepancyResponse "
        + _LINE_REFERENCES
        + "TaxTotal AllowanceCharge Item Price DeliveryTerms SubCreditNoteLine "
        "ItemPriceExtension",
        "Party DeliveryParty": _PARTY,
        "PostalAddress Address RegistrationAddress DeliveryAddress": _ADDRESS,
        "PartyTaxScheme": "RegistrationName CompanyID TaxLevelCode ExemptionReasonCode "
        "ExemptionReason RegistrationAddress TaxScheme",
        "PartyLegalEntity": "RegistrationName CompanyID RegistrationDate "
        "RegistrationExpirationDate CompanyLegalFormCode CompanyLegalForm "
        "RegistrationAddress CorporateRegistrationScheme",
        "Contact": "ID Name Telephone Telefax ElectronicMail Note OtherCommunication",
        "Country": "IdentificationCode Name",
        "PaymentMeans": "ID PaymentMeansCode PaymentDueDate PaymentChannelCode "
        "InstructionID InstructionNote PaymentID CardAccount PayerFinancialAccount "
        "PayeeFinancialAccount CreditAccount PaymentMandate TradeFinancing",
        "PayeeFinancialAccount": "ID Name AliasName AccountTypeCode AccountFormatCode "
        "CurrencyCode PaymentNote FinancialInstitutionBranch Country",
        "FinancialInstitutionBranch": "ID Name FinancialInstitution Address",
        "Delivery": "ID Quantity MinimumQuantity MaximumQuantity ActualDeliveryDate "
        "ActualDeliveryTime LatestDeliveryDate LatestDeliveryTime ReleaseID TrackingID "
        "DeliveryAddress DeliveryLocation AlternativeDeliveryLocation "
        "RequestedDeliveryPeriod PromisedDeliveryPeriod EstimatedDeliveryPeriod "
        "CarrierParty DeliveryParty NotifyParty Despatch DeliveryTerms",
        "DeliveryLocation": "ID Description Conditions CountrySubentity "
        "CountrySubentityCode LocationTypeCode InformationURI Name ValidityPeriod "
        "Address",
        "TaxTotal": "TaxAmount RoundingAmount TaxEvidenceIndicator "
        "TaxIncludedIndicator TaxSubtotal",
        "TaxSubtotal": "TaxableAmount TaxAmount CalculationSequenceNumeric "
        "TransactionCurrencyTaxAmount Percent BaseUnitMeasure PerUnitAmount TierRange "
        "TierRatePercent TaxCategory",
        "TaxCategory ClassifiedTaxCategory": _TAX_CATEGORY,
        "LegalMonetaryTotal": "LineExtensionAmount TaxExclusiveAmount "
        "TaxInclusiveAmount AllowanceTotalAmount ChargeTotalAmount PrepaidAmount "
        "PayableRoundingAmount PayableAmount PayableAlternativeAmount",
        "Item": "Description PackQuantity PackSizeNumeric CatalogueIndicator Name "
        "HazardousRiskIndicator AdditionalInformation Keyword BrandName ModelName "
        "BuyersItemIdentification SellersItemIdentification "
        "ManufacturersItemIdentification StandardItemIdentification "
        "CatalogueItemIdentification AdditionalItemIdentification "
        "CatalogueDocumentReference ItemSpecificationDocumentReference OriginCountry "
        "CommodityClassification TransactionConditions HazardousItem "
        "ClassifiedTaxCategory AdditionalItemProperty",
        "Price": "PriceAmount BaseQuantity PriceChangeReason PriceTypeCode PriceType "
        "OrderableUnitFactorRate ValidityPeriod PriceList AllowanceCharge",
        "AllowanceCharge": "ID ChargeIndicator AllowanceChargeReasonCode "
        "AllowanceChargeReason MultiplierFactorNumeric PrepaidIndicator "
        "SequenceNumeric Amount BaseAmount AccountingCostCode AccountingCost "
        "PerUnitAmount TaxCategory TaxTotal PaymentMeans",
        "OrderReference": "ID SalesOrderID CopyIndicator UUID IssueDate IssueTime "
        "CustomerReference OrderTypeCode DocumentReference",
        "InvoiceDocumentReference ContractDocumentReference "
        "AdditionalDocumentReference": _REFERENCE,
    }.items()
    for name in names.split()
}


class UblError(ValueError):
    """The text is no UBL invoice or credit note, or values do not fit it."""


def parse(document: bytes | Element) -> Element:
    """Return a tree of the document's own: the caller's stays as it is.

    :raise UblError: it is no XML, or another kind of document
    """
    data = document if isinstance(document, bytes) else etree.tostring(document)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=len(data) < LARGEST,  # embedded files are one long text
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UblError(str(error)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UblError("a document type declaration is not allowed")
    if local(root) not in ("Invoice", "CreditNote", "DebitNote"):
        raise UblError(f"{root.tag!r} is not an invoice")
    return root


def dump(root: Element) -> bytes:
    """Return the document as bytes, without empty elements, in schema order."""
    prune(root)
    sort(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def local(node: Element) -> str:
    """Return the name of an element without its namespace."""
    return etree.QName(node).localname


def tag(name: str) -> str:
    """Return the full tag of ``cbc:Name``."""
    prefix, _colon, bare = name.partition(":")
    return f"{{{NS[prefix]}}}{bare}"


def find(node: Element, path: str) -> Element | None:
    """Return the first element at a path like ``cac:Price/cbc:PriceAmount``."""
    return node.find(path, NS)


def find_all(node: Element, path: str) -> list[Element]:
    """Return all elements at a path."""
    return list(node.findall(path, NS))


def text(node: Element | None, path: str = "") -> str:
    """Return the text at ``path`` without blanks around it; nothing if missing."""
    found = node if not path or node is None else find(node, path)
    return (found.text or "").strip() if found is not None else ""


def amount(node: Element | None, path: str = "") -> Decimal | None:
    """Return the number at ``path``, or None if there is none."""
    try:
        return Decimal(text(node, path))
    except InvalidOperation:
        return None


def money(value: Decimal) -> str:
    """Return an amount as documents say it: two decimals, halves away from zero."""
    rounded = value.quantize(CENT, ROUND_HALF_UP)
    return str(abs(rounded) if not rounded else rounded)


def plain(value: Decimal) -> str:
    """Return a number without exponent and without zeros at its end."""
    return f"{value.normalize():f}" if value else "0"


def ensure(node: Element, path: str) -> Element:
    """Return the element at ``path``; what is missing of it is made."""
    for name in path.split("/"):
        found = find(node, name)
        node = etree.SubElement(node, tag(name)) if found is None else found
    return node


def add(node: Element, name: str, value: str = "", /, **attributes: str) -> Element:
    """Add a child, after the others."""
    child = etree.SubElement(node, tag(name))
    child.text = xml_text(value) or None
    for key, content in attributes.items():
        child.set(key, xml_text(content))
    return child


def put(node: Element, path: str, value: str, /, **attributes: str) -> None:
    """Write a text and its attributes; an empty text removes the element.

    Characters that XML 1.0 does not know are left away.
    """
    value = xml_text(value)
    if not value.strip():
        remove(node, path)
        return
    found = ensure(node, path)
    found.text = value
    for name in list(found.attrib):
        if name not in attributes:
            del found.attrib[name]
    for name, content in attributes.items():
        found.set(name, xml_text(content))


def remove(node: Element, path: str) -> None:
    """Remove every element at ``path``."""
    for found in find_all(node, path):
        drop(found)


def drop(node: Element) -> None:
    """Take an element out of its parent."""
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def prune(root: Element) -> None:
    """Remove what is empty, and what is empty thereby (PEPPOL-EN16931-R008)."""
    for node in reversed(list(root.iter("*"))):
        if node is not root and not len(node) and not (node.text or "").strip():
            drop(node)


def sort(root: Element) -> None:
    """Bring children into the order of the UBL 2.1 schema."""
    for node in root.iter("*"):
        order = ORDER.get(local(node))
        if not order or not len(node):
            continue
        places = {name: place for place, name in enumerate(order)}
        wanted = sorted(node, key=lambda child: places.get(local(child), len(places)))
        if wanted != list(node):
            node[:] = wanted


def lines(root: Element) -> list[Element]:
    """Return the lines of an invoice or credit note."""
    kind = "CreditNoteLine" if is_credit_note(root) else "InvoiceLine"
    return find_all(root, f"cac:{kind}")


def quantity_name(root: Element) -> str:
    """Return what the quantity of a line is called in this document."""
    return "cbc:CreditedQuantity" if is_credit_note(root) else "cbc:InvoicedQuantity"


def is_credit_note(root: Element) -> bool:
    """Tell whether the document is a credit note; its root element decides."""
    return local(root) == "CreditNote"


def is_charge(allowance: Element) -> bool:
    """Tell whether it is a charge; a discount otherwise."""
    return text(allowance, "cbc:ChargeIndicator").lower() in ("true", "1")
