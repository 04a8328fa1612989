"""The private cluster: ours or nobody's, and never half."""

import os
import signal
import subprocess
from types import SimpleNamespace

import pytest
from harness import databases, postgres, system
from harness.console import Problem


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
