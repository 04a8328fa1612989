"""UBL documents as older and newer builders of Odoo write them, faults included."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from lxml import etree

UBL = "urn:oasis:names:specification:ubl:schema:xsd"
CAC = f"{UBL}:CommonAggregateComponents-2"
CBC = f"{UBL}:CommonBasicComponents-2"
NS = {"cac": CAC, "cbc": CBC}
BIS3 = (
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
)


@dataclass(frozen=True)
class Tax:
    code: str = "S"
    rate: str = "24"
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True)
class Line:
    quantity: str = "2"
    price: str = "50"
    total: str = "100.00"
    tax: Tax = field(default_factory=Tax)
    name: str = "Work"
    allowances: tuple[tuple[str, str, str], ...] = ()  # (charge, code, amount)


@dataclass(frozen=True)
class Party:
    country: str
    vat: str = ""
    registry: str = ""
    endpoint: str = ""
    scheme: str = ""
    name: str = "Kuura"
    street: str = "Street 1"


@dataclass(frozen=True)
class Document:
    """What Odoo's builder gets; ``root`` is Invoice, CreditNote or DebitNote."""

    seller: Party
    buyer: Party
    lines: tuple[Line, ...] = (Line(),)
    root: str = "Invoice"
    currency: str = "EUR"
    accounting: tuple[str, str] | None = None
    order: str = "INV/2026/00007"
    buyer_reference: str = ""
    billing_reference: str = ""
    account: str = "FI2112345600000785"
    bic: str = ""
    allowances: tuple[tuple[str, str, Tax], ...] = ()  # (charge, amount, tax)
    rounding: str = "0"
    tax_surplus: str = "0"  # rounding of cash that Odoo books as tax
    prepaid: str = "0"
    notes: tuple[str, ...] = ()
    is_old: bool = False  # as the builders before 19 wrote
    is_new: bool = False  # as those wrote that came after 19.0's first


def with_values(document, **changes):
    return replace(document, **changes)


def build(document):
    """Return the XML of a document."""
    return etree.tostring(
        _Builder(document).root, xml_declaration=True, encoding="UTF-8"
    )


