"""Progress of the jobs of a test run, from their logs."""

import re
import time
from dataclasses import dataclass
from pathlib import Path

from .console import say

# A test that Odoo starts, one that pytest finished, a check that lint finished.
_DONE = re.compile(
    rb": Starting \w+\.test_"
    rb"|::.* (?:PASSED|FAILED|ERROR|SKIPPED)\b"
    rb"|^(?:PASSED|FAILED) ",
    re.MULTILINE,
)
_COLLECTED = re.compile(rb"^collected (\d+) item", re.MULTILINE)


@dataclass
class _Running:
    """A job that has begun; ``total`` tests, or 0 when only its log has the number."""

    log: Path
    total: int
    started: float


class Progress:
    """The state of each job: waiting, running, or finished.

    :param names: of all jobs, in the order in which they begin
    """

    def __init__(self, names):
        self._waiting = list(names)
        self._running = {}
        self._started = time.monotonic()

    def begin(self, name, log, total=0):
        """Print that a job begins.

        :param log: path of its log, which need not exist yet
        :param total: number of its tests, if that is known
        """
        self._waiting.remove(name)
        self._running[name] = _Running(log, total, time.monotonic())
        say(f"  {name}: started")

    def end(self, name, outcome):
        """Print the outcome of a job; return the seconds that it took."""
        seconds = time.monotonic() - self._running.pop(name).started
        say(f"  {name}: {outcome} {seconds:.1f}s")
        return seconds

    def show(self, _seconds=None):
        """Print the number of tests done so far in each running job."""
        elapsed = int(time.monotonic() - self._started)
        parts = self.unfinished()
        say(f"  [{elapsed // 60}:{elapsed % 60:02}] {'; '.join(parts)}")

    def unfinished(self):
        """Return a text for each job that has not ended: its name and its count."""
        running = [
            f"{name} {counts(job.log, job.total)}"
            for name, job in sorted(self._running.items())
        ]
        waiting = [f"waiting: {', '.join(self._waiting)}"] if self._waiting else []
        return running + waiting


def counts(log, total=0):
    """Return how many tests of a job have begun, as text: "12 of 30 tests".

    :param log: path of a log of Odoo, pytest or lint
    :param total: of the tests; 0 means that the log may have it
    """
    text = log.read_bytes() if log.exists() else b""
    done = len(_DONE.findall(text))
    total = total or sum(map(int, _COLLECTED.findall(text)))
    if not done:
        return "setting up"
    return f"{done} of {total} tests" if total >= done else f"{done} tests"
