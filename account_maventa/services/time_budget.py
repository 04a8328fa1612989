"""The time that one press of a button may take.

Odoo ends a request after two minutes (``limit_time_real``), and restarts its server. A
button that works through many records does what fits, and says what is left.
"""

import time

BY_HAND = 20  # seconds


class TimeBudget:
    """Counts from when it was made."""

    def __init__(self, seconds=None):
        self._end = time.monotonic() + (BY_HAND if seconds is None else seconds)

    @property
    def is_spent(self):
        """Whether the next record has to wait."""
        return time.monotonic() > self._end
