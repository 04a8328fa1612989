"""What tests with an Odoo of their own need: databases, Odoo, simulators."""

import pytest
from harness import databases
from harness.fixtures import Fixtures
from harness.paths import VAR
from harness.toolchain import from_environment


@pytest.fixture(scope="session")
def kept():
    """Return the databases with addons that further tests copy; drop them later."""
    found = {}
    yield found
    for name in found.values():
        databases.drop(from_environment(), name)


@pytest.fixture
def fixtures(request, kept):
    """Return a fixtures whose log is named like the module."""
    folder = VAR / "test"
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / f"{request.module.__name__}.log"
    return Fixtures(from_environment(), log, kept=kept)
