"""The addon's own exceptions, apart from the errors of Maventa's protocol."""


class TransferProblem(Exception):
    """Something in Odoo prevents a call to Maventa.

    :param kind: snake_case; ``services/messages.py`` has its text
    :param data: values for that text
    """

    def __init__(self, kind, **data):
        super().__init__(kind)
        self.kind = kind
        self.data = data


class UndecodedError(Exception):
    """Odoo's decoder cannot read a received document; the message says why."""
