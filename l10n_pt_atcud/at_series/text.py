"""Text that XML, AT's fields and a database can hold."""

from __future__ import annotations

import re

# XML 1.0, section 2.2: everything that is no Char; lone surrogates are among it.
_NO_CHAR = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_C1 = re.compile("[\x7f-\x9f]")  # allowed in XML, and of no use to anybody
_NUMBER = re.compile(r"[+-]?[0-9]+")
LONGEST_REASON = 4000  # justificacaoType of AT's schema


def clean_text(text: str | None, longest: int | None = None) -> str:
    """Return ``text`` as it can be sent, stored and shown.

    Control characters, lone surrogates and what else XML 1.0 forbids become blanks,
    line ends become line feeds, and blanks around the text go. Cleaning twice changes
    nothing more. A caller who commits what it is about to send cleans it before.

    :param longest: cut after so many characters
    """
    text = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return _C1.sub(" ", _NO_CHAR.sub(" ", text)).strip()[:longest].strip()


def whole_number(text: str | None, digits: int = 9) -> int | None:
    """Return the integer that ``text`` is, or ``None``.

    :param digits: a longer number is ``None`` as well
    """
    text = (text or "").strip()
    if not _NUMBER.fullmatch(text) or len(text.lstrip("+-")) > digits:
        return None
    return int(text)
