"""``./dev bench``: the cost of the addons, as ratios measured in one run."""

import importlib
import sys

from . import console, processes, protocol_packages
from .console import Problem, say
from .fixtures import Fixtures
from .paths import TESTS, VAR, locked
from .toolchain import from_environment

MEASURES = TESTS / "product" / "bench"


def main(names):
    """Take the measures with these names, or all of them."""
    known = sorted(path.stem for path in MEASURES.glob("*.py"))
    for name in names:
        if name not in known:
            raise Problem(f"no measure {name!r}; there are {', '.join(known)}")
    toolchain = from_environment()
    protocol_packages.expose()
    with locked(VAR / "bench.lock", "another ./dev bench is running in this folder"):
        folder = VAR / "bench"
        folder.mkdir(exist_ok=True)
        for name in names or known:
            measure = importlib.import_module(f"bench.{name}")
            say(f"\n{name}: {measure.TITLE}")
            with console.still_running(name):
                measure.measure(Fixtures(toolchain, folder / f"{name}.log"))


if __name__ == "__main__":
    processes.unwind_on_signals()
    sys.exit(console.run(main, sys.argv[1:]))
