"""Obstacles that this addon finds itself, apart from the errors of AT's service.

An error of AT or the network is a :class:`~.at_series.SeriesError`; an obstacle that
is found in Odoo, before or after a request, is a :class:`SeriesProblem`.
"""


class SeriesProblem(Exception):
    """The series or its register does not allow what was requested.

    :param kind: key of the text in ``services/messages.py``
    :param data: values for the text
    """

    def __init__(self, kind, **data):
        super().__init__(kind)
        self.kind = kind
        self.data = data


class ConnectionProblem(SeriesProblem):
    """The connection to AT does not allow a request; it would be so for all series."""


class DocumentProblem(SeriesProblem):
    """A document says something that its QR code or its paper has no place for."""
