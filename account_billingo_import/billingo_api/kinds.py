"""The kinds of documents that Billingo knows, with all that depends on the kind.

A new kind is one line in ``_ALL``. Codes are Billingo's ``DocumentType``.
"""

from __future__ import annotations

from dataclasses import dataclass


def _lt(label: str) -> str:
    """Mark a label for Odoo's export of terms, which looks for this name."""
    return label


@dataclass(frozen=True)
class DocumentKind:
    """One kind.

    :ivar label: English, translated by whoever shows it
    :ivar wanted_with: groups of documents that an account can be asked for; a
        document is wanted with any of them (``invoices``, ``advances``,
        ``proformas``, ``receipts``)
    :ivar is_booked: becomes an entry; else it is kept for information
    :ivar is_cancellation: undoes another document as a whole
    :ivar is_correction: changes another document by its own amounts
    :ivar is_receipt: a cash sale, which may name no buyer
    """

    code: str
    label: str
    wanted_with: tuple[str, ...] = ()
    is_booked: bool = False
    is_cancellation: bool = False
    is_correction: bool = False
    is_receipt: bool = False

    @property
    def is_amendment(self) -> bool:
        """Tell whether it refers to another document that it undoes or changes."""
        return self.is_cancellation or self.is_correction


_SALES = ("invoices", "advances")
_ALL = (
    DocumentKind("advance", _lt("Advance invoice"), ("advances",), is_booked=True),
    DocumentKind(
        "cancellation",
        _lt("Storno invoice"),
        _SALES,
        is_booked=True,
        is_cancellation=True,
    ),
    DocumentKind("cert_of_completion", _lt("Certificate of completion")),
    DocumentKind("d_cert_of_completion", _lt("Draft certificate of completion")),
    DocumentKind("dossier", _lt("Dossier")),
    DocumentKind("draft", _lt("Draft")),
    DocumentKind("draft_offer", _lt("Draft offer")),
    DocumentKind("draft_order_form", _lt("Draft order form")),
    DocumentKind("draft_waybill", _lt("Draft waybill")),
    DocumentKind("invoice", _lt("Invoice"), ("invoices",), is_booked=True),
    DocumentKind(
        "modification",
        _lt("Correction invoice"),
        _SALES,
        is_booked=True,
        is_correction=True,
    ),
    DocumentKind("offer", _lt("Offer")),
    DocumentKind("order_form", _lt("Order form")),
    DocumentKind("proforma", _lt("Pro forma invoice"), ("proformas",)),
    DocumentKind(
        "receipt", _lt("Receipt"), ("receipts",), is_booked=True, is_receipt=True
    ),
    DocumentKind(
        "receipt_cancellation",
        _lt("Storno of a receipt"),
        ("receipts",),
        is_booked=True,
        is_cancellation=True,
        is_receipt=True,
    ),
    DocumentKind("waybill", _lt("Waybill")),
)
KINDS = {kind.code: kind for kind in _ALL}

CANCELLATIONS = frozenset(kind.code for kind in _ALL if kind.is_cancellation)


def kind_of(code: str | None) -> DocumentKind:
    """Return the kind of a code; one that is not known yet is never booked."""
    return KINDS.get(code or "") or DocumentKind(code or "", "")
