"""Long commands show their progress, also when the output is a file."""

import signal
import subprocess
import sys
import time

import pytest
from harness import console, progress
from harness.suites import Result, report_interrupted

ODOO = "2026-01-02 03:04:05,678 42 INFO db odoo.addons.x.tests.test_y: "
LOGS = {
    "12 tests": f"{ODOO}Starting TestY.test_z ... \n" * 12,
    "2 of 30 tests": (
        "collected 30 items\n\n"
        "tests/a.py::test_x[a b] PASSED   [  3%]\ntests/a.py::test_y FAILED [  6%]\n"
    ),
    "1 of 30 tests": "collected 30 items\ntests/a.py::TestA::test_y ERROR [ 6%]\n",
    "3 tests": "PASSED ruff-check (0.3s)\nFAILED mypy (2.0s)\nx\nPASSED y (1.0s)\n",
    "setting up": f"{ODOO}Starting post tests\nfoo::bar\n",
}


@pytest.mark.parametrize(("text", "log"), LOGS.items(), ids=LOGS)
def test_tests_are_counted_in_a_log(tmp_path, text, log):
    (tmp_path / "log.txt").write_text(log)
    assert progress.counts(tmp_path / "log.txt") == text


def test_known_total_is_shown(tmp_path):
    (tmp_path / "log.txt").write_text(LOGS["12 tests"])
    assert progress.counts(tmp_path / "log.txt", 40) == "12 of 40 tests"
    assert progress.counts(tmp_path / "missing.txt", 40) == "setting up"


def test_jobs_are_shown_from_beginning_to_end(capsys, tmp_path):
    shown = progress.Progress(["one", "two", "three"])
    (tmp_path / "log.txt").write_text(LOGS["12 tests"])
    shown.begin("one", tmp_path / "log.txt", 40)
    shown.begin("two", tmp_path / "none.txt")
    shown.show()
    shown.end("two", "5 passed, 0 failed")
    shown.show()
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["  one: started", "  two: started"]
    assert lines[2] == "  [0:00] one 12 of 40 tests; two setting up; waiting: three"
    assert lines[3].startswith("  two: 5 passed, 0 failed ")
    assert lines[4] == "  [0:00] one 12 of 40 tests; waiting: three"


def test_interrupted_run_calls_unfinished_jobs_unfinished(capsys, tmp_path):
    results = [
        Result("one", 3, (), 0.1, tmp_path),
        Result("two", 1, ("text",), 0.1, tmp_path),
    ]
    report_interrupted(results, ["three 12 of 40 tests", "waiting: four"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[-3:] == [
        "4 passed, 1 failed before the interruption",
        "  not finished: three 12 of 40 tests",
        "  not finished: waiting: four",
    ]
    assert "--- two" in lines


# Two jobs: one ends, the other one is running at Ctrl-C. The run writes to a file.
RUN = """
import pathlib, sys
from harness import console, paths, processes, suites
paths.VAR = suites.VAR = pathlib.Path(sys.argv[1])
console.INTERVAL = 0.2
class Run(suites.Run):
    def _list_jobs(self, addons, chosen):
        return [suites.Job(x, self._sleep, x) for x in ("0", "600")]
    def _sleep(self, seconds, folder):
        self._run(folder, ["sleep", seconds], None)
        return 5, ()
processes.unwind_on_signals()
raise SystemExit(console.run(Run(None, [], "").execute))
"""


def test_interrupted_job_has_no_failures(tmp_path):
    path = tmp_path / "output"
    with (
        path.open("w") as file,
        subprocess.Popen(
            [sys.executable, "-c", RUN, tmp_path], stdout=file, stderr=file
        ) as process,
    ):
        try:
            _wait_for(path, "  0: 5 passed, 0 failed")
            _wait_for(path, "] 600 setting up")  # the run is shown while it goes on
            process.send_signal(signal.SIGINT)
            process.wait(60)
        finally:
            process.kill()
    output = path.read_text()
    assert {"  0: started", "  600: started"} <= set(output.splitlines())
    assert output.splitlines()[-3:] == [
        "5 passed, 0 failed before the interruption",
        "  not finished: 600 setting up",
        "dev: interrupted",
    ]
    assert process.returncode == 130


def _wait_for(path, text):
    deadline = time.monotonic() + 30
    while text not in path.read_text():
        assert time.monotonic() < deadline, path.read_text()
        time.sleep(0.05)


def test_long_step_shows_its_seconds(capsys, monkeypatch):
    monkeypatch.setattr(console, "INTERVAL", 0.05)
    with console.step("unpack"):
        time.sleep(0.2)
    output = capsys.readouterr().out
    assert output.startswith("  unpack ... 0s ... 0s ...")
    assert output.endswith(" 0.2s\n")


def test_short_step_is_one_line(capsys):
    with console.step("link"):
        pass
    assert capsys.readouterr().out == "  link ... 0.0s\n"


def test_failed_step_is_no_success(capsys):
    with pytest.raises(ValueError), console.step("unpack"):
        raise ValueError
    assert capsys.readouterr().out == "  unpack ... interrupted or failed\n"
