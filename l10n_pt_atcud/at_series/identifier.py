"""Which identifiers AT accepts for a series (series manual, section 1.3.2)."""

from __future__ import annotations

import re

LONGEST = 35
_FORM = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")
_RESERVED = "AT"  # for self-billing; capitals are not told apart anywhere else either


def is_valid_identifier(identifier: str) -> bool:
    """Tell whether AT accepts ``identifier``.

    Letters without accents, digits, and single ``.``, ``_`` or ``-`` between them;
    at most 35 characters; not beginning with AT in any capitals.
    """
    return (
        len(identifier) <= LONGEST
        and _FORM.fullmatch(identifier) is not None
        and not identifier.upper().startswith(_RESERVED)
    )
