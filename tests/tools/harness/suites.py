"""The jobs of ``./dev test``, run side by side, and their results."""

import os
import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from xml.etree import ElementTree

from . import console, databases, import_order, processes, selection, terms
from .addons import ADDONS
from .console import Problem, say
from .odoo_suite import OdooSuite
from .paths import ROOT, VAR, locked
from .progress import Progress

OWN_TESTS = ("tests/tools/repository", "tests/tools/front_door")
SERVED = ("tests/product/served",)
NOTHING_COLLECTED = 5  # pytest's exit status
SHOWN = 40  # lines of each failure


@dataclass(frozen=True)
class Job:
    """``run(argument, folder)`` returns the number of passed tests, and failures."""

    name: str
    run: Callable
    argument: object = None
    total: int = 0

    @property
    def folder(self):
        """The folder for the job's log, reports and screenshots."""
        return VAR / "test" / self.name.replace(" ", "_")


@dataclass(frozen=True)
class Result:
    """The outcome of a job: the number of passed tests, and a text for each failure."""

    name: str
    passed: int
    failures: tuple[str, ...]
    seconds: float
    folder: Path


class Run:
    """One call of ``./dev test``.

    :param addons: the chosen ones; without any, the repository is checked as well
    :param pattern: part of the names of the wanted tests, or empty
    """

    def __init__(self, toolchain, addons, pattern):
        self._toolchain = toolchain
        self._pattern = pattern
        self._jobs = self._list_jobs(addons, addons or list(ADDONS))
        self._progress = Progress(job.name for job in self._jobs)
        self._results = []

    def _list_jobs(self, addons, chosen):
        """Return the jobs, long ones first: so both cores are busy to the end.

        Where the template database is missing, jobs that need none run meanwhile.
        """
        parts = [job for addon in chosen for job in self._suites(addon)]
        suites = sorted(parts, key=lambda job: job.total, reverse=True)
        if killed := [path for x in chosen for path in ADDONS[x].crash_tests]:
            suites.insert(0, Job("killed workers", self._pytest, killed))
        plain = [ADDONS[addon].plain_tests for addon in chosen]
        others = [Job("protocol packages", self._pytest, plain)]
        if not addons:
            suites.append(Job("served", self._pytest, SERVED))
            others.append(Job("repository", self._pytest, OWN_TESTS))
        if not addons and not self._pattern:
            suites.append(Job("import order and terms", self._import_order))
            others.append(Job("lint", self._lint))
        if databases.has_template(self._toolchain):
            return suites + others
        return [Job("template database", self._template), *others, *suites]

    def _suites(self, addon):
        """Return the jobs of an addon's own tests: one, or its two halves."""
        if self._pattern or not ADDONS[addon].is_halved:
            number = len(selection.matching(addon, self._pattern))
            tags = selection.tags(addon, self._pattern)
            return [Job(addon, self._suite, (addon, tags), number)]
        return [
            Job(f"{addon} {half}", self._suite, (addon, tags), number)
            for half, tags, number in selection.halves(addon)
        ]

    def execute(self):
        """Run all jobs, print their results, and return the exit status."""
        with locked(VAR / "test.lock", "another ./dev test is running in this folder"):
            shutil.rmtree(VAR / "test", ignore_errors=True)
            try:
                with console.heartbeat(self._progress.show):
                    side_by_side(partial(self._execute, job) for job in self._jobs)
            except KeyboardInterrupt:
                report_interrupted(self._results, self._progress.unfinished())
                raise
        if self._pattern and not any(x.passed or x.failures for x in self._results):
            raise Problem(f"no test matches -k {self._pattern!r}")
        return report(self._results)

    def _execute(self, job):
        job.folder.mkdir(parents=True)
        self._progress.begin(job.name, job.folder / "log.txt", job.total)
        passed, failures = job.run(job.argument, job.folder)
        is_test = passed or failures
        outcome = f"{passed} passed, {len(failures)} failed" if is_test else "ended"
        seconds = self._progress.end(job.name, outcome)
        result = Result(job.name, passed, tuple(failures), seconds, job.folder)
        self._results.append(result)

    def _template(self, _argument, _folder):
        databases.template(self._toolchain, nullcontext)
        return 0, ()

    def _suite(self, selected, folder):
        addon, tags = selected
        if not tags:
            return 0, ()
        run = partial(self._run, folder)
        suite = OdooSuite(self._toolchain, addon, tags, run, folder)
        return suite.again() if self._pattern else suite.fresh()

    def _pytest(self, paths, folder):
        """Run plain tests; pytest's report has the failures."""
        # -rP: also what tests that pass have to say, as how many kills met what
        command = [self._toolchain.python, "-m", "pytest", "-v", "-rP"]
        command += ["-p", "no:cacheprovider"]
        command += ["-k", self._pattern] if self._pattern else []
        junit = folder / "junit.xml"
        command += [f"--junit-xml={junit}", *paths]
        status, _text = self._run(folder, command, self._toolchain.environment())
        passed, failures = read_junit(junit, may_be_empty=bool(self._pattern))
        if status not in (0, NOTHING_COLLECTED) and not failures:
            failures = (f"pytest ended with status {status}; see the log",)
        return passed, failures

    def _import_order(self, _argument, folder):
        run = partial(self._run, folder)
        also = partial(terms.check, self._toolchain, folder)
        return import_order.check(self._toolchain, run, folder, also)

    def _lint(self, _argument, folder):
        command = [self._toolchain.python, "-m", "harness.lint"]
        status, text = self._run(folder, command, self._toolchain.environment())
        return read_closing_line(status, text)

    @staticmethod
    def _run(folder, command, environment):
        """Run a command to its end; return its status and its log.

        :raise KeyboardInterrupt: it was stopped, so neither says anything
        """
        log = folder / "log.txt"
        with (
            log.open("a") as file,
            processes.running(
                command, cwd=ROOT, env=environment, stdout=file, stderr=file
            ) as process,
        ):
            status = process.wait()
        processes.registry.check()
        return status, log.read_text(errors="replace")


