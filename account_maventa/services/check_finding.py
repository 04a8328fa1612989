"""What a check of a document finds: a text, and the record where it is put right."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Finding:
    """A problem that prevents a document, or a remark about it.

    :param text: for the user
    :param record: the customer, tax, invoice ... to open, if one is known
    """

    text: str
    record: Any = None


def texts_of(findings):
    """Return the texts of findings, each once, in their order."""
    return list(dict.fromkeys(finding.text for finding in findings))
