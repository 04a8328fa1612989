"""Does a received Finvoice say the same sums throughout?"""

from __future__ import annotations

from dataclasses import replace

from ..totals import Difference, inner_differences
from .incoming import IncomingDocument


def contradictions(document: IncomingDocument) -> tuple[Difference, ...]:
    """Return where rows, VAT table, totals and payment do not fit together.

    What is marked as paid may have nothing to pay, whether or not it says how much
    was paid.
    """
    figures = document.figures
    if document.is_paid and not figures.payable:
        figures = replace(figures, payable=None)
    rows = [
        (row.vat_code, row.vat_rate, row.net)
        for row in document.rows
        if row.net is not None
    ]
    rows += [(one.vat_code, one.vat_rate, one.signed) for one in document.allowances]
    return inner_differences(
        figures,
        rows=rows if document.priced_rows else (),
        paid=document.totals.paid,
        round_off=document.totals.round_off,
    )
