"""Billingo's codes as users read them; a code that is not listed is shown as it is."""

from odoo.tools.translate import LazyTranslate

from .billingo_api.kinds import KINDS

_lt = LazyTranslate(__name__)

PAYMENT_STATES = {
    "expired": _lt("Overdue"),
    "none": _lt("Nothing to pay"),
    "outstanding": _lt("Open"),
    "paid": _lt("Paid"),
    "partially_paid": _lt("Partially paid"),
    "unpaid": _lt("Open"),
}

# States of the data report to NAV. Billingo itself has the details of the failures.
NAV_STATES = {
    "aborted": _lt("Aborted"),
    "done": _lt("Accepted by NAV"),
    "dont_send_external_import": _lt("Not reported: imported into Billingo"),
    "dont_send_foreign": _lt("Not reported: foreign"),
    "dont_send_oss": _lt("Not reported: OSS"),
    "dont_send_other": _lt("Not reported: other reason"),
    "empty_organization_country_code": _lt("Rejected: seller's country missing"),
    "empty_partner_country_code": _lt("Rejected: buyer's country missing"),
    "empty_tax": _lt("Rejected: tax number missing"),
    "forbidden": _lt("Rejected: not allowed by NAV"),
    "invalid_address": _lt("Rejected: invalid address"),
    "invalid_client": _lt("Rejected: invalid software"),
    "invalid_conversion_rate": _lt("Rejected: invalid exchange rate"),
    "invalid_customer": _lt("Rejected: invalid buyer"),
    "invalid_invoice_reference": _lt("Rejected: unknown original invoice"),
    "invalid_postalcode": _lt("Rejected: invalid postal code"),
    "invalid_request_signature": _lt("Rejected: invalid signature"),
    "invalid_security_user": _lt("Rejected: invalid technical user"),
    "invalid_tax": _lt("Rejected: invalid tax number"),
    "invalid_tax_number": _lt("Rejected: invalid tax number"),
    "invalid_user_relation": _lt("Rejected: technical user of another company"),
    "invalid_vat_data": _lt("Rejected: invalid VAT data"),
    "invoice_number_not_unique": _lt("Rejected: number already reported"),
    "missing_document_item_name": _lt("Rejected: line without a name"),
    "nav_warn": _lt("Accepted by NAV with a warning"),
    "no_online_szamla_settings": _lt("Not reported: Online Számla is not set up"),
    "no_send_by_user": _lt("Not reported: user's choice"),
    "non_exist_tax_number": _lt("Rejected: tax number does not exist"),
    "not unique": _lt("Rejected: number already reported"),
    "not_checked": _lt("Not checked"),
    "not_registered_customer": _lt("Rejected: buyer is not registered"),
    "processing": _lt("Being processed by NAV"),
    "received": _lt("Received by NAV"),
    "saved": _lt("Saved by NAV"),
    "send_failed": _lt("Reporting failed"),
    "sent": _lt("Sent to NAV"),
    "started": _lt("Reporting started"),
    "technical_error": _lt("Technical error at NAV"),
    "under_tax_limit": _lt("Not reported: below the VAT limit"),
    "validation_ok": _lt("Data validated"),
}

REGIMES = {
    "standard": _lt("Hungarian rate"),
    "zero_rated": _lt("0% rate"),
    "small_business": _lt("Small business (AAM)"),
    "public_interest": _lt("Exempt in the public interest (TAM)"),
    "out_of_scope": _lt("Outside the scope of VAT (ATK)"),
    "domestic_reverse": _lt("Domestic reverse charge (FAD)"),
    "eu_goods": _lt("Goods to or from the EU (KBAET)"),
    "eu_new_vehicle": _lt("New vehicle to or from the EU (KBAUK)"),
    "eu_service": _lt("Service in the EU, the buyer owes (EUFAD37)"),
    "eu_reverse": _lt("Supply in the EU, the buyer owes (EUFADE)"),
    "eu_seller": _lt("Supply in the EU, the seller owes (EUE)"),
    "third_country": _lt("Supply outside the EU (HO)"),
    "export": _lt("Export (EAM)"),
    "international": _lt("International transaction (NAM)"),
    "margin": _lt("Margin scheme"),
    "compensation": _lt("Farmer's compensation"),
    "foreign_rate": _lt("Rate of another country"),
}

TAX_POINT_RULES = {
    "fulfilment": _lt("Date of fulfilment"),
    "continuous": _lt("Continuous supply: the day on the document"),
    "reverse_charge": _lt(
        "Reverse charge: the earliest of receipt, payment, and the 15th of the month "
        "after fulfilment"
    ),
    "acquisition": _lt(
        "Goods from the EU: issue, at the latest the 15th of the month after fulfilment"
    ),
    "payment": _lt("Cash accounting: the day of payment"),
    "correction": _lt("Correction: the period of its own issue or receipt"),
    "undone": _lt("Storno of a storno: the period of the storno that it undoes"),
}

# The parts of a document's data, as messages name them.
PARTS = {
    "bank_account": _lt("bank account"),
    "block_id": _lt("document block"),
    "comment": _lt("comment"),
    "conversion_rate": _lt("exchange rate"),
    "currency": _lt("currency"),
    "discount": _lt("discount"),
    "document_partner": _lt("buyer"),
    "due_date": _lt("due date"),
    "fulfillment_date": _lt("fulfilment date"),
    "gross_total": _lt("gross total"),
    "invoice_date": _lt("issue date"),
    "invoice_number": _lt("number"),
    "items": _lt("lines"),
    "organization": _lt("seller"),
    "payment_method": _lt("payment method"),
    "settings": _lt("settings"),
    "summary": _lt("totals"),
    "type": _lt("type"),
    # of spendings
    "total_gross": _lt("gross total"),
    "total_gross_local": _lt("gross total in forint"),
    "total_vat_amount": _lt("VAT"),
    "total_vat_amount_local": _lt("VAT in forint"),
    # of the totals
    "gross_amount_local": _lt("gross"),
    "net_amount": _lt("net"),
    "net_amount_local": _lt("net"),
    "vat_amount": _lt("VAT"),
    "vat_amount_local": _lt("VAT"),
}


def label(env, table, code):
    """Return the label of a code in the user's language.

    :param table: one of this module's tables
    """
    return env._(table[code]) if code in table else code or ""


def kind_label(env, code):
    """Return the label of a kind of documents in the user's language."""
    return env._(KINDS[code].label) if code in KINDS else code or ""
