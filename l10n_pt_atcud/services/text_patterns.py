"""Texts as patterns of the database."""


def escape_pattern(text):
    """Return ``text`` for a comparison with =ilike, which knows wildcards."""
    return text.replace("\\", r"\\").replace("_", r"\_").replace("%", r"\%")
