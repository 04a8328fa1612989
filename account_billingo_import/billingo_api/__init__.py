"""Billingo's API v3 for reading, without Odoo."""

from __future__ import annotations

from . import (
    errors,
    kinds,
    mapper,
    messages,
    numbers,
    parsing,
    simulation,
    simulator,
    spendings,
    transport,
    uploads,
)
from .booking import Original
from .client import HOST, BillingoClient
from .mapper import book

__all__ = [
    "HOST",
    "BillingoClient",
    "Original",
    "book",
    "errors",
    "kinds",
    "mapper",
    "messages",
    "numbers",
    "parsing",
    "simulation",
    "simulator",
    "spendings",
    "transport",
    "uploads",
]
