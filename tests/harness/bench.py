"""``./dev bench``: what the addons cost, as ratios measured in one run."""

import importlib
import os
import pathlib
import sys
import tempfile
from contextlib import contextmanager

from . import console, databases, odoo_worker, processes, simulators
from .console import Problem, say, step
from .places import ROOT, VAR, locked
from .workshop import from_environment

MEASURES = ROOT / "tests" / "bench"
INSIDE = MEASURES / "inside"  # what runs in Odoo's process


class Bench:
    """What a measure may use; ``name`` is the measure's own."""

    def __init__(self, workshop, name):
        self._workshop = workshop
        self._name = name
        self._log = VAR / "bench" / f"{name}.log"

    @contextmanager
    def database(self, *addons):
        """Make a database with the addons for the block; yield its name."""
        case = "_".join(("bench", str(os.getpid()), *addons[:1]))
        with step(f"database with {', '.join(addons) or 'Odoo alone'}"):
            databases.copy(self._workshop, case)
            if addons:
                base = ("-c", self._workshop.configuration(), "-d", case, "--no-http")
                install = ("-i", ",".join(addons), "--skip-auto-install")
                self._workshop.run_odoo(
                    self._log, *base, *install, "--stop-after-init"
                )
        try:
            yield case
        finally:
            databases.drop(self._workshop, case)

    def odoo(self, database):
        """Start an Odoo process that calls functions of ``inside/NAME.py``.

        :return: a context that yields an :class:`odoo_worker.OdooWorker`
        """
        script = INSIDE / f"{self._name}.py"
        return odoo_worker.working(self._workshop, database, script, self._log)

    @contextmanager
    def services(self, latency=0):
        """Run the simulators; each request waits ``latency`` seconds.

        :return: for each addon the simulator, and what a client needs to know of it
        """
        with (
            tempfile.TemporaryDirectory() as folder,
            simulators.running(pathlib.Path(folder), latency) as found,
        ):
            yield found


def main(names):
    """Take the measures with these names, or all of them."""
    known = sorted(path.stem for path in MEASURES.glob("*.py"))
    for name in names:
        if name not in known:
            raise Problem(f"no measure {name!r}; there are {', '.join(known)}")
    workshop = from_environment()
    with locked(VAR / "bench.lock", "another ./dev bench is at work in this folder"):
        (VAR / "bench").mkdir(exist_ok=True)
        for name in names or known:
            measure = importlib.import_module(f"bench.{name}")
            say(f"\n{name}: {measure.TITLE}")
            measure.measure(Bench(workshop, name))


if __name__ == "__main__":
    processes.unwind_on_signals()
    sys.exit(console.run(main, sys.argv[1:]))
