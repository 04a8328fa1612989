"""Programs that these tests start import what the tests themselves import."""

import pytest
from harness.paths import PYTHON_PATH


@pytest.fixture(autouse=True)
def _python_path(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", PYTHON_PATH)
