class DocumentProblem(Exception):
    """Why a document cannot be booked, for the user and for the link to the remedy.

    :ivar kind: a value of ``billingo.document.error_kind``
    :ivar text: translated, says what to do
    :ivar data: what the remedy needs, as JSON
    """

    def __init__(self, kind, text, **data):
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.data = data
