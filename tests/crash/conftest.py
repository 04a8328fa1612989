"""What the crash tests need: databases, Odoo, simulators."""

import pathlib

import pytest

from harness.places import VAR
from harness.workbench import Workbench
from harness.workshop import from_environment

INSIDE = pathlib.Path(__file__).parent / "inside"


@pytest.fixture
def workbench(request):
    """Return a workbench for the module's own functions inside Odoo."""
    name = request.module.__name__.removeprefix("test_")
    folder = VAR / "test"
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / f"{name}.log"
    return Workbench(from_environment(), INSIDE / f"{name}.py", log)
