"""Text of a remote service, made safe for every place that shows HTML.

The same text stands in each addon, because each addon installs alone; a check on the
repository keeps the copies equal.
"""

from markupsafe import Markup


def as_html(text):
    """Return plain text as markup that shows it as it is, with its line breaks.

    Whatever the text contains, a browser shows it as text: no tag and no link becomes
    live. Markup of our own stays as it is.
    """
    if isinstance(text, Markup):
        return text
    return Markup("<br/>").join(str(text or "").splitlines())
