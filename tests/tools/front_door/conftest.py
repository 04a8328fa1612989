"""Programs that these tests start import what the tests themselves import."""

import os

import pytest
from harness.places import IMPORTS


@pytest.fixture(autouse=True)
def _python_path(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, IMPORTS)))
