"""The toolchain: Odoo, Python, database server, browser and PDF tool."""

import json
import os
import pathlib
import subprocess
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields

from . import (
    databases,
    debian_odoo,
    odoo_source,
    pdf_tool,
    postgres,
    python_env,
    system,
)
from .console import Problem
from .paths import PYTHON_PATH, ROOT, VAR, cache

VARIABLE = "FISCAL_BRIDGES_TOOLCHAIN"
ODOO = pathlib.Path(__file__).with_name("odoo_program.py")
ODOO_TESTS = pathlib.Path(__file__).with_name("odoo_tests.py")


@dataclass(frozen=True)
class Toolchain:
    """Paths, as text, so that they can be passed to a child process.

    ``site`` is the folder that holds the package ``odoo``; ``more_addons`` are
    Odoo's further folders of addons; ``socket`` is PostgreSQL's folder.
    """

    cache: str
    python: str
    site: str
    more_addons: str
    pdf_tool: str
    browser: str
    programs: str
    socket: str

    @property
    def cluster(self):
        return postgres.Cluster(pathlib.Path(self.programs), pathlib.Path(self.socket))

    def odoo(self, *options):
        """Return the command that runs Odoo with ``options``."""
        return [self.python, str(ODOO), *options]

    def odoo_tests(self, *options):
        """Return the command that runs Odoo's tests with ``options``."""
        start = (
            f"import runpy; runpy.run_path({str(ODOO_TESTS)!r}, run_name='__main__')"
        )
        return [self.python, "-c", start, *options]

    def run_odoo(self, log, *options, script=""):
        """Run Odoo to its end.

        :param log: path of the file to which its log is added
        :param script: for Odoo's shell
        :raise Problem: it failed
        """
        with log.open("a") as file:
            done = subprocess.run(
                self.odoo(*options),
                input=script,
                env=self.odoo_environment(),
                stdout=file,
                stderr=file,
                text=True,
                check=False,
            )
        if done.returncode:
            raise Problem(f"Odoo failed; its log is {log}")

    def odoo_environment(self):
        """Return the environment in which Odoo runs; no setting of the user affects it.

        Odoo looks for wkhtmltopdf in PATH first, and compiles its files only when
        no variable forbids it.
        """
        return {
            **self._environment(),
            "PYTHONPATH": self.site,
            "PYTHONSAFEPATH": "1",  # no module of the harness is taken for Odoo's
        }

    def environment(self):
        """Return the environment of the harness's own programs: they import no Odoo."""
        return {
            **self._environment(),
            "PYTHONPATH": PYTHON_PATH,
            VARIABLE: json.dumps(asdict(self)),
        }

    def _environment(self):
        programs = (self.pdf_tool, os.path.dirname(self.python), self.programs)
        return {
            **postgres.clean_environment(),
            "PATH": os.pathsep.join((*programs, os.environ.get("PATH", ""))),
            "PGHOST": self.socket,
            "PGUSER": postgres.USER,
            "NO_PROXY": "localhost,127.0.0.1",
            "no_proxy": "localhost,127.0.0.1",
        }

    def configuration(self):
        """Write Odoo's configuration file for this database server; return its path."""
        path = VAR / f"{pathlib.Path(self.socket).name}.conf"
        path.parent.mkdir(exist_ok=True)
        addons = ",".join(filter(None, (str(ROOT), self.more_addons)))
        text = (
            "[options]\n"
            f"db_host = {self.socket}\n"
            f"db_user = {postgres.USER}\n"
            f"data_dir = {self.cache}/odoo-data\n"
            f"addons_path = {addons}\n"
            "http_interface = 127.0.0.1\n"
            "list_db = False\n"
        )
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
        return str(path)


def from_environment():
    """Return the toolchain that the parent process has set up."""
    known = json.loads(os.environ[VARIABLE])
    return Toolchain(**{field.name: known[field.name] for field in fields(Toolchain)})


@contextmanager
def open_toolchain():
    """Set up all missing parts, keep PostgreSQL running, and yield the toolchain."""
    system.provide()
    folder = cache()
    site, more_addons = odoo_source.provide(folder)
    python = python_env.provide(folder)
    debian_odoo.link_font(site, python)
    pdf = pdf_tool.provide(folder, python)
    programs = system.postgres_bin()
    with postgres.serving(folder, programs) as cluster:
        toolchain = Toolchain(
            cache=str(folder),
            python=str(python),
            site=str(site),
            more_addons=",".join(map(str, more_addons)),
            pdf_tool=str(pdf),
            browser=system.browser(),
            programs=str(programs),
            socket=str(cluster.socket),
        )
        databases.drop_abandoned(toolchain)
        yield toolchain
