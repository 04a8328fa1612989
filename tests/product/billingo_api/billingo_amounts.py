"""Shorthands of the mapper's tests."""

from copy import deepcopy

from billingo_api import book
from billingo_api.parsing import parse_document
from billingo_api.simulator.samples import COMPANY


def issue(seller, *items, **options):
    return deepcopy(seller.issue(COMPANY, *items, **options))


def booked(raw, **options):
    return book(parse_document(raw), **options)


def check(booking):
    """What holds for every booking."""
    assert sum(line.net for line in booking.lines) == booking.net
    assert sum(line.vat for line in booking.lines) == booking.vat
    assert booking.net + booking.vat + booking.rounding == booking.gross
    assert sum(line.local_net for line in booking.lines) == booking.local_net
    assert sum(line.local_vat for line in booking.lines) == booking.local_vat
