"""Odoo's own cron workers, as processes that can be killed at any moment."""

import os
import pathlib
import signal
import tempfile
import time
from contextlib import ExitStack, closing, contextmanager, suppress

import psycopg2

from . import postgres, processes
from .commit_kills import CommitKills
from .console import Problem
from .sockets import local_ports

WORKERS = 2
POLL = 0.05  # seconds between two looks
AIM_POLL = 0.002  # seconds between two looks for a worker that is busy
LOOKS = 20  # looks after which all jobs are due again
AIM = 15  # seconds in which a worker should do what it is to be killed at
TIMEOUT = 60  # seconds for a worker to start
TIME_LIMIT = 20  # seconds for one round of a worker; far more than it needs
# Workers name their sessions by their process (odoo_program.py); a number means that
# they have written. The session in which Odoo's scheduler locks a job, and forgets its
# triggers, has a number as long as the job runs, and does not count.
WRITING = """
    SELECT application_name, pid FROM pg_stat_activity
     WHERE datname = current_database() AND backend_xid IS NOT NULL
       AND query NOT LIKE '%ir_cron%'
"""
# A test's job begins each transaction that posts with this: a lock that any number of
# transactions may have.
MARK_POSTING = "SELECT pg_advisory_xact_lock_shared(7140, 1)"
# Those that have written to a document since: its state, number and ATCUD.
POSTING = """
    SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 7140
 INTERSECT
    SELECT pid FROM pg_locks
     WHERE relation = to_regclass('account_move') AND mode = 'RowExclusiveLock'
"""


