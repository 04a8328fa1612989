"""``./dev bench``: what the addons cost, as ratios measured side by side in one run."""

import os
import pathlib
import statistics
import sys
from contextlib import ExitStack, contextmanager

from . import console, databases, processes
from .console import Problem, say, step
from .places import VAR
from .workshop import from_environment

INVOICES = 300
ROUNDS = 5
SCRIPT = pathlib.Path(__file__).with_name("bench_posting.py")


def main():
    """Post the same invoices with the addon and without it, in turns."""
    workshop = from_environment()
    cases = {"without": (), "with": ("-i", "l10n_pt_atcud", "--skip-auto-install")}
    say(f"Posting {INVOICES} Portuguese invoices, with l10n_pt_atcud and without")
    with ExitStack() as stack:
        posts = {}
        for case, install in cases.items():
            with step(f"database {case} the addon, {INVOICES} drafts"):
                posts[case] = stack.enter_context(_poster(workshop, case, install))
        rounds = []
        for number in range(ROUNDS):
            # Whoever is second may find a warmer machine: take turns at that, too.
            order = sorted(posts, reverse=number % 2)
            taken = {case: posts[case]() for case in order}
            rounds.append(taken)
            say(f"  round {number + 1}: " + _line(taken))
    ratio = statistics.median(taken["with"] / taken["without"] for taken in rounds)
    say(f"\nmedian of {ROUNDS} ratios, with / without: {ratio:.2f}")


def _line(taken):
    with_, without = taken["with"], taken["without"]
    return f"{with_:.2f}s with, {without:.2f}s without, ratio {with_ / without:.2f}"


@contextmanager
def _poster(workshop, case, install):
    """Yield a function that posts all drafts once and returns the seconds."""
    database = f"bench_{os.getpid()}_{case}"
    databases.copy(workshop, database)
    base = ("-c", workshop.configuration(), "-d", database, "--no-http")
    log = VAR / f"bench-{case}.log"
    asked, commands = os.pipe()
    answers, told = os.pipe()
    script = (
        f"from runpy import run_path\n"
        f"run_path({str(SCRIPT)!r})['run'](env, {INVOICES}, {asked}, {told})\n"
    )
    with ExitStack() as stack:
        file = stack.enter_context(log.open("w"))
        stack.callback(databases.drop, workshop, database)
        environment = workshop.odoo_environment()
        common = {"env": environment, "stdout": file, "stderr": file}
        if install:
            workshop.run_odoo(log, *base, *install, "--stop-after-init")
        stack.enter_context(_shell(workshop, base, script, (asked, told), common))
        told_lines = stack.enter_context(os.fdopen(answers))

        def post():
            os.write(commands, b"1")
            return float(_answer(told_lines, log))

        _answer(told_lines, log)
        try:
            yield post
        finally:
            os.close(commands)


@contextmanager
def _shell(workshop, base, script, ends, common):
    """Run the script in Odoo's shell; our copies of its pipes' ends are closed."""
    source, sink = os.pipe()
    with processes.running(
        workshop.odoo("shell", *base), stdin=source, pass_fds=ends, **common
    ) as process:
        for end in (source, *ends):
            os.close(end)
        with os.fdopen(sink, "w") as file:
            file.write(script)
        yield process


def _answer(lines, log):
    """Return the next line, or raise when the other side ended."""
    line = lines.readline()
    if not line:
        raise Problem(f"the benchmark stopped; Odoo's log is {log}")
    return line.strip()


if __name__ == "__main__":
    processes.unwind_on_signals()
    sys.exit(console.run(main))
