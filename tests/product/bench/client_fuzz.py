"""The fuzz tests of the three clients, for much longer than a test has."""

import os
import pathlib
import subprocess
import sys
import time

from fuzzing import VARIABLE
from harness.console import say

TITLE = "odd answers, 30 times as many as the tests have: errors of other kinds (none)"
FACTOR = 30
PRODUCT = pathlib.Path(__file__).parents[1]
TESTS = {
    "AT": "at_series/test_at_fuzz.py",
    "Maventa": "maventa_api/test_maventa_odd_answers.py",
    "Billingo": "billingo_api/test_billingo_answers.py",
}


def measure(_bench):
    """Run the fuzz tests of each client."""
    failed = []
    for service, path in TESTS.items():
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
            + [str(PRODUCT / path), "-k", "any"],
            env={**os.environ, VARIABLE: str(FACTOR)},
            cwd=PRODUCT.parents[1],
            capture_output=True,
            text=True,
        )
        last = (done.stdout.splitlines() or [done.stderr[-200:]])[-1]
        say(f"  {service}, {time.perf_counter() - started:.0f}s: {last}")
        if done.returncode:
            failed.append(f"{service}:\n{done.stdout[-4_000:]}")
    if failed:
        raise AssertionError("\n".join(failed))
