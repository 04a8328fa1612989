"""Odoo's own cron workers, as processes that can be killed at any moment."""

import os
import pathlib
import signal
import time
from contextlib import closing, contextmanager

import psycopg2

from . import postgres, processes
from .console import Problem

WORKERS = 2
POLL = 0.05  # seconds between two looks
TIMEOUT = 60  # seconds for a worker to start


class CronWorkers:
    """The workers of one server; the server replaces each that dies."""

    def __init__(self, process, log, databases):
        self._process = process
        self._log = log
        self._postgres, self._database = databases

    def rows(self, query):
        """Return the rows of a query."""
        with self._database.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def work(self, seconds, **dates):
        """Let the workers do their jobs for some seconds.

        :param dates: table=column; its future dates are set to now
        """
        for table, column in dates.items():
            self._make_due(table, column)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._make_due("ir_cron", "nextcall")
            self._wake()
            time.sleep(min(POLL, max(0, deadline - time.monotonic())))

    def kill(self, choose):
        """Kill one worker with SIGKILL, once all of them run.

        :param choose: picks one of their process numbers
        """
        os.kill(choose(self._pids()), signal.SIGKILL)

    def _make_due(self, table, column):
        """Set future dates to now, except in rows that are locked."""
        now = "now() AT TIME ZONE 'UTC'"
        with self._database.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {column} = {now} WHERE id IN (SELECT id "
                f"FROM {table} WHERE {column} > {now} FOR NO KEY UPDATE SKIP LOCKED)"
            )

    def _wake(self):
        with self._postgres.cursor() as cursor:
            name = self._database.info.dbname
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [name])

    def _pids(self):
        number = self._process.pid
        children = pathlib.Path(f"/proc/{number}/task/{number}/children")
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline and self._process.poll() is None:
            found = [int(pid) for pid in children.read_text().split()]
            if len(found) == WORKERS:
                return found
            time.sleep(POLL)
        raise Problem(f"Odoo's cron workers are missing; its log is {self._log}")


@contextmanager
def working(toolchain, database, jobs, log):
    """Run Odoo's server with cron workers alone; yield :class:`CronWorkers`.

    :param jobs: names of the models whose scheduled jobs run, and no others
    """
    command = toolchain.odoo(
        *("-c", toolchain.configuration(), "-d", database, "--db-filter", database),
        *("--no-http", "--workers", "1", "--max-cron-threads", str(WORKERS)),
    )
    environment = toolchain.odoo_environment()
    with (
        closing(_connect(toolchain, "postgres")) as server,
        closing(_connect(toolchain, database)) as own,
        log.open("a") as file,
    ):
        _leave_active(own, jobs)
        with processes.running(
            command, env=environment, stdout=file, stderr=file
        ) as process:
            yield CronWorkers(process, log, (server, own))


def _leave_active(connection, jobs):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ir_cron SET active = active AND id IN (SELECT ir_cron.id "
            "FROM ir_cron JOIN ir_act_server AS action ON action.id = "
            "ir_actions_server_id JOIN ir_model AS model ON model.id = "
            "action.model_id WHERE model.model IN %s)",
            [tuple(jobs)],
        )


def _connect(toolchain, database):
    connection = psycopg2.connect(
        host=toolchain.socket, user=postgres.USER, dbname=database
    )
    connection.autocommit = True
    return connection
