"""Numbers and references as they are compared, whatever signs somebody has typed."""

import re

# The same of a bill's number and of its payment reference, in SQL
BARE_REF = "ltrim(regexp_replace(upper(ref), '[^0-9A-Z]', '', 'g'), '0')"
BARE_REFERENCE = BARE_REF.replace("(ref)", "(payment_reference)")


def bare(number):
    """Return a number or reference without blanks, signs and leading zeros."""
    return re.sub("[^0-9A-Z]", "", (number or "").upper()).lstrip("0")
