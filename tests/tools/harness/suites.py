"""The jobs of ``./dev test``, run side by side, and what they found."""

import os
import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from xml.etree import ElementTree

from . import databases, processes, selection, terms
from .addons import ADDONS
from .console import Problem, say
from .odoo_suite import OdooSuite
from .places import ROOT, VAR, locked

OWN_TESTS = ("tests/tools/repository", "tests/tools/front_door")
NOTHING_COLLECTED = 5  # pytest's exit status
SHOWN = 40  # lines of each trouble


@dataclass(frozen=True)
class Result:
    """What a job found: its passed tests, and a text for each trouble."""

    name: str
    passed: int
    troubles: tuple[str, ...]
    seconds: float
    folder: Path


class Run:
    """One call of ``./dev test``.

    :param addons: the chosen ones; without any, the repository is checked as well
    :param pattern: part of the names of the wanted tests, or empty
    """

    def __init__(self, workshop, addons, pattern):
        self._workshop = workshop
        self._pattern = pattern
        chosen = addons or ADDONS
        self._jobs = [(f"{addon} in Odoo", self._suite, addon) for addon in chosen]
        plain = [ADDONS[addon].plain_tests for addon in chosen]
        self._jobs.append(("protocol packages", self._pytest, plain))
        killed = [path for x in chosen for path in ADDONS[x].crash_tests]
        if killed:
            self._jobs.append(("killed workers", self._pytest, killed))
        if not addons:
            self._jobs.append(("repository", self._pytest, OWN_TESTS))
        if not addons and not pattern:
            self._jobs.append(("terms", self._terms, None))
            self._jobs.append(("lint", self._lint, None))

    def execute(self):
        """Run all jobs, print what they found, and return the exit status."""
        with locked(VAR / "test.lock", "another ./dev test is at work in this folder"):
            shutil.rmtree(VAR / "test", ignore_errors=True)
            databases.template(self._workshop)
            results = side_by_side(partial(self._timed, *job) for job in self._jobs)
        if self._pattern and not any(x.passed or x.troubles for x in results):
            raise Problem(f"no test matches -k {self._pattern!r}")
        return report(results)

    def _timed(self, name, job, argument):
        started = time.monotonic()
        folder = VAR / "test" / name.split()[0]
        folder.mkdir(parents=True)
        passed, troubles = job(argument, folder)
        seconds = time.monotonic() - started
        outcome = f"{len(troubles)} FAILED" if troubles else "ok"
        say(f"  {name}: {passed} passed, {outcome} {seconds:.1f}s")
        return Result(name, passed, tuple(troubles), seconds, folder)

    def _suite(self, addon, folder):
        tags = selection.tags(addon, self._pattern)
        if not tags:
            return 0, ()
        run = partial(self._run, folder)
        suite = OdooSuite(self._workshop, addon, tags, run, folder)
        return suite.again() if self._pattern else suite.fresh()

    def _pytest(self, paths, folder):
        """Run plain tests; pytest's own words are the trouble."""
        command = [self._workshop.python, "-m", "pytest", "-q"]
        command += ["-p", "no:cacheprovider"]
        command += ["-k", self._pattern] if self._pattern else []
        junit = folder / "junit.xml"
        command += [f"--junit-xml={junit}", *paths]
        status, _text = self._run(folder, command, self._workshop.environment())
        passed, troubles = read_junit(junit, may_be_empty=bool(self._pattern))
        if status not in (0, NOTHING_COLLECTED) and not troubles:
            troubles = (f"pytest ended with status {status}; see the log",)
        return passed, troubles

    def _terms(self, _argument, folder):
        return terms.check(self._workshop, partial(self._run, folder), folder)

    def _lint(self, _argument, folder):
        command = [self._workshop.python, "-m", "harness.lint"]
        status, text = self._run(folder, command, self._workshop.environment())
        return read_closing_line(status, text)

    @staticmethod
    def _run(folder, command, environment):
        log = folder / "log.txt"
        with (
            log.open("a") as file,
            processes.running(
                command, cwd=ROOT, env=environment, stdout=file, stderr=file
            ) as process,
        ):
            status = process.wait()
        return status, log.read_text(errors="replace")


def side_by_side(jobs):
    """Call the jobs in threads, one more than there are cores; return what they return.

    A suite waits for browsers, PDFs and the database for a third of its time.
    Ctrl-C ends what they started, and those that wait are never begun.
    """
    news = SimpleQueue()  # a future that is done, or nothing at Ctrl-C
    with (
        processes.signals_told(partial(news.put, None)),
        ThreadPoolExecutor(os.cpu_count() + 1) as pool,
    ):
        futures = [pool.submit(job) for job in jobs]
        for future in futures:
            future.add_done_callback(news.put)
        for _future in futures:
            if _next(news) is None:
                pool.shutdown(wait=False, cancel_futures=True)
                processes.family.end()
                raise KeyboardInterrupt
        return [future.result() for future in futures]


def _next(news):
    """Return the next of the news.

    A signal that the kernel gave to another thread is heard when this one wakes up.
    """
    while True:
        with suppress(Empty):
            return news.get(timeout=0.5)


def read_junit(path, may_be_empty=False):
    """Return passed tests and troubles of a pytest run.

    A skipped test is a trouble; so is a run without a test, unless a pattern was given.

    :param path: the report that pytest wrote
    """
    if not path.exists():
        return 0, ("pytest did not get so far as to run a test; see the log",)
    cases = list(ElementTree.parse(path).iter("testcase"))
    if not cases and not may_be_empty:
        return 0, ("no test was run",)
    troubles = [
        f"{case.get('classname')}.{case.get('name')}: {found.tag}\n"
        f"{found.text or found.get('message')}"
        for case in cases
        for found in case
        if found.tag in ("failure", "error", "skipped")
    ]
    return len(cases) - len(troubles), tuple(troubles)


def read_closing_line(status, text):
    """Return passed checks and troubles from a program's ``N passed, M failed``."""
    found = re.search(r"^(\d+) passed, (\d+) failed$", text, re.MULTILINE)
    if not found or (status and found[2] == "0"):
        return 0, (text[-2000:] or f"ended with status {status}",)
    passed, failed = map(int, found.groups())
    return passed, (text, *["see above"] * (failed - 1)) if failed else ()


def report(results):
    """Print the troubles first, then where to look, and the sum as the last line."""
    for result in results:
        for trouble in result.troubles:
            lines = trouble.strip().splitlines()
            shown = lines if len(lines) <= SHOWN else [*lines[:SHOWN], "..."]
            say(f"\n--- {result.name}\n" + "\n".join(shown))
        if result.troubles:
            say(f"    log, screenshots, PDFs: {result.folder}")
    passed = sum(result.passed for result in results)
    failed = sum(len(result.troubles) for result in results)
    if not passed and not failed:
        failed = 1
    say(f"\n{passed} passed, {failed} failed")
    return 1 if failed else 0
