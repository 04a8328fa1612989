"""What tests with an Odoo of their own need: databases, Odoo, simulators."""

import pytest
from harness.fixtures import Fixtures
from harness.paths import VAR
from harness.toolchain import from_environment


@pytest.fixture
def fixtures(request):
    """Return a fixtures whose log is named like the module."""
    folder = VAR / "test"
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / f"{request.module.__name__}.log"
    return Fixtures(from_environment(), log)