class _Builder:
    def __init__(self, document):
        self.document = document
        nsmap = {None: f"{UBL}:{document.root}-2", **NS}
        self.root = etree.Element(f"{{{nsmap[None]}}}{document.root}", nsmap=nsmap)
        self.header()
        for role, party in (
            ("Supplier", document.seller),
            ("Customer", document.buyer),
        ):
            self.party(role, party)
        self.delivery()
        self.payment()
        for charge, amount, tax in document.allowances:
            self.allowance(self.root, charge, amount, "64", tax)
        self.taxes()
        self.totals()
        for number, line in enumerate(document.lines, 1):
            self.line(number, line)

    def add(self, parent, name, text=None, /, **attributes):
        prefix, bare = name.split(":")
        node = etree.SubElement(parent, f"{{{NS[prefix]}}}{bare}", attributes)
        node.text = text
        return node

    def money(self, parent, name, amount):
        text = f"{Decimal(amount):.2f}"
        self.add(parent, f"cbc:{name}", text, currencyID=self.document.currency)

    def header(self):
        document, root = self.document, self.root
        if document.is_old:
            self.add(root, "cbc:UBLVersionID", "2.1")
        self.add(root, "cbc:CustomizationID", BIS3[0])
        self.add(root, "cbc:ProfileID", BIS3[1])
        self.add(root, "cbc:ID", "INV/2026/00007")
        self.add(root, "cbc:IssueDate", "2026-03-02")
        if document.root == "Invoice":
            self.add(root, "cbc:DueDate", "2026-03-16")
            self.add(root, "cbc:InvoiceTypeCode", "380")
        if document.root == "CreditNote":
            self.add(root, "cbc:CreditNoteTypeCode", "381")
        for note in document.notes:
            self.add(root, "cbc:Note", note)
        self.add(root, "cbc:DocumentCurrencyCode", document.currency)
        if document.accounting:
            self.add(root, "cbc:TaxCurrencyCode", document.accounting[0])
        if document.buyer_reference or document.is_old:
            self.add(root, "cbc:BuyerReference", document.buyer_reference)
        self.add(self.add(root, "cac:OrderReference"), "cbc:ID", document.order)
        if document.billing_reference:
            reference = self.add(root, "cac:BillingReference")
            reference = self.add(reference, "cac:InvoiceDocumentReference")
            self.add(reference, "cbc:ID", document.billing_reference)

    def party(self, role, party):
        node = self.add(self.root, f"cac:Accounting{role}Party")
        node = self.add(node, "cac:Party")
        if party.endpoint:
            self.add(node, "cbc:EndpointID", party.endpoint, schemeID=party.scheme)
        if party.country == "NL" and party.endpoint:
            identification = self.add(node, "cac:PartyIdentification")
            self.add(identification, "cbc:ID", party.endpoint)
        elif self.document.is_new and party.endpoint:
            identification = self.add(node, "cac:PartyIdentification")
            self.add(identification, "cbc:ID", party.endpoint, schemeID=party.scheme)
        self.add(self.add(node, "cac:PartyName"), "cbc:Name", party.name)
        self.address(self.add(node, "cac:PostalAddress"), party)
        scheme = self.add(node, "cac:PartyTaxScheme")
        if number := party.vat or party.endpoint:
            self.add(scheme, "cbc:CompanyID", number)
        kind = "VAT" if party.vat else party.scheme or "VAT"
        self.add(self.add(scheme, "cac:TaxScheme"), "cbc:ID", kind)
        if party.country == "NO" and role == "Supplier":
            scheme = self.add(node, "cac:PartyTaxScheme")
            self.add(scheme, "cbc:CompanyID", "Foretaksregisteret")
            self.add(self.add(scheme, "cac:TaxScheme"), "cbc:ID", "TAX")
        legal = self.add(node, "cac:PartyLegalEntity")
        self.add(legal, "cbc:RegistrationName", party.name)
        if number := party.registry or party.vat or party.endpoint:
            scheme_id = {"schemeID": party.scheme} if self.document.is_new else {}
            self.add(legal, "cbc:CompanyID", number, **scheme_id)
        if self.document.is_old:
            self.address(self.add(legal, "cac:RegistrationAddress"), party)
        contact = self.add(node, "cac:Contact")
        self.add(contact, "cbc:ID", "17")
        self.add(contact, "cbc:Name", party.name)
        self.add(contact, "cbc:ElectronicMail", "box@kuura.example")

    def address(self, node, party):
        self.add(node, "cbc:StreetName", party.street or None)
        self.add(node, "cbc:CityName", "City")
        self.add(
            node, "cbc:PostalZone", "1234 AB" if party.country == "NL" else "00100"
        )
        country = self.add(node, "cac:Country")
        self.add(country, "cbc:IdentificationCode", party.country)
        if self.document.is_old:
            self.add(country, "cbc:Name", "Land")

    def delivery(self):
        delivery = self.add(self.root, "cac:Delivery")
        location = self.add(delivery, "cac:DeliveryLocation")
        self.address(self.add(location, "cac:Address"), self.document.buyer)
        if self.document.is_new:
            name = self.add(self.add(delivery, "cac:DeliveryParty"), "cac:PartyName")
            self.add(name, "cbc:Name", self.document.buyer.name)

    def payment(self):
        document = self.document
        means = self.add(self.root, "cac:PaymentMeans")
        code = "30" if document.account else "ZZZ"
        code = "57" if document.root == "CreditNote" else code
        means_name = "standing agreement" if document.is_new else "credit transfer"
        self.add(means, "cbc:PaymentMeansCode", code, name=means_name)
        if document.is_old:
            self.add(means, "cbc:PaymentDueDate", "2026-03-16")
            self.add(means, "cbc:InstructionID", "INV/2026/00007")
        self.add(means, "cbc:PaymentID", "INV/2026/00007")
        if document.account:
            account = self.add(means, "cac:PayeeFinancialAccount")
            self.add(account, "cbc:ID", document.account)
            if document.bic:
                branch = self.add(account, "cac:FinancialInstitutionBranch")
                self.add(branch, "cbc:ID", document.bic, schemeID="BIC")
        terms = self.add(self.root, "cac:PaymentTerms")
        self.add(terms, "cbc:Note", "14 days")

    def allowance(self, parent, charge, amount, code="95", tax=None):
        node = self.add(parent, "cac:AllowanceCharge")
        self.add(node, "cbc:ChargeIndicator", charge)
        self.add(
            node, "cbc:AllowanceChargeReasonCode", "ZZZ" if charge == "true" else code
        )
        self.money(node, "Amount", amount)
        if tax:
            self.category(node, "cac:TaxCategory", tax, with_reason=False)

    def category(self, parent, name, tax, with_reason=True):
        node = self.add(parent, name)
        self.add(node, "cbc:ID", tax.code)
        self.add(node, "cbc:Percent", f"{Decimal(tax.rate):.1f}")
        if with_reason and tax.reason_code:
            self.add(node, "cbc:TaxExemptionReasonCode", tax.reason_code)
        if with_reason and tax.reason:
            self.add(node, "cbc:TaxExemptionReason", tax.reason)
        self.add(self.add(node, "cac:TaxScheme"), "cbc:ID", "VAT")

    def bases(self):
        """Return the base of each tax; Odoo parts them by reason as well."""
        bases = {}
        for line in self.document.lines:
            bases[line.tax] = bases.get(line.tax, 0) + Decimal(line.total)
        for charge, amount, tax in self.document.allowances:
            sign = 1 if charge == "true" else -1
            bases[tax] = bases.get(tax, 0) + sign * Decimal(amount)
        return bases

    def vat(self):
        taxes = {
            tax: round(base * Decimal(tax.rate) / 100, 2)
            for tax, base in self.bases().items()
        }
        first = next(iter(taxes), None)
        if first:
            taxes[first] += Decimal(self.document.tax_surplus)
        return taxes

    def taxes(self):
        total = self.add(self.root, "cac:TaxTotal")
        taxes = self.vat()
        self.money(total, "TaxAmount", sum(taxes.values()))
        for tax, base in self.bases().items():
            node = self.add(total, "cac:TaxSubtotal")
            self.money(node, "TaxableAmount", base)
            self.money(node, "TaxAmount", taxes[tax])
            if self.document.is_old:
                self.add(node, "cbc:Percent", tax.rate)
            self.category(node, "cac:TaxCategory", tax)
        if self.document.accounting:
            code, amount = self.document.accounting
            second = self.add(self.root, "cac:TaxTotal")
            self.add(second, "cbc:TaxAmount", amount, currencyID=code)

    def totals(self):
        document = self.document
        debit = document.root == "DebitNote"
        name = "RequestedMonetaryTotal" if debit else "LegalMonetaryTotal"
        totals = self.add(self.root, f"cac:{name}")
        net = sum(Decimal(line.total) for line in document.lines)
        gross = net + sum(self.vat().values())
        self.money(totals, "LineExtensionAmount", net)
        self.money(totals, "TaxExclusiveAmount", net)
        self.money(totals, "TaxInclusiveAmount", gross)
        self.money(totals, "PrepaidAmount", document.prepaid)
        payable = gross + Decimal(document.rounding) - Decimal(document.prepaid)
        self.money(totals, "PayableAmount", payable)

    def line(self, number, line):
        kind = self.document.root
        quantity = {"Invoice": "Invoiced", "CreditNote": "Credited"}.get(
            kind, "Debited"
        )
        node = self.add(self.root, f"cac:{kind}Line")
        self.add(node, "cbc:ID", str(number))
        self.add(node, f"cbc:{quantity}Quantity", line.quantity, unitCode="C62")
        self.money(node, "LineExtensionAmount", line.total)
        if self.document.is_new:
            period = self.add(node, "cac:InvoicePeriod")
            self.add(period, "cbc:StartDate", "2026-02-01")
            self.add(period, "cbc:EndDate", "2026-02-28")
        for charge, code, amount in line.allowances:
            self.allowance(node, charge, amount, code)
        item = self.add(node, "cac:Item")
        self.add(item, "cbc:Description", line.name or None)
        self.add(item, "cbc:Name", line.name or None)
        self.category(item, "cac:ClassifiedTaxCategory", line.tax)
        price = self.add(node, "cac:Price")
        self.add(
            price, "cbc:PriceAmount", line.price, currencyID=self.document.currency
        )
