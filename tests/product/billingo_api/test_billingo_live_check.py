"""The check of a real account reads Billingo's host and nothing else."""

import importlib.util
import pathlib
from datetime import date

import pytest
from billingo_api import HOST, BillingoClient
from billingo_api.simulator import samples
from billingo_api.transport import open_session

PATH = pathlib.Path(__file__).parents[1] / "live" / "billingo.py"


@pytest.fixture
def live():
    spec = importlib.util.spec_from_file_location("live_billingo", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def asked(simulator):
    """Return what reaches the service: (method, path)."""
    return []


@pytest.fixture
def read_only(live, simulator, asked):
    """A session as the check uses it; the simulator stands for Billingo's host."""

    def service(environ, start_response):
        asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        return simulator(environ, start_response)

    return live.ReadOnlySession(open_session(HOST, simulator=service))


def test_it_only_reads_and_tells_nobodys_data(live, read_only, asked, clock):
    options = {"clock": lambda: clock.now, "sleep": clock.sleep}
    client = BillingoClient(read_only, HOST, "own", **options)
    lines = [*live.observations(client, date(2026, 1, 1))]
    assert {method for method, _path in asked} == {"GET"}
    assert len(asked) < 10
    told = "\n".join(lines)
    assert "agrees: 37" in told
    assert "type invoice" in told
    for raw in samples.own_account().documents:
        for secret in (raw["document_partner"]["name"], raw["invoice_number"] or "/"):
            assert secret not in told
    assert samples.COMPANY.tax_number not in told


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/v3/documents",
        "http://api.billingo.hu/v3/documents",
        "https://api.billingo.hu.example.com/v3/documents",
        "https://api.billingo.hu:8443/v3/documents",
        "https://:@api.billingo.hu/v3/documents",
    ],
)
def test_it_goes_nowhere_else(read_only, asked, url):
    with pytest.raises(ValueError, match="only"):
        read_only.get(url)
    assert asked == []


@pytest.mark.parametrize(
    "name", ["post", "put", "patch", "delete", "request", "send", "options", "head"]
)
def test_it_has_no_way_to_write(read_only, name):
    assert not hasattr(read_only, name)


def test_without_a_key_nothing_is_asked(live, capsys, monkeypatch):
    monkeypatch.setattr(live, "open_session", lambda *_: pytest.fail("asked"))
    assert live.main([], {}) == 2
    assert live.VARIABLE in capsys.readouterr().err


def test_it_is_not_among_the_tests():
    assert not PATH.name.startswith("test_")
    assert not [*PATH.parent.glob("test_*")]
