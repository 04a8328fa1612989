"""Databases, Odoo processes and simulators, for measures and crash tests."""

import os
import pathlib
import subprocess
import tempfile
from contextlib import contextmanager

from simulators import loopback
from simulators.calls import Calls

from . import (
    cron_workers,
    databases,
    odoo_server,
    odoo_suite,
    odoo_worker,
    own_server,
)
from .console import step


class Fixtures:
    """The fixtures of a measure or a crash test.

    :param log: path of the file for Odoo's log
    :param own_server: an :class:`own_server.OwnServer` that has the databases
    :param kept: addons -> a database with them, for further ones; who gives it drops
        them
    """

    def __init__(self, toolchain, log, own_server=None, kept=None):
        self._toolchain = toolchain
        self._log = log
        self.own_server = own_server
        self._kept = kept

    @contextmanager
    def disturbed(self):
        """Yield fixtures with a database server of their own, to be disturbed."""
        with own_server.serving(self._toolchain) as server:
            yield Fixtures(server.toolchain, self._log, server)

    @contextmanager
    def database(self, *addons):
        """Make a database with the addons for the block; yield its name."""
        name = "_".join(("bench", str(os.getpid()), *addons[:1]))
        with step(f"database with {', '.join(addons) or 'Odoo alone'}"):
            if self._kept is None:
                self._install(name, addons)
            else:
                self._copy(name, addons)
        try:
            yield name
        finally:
            databases.drop(self._toolchain, name)

    def _copy(self, name, addons):
        """Copy the database that is kept with the addons, after making it."""
        if addons not in self._kept:
            self._install(f"{name}_kept", addons)
            self._kept[addons] = f"{name}_kept"
        databases.copy(self._toolchain, name, source=self._kept[addons])

    def _install(self, name, addons):
        """Make a database with the addons."""
        tablespace = {"tablespace": own_server.DISK} if self.own_server else {}
        databases.copy(self._toolchain, name, **tablespace)
        # Measures have Odoo's own delay for PDFs, as users have.
        delay = "DELETE FROM ir_config_parameter WHERE key = 'report.print_delay'"
        self._toolchain.cluster.psql(delay, name)
        if addons:
            base = ("-c", self._toolchain.configuration(), "-d", name, "--no-http")
            install = ("-i", ",".join(addons), "--skip-auto-install")
            self._toolchain.run_odoo(self._log, *base, *install, "--stop-after-init")

    @contextmanager
    def demo_database(self, *modules):
        """Make a database with demo data, as an integrator does; yield its name."""
        name = f"bench_{os.getpid()}_demo"
        base = ("-c", self._toolchain.configuration(), "-d", name, "--no-http")
        with step(f"database with demo data, {', '.join(modules)}"):
            databases.drop(self._toolchain, name)
            self._toolchain.run_odoo(
                self._log,
                *(*base, "--with-demo", "-i", ",".join(modules), "--stop-after-init"),
            )
        try:
            yield name
        finally:
            databases.drop(self._toolchain, name)

    def own_tests(self, database, tags):
        """Run tests of the addons by Odoo's own runner.

        :param tags: Odoo's ``--test-tags``
        :return: an :class:`odoo_log.Verdict`
        """
        return odoo_suite.judge(
            self._toolchain, self._run, database, tags, self._log.parent
        )

    def _run(self, command, environment):
        done = subprocess.run(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        with self._log.open("a") as file:
            file.write(done.stdout)
        return done.returncode, done.stdout

    def odoo(self, database, script):
        """Start an Odoo process that calls functions of a script.

        :param script: path of the file
        :return: a context that yields an :class:`odoo_worker.OdooWorker`
        """
        return odoo_worker.working(self._toolchain, database, script, self._log)

    def server(self, database, port, log, *options):
        """Serve a database; return a context that yields an ``odoo_server.Server``.

        :param options: more options of Odoo's command line
        """
        return odoo_server.serving(self._toolchain, database, port, log, *options)

    def cron_workers(self, database, *jobs, calls):
        """Start Odoo's server with cron workers alone.

        :param jobs: names of the models whose scheduled jobs run
        :param calls: the requests to the services
        :return: a context that yields a :class:`cron_workers.CronWorkers`
        """
        return cron_workers.working(self._toolchain, database, jobs, self._log, calls)

    @contextmanager
    def services(self, latency=0, calls=None):
        """Run the simulators; each request waits ``latency`` seconds.

        :param calls: watches the requests, and has the latency
        :return: for each addon the simulator, and the settings of a client
        """
        with (
            tempfile.TemporaryDirectory() as folder,
            loopback.running(pathlib.Path(folder), calls or Calls(latency)) as found,
        ):
            yield found
