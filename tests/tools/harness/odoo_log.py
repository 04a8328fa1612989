"""The verdict on a test run, from Odoo's log: Odoo exits with 0 when no test ran."""

import re
from dataclasses import dataclass

_LINE = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (\w+) (\S+) (\S+): (.*)")
_RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
_FAILED = re.compile(r"(?:FAIL|ERROR|Subtest \S+ FAILED): ")
_SKIPPED = re.compile(r"skipped (\S+)")
# The end of a run repeats earlier messages.
_REPEATS = ("odoo.tests.result", "odoo.tests.stats")


@dataclass(frozen=True)
class Verdict:
    """The number of ``passed`` tests, and the ``failures``, each a text of a few lines.

    Skipped tests, and warnings that no test expected, are failures as well.
    ``finished`` tells whether Odoo came to the end of the tests.
    """

    passed: int
    failures: tuple[str, ...]
    finished: bool = True


def read(log):
    """Judge the text of a log of ``odoo --test-enable``."""
    failures = []
    passed = None
    for level, logger, text in _records(log):
        first = text.splitlines()[0]
        if logger in _REPEATS:
            if found := _RESULT.search(text):
                failed, errors, tests = map(int, found.groups())
                # Each subtest that failed counts, so more may fail than there are.
                passed = (passed or 0) + max(tests - failed - errors, 0)
        elif level in ("WARNING", "ERROR", "CRITICAL"):
            failures.append(
                text if _FAILED.match(first) else f"{level} {logger} {text}"
            )
        elif logger.startswith("odoo.addons.") and (skip := _SKIPPED.match(first)):
            failures.append(f"skipped: {skip[1]} (a skipped test proves nothing)")
    if not passed and not failures:
        failures.append("no test was run")
    return Verdict(passed or 0, tuple(failures), finished=passed is not None)


def _records(log):
    """Yield level, logger and text, which may have many lines, of each record."""
    record = None
    for line in log.splitlines():
        if start := _LINE.match(line):
            if record:
                yield record[0], record[1], "\n".join(record[2])
            level, _database, logger, text = start.groups()
            record = (level, logger, [text])
        elif record:
            record[2].append(line)
    if record:
        yield record[0], record[1], "\n".join(record[2])
