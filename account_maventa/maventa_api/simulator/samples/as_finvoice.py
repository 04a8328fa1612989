"""A sample as Finvoice, in the manner of its sender."""

from __future__ import annotations

import re
from decimal import Decimal

from lxml import etree

from ...finvoice.elements import add, add_amount, add_date, add_texts
from ...finvoice.texts import amount, percent, price, quantity
from .draft import ZERO, Draft, DraftRow, Style, money
from .parties import Sender

FRAME = """<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:eb="http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd">
<SOAP-ENV:Header><eb:MessageHeader><eb:From><eb:PartyId>{sender}</eb:PartyId>
<eb:Role>Sender</eb:Role></eb:From><eb:From><eb:PartyId>003721291126</eb:PartyId>
<eb:Role>Intermediator</eb:Role></eb:From><eb:To><eb:PartyId>{receiver}</eb:PartyId>
<eb:Role>Receiver</eb:Role></eb:To><eb:To><eb:PartyId>003721291126</eb:PartyId>
<eb:Role>Intermediator</eb:Role></eb:To><eb:MessageData>
<eb:MessageId>{message}</eb:MessageId></eb:MessageData></eb:MessageHeader>
</SOAP-ENV:Header><SOAP-ENV:Body/></SOAP-ENV:Envelope>
"""
TYPE_TEXTS = {"INV02": "HYVITYSLASKU", "INV08": "HUOMAUTUSLASKU", "INV03": "KORKOLASKU"}


def as_finvoice(draft: Draft, style: Style | None = None) -> bytes:
    """Return the file that the sender hands over; ``style`` overrides its manner."""
    style = style or draft.style
    return b"".join(_one(draft, style, copy) for copy in range(style.repeats))


def _one(draft: Draft, style: Style, copy: int) -> bytes:
    number = f"{draft.number}-{copy + 1}" if copy else draft.number
    root = Finvoice(draft, style, number).build()
    etree.indent(root, space="  ")
    text = etree.tostring(root, encoding="unicode")
    if style.lower_case:
        text = re.sub(
            r"(</?)([A-Za-z]+)", lambda found: found[1] + found[2].lower(), text
        )
    head = ""
    if style.has_frame:
        head += FRAME.format(
            sender=draft.seller.address, receiver=draft.buyer.address, message=number
        )
    if style.declared:
        head += f'<?xml version="1.0" encoding="{style.declared}"?>\n'
    if style.has_doctype:
        head += '<!DOCTYPE Finvoice SYSTEM "Finvoice.dtd">\n'
    encoded = (head + text + "\n").encode(style.encoding, "xmlcharrefreplace")
    return style.mark + encoded


