"""The commands of ``./dev``: each takes its options and returns an exit status."""

import shutil

from . import databases, postgres, processes, python_env, suites, system
from .addons import ADDONS
from .console import Problem, say
from .paths import PYTHON_PATH, ROOT, VAR, cache, empty_cache
from .toolchain import open_toolchain


def demo(_options):
    """Play the stories; 0 only when all their checks are true."""
    return _module("harness.demo")


def serve(options):
    """Serve the demo; play it first if it does not exist."""
    return _module("harness.serve", str(options["port"]))


def sandbox(_options):
    """Run the three simulators until Ctrl-C."""
    return _module("harness.sandbox")


def bench(options):
    """Measure, and print ratios."""
    return _module("harness.bench", *options["measures"])


def pictures(_options):
    """Renew store pages and pictures of READMEs from a new demo."""
    return _module("harness.pictures")


def translations(_options):
    """Renew the templates and the translation files."""
    return _module("harness.translations")


def lint(options):
    """Run the linters, or the named ones; they need neither Odoo nor PostgreSQL."""
    system.provide()
    python = python_env.provide(cache())
    environment = {**postgres.clean_environment(), "PYTHONPATH": PYTHON_PATH}
    fix = ["--fix"] if options["fix"] else []
    command = [python, "-m", "harness.lint", *fix, *options["checks"]]
    return processes.foreground(command, cwd=ROOT, env=environment)


def test(options):
    """Run the tests; 0 when at least one passed and none failed."""
    addons = [name.rstrip("/") for name in options["addons"]]  # as a shell completes it
    unknown = set(addons) - ADDONS.keys()
    if unknown:
        raise Problem(f"no addon {min(unknown)!r}; there are {', '.join(ADDONS)}")
    with open_toolchain() as toolchain:
        return suites.Run(toolchain, addons, options["pattern"]).execute()


def shell(_options):
    """Open Odoo's shell on the demo database."""
    with open_toolchain() as toolchain:
        database = databases.demo_name()
        if not databases.exists(toolchain, database):
            raise Problem("there is no demo database; make it with ./dev demo")
        command = toolchain.odoo(
            "shell", "-c", toolchain.configuration(), "-d", database
        )
        return processes.foreground(
            [*command, "--no-http"], env=toolchain.odoo_environment()
        )


def clean(_options):
    """Remove databases, cache and the output in ``var``."""
    folder = cache()
    if programs := system.postgres_bin():
        postgres.remove(folder, programs)
    empty_cache(folder)
    shutil.rmtree(VAR, ignore_errors=True)
    say(f"  removed {VAR} and the files made in {folder}")


def _module(name, *arguments):
    """Run one of these modules in the virtual environment; return its status."""
    with open_toolchain() as toolchain:
        command = [toolchain.python, "-m", name, *arguments]
        return processes.foreground(command, cwd=ROOT, env=toolchain.environment())
