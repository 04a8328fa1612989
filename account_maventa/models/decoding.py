"""A draft that Odoo's decoder fills, and whose taxes are set right after it.

A decoder takes taxes by their rates, of any country in which the company has some.
"""

_CONTEXT_KEY = "account_maventa_decoding"


class _Decoding:
    """The value in the context. A request is JSON or XML and cannot contain it."""


def decoding(records):
    """Return ``records`` in an environment that takes taxes of any country."""
    return records.with_context(**{_CONTEXT_KEY: _Decoding})


def is_decoding(records):
    """Return whether the taxes of ``records`` are not those that they will have."""
    return records.env.context.get(_CONTEXT_KEY) is _Decoding
