"""What Odoo's log says of a test run: Odoo itself exits with 0 when nothing ran."""

import re
from dataclasses import dataclass

_LINE = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (\w+) (\S+) (\S+): (.*)")
_RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
_FAILED = re.compile(r"(?:FAIL|ERROR|Subtest \S+ FAILED): ")
_SKIPPED = re.compile(r"skipped (\S+)")
# The end of a run repeats what was said before.
_REPEATS = ("odoo.tests.result", "odoo.tests.stats")


@dataclass(frozen=True)
class Verdict:
    """``passed`` tests, and the ``troubles``, each a text of a few lines.

    Skipped tests, and warnings that no test expected, are troubles like failures.
    ``finished`` tells whether Odoo came to the end of the tests.
    """

    passed: int
    troubles: tuple[str, ...]
    finished: bool = True


def read(text):
    """Judge a log of ``odoo --test-enable``.

    :param text: the log
    """
    troubles = []
    passed = None
    for level, logger, words in _records(text):
        first = words.splitlines()[0]
        if logger in _REPEATS:
            if found := _RESULT.search(words):
                failed, errors, tests = map(int, found.groups())
                # Each subtest that failed counts, so more may fail than there are.
                passed = (passed or 0) + max(tests - failed - errors, 0)
        elif level in ("WARNING", "ERROR", "CRITICAL"):
            troubles.append(
                words if _FAILED.match(first) else f"{level} {logger} {words}"
            )
        elif logger.startswith("odoo.addons.") and (skip := _SKIPPED.match(first)):
            troubles.append(f"skipped: {skip[1]} (a skipped test proves nothing)")
    if not passed and not troubles:
        troubles.append("no test was run")
    return Verdict(passed or 0, tuple(troubles), finished=passed is not None)


def _records(text):
    """Yield level, logger and words, which may be many lines, of each record."""
    record = None
    for line in text.splitlines():
        if start := _LINE.match(line):
            if record:
                yield record[0], record[1], "\n".join(record[2])
            level, _database, logger, words = start.groups()
            record = (level, logger, [words])
        elif record:
            record[2].append(line)
    if record:
        yield record[0], record[1], "\n".join(record[2])
