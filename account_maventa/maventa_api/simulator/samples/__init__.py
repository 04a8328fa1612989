"""Invented documents of real shapes, as companies receive them.

Each one is described once and written as Finvoice or as UBL; see :func:`samples`.
"""

from .catalogue import samples
from .draft import Allowed, Draft, DraftRow, Style
from .parties import BUYER, Sender
from .rendering import Sample, sample_of

__all__ = [
    "BUYER",
    "Allowed",
    "Draft",
    "DraftRow",
    "Sample",
    "Sender",
    "Style",
    "sample_of",
    "samples",
]
