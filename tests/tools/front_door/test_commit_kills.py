"""A worker ends itself when the harness wishes it, and no other one does."""

import signal
import subprocess
import sys

from harness import commit_kills

END = f"""
import pathlib, runpy, sys
kills = runpy.run_path({commit_kills.__file__!r})
kills["end"](pathlib.Path(sys.argv[1]), "here")
"""


def test_one_worker_ends_for_one_wish(tmp_path):
    ended = []

    def look():
        for _worker in range(2):
            done = subprocess.run([sys.executable, "-c", END, tmp_path], check=False)
            ended.append(done.returncode)
        yield

    assert commit_kills.CommitKills(tmp_path).end_one(look())
    assert ended == [-signal.SIGKILL, 0]


def test_wish_ends_without_a_worker(tmp_path):
    kills = commit_kills.CommitKills(tmp_path)
    assert not kills.end_one([1, 2])
    subprocess.run([sys.executable, "-c", END, tmp_path], check=True)
    assert kills.places == 0


def test_places_are_counted_once(tmp_path):
    kills = commit_kills.CommitKills(tmp_path)
    (tmp_path / commit_kills.PLACES).write_text("here\nthere\nhere\n")
    kills.end_one([])
    assert kills.places == 2
