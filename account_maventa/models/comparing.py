"""Received bills are compared with their documents once per change, when it is done.

A change of a bill writes many lines, some of them several times. What is between
:func:`inside` and the end of the change is not compared; whoever began does that.
"""

_CONTEXT_KEY = "account_maventa_comparing"


class _Comparing:
    """The value in the context. A request is JSON or XML and cannot contain it."""


def inside(records):
    """Return ``records`` in an environment whose changes are compared later."""
    return records.with_context(**{_CONTEXT_KEY: _Comparing})


def is_inside(records):
    """Return whether somebody else compares when the change is done."""
    return records.env.context.get(_CONTEXT_KEY) is _Comparing
