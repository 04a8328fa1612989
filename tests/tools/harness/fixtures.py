"""Databases, Odoo processes and simulators, for measures and crash tests."""

import os
import pathlib
import tempfile
from contextlib import contextmanager

from simulators import loopback

from . import cron_workers, databases, odoo_worker
from .console import step


class Fixtures:
    """The fixtures of a measure or a crash test.

    :param log: path of the file for Odoo's log
    """

    def __init__(self, toolchain, log):
        self._toolchain = toolchain
        self._log = log

    @contextmanager
    def database(self, *addons):
        """Make a database with the addons for the block; yield its name."""
        name = "_".join(("bench", str(os.getpid()), *addons[:1]))
        with step(f"database with {', '.join(addons) or 'Odoo alone'}"):
            databases.copy(self._toolchain, name)
            # Measures have Odoo's own delay for PDFs, as users have.
            delay = "DELETE FROM ir_config_parameter WHERE key = 'report.print_delay'"
            self._toolchain.cluster.psql(delay, name)
            if addons:
                base = ("-c", self._toolchain.configuration(), "-d", name, "--no-http")
                install = ("-i", ",".join(addons), "--skip-auto-install")
                self._toolchain.run_odoo(
                    self._log, *base, *install, "--stop-after-init"
                )
        try:
            yield name
        finally:
            databases.drop(self._toolchain, name)

    def odoo(self, database, script):
        """Start an Odoo process that calls functions of a script.

        :param script: path of the file
        :return: a context that yields an :class:`odoo_worker.OdooWorker`
        """
        return odoo_worker.working(self._toolchain, database, script, self._log)

    def cron_workers(self, database, *jobs):
        """Start Odoo's server with cron workers alone.

        :param jobs: names of the models whose scheduled jobs run
        :return: a context that yields a :class:`cron_workers.CronWorkers`
        """
        return cron_workers.working(self._toolchain, database, jobs, self._log)

    @contextmanager
    def services(self, latency=0):
        """Run the simulators; each request waits ``latency`` seconds.

        :return: for each addon the simulator, and the settings of a client
        """
        with (
            tempfile.TemporaryDirectory() as folder,
            loopback.running(pathlib.Path(folder), latency) as found,
        ):
            yield found
