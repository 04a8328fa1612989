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
    beyond = booking.rounding + booking.difference
    assert booking.net + booking.vat + beyond == booking.gross
    for group in booking.vat_groups:
        own = [x for x in booking.lines if x.vat_code == group.vat_code]
        assert sum(x.net for x in own) == group.net
        assert sum(x.vat for x in own) == group.vat
        assert sum(x.local_vat for x in own) == group.local_vat
    assert sum(line.local_net for line in booking.lines) == booking.local_net
    assert sum(line.local_vat for line in booking.lines) == booking.local_vat
