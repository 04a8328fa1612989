"""A text in all languages of the database, for readers who differ from the writer."""


class LocalizedText(dict):
    """Texts by language code; as ``str`` the text of the main language."""

    def __init__(self, texts, main):
        super().__init__(texts)
        self.main = main

    def __str__(self):
        return self[self.main]


def in_language(text, lang):
    """Return a text as it was kept (plain, or by language) for a reader's language."""
    if not isinstance(text, dict):
        return text or ""
    found = text.get(lang) or text.get("en_US") or next(iter(text.values()), "")
    return str(found)
