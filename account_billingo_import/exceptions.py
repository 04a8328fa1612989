"""Obstacles of our own, apart from what Billingo answers (``billingo_api.errors``)."""


class DocumentProblem(Exception):
    """Why a document cannot be booked.

    ``services/messages.py`` has the kind of error and the text for each code.

    :ivar code: a key of ``messages.PROBLEMS``
    :ivar values: what the text names
    :ivar remedy: what the button beside the error needs, as JSON
    """

    def __init__(self, code, remedy=None, **values):
        super().__init__(code)
        self.code = code
        self.remedy = remedy or {}
        self.values = values
