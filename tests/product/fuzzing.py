"""How long the fuzz tests run: seconds in ``./dev test``, longer in ``./dev bench``."""

import os

VARIABLE = "FUZZ_FACTOR"


def examples(number):
    """Return how many examples a test takes that has ``number`` in ``./dev test``."""
    return number * int(os.environ.get(VARIABLE, "1"))
