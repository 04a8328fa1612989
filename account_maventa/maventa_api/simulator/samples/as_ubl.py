"""A sample as Peppol BIS Billing 3 (UBL 2.1)."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

from lxml import etree

from ...finvoice.elements import add as add_plain
from ...finvoice.elements import serialised
from .draft import ZERO, Allowed, Draft, DraftRow
from .parties import Sender

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
CAC = f"{UBL}CommonAggregateComponents-2"
CBC = f"{UBL}CommonBasicComponents-2"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
CUSTOMIZATION = (
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
)
GROUPS = {  # the other names are basic elements
    "AccountingSupplierParty",
    "AccountingCustomerParty",
    "AdditionalDocumentReference",
    "AllowanceCharge",
    "Attachment",
    "BillingReference",
    "ClassifiedTaxCategory",
    "Country",
    "CreditNoteLine",
    "FinancialInstitutionBranch",
    "InvoiceDocumentReference",
    "InvoiceLine",
    "Item",
    "LegalMonetaryTotal",
    "OrderLineReference",
    "OrderReference",
    "Party",
    "PartyLegalEntity",
    "PartyName",
    "PartyTaxScheme",
    "PayeeFinancialAccount",
    "PayeeParty",
    "PaymentMeans",
    "PaymentTerms",
    "PostalAddress",
    "Price",
    "SellersItemIdentification",
    "StandardItemIdentification",
    "TaxCategory",
    "TaxScheme",
    "TaxSubtotal",
    "TaxTotal",
}


def add(
    parent: etree._Element, name: str, text: str | None = None, **attributes: str
) -> Any:
    space = CAC if name in GROUPS else CBC
    return add_plain(parent, f"{{{space}}}{name}", text, **attributes)


def as_ubl(draft: Draft, image: bytes = b"") -> bytes:
    """Return the document; the image, if any, is inside of it."""
    return serialised(Bis(draft).build(image), "UTF-8", declared=True)


class Bis:
    """Builds one root in the schema's order."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.name = "CreditNote" if draft.is_credit else "Invoice"

    def build(self, image: bytes) -> etree._Element:
        draft = self.draft
        space = f"{UBL}{self.name}-2"
        spaces: Any = {None: space, "cac": CAC, "cbc": CBC}
        root = etree.Element(f"{{{space}}}{self.name}", nsmap=spaces)
        add(root, "CustomizationID", CUSTOMIZATION)
        add(root, "ProfileID", PROFILE)
        add(root, "ID", draft.number)
        add(root, "IssueDate", draft.date.isoformat())
        if draft.due and not draft.is_credit:
            add(root, "DueDate", draft.due.isoformat())
        add(root, f"{self.name}TypeCode", "381" if draft.is_credit else draft.kind_un)
        add(root, "Note", " ".join(draft.texts))
        add(root, "DocumentCurrencyCode", draft.currency)
        add(root, "BuyerReference", draft.buyer_reference or "-")
        if draft.order:
            add(add(root, "OrderReference"), "ID", draft.order)
        if draft.original:
            reference = add(add(root, "BillingReference"), "InvoiceDocumentReference")
            add(reference, "ID", draft.original)
        self._files(root, image)
        self._party(root, "AccountingSupplierParty", draft.seller)
        self._party(root, "AccountingCustomerParty", draft.buyer)
        if draft.payee:
            payee = add(root, "PayeeParty")
            add(add(payee, "PartyName"), "Name", draft.payee.name)
        self._payment(root)
        for one in draft.allowed:
            self._allowance(root, one.is_charge, one.amount, one.reason, one)
        self._taxes(root)
        self._totals(root)
        self._lines(root)
        return root

    def _money(self, parent: etree._Element, name: str, value: Decimal) -> None:
        add(parent, name, f"{value:.2f}", currencyID=self.draft.currency)

    def _files(self, root: etree._Element, image: bytes) -> None:
        files = [*self.draft.files]
        if image:
            files.insert(0, (f"{self.draft.key}.pdf", "application/pdf", image))
        for name, mimetype, data in files:
            reference = add(root, "AdditionalDocumentReference")
            add(reference, "ID", name)
            text = base64.b64encode(data).decode()
            attachment = add(reference, "Attachment")
            add(
                attachment,
                "EmbeddedDocumentBinaryObject",
                text,
                mimeCode=mimetype,
                filename=name,
            )

    def _party(self, root: etree._Element, role: str, party: Sender) -> None:
        node = add(add(root, role), "Party")
        add(node, "EndpointID", party.address, schemeID=party.scheme)
        add(add(node, "PartyName"), "Name", party.name)
        address = add(node, "PostalAddress")
        add(address, "StreetName", party.street)
        add(address, "CityName", party.city)
        add(address, "PostalZone", party.post_code)
        add(add(address, "Country"), "IdentificationCode", party.country)
        if party.vat:
            scheme = add(node, "PartyTaxScheme")
            add(scheme, "CompanyID", party.vat)
            add(add(scheme, "TaxScheme"), "ID", "VAT")
        legal = add(node, "PartyLegalEntity")
        add(legal, "RegistrationName", party.name)
        add(legal, "CompanyID", party.bid, schemeID=party.legal_scheme)

    def _payment(self, root: etree._Element) -> None:
        draft, means = self.draft, add(root, "PaymentMeans")
        add(means, "PaymentMeansCode", "30")
        add(means, "PaymentID", draft.reference)
        account = add(means, "PayeeFinancialAccount")
        add(account, "ID", draft.iban)
        bic = (draft.payee or draft.seller).bic
        add(add(account, "FinancialInstitutionBranch"), "ID", bic)
        if draft.terms:
            add(add(root, "PaymentTerms"), "Note", draft.terms)

    def _allowance(
        self,
        parent: etree._Element,
        is_charge: bool,
        value: Decimal,
        reason: str,
        tax: Allowed | None = None,
    ) -> None:
        node = add(parent, "AllowanceCharge")
        add(node, "ChargeIndicator", "true" if is_charge else "false")
        add(node, "AllowanceChargeReason", reason)
        self._money(node, "Amount", value)
        if tax:
            self._category(node, "TaxCategory", tax.code, tax.rate)

    def _category(
        self,
        parent: etree._Element,
        name: str,
        code: str,
        rate: Decimal,
        reason: str = "",
    ) -> None:
        node = add(parent, name)
        add(node, "ID", code)
        if code != "O":
            add(node, "Percent", f"{rate.normalize():f}")
        add(node, "TaxExemptionReason", reason)
        add(add(node, "TaxScheme"), "ID", "VAT")

    def _taxes(self, root: etree._Element) -> None:
        total = add(root, "TaxTotal")
        self._money(total, "TaxAmount", self.draft.vat)
        for (code, rate), (base, vat) in self.draft.groups.items():
            node = add(total, "TaxSubtotal")
            self._money(node, "TaxableAmount", base)
            self._money(node, "TaxAmount", vat)
            reason = "" if code in ("S", "Z") else self.draft.exempt_reason or "-"
            self._category(node, "TaxCategory", code, rate, reason)

    def _totals(self, root: etree._Element) -> None:
        draft, node = self.draft, add(root, "LegalMonetaryTotal")
        self._money(node, "LineExtensionAmount", draft.rows_net)
        self._money(node, "TaxExclusiveAmount", draft.net)
        self._money(node, "TaxInclusiveAmount", draft.total)
        for name, is_charge in (
            ("AllowanceTotalAmount", False),
            ("ChargeTotalAmount", True),
        ):
            mine = [one.amount for one in draft.allowed if one.is_charge is is_charge]
            if mine:
                self._money(node, name, sum(mine, ZERO))
        if draft.paid:
            self._money(node, "PrepaidAmount", draft.paid)
        if draft.round_off:
            self._money(node, "PayableRoundingAmount", draft.round_off)
        self._money(node, "PayableAmount", draft.payable)

    def _lines(self, root: etree._Element) -> None:
        rows = list(self.draft.priced()) if self.draft.has_lines else []
        for position, row in enumerate(rows or self._one_per_group(), 1):
            self._line(root, position, row)

    def _one_per_group(self) -> list[DraftRow]:
        """Return what stands for the lines of a scan, which has none."""
        return [
            DraftRow("Invoice", base, rate, code)
            for (code, rate), (base, _vat) in self.draft.groups.items()
        ]

    def _line(self, root: etree._Element, position: int, row: DraftRow) -> None:
        node = add(root, f"{self.name}Line")
        add(node, "ID", str(position))
        add(node, "Note", " ".join(row.texts))
        kind = "CreditedQuantity" if self.draft.is_credit else "InvoicedQuantity"
        count = f"{row.quantity.normalize():f}"
        add(node, kind, count, unitCode=row.unit_code)
        self._money(node, "LineExtensionAmount", row.net or ZERO)
        if row.order or row.order_position:
            reference = add(node, "OrderLineReference")
            add(reference, "LineID", row.order_position or "-")
            if row.order:
                add(add(reference, "OrderReference"), "ID", row.order)
        for is_charge, value in ((False, row.discount), (True, row.charge)):
            if value:
                self._allowance(node, is_charge, value, "-")
        item = add(node, "Item")
        add(item, "Name", row.name)
        if row.article:
            add(add(item, "SellersItemIdentification"), "ID", row.article)
        if row.ean:
            identification = add(item, "StandardItemIdentification")
            add(identification, "ID", row.ean, schemeID="0160")
        self._category(item, "ClassifiedTaxCategory", row.code, row.rate)
        price = add(node, "Price")
        text = f"{row.unit_price.quantize(Decimal('0.000001')).normalize():f}"
        add(price, "PriceAmount", text, currencyID=self.draft.currency)
        if row.base != 1:
            base = f"{row.base.normalize():f}"
            add(price, "BaseQuantity", base, unitCode=row.unit_code)
