"""Obstacles that this addon finds itself, apart from the errors of AT's service.

What AT or the network says is a :class:`~.at_series.SeriesError`; what is found here,
before or after AT is asked, is a :class:`SeriesProblem`.
"""


class SeriesProblem(Exception):
    """The series or its register does not allow what was requested.

    :param kind: key of the text in ``services/messages.py``
    :param data: what the text needs to name
    """

    def __init__(self, kind, **data):
        super().__init__(kind)
        self.kind = kind
        self.data = data


class ConnectionProblem(SeriesProblem):
    """The connection to AT does not allow a request; it would be so for all series."""
