"""The private PostgreSQL cluster: shared, complete, and never another one."""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from types import SimpleNamespace

import pytest
from harness import databases, postgres, system
from harness.console import Problem

SESSIONS = """
    SELECT count(*) FROM pg_stat_activity
     WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


@pytest.fixture
def server(tmp_path):
    """A cluster of its own for a cache of its own; it is gone afterwards."""
    programs = system.postgres_bin()
    yield postgres.cluster(tmp_path, programs)
    postgres.remove(tmp_path, programs)


def test_server_runs_as_long_as_it_is_used(server, tmp_path):
    with postgres.serving(tmp_path, server.programs):
        with postgres.serving(tmp_path, server.programs):
            server.psql("CREATE TABLE kept (x int)")
        assert server.psql("SELECT count(*) FROM kept") == "0"
        with pytest.raises(Problem, match="another ./dev is running"):
            postgres.remove(tmp_path, server.programs)
    with pytest.raises(Problem):
        server.psql("SELECT 1")
    with postgres.serving(tmp_path, server.programs):
        assert server.psql("SELECT count(*) FROM kept") == "0"


def test_crashed_cluster_is_created_again(server, tmp_path):
    with postgres.serving(tmp_path, server.programs):
        server.psql("CREATE TABLE doubtful (x int)")
        process = int((server.data / "postmaster.pid").read_text().split()[0])
        os.kill(process, signal.SIGKILL)
        with postgres.serving(tmp_path, server.programs):
            assert server.psql("SELECT to_regclass('doubtful')") == ""


def test_stopping_server_keeps_its_data(server, tmp_path):
    with postgres.serving(tmp_path, server.programs):
        server.psql("CREATE TABLE precious (x int)")
        control = (server.programs / "pg_ctl", "-s", "-D", server.data)
        command = [server.programs / "psql", "-h", server.socket, "-U", postgres.USER]
        with subprocess.Popen(
            [*command, "-d", "postgres", "-XAtq"], stdin=subprocess.PIPE, text=True
        ) as session:
            while server.psql(SESSIONS) == "0":
                pass
            stop = (*control, "-m", "smart", "-W", "stop")
            server.as_owner(*stop, problem="it does not stop")
            timer = threading.Timer(1, session.stdin.close)  # then it may stop
            timer.start()
            with postgres.serving(tmp_path, server.programs):
                assert server.psql("SELECT to_regclass('precious')") == "precious"
            timer.join()


def test_long_path_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "gettempdir", lambda: "/tmp/" + "x" * 90)
    with pytest.raises(Problem, match="TMPDIR"):
        postgres.cluster(tmp_path, system.postgres_bin())


def test_each_temporary_folder_has_its_server(server, monkeypatch, tmp_path):
    with postgres.serving(tmp_path, server.programs):
        with tempfile.TemporaryDirectory() as folder:
            if os.geteuid() == 0:
                shutil.chown(folder, "postgres")
            monkeypatch.setattr(tempfile, "gettempdir", lambda: folder)
            with postgres.serving(tmp_path, server.programs) as other:
                assert other.psql("SELECT 1") == server.psql("SELECT 1") == "1"
            with pytest.raises(Problem):
                other.psql("SELECT 1")
        assert server.psql("SELECT 1") == "1"


def test_other_server_on_the_socket_is_refused(server, tmp_path):
    with postgres.serving(tmp_path, server.programs):
        pass
    elsewhere = server.data.with_name("elsewhere")
    server.as_owner("mv", server.data, elsewhere, problem="not moved")
    control = (server.programs / "pg_ctl", "-s", "-w", "-D", elsewhere)
    log = server.socket / "other.log"
    server.as_owner(*control, "-l", log, "start", problem="it does not start")
    try:
        with (
            pytest.raises(Problem, match="another PostgreSQL server .*elsewhere"),
            postgres.serving(tmp_path, server.programs),
        ):
            pytest.fail("another server is used")
    finally:
        server.as_owner(*control, "stop", problem="it does not stop")


def test_databases_of_killed_runs_are_removed(server, tmp_path):
    with subprocess.Popen("true") as ended:
        pass
    gone, alive = f"test_{ended.pid}_x", f"test_{os.getpid()}_x"
    with postgres.serving(tmp_path, server.programs):
        for name in (gone, alive, "test_of_mine"):
            server.psql(f"CREATE DATABASE {name}")
        databases.drop_abandoned(SimpleNamespace(cluster=server))
        left = server.psql("SELECT datname FROM pg_database").splitlines()
    assert {gone, alive, "test_of_mine"} & set(left) == {alive, "test_of_mine"}


def test_settings_of_the_user_are_ignored(monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("ODOO_RC", "/etc/odoo.conf")
    assert not {"PGHOST", "ODOO_RC"} & postgres.clean_environment().keys()
