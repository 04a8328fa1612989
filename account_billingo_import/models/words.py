"""Billingo's own words in the user's language; what is not listed is shown as it is."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

DOCUMENT_TYPES = {
    "advance": _lt("Advance invoice"),
    "cancellation": _lt("Storno invoice"),
    "cert_of_completion": _lt("Certificate of completion"),
    "dossier": _lt("Dossier"),
    "draft": _lt("Draft"),
    "draft_offer": _lt("Draft of an offer"),
    "draft_order_form": _lt("Draft of an order form"),
    "draft_waybill": _lt("Draft of a waybill"),
    "invoice": _lt("Invoice"),
    "modification": _lt("Correction invoice"),
    "offer": _lt("Offer"),
    "order_form": _lt("Order form"),
    "proforma": _lt("Pro forma invoice"),
    "receipt": _lt("Receipt"),
    "receipt_cancellation": _lt("Storno of a receipt"),
    "waybill": _lt("Waybill"),
}

PAYMENT_STATES = {
    "expired": _lt("Overdue"),
    "none": _lt("Nothing to pay"),
    "outstanding": _lt("Open"),
    "paid": _lt("Paid"),
    "partially_paid": _lt("Paid in part"),
    "unpaid": _lt("Open"),
}

# What the state of the data report to NAV means for whoever looks at the document;
# for the many ways to fail Billingo itself has the details.
NAV_STATES = {
    "aborted": _lt("Aborted"),
    "done": _lt("Accepted by NAV"),
    "dont_send_external_import": _lt("Not reported: imported from elsewhere"),
    "dont_send_foreign": _lt("Not reported: foreign"),
    "dont_send_oss": _lt("Not reported: OSS"),
    "dont_send_other": _lt("Not reported: other reason"),
    "empty_organization_country_code": _lt("Refused: the seller's country is missing"),
    "empty_partner_country_code": _lt("Refused: the buyer's country is missing"),
    "empty_tax": _lt("Refused: a tax number is missing"),
    "forbidden": _lt("Refused: NAV does not allow it"),
    "invalid_address": _lt("Refused: invalid address"),
    "invalid_client": _lt("Refused: invalid program"),
    "invalid_conversion_rate": _lt("Refused: invalid exchange rate"),
    "invalid_customer": _lt("Refused: invalid buyer"),
    "invalid_invoice_reference": _lt("Refused: the invoice referred to is not known"),
    "invalid_postalcode": _lt("Refused: invalid postal code"),
    "invalid_request_signature": _lt("Refused: invalid signature"),
    "invalid_security_user": _lt("Refused: invalid technical user"),
    "invalid_tax": _lt("Refused: invalid tax number"),
    "invalid_tax_number": _lt("Refused: invalid tax number"),
    "invalid_user_relation": _lt("Refused: the technical user is another company's"),
    "invalid_vat_data": _lt("Refused: invalid VAT data"),
    "invoice_number_not_unique": _lt("Refused: the number was reported already"),
    "missing_document_item_name": _lt("Refused: a line has no name"),
    "nav_warn": _lt("Accepted by NAV, with a warning"),
    "no_online_szamla_settings": _lt("Not reported: Online Számla is not set up"),
    "no_send_by_user": _lt("Not reported: a user's choice"),
    "non_exist_tax_number": _lt("Refused: no such tax number"),
    "not unique": _lt("Refused: the number was reported already"),
    "not_checked": _lt("Not checked"),
    "not_registered_customer": _lt("Refused: the buyer is not registered"),
    "processing": _lt("NAV is at work on it"),
    "received": _lt("Received by NAV"),
    "saved": _lt("Saved by NAV"),
    "send_failed": _lt("Reporting failed"),
    "sent": _lt("Sent to NAV"),
    "started": _lt("Reporting has begun"),
    "technical_error": _lt("Technical error at NAV"),
    "under_tax_limit": _lt("Not reported: below the limit of VAT"),
    "validation_ok": _lt("Data are valid"),
}

# The parts of a document that may change, as an activity names them.
PARTS = {
    "bank_account": _lt("bank account"),
    "block_id": _lt("document block"),
    "comment": _lt("comment"),
    "conversion_rate": _lt("exchange rate"),
    "currency": _lt("currency"),
    "discount": _lt("discount"),
    "document_partner": _lt("buyer"),
    "due_date": _lt("due date"),
    "fulfillment_date": _lt("day of fulfilment"),
    "gross_total": _lt("gross total"),
    "invoice_date": _lt("day of issue"),
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
    "net_amount_local": _lt("net"),
    "vat_amount_local": _lt("VAT"),
}


def in_words(env, table, word):
    """Return what a word of Billingo's means, in the user's language.

    :param table: one of this module's tables
    """
    return env._(table[word]) if word in table else word or ""