class CronWorkers:
    """The workers of one server; the server replaces each that dies.

    :param start: starts the server and returns its process; it is called again when
        the server ends, which it does when it misses the database
    :param calls: the requests to the services, ``simulators.calls.Calls``
    :param commit_kills: :class:`~.commit_kills.CommitKills`
    """

    def __init__(self, start, log, connect, calls, commit_kills):
        self.commit_kills = commit_kills
        self._start = start
        self._process = start()
        self._log = log
        self._connect = connect
        self._calls = calls
        self.reconnect()

    def reconnect(self):
        """Open the own sessions again, after a restart of the database server."""
        self._postgres, self._database = self._connect()

    def meet_time_limit(self, **dates):
        """Let the services be silent until the server has ended a worker for it.

        :param dates: as for :meth:`work`
        :return: whether it has; a worker that has nothing to ask waits for no answer
        """
        before = {*self.gather()}
        deadline = time.monotonic() + 3 * TIME_LIMIT
        self._calls.stall = 3 * TIME_LIMIT
        try:
            while {*self.gather()} >= before:
                if time.monotonic() > deadline:
                    return False
                self.work(1, **dates)
            return True
        finally:
            self._calls.stall = 0

    def gather(self):
        """Return the processes of all workers, once they run.

        The server is started again when it has ended.
        """
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                self._process = self._start()
            found = _children(self._process.pid)
            if len(found) == WORKERS and all(map(_is_alive, found)):
                self._give_time(found)
                return found
            time.sleep(POLL)
        raise Problem(f"Odoo's cron workers are missing; its log is {self._log}")

    def rows(self, query):
        """Return the rows of a query."""
        with self._database.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def work(self, seconds, **dates):
        """Let the workers do their jobs for some seconds.

        :param dates: table=column; its future dates are set to now
        """
        deadline = time.monotonic() + seconds
        while True:
            self._hurry(dates)
            left = deadline - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(POLL, left))

    def count(self, table, condition="true"):
        """Return the number of rows of a table for which an SQL condition is true."""
        [[number]] = self.rows(f"SELECT count(*) FROM {table} WHERE {condition}")
        return number

    def kill(self, chance, aim, **dates):
        """Kill with SIGKILL those that do something; others lose nothing.

        Those that call get some time to go on, so that the moment is any: before the
        service acts, after it, or with its answer in hand. When nobody soon does what
        is wanted, one is killed.

        :param chance: a ``random.Random``
        :param aim: what they do: "call", "write", "posting" (a write that posts), or
            "commit": one that has ended a transaction just now
        :param dates: as for :meth:`work`
        :return: what each of the killed did: "call", "write", "commit" or "idle"; for a
            write that posts also "posting"
        """
        if aim == "commit" and self.commit_kills.end_one(self._looks(dates)):
            return [["commit"]]
        pids = [] if aim == "commit" else self._busy(dates, aim)
        if aim == "call":
            time.sleep(chance.uniform(0, self._calls.latency))
        doing = self._doing(pids) or self._doing([chance.choice(self.gather())])
        killed = []
        for pid, what in doing.items():
            with suppress(ProcessLookupError):  # it has just met its time limit
                os.kill(pid, signal.SIGKILL)
                killed.append(what)
        return killed

    def _looks(self, dates):
        """Yield the workers, again and again for a while; jobs are due."""
        deadline, looks = time.monotonic() + AIM, 0
        while time.monotonic() < deadline:
            if looks % LOOKS == 0:
                self._hurry(dates)
            yield self.gather()
            time.sleep(AIM_POLL)
            looks += 1

    def _busy(self, dates, aim):
        """Return the workers that soon do it."""
        for pids in self._looks(dates):
            doing = self._doing(pids)
            if busy := [pid for pid in pids if aim in doing[pid]]:
                return busy
        return []

    def _writing(self):
        """Return the session of each worker that writes."""
        return {
            int(name.rpartition("-")[2]): session
            for name, session in self.rows(WRITING)
            if name.startswith("odoo-")
        }

    def _doing(self, pids):
        """Return for each process whether it calls, writes, posts, or is idle."""
        writing, posting = self._writing(), {*self.rows(POSTING)}
        found = {}
        for pid in pids:
            if local_ports(pid) & self._calls.ports:
                found[pid] = ["call"]
            elif pid in writing:
                is_posting = (writing[pid],) in posting
                found[pid] = ["write"] + ["posting"] * is_posting
            else:
                found[pid] = ["idle"]
        return found

    def _hurry(self, dates):
        """Let all jobs be due now, and wake the workers."""
        for table, column in (*dates.items(), ("ir_cron", "nextcall")):
            with suppress(psycopg2.errors.DiskFull):
                self._make_due(table, column)
        with self._postgres.cursor() as cursor:
            name = self._database.info.dbname
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [name])

    def _make_due(self, table, column):
        """Set future dates to now, except in rows that are locked."""
        now = "now() AT TIME ZONE 'UTC'"
        with self._database.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {column} = {now} WHERE id IN (SELECT id "
                f"FROM {table} WHERE {column} > {now} FOR NO KEY UPDATE SKIP LOCKED)"
            )

    def _give_time(self, pids):
        """Let workers have our own priority.

        Odoo lowers it, so that beside other work they would hardly come to theirs.
        """
        own = os.getpriority(os.PRIO_PROCESS, 0)
        for pid in pids:
            with suppress(PermissionError, ProcessLookupError):  # only root may
                os.setpriority(os.PRIO_PROCESS, pid, own)


@contextmanager
def working(toolchain, database, jobs, log, calls):
    """Run Odoo's server with cron workers alone; yield :class:`CronWorkers`.

    :param jobs: names of the models whose scheduled jobs run, and no others
    """
    command = toolchain.odoo(
        *("-c", toolchain.configuration(), "-d", database, "--db-filter", database),
        *("--no-http", "--workers", "1", "--max-cron-threads", str(WORKERS)),
        *("--limit-time-real-cron", str(TIME_LIMIT)),
    )

    def connect():
        return [_connect(toolchain, name) for name in ("postgres", database)]

    with closing(_connect(toolchain, database)) as own:
        _leave_active(own, jobs)
    with (
        tempfile.TemporaryDirectory() as folder,
        log.open("a") as file,
        ExitStack() as running,
    ):
        kills = CommitKills(folder)
        environment = toolchain.odoo_environment() | kills.environment

        def start():
            server = processes.running(
                command, env=environment, stdout=file, stderr=file
            )
            return running.enter_context(server)

        yield CronWorkers(start, log, connect, calls, kills)


def _children(pid):
    """Return the numbers of a process's children; none when it has ended."""
    with suppress(OSError):
        listed = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(child) for child in listed.split()]
    return []


def _is_alive(pid):
    """Return whether a process runs; a killed one is listed until it is collected."""
    try:
        status = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    # The name in parentheses may have any characters; the state comes after it.
    return status.rpartition(")")[2].split()[0] not in "XZ"


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
