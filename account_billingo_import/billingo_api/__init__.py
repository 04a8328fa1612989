"""Billingo's API v3 for reading, without Odoo.

``client`` speaks, ``parsing`` and ``spendings`` turn JSON into the values of
``messages``; ``mapper`` makes amounts of a document that can be booked, ``tax_point``
says under which VAT regime and on which day, ``same_bill`` whether another bill is the
same, ``plausibility`` what to ask about.
"""

from __future__ import annotations

from . import (
    duplicate_rules,
    errors,
    kinds,
    mapper,
    messages,
    numbers,
    parsing,
    plausibility,
    regimes,
    simulation,
    simulator,
    spendings,
    tax_point,
    transport,
    uploads,
    vat_codes,
)
from .booking import Original, Related
from .client import HOST, BillingoClient
from .mapper import book
from .tax_point import document_regime

__all__ = [
    "HOST",
    "BillingoClient",
    "Original",
    "Related",
    "book",
    "document_regime",
    "errors",
    "kinds",
    "mapper",
    "messages",
    "numbers",
    "parsing",
    "plausibility",
    "regimes",
    "same_bill",
    "simulation",
    "simulator",
    "spendings",
    "tax_point",
    "transport",
    "uploads",
    "vat_codes",
]
