"""The characters that XML 1.0 knows (section 2.2); nothing else reaches a document."""

from __future__ import annotations

import re
from typing import Any

FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Return a text without the characters that no XML document can hold."""
    return FORBIDDEN.sub("", text)


def xml_values(value: Any) -> Any:
    """Return nested dicts and lists with each text in them as ``xml_text`` leaves it.

    Numbers of a class of their own, which format themselves, stay.
    """
    if isinstance(value, str):
        return xml_text(value)
    if isinstance(value, dict):
        return {key: xml_values(one) for key, one in value.items()}
    if isinstance(value, list):
        return [xml_values(one) for one in value]
    return value
