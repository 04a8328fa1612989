"""The account that the lines of a received bill get, known before they are made.

Odoo would look for it once for each line, among all lines of the supplier.
"""

_CONTEXT_KEY = "account_maventa_account"


class _Expected:
    """The value in the context. A request is JSON or XML and cannot contain it."""

    def __init__(self, account):
        self.account_id = account.id


def expecting(records, account):
    """Return ``records`` in an environment in which lines get an account, if any."""
    return records.with_context(**{_CONTEXT_KEY: _Expected(account)})


def expected_id(records):
    """Return the id of the account that lines get here, or False."""
    expected = records.env.context.get(_CONTEXT_KEY)
    return isinstance(expected, _Expected) and expected.account_id