class Finvoice:
    """Builds one root; ``sign`` turns the amounts of credit notes."""

    def __init__(self, draft: Draft, style: Style, number: str) -> None:
        self.draft, self.style, self.number = draft, style, number
        is_negative = draft.is_credit and not style.positive_credit
        self.sign = Decimal(-1 if is_negative else 1)

    def build(self) -> etree._Element:
        root = etree.Element("Finvoice", Version=self.style.version)
        self._party(root, "Seller", self.draft.seller)
        self._party(root, "Buyer", self.draft.buyer)
        self._details(root)
        if self.draft.kind_un in ("393", "396"):
            node = add(root, "FactoringAgreementDetails")
            add(node, "FactoringAgreementIdentifier", "F-1")
            add(node, "FactoringFreeText", "Lasku on siirretty rahoitusyhtiölle.")
        for row in self.draft.rows if self.draft.has_lines else ():
            self._row(root, row)
        if not self.draft.has_lines:
            add(add(root, "InvoiceRow"), "RowFreeText", "Skannattu lasku")
        self._payment(root)
        for name, _url in self.draft.links:
            add(root, "InvoiceUrlNameText", name)
        for _name, url in self.draft.links:
            add(root, "InvoiceUrlText", url)
        return root

    def _money(self, parent: etree._Element, name: str, value: Decimal) -> None:
        if self.style.version == "1.3":  # without a currency
            add(parent, name, amount(value * self.sign))
        else:
            add_amount(parent, name, value * self.sign, self.draft.currency)

    def _party(self, root: etree._Element, role: str, party: Sender) -> None:
        node = add(root, f"{role}PartyDetails")
        add(node, f"{role}PartyIdentifier", party.bid)
        add(node, f"{role}OrganisationName", party.name)
        add(node, f"{role}OrganisationTaxCode", party.vat)
        address = add(node, f"{role}PostalAddressDetails")
        add(address, f"{role}StreetName", party.street)
        add(address, f"{role}TownName", party.city)
        add(address, f"{role}PostCodeIdentifier", party.post_code)
        add(address, "CountryCode", party.country)
        add(root, f"{role}OrganisationUnitNumber", party.address)

    def _details(self, root: etree._Element) -> None:
        draft, node = self.draft, add(root, "InvoiceDetails")
        add(node, "InvoiceTypeCode", draft.kind)
        if self.style.version == "3.0":
            add(node, "InvoiceTypeCodeUN", draft.kind_un)
        add(node, "InvoiceTypeText", TYPE_TEXTS.get(draft.kind, "LASKU"))
        add(node, "OriginCode", draft.origin_code)
        add(node, "InvoiceNumber", self.number)
        add_date(node, "InvoiceDate", draft.date)
        add(node, "OriginalInvoiceNumber", draft.original)
        add(node, "OrderIdentifier", draft.order)
        add(node, "BuyerReferenceIdentifier", draft.buyer_reference)
        self._totals(node)
        for (code, rate), (base, vat) in draft.groups.items():
            group = add(node, "VatSpecificationDetails")
            self._money(group, "VatBaseAmount", base)
            add(group, "VatRatePercent", percent(rate))
            if self.style.version != "1.3":
                add(group, "VatCode", code)
            self._money(group, "VatRateAmount", vat)
            if code not in ("S", "Z"):
                add(group, "VatFreeText", draft.exempt_reason)
        add_texts(node, "InvoiceFreeText", draft.texts)
        self._terms(node)
        for one in draft.allowed:
            name = "ChargeDetails" if one.is_charge else "DiscountDetails"
            parent = add(node, name)
            add(parent, "ReasonText" if one.is_charge else "FreeText", one.reason)
            self._money(parent, "Amount", one.amount)
            add(parent, "VatCategoryCode", one.code)
            add(parent, "VatRatePercent", percent(one.rate))

    def _totals(self, node: etree._Element) -> None:
        draft = self.draft
        self._money(node, "RowsTotalVatExcludedAmount", draft.rows_net)
        self._money(node, "InvoiceTotalVatExcludedAmount", draft.net)
        self._money(node, "InvoiceTotalVatAmount", draft.vat)
        self._money(node, "InvoiceTotalVatIncludedAmount", draft.total)
        if draft.round_off:
            self._money(node, "InvoiceTotalRoundoffAmount", draft.round_off)
        if draft.paid:
            self._money(node, "InvoicePaidAmount", draft.paid)

    def _terms(self, node: etree._Element) -> None:
        terms = add(node, "PaymentTermsDetails")
        add(terms, "PaymentTermsFreeText", self.draft.terms)
        add_date(terms, "InvoiceDueDate", self.draft.due)
        if self.draft.cash_discount:
            add_date(terms, "CashDiscountDate", self.draft.date)
            add(terms, "CashDiscountPercent", percent(self.draft.cash_discount))

    def _row(self, root: etree._Element, row: DraftRow) -> None:
        node = add(root, "InvoiceRow")
        if row.net is None and not row.parts:
            add(node, "ArticleName", row.name)
        elif row.net is not None:
            self._priced(node, row, "", "Row")
        else:
            add(node, "ArticleName", row.name)
        if row.parts:  # by the schema in a row of their own
            node = add(root, "InvoiceRow")
        for part in row.parts:
            self._priced(add(node, "SubInvoiceRow"), part, "Sub", "SubRow")

    def _priced(
        self, node: etree._Element, row: DraftRow, article: str, prefix: str
    ) -> None:
        net = row.net or ZERO
        with_vat = self.style.prices_with_vat
        add(node, f"{article}ArticleIdentifier", row.article)
        add(node, f"{article}ArticleName", row.name)
        add(node, f"{article}EanCode", row.ean)
        units = {"QuantityUnitCode": row.unit, "QuantityUnitCodeUN": row.unit_code}
        count = quantity(row.quantity * self.sign)
        add(node, f"{article}InvoicedQuantity", count, **units)
        if row.period:
            add_date(node, f"{article}StartDate", row.period[0])
            add_date(node, f"{article}EndDate", row.period[1])
        self._prices(node, row, article)
        add(node, f"{prefix}Identifier", row.order)
        add(node, f"{prefix}OrderPositionIdentifier", row.order_position)
        add_texts(node, f"{prefix}FreeText", row.texts)
        if row.discount:
            if row.discount_percent is not None:
                text = percent(row.discount_percent)
                add(node, f"{prefix}DiscountPercent", text)
            self._money(node, f"{prefix}DiscountAmount", row.discount)
        if row.charge:
            charge = add(node, f"{prefix}ChargeDetails")
            add(charge, "ReasonText", "Pientoimituslisä")
            self._money(charge, "Amount", row.charge)
        add(node, f"{prefix}VatRatePercent", percent(row.rate))
        if not with_vat:
            add(node, f"{prefix}VatCode", row.code)
            self._money(node, f"{prefix}VatExcludedAmount", net)
        gross = money(net * (1 + row.rate / 100))
        self._money(node, f"{prefix}Amount", gross)

    def _prices(self, node: etree._Element, row: DraftRow, article: str) -> None:
        currency = {"AmountCurrencyIdentifier": self.draft.currency}
        if self.style.prices_with_vat:
            included = row.unit_price * (1 + row.rate / 100)
            name = f"{article}UnitPriceVatIncludedAmount"
            add(node, name, price(included), **currency)
            return
        for name in ("UnitPriceAmount", "UnitPriceNetAmount"):
            add(node, f"{article}{name}", price(row.unit_price), **currency)
        if row.base != 1 and not self.style.hidden_base:
            add(node, f"{article}UnitPriceBaseQuantity", quantity(row.base))

    def _payment(self, root: etree._Element) -> None:
        draft, node = self.draft, add(root, "EpiDetails")
        identification = add(node, "EpiIdentificationDetails")
        add_date(identification, "EpiDate", draft.date)
        etree.SubElement(identification, "EpiReference")
        parties = add(node, "EpiPartyDetails")
        bank = add(parties, "EpiBfiPartyDetails")
        payee = draft.payee or draft.seller
        scheme = "IdentificationSchemeName"
        add(bank, "EpiBfiIdentifier", payee.bic, **{scheme: "BIC"})
        to = add(parties, "EpiBeneficiaryPartyDetails")
        add(to, "EpiNameAddressDetails", payee.name[:35])
        add(to, "EpiBei", payee.bid[:11] if payee.country == "FI" else "")
        add(to, "EpiAccountID", draft.iban, **{scheme: "IBAN"})
        order = add(node, "EpiPaymentInstructionDetails")
        kind = {scheme: "ISO" if draft.reference.startswith("RF") else "SPY"}
        add(order, "EpiRemittanceInfoIdentifier", draft.reference, **kind)
        self._money(order, "EpiInstructedAmount", draft.payable)
        etree.SubElement(order, "EpiCharge", ChargeOption="SHA")
        add_date(order, "EpiDateOptionDate", draft.due or draft.date)
