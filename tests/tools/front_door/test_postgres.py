"""The private cluster: ours or nobody's, and never half."""

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


def test_it_lives_as_long_as_somebody_works_with_it(server, tmp_path):
    with postgres.serving(tmp_path, server.programs):
        with postgres.serving(tmp_path, server.programs):
            server.psql("CREATE TABLE kept (x int)")
        assert server.psql("SELECT count(*) FROM kept") == "0"
        with pytest.raises(Problem, match="another ./dev is at work"):
            postgres.remove(tmp_path, server.programs)
    with pytest.raises(Problem):
        server.psql("SELECT 1")
    with postgres.serving(tmp_path, server.programs):
        assert server.psql("SELECT count(*) FROM kept") == "0"


def test_a_crashed_one_is_made_anew(server, tmp_path):
    with postgres.serving(tmp_path, server.programs):
        server.psql("CREATE TABLE doubtful (x int)")
        process = int((server.data / "postmaster.pid").read_text().split()[0])
        os.kill(process, signal.SIGKILL)
        with postgres.serving(tmp_path, server.programs):
            assert server.psql("SELECT to_regclass('doubtful')") == ""


def test_one_that_is_stopping_keeps_its_data(server, tmp_path):
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


def test_a_path_that_is_too_long(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "gettempdir", lambda: "/tmp/" + "x" * 90)
    with pytest.raises(Problem, match="TMPDIR"):
        postgres.cluster(tmp_path, system.postgres_bin())


def test_two_folders_for_temporary_files_have_a_server_each(
    server, monkeypatch, tmp_path
):
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


def test_a_foreign_server_in_its_place(server, tmp_path):
    with postgres.serving(tmp_path, server.programs):
        pass
    elsewhere = server.data.with_name("elsewhere")
    server.as_owner("mv", server.data, elsewhere, problem="not moved")
    control = (server.programs / "pg_ctl", "-s", "-w", "-D", elsewhere)
    log = server.socket / "foreign.log"
    server.as_owner(*control, "-l", log, "start", problem="it does not start")
    try:
        with (
            pytest.raises(Problem, match="foreign PostgreSQL server .*elsewhere"),
            postgres.serving(tmp_path, server.programs),
        ):
            pytest.fail("we work with a foreign server")
    finally:
        server.as_owner(*control, "stop", problem="it does not stop")


def test_databases_of_a_killed_run_are_removed(server, tmp_path):
    with subprocess.Popen("true") as ended:
        pass
    gone, alive = f"test_{ended.pid}_x", f"test_{os.getpid()}_x"
    with postgres.serving(tmp_path, server.programs):
        for name in (gone, alive, "test_of_mine"):
            server.psql(f"CREATE DATABASE {name}")
        databases.drop_abandoned(SimpleNamespace(cluster=server))
        left = server.psql("SELECT datname FROM pg_database").splitlines()
    assert {gone, alive, "test_of_mine"} & set(left) == {alive, "test_of_mine"}


def test_settings_of_the_user_do_not_lead_elsewhere(monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("ODOO_RC", "/etc/odoo.conf")
    assert not {"PGHOST", "ODOO_RC"} & postgres.clean_environment().keys()