def side_by_side(jobs):
    """Call the jobs in threads, two more than there are cores; return their values.

    A suite waits for browsers, PDFs and the database for a third of its time, and the
    first job, which kills workers, for most of it.
    Ctrl-C stops the programs that they started, and waiting jobs are never begun.

    :raise KeyboardInterrupt: after Ctrl-C, when all running jobs have ended
    """
    events = SimpleQueue()  # a future that is done, or None for Ctrl-C
    with (
        processes.on_signals(partial(events.put, None)),
        ThreadPoolExecutor(os.cpu_count() + 2) as pool,
    ):
        futures = [pool.submit(job) for job in jobs]
        for future in futures:
            future.add_done_callback(events.put)
        for _future in futures:
            if _next(events) is None:
                pool.shutdown(wait=False, cancel_futures=True)
                processes.registry.stop_all()
                raise KeyboardInterrupt
        return [future.result() for future in futures]


def _next(events):
    """Return the next event.

    A signal that the kernel gave to another thread is handled when this one wakes up.
    """
    while True:
        with suppress(Empty):
            return events.get(timeout=0.5)


def read_junit(path, may_be_empty=False):
    """Return the number of passed tests, and the failures, of a pytest run.

    A skipped test is a failure; so is a run without a test, unless a pattern was given.

    :param path: the report that pytest wrote
    """
    if not path.exists():
        return 0, ("pytest ended before the first test; see the log",)
    cases = list(ElementTree.parse(path).iter("testcase"))
    if not cases and not may_be_empty:
        return 0, ("no test was run",)
    failures = [
        f"{case.get('classname')}.{case.get('name')}: {found.tag}\n"
        f"{found.text or found.get('message')}"
        for case in cases
        for found in case
        if found.tag in ("failure", "error", "skipped")
    ]
    return len(cases) - len(failures), tuple(failures)


def read_closing_line(status, text):
    """Return passed checks and failures from a program's ``N passed, M failed``."""
    found = re.search(r"^(\d+) passed, (\d+) failed$", text, re.MULTILINE)
    if not found or (status and found[2] == "0"):
        return 0, (text[-2000:] or f"ended with status {status}",)
    passed, failed = map(int, found.groups())
    return passed, (text, *["see above"] * (failed - 1)) if failed else ()


def report(results):
    """Print the failures, then the folders with details, and the sum as last line."""
    _print_failures(results)
    passed, failed = _sum(results)
    if not passed and not failed:
        failed = 1
    say(f"\n{passed} passed, {failed} failed")
    return 1 if failed else 0


def report_interrupted(results, unfinished):
    """Print the results of an interrupted run: only finished jobs have any.

    :param unfinished: a text for each job that has none
    """
    _print_failures(results)
    passed, failed = _sum(results)
    say(f"\n{passed} passed, {failed} failed before the interruption")
    for text in unfinished:
        say(f"  not finished: {text}")


def _sum(results):
    """Return the numbers of passed and of failed tests."""
    passed = sum(result.passed for result in results)
    return passed, sum(len(result.failures) for result in results)


def _print_failures(results):
    for result in results:
        for failure in result.failures:
            lines = failure.strip().splitlines()
            shown = lines if len(lines) <= SHOWN else [*lines[:SHOWN], "..."]
            say(f"\n--- {result.name}\n" + "\n".join(shown))
        if result.failures:
            say(f"    log, screenshots, PDFs: {result.folder}")
