"""Which way the amounts of a credit note stand.

The guidelines want them negative; some senders write them positive, some only turn
the head or only the rows. The document's total decides: what comes out is never
negative in total, and ``is_refund`` says what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from .incoming import (
    DocumentKind,
    IncomingAllowance,
    IncomingDocument,
    IncomingRow,
    IncomingTotals,
    IncomingVat,
)
from .node import Notes

ZERO = Decimal(0)


def turned(document: IncomingDocument, notes: Notes) -> IncomingDocument:
    """Return the document with a total that is not negative, and rows that follow it.

    A total of zero keeps the signs and the type that are written.
    """
    document = _head_as_total(document)
    document = _rows_as_head(document, notes)
    if document.kind is DocumentKind.CREDIT_NOTE and not document.totals.payable:
        # It moves no money, and many senders write nothing to pay
        document = replace(document, totals=replace(document.totals, payable=None))
    weight = document.totals.total or document.totals.net or ZERO
    if weight >= 0:
        if document.kind is DocumentKind.CREDIT_NOTE and weight > 0:
            notes.add("positive_credit_note")
        return _tidied(document)
    if document.kind is not DocumentKind.CREDIT_NOTE:
        notes.add("negative_invoice")
    return _tidied(
        replace(
            document,
            is_refund=True,
            rows=tuple(map(_row, document.rows)),
            sub_rows=tuple(map(_row, document.sub_rows)),
            allowances=tuple(map(_allowance, document.allowances)),
            vat_groups=tuple(map(_vat, document.vat_groups)),
            totals=_totals(document.totals),
        )
    )


def _head_as_total(document: IncomingDocument) -> IncomingDocument:
    """Return the document with all sums of its head signed as its total is."""
    totals = document.totals
    total = totals.total
    if not total:
        return document
    if None not in (totals.net, totals.vat):
        made = (totals.net or ZERO) + (totals.vat or ZERO)
        if made == ZERO - total:
            totals = replace(totals, net=_minus(totals.net), vat=_minus(totals.vat))
    payable = total - totals.paid + totals.round_off
    if totals.payable and totals.payable == -payable:
        totals = replace(totals, payable=payable)
    groups = document.vat_groups
    bases = sum((group.base or ZERO for group in groups), ZERO)
    if totals.net and bases == -totals.net:
        groups = tuple(map(_vat, groups))
    allowances = document.allowances
    rows = totals.rows
    if rows and totals.net:
        signed: Decimal = sum((one.signed for one in allowances), ZERO)
        if -rows - signed == totals.net or -rows + signed == totals.net:
            rows = -rows
        if signed and rows - signed == totals.net:
            allowances = tuple(map(_allowance, allowances))
    return replace(
        document,
        totals=replace(totals, rows=rows),
        vat_groups=groups,
        allowances=allowances,
    )


def _rows_as_head(document: IncomingDocument, notes: Notes) -> IncomingDocument:
    """Return the document with its rows turned if they are the head's mirror."""
    net = document.totals.net
    made = sum((row.net for row in document.rows if row.net is not None), ZERO)
    made += sum((one.signed for one in document.allowances), ZERO)
    if not net or not made or made != -net:
        return document
    notes.add("rows_turned", rows=made, net=net)
    return replace(
        document,
        rows=tuple(map(_row, document.rows)),
        sub_rows=tuple(map(_row, document.sub_rows)),
        allowances=tuple(map(_allowance, document.allowances)),
    )


def _tidied(document: IncomingDocument) -> IncomingDocument:
    """Return the document with the signs of rows in quantities, not in prices."""
    return replace(document, rows=tuple(map(_with_price, document.rows)))


def _with_price(row: IncomingRow) -> IncomingRow:
    if row.price is None or row.price >= 0 or row.quantity is None:
        return row
    return replace(row, price=-row.price, quantity=-row.quantity)


def _row(row: IncomingRow) -> IncomingRow:
    return replace(
        row,
        net=_minus(row.net),
        quantity=_minus(row.quantity),
        vat_amount=_minus(row.vat_amount),
        gross=_minus(row.gross),
        allowances=tuple(map(_allowance, row.allowances)),
    )


def _allowance(allowance: IncomingAllowance) -> IncomingAllowance:
    return replace(allowance, amount=-allowance.amount)


def _vat(group: IncomingVat) -> IncomingVat:
    return replace(group, base=_minus(group.base), amount=_minus(group.amount))


def _totals(totals: IncomingTotals) -> IncomingTotals:
    minus: Callable[[Decimal | None], Decimal | None] = _minus
    return IncomingTotals(
        total=minus(totals.total),
        net=minus(totals.net),
        vat=minus(totals.vat),
        rows=minus(totals.rows),
        round_off=-totals.round_off,
        paid=-totals.paid,
        payable=minus(totals.payable),
        vat_in_euro=minus(totals.vat_in_euro),
    )


def _minus(value: Decimal | None) -> Decimal | None:
    return None if value is None else ZERO - value
