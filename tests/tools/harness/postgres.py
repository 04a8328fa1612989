"""A private, temporary PostgreSQL on a socket in the folder for temporary files.

Every ``./dev`` that uses it holds a shared lock; the last one stops it. It runs
without fsync, so after a crash it is created again instead of repaired.
"""

import fcntl
import hashlib
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass

from .console import Problem, step
from .paths import locked
from .processes import output

USER = "odoo"
TIMEOUT = 30  # seconds for a server that is starting or stopping
MAX_PATH = 90  # bytes; an address holds about 100
SETTINGS = """
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
checkpoint_timeout = 1h
shared_buffers = 512MB
work_mem = 16MB
maintenance_work_mem = 256MB
jit = off
autovacuum = off
"""


@dataclass(frozen=True)
class Cluster:
    """One data folder, whose server listens on a socket in ``socket``."""

    programs: pathlib.Path
    socket: pathlib.Path

    @property
    def data(self):
        return self.socket / "data"

    def psql(self, statement, database="postgres"):
        """Run one SQL statement and return what psql prints of its rows."""
        command = [self.programs / "psql", "-XAtq", "-h", self.socket, "-U", USER]
        command += ["-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement]
        return output(command, "PostgreSQL refused", env=clean_environment()).strip()

    def as_owner(self, *command, problem):
        """Run a server program as its owner: PostgreSQL refuses to run as root."""
        owner = [] if os.geteuid() else ["runuser", "-u", "postgres", "--"]
        environment = clean_environment()
        return output([*owner, *command], problem, env=environment, cwd="/")


def clean_environment():
    """Return the environment without settings for other databases and Pythons."""
    removed = ("PG", "ODOO", "PYTHON")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(removed)}
    return {**kept, "PGCONNECT_TIMEOUT": "10"}


def cluster(cache, programs):
    """Return the cluster that belongs to ``cache``; it need not exist yet.

    :raise Problem: its folder belongs to another user, or its path is too long
    """
    key = hashlib.sha256(f"{cache} {programs.parent.name}".encode()).hexdigest()[:8]
    name = f"fiscal-bridges-{os.geteuid()}-{key}"
    socket = pathlib.Path(tempfile.gettempdir()) / name
    if len(bytes(socket)) > MAX_PATH:
        raise Problem(f"{socket} is too long for a socket; set TMPDIR to a short path")
    owner = pwd.getpwnam("postgres").pw_uid if os.geteuid() == 0 else os.geteuid()
    if socket.exists() and socket.stat().st_uid != owner:
        raise Problem(f"{socket} belongs to another user; remove it")
    return Cluster(programs, socket)


@contextmanager
def serving(cache, programs):
    """Run the server during the block; yield its cluster."""
    server = cluster(cache, programs)
    lock, users = _locks(cache, server)
    with users.open("a") as mine:
        with locked(lock):
            fcntl.flock(mine, fcntl.LOCK_SH)
            _start(server)
        try:
            yield server
        finally:
            with locked(lock):
                if _is_alone(mine) and _process(server):
                    _stop(server)


def restart(server):
    """Stop the server and start it again; sessions end with an error."""
    _stop(server)
    _start(server)


def remove(cache, programs):
    """Stop the server and remove its data.

    :raise Problem: another ``./dev`` uses it
    """
    server = cluster(cache, programs)
    lock, users = _locks(cache, server)
    with locked(lock), users.open("a") as mine:
        if not _is_alone(mine):
            raise Problem("another ./dev is running; stop it first")
        if _process(server):
            _stop(server)
        shutil.rmtree(server.socket, ignore_errors=True)


def _locks(cache, server):
    """Return two lock files: one for start and stop, one that every user holds."""
    key = hashlib.sha256(str(server.socket).encode()).hexdigest()[:12]
    return cache / f"postgres-{key}.lock", cache / f"postgres-{key}.users"


def _start(server):
    _refuse_other_server(server)
    if _process(server) and _comes_up(server):
        return
    if (server.data / "postmaster.pid").exists():  # it crashed: its data may be damaged
        shutil.rmtree(server.socket)
    if not (server.socket / "complete").exists():
        with step("PostgreSQL cluster"):
            _create(server)
    log = server.socket / "log"
    failed = f"PostgreSQL does not start; its log is {log}"
    command = (server.programs / "pg_ctl", "-s", "-w", "-D", server.data, "-l", log)
    server.as_owner(*command, "start", problem=failed)


def _process(server):
    """Return the number of the process that serves our data, or None."""
    try:
        number = (server.data / "postmaster.pid").read_text().split()[0]
        called = pathlib.Path(f"/proc/{number}/cmdline").read_text()
    except (OSError, IndexError):
        return None
    return int(number) if str(server.data) in called else None


def _comes_up(server):
    """Wait until the running server answers; False when it stops instead.

    :raise Problem: it does neither
    """
    command = [server.programs / "pg_isready", "-q", "-t", "3", "-h", server.socket]
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        done = subprocess.run(command, env=clean_environment(), check=False)
        if done.returncode == 0:
            return True
        if not _process(server):
            return False
        time.sleep(0.1)
    raise Problem(
        f"the PostgreSQL server in {server.socket} runs and does not answer; stop its "
        f"process {_process(server)}"
    )


def _create(server):
    shutil.rmtree(server.socket, ignore_errors=True)
    server.socket.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(server.socket, "postgres", "postgres")
    server.as_owner(
        *(server.programs / "initdb", "-D", server.data, "-U", USER, "--auth=trust"),
        *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
        problem="the PostgreSQL cluster could not be created",
    )
    with (server.data / "postgresql.conf").open("a") as file:
        file.write(f"{SETTINGS}unix_socket_directories = '{server.socket}'\n")
    (server.socket / "complete").touch()


def _refuse_other_server(server):
    """Raise when a server answers on our socket that does not serve our data."""
    if not (server.socket / ".s.PGSQL.5432").exists():
        return
    try:
        answered = server.psql("SHOW data_directory")
    except Problem:
        return  # nobody listens there
    if pathlib.Path(answered) != server.data:
        raise Problem(
            f"another PostgreSQL server (data in {answered}) answers in "
            f"{server.socket}; stop it, or name another FISCAL_BRIDGES_CACHE"
        )


def _is_alone(users):
    """Tell whether no other ``./dev`` uses the server."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _stop(server):
    # "fast": after "immediate" the sequences would fall behind their tables.
    command = (server.programs / "pg_ctl", "-s", "-w", "-m", "fast", "-D", server.data)
    server.as_owner(*command, "stop", problem="PostgreSQL does not stop")
