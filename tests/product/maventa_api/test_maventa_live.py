"""The check against Maventa's stage: it speaks to that host, and is asked for."""

import importlib.util
import pathlib

import pytest
from maventa_api import ORIGINS, Credentials
from maventa_api.simulator import Simulator
from maventa_samples import ubl

LIVE = pathlib.Path(__file__).resolve().parents[1] / "live" / "maventa.py"


@pytest.fixture
def live():
    spec = importlib.util.spec_from_file_location("live_maventa", LIVE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def keys(live, monkeypatch):
    for name in live.KEYS:
        monkeypatch.setenv(name, "invented")


def test_pytest_does_not_take_it_for_a_test():
    assert not LIVE.name.startswith("test_")
    assert not LIVE.stem.endswith("_test")


@pytest.mark.parametrize(
    "origin",
    [
        ORIGINS["production"],
        "http://ax-stage.maventa.com",
        "https://ax-stage.maventa.com/",
        "https://ax-stage.maventa.com:8443",
        "https://ax-stage.maventa.com.attacker.example",
        "https://somebody" + "@ax-stage.maventa.com",
        "https://AX.maventa.com",
        "http://127.0.0.1:8069",
        "",
    ],
)
def test_any_other_host_is_refused(live, keys, tmp_path, capsys, origin):
    document = tmp_path / "invoice.xml"
    document.write_bytes(ubl())
    with pytest.raises(ValueError, match="not Maventa's stage"):
        live.stage_session(origin)
    with pytest.raises(SystemExit):
        live.main([str(document), "--origin", origin])
    assert "not Maventa's stage" in capsys.readouterr().err


def test_a_stage_that_somebody_has_moved_is_refused(live, monkeypatch):
    monkeypatch.setitem(ORIGINS, "test", ORIGINS["production"])
    for origin in (live.STAGE, ORIGINS["production"]):
        with pytest.raises(ValueError):
            live.stage_session(origin)


def test_the_session_reaches_the_stage_alone(live):
    session = live.stage_session(live.STAGE)
    assert list(session.adapters) == ["https://ax-stage.maventa.com/"]


def test_without_keys_nothing_is_asked(live, tmp_path, monkeypatch, capsys):
    for name in live.KEYS:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SystemExit):
        live.main([str(tmp_path / "invoice.xml")])
    assert live.KEYS[1] in capsys.readouterr().err


def test_each_question_gets_an_answer_and_no_key_is_shown(live):
    simulator = Simulator()
    account = simulator.add_account(name="Lumi Oy", bid="2345678-0", vat="FI23456780")
    credentials = Credentials(
        account.company_uuid, account.user_api_key, account.vendor_api_key
    )
    session = live.stage_session(live.STAGE, simulator=simulator)
    stage = live.Stage(session, credentials, ubl())
    said = dict(live.answers(stage, "somebody@company.example"))
    stage.close()
    assert said.keys() == {*live.QUESTIONS, "a user that exists"}
    assert said["a UUID that is there"].endswith("there: 200")
    assert "again: 422" in said["a UUID that is there"]
    assert "ORIGINAL_IMAGE" in said["image in BIS 3, recipient by VAT number"]
    assert "PENDING" in said["statuses"]
    assert said["rerouting"].startswith("404")
    assert "again: 409" in said["a vendor that is linked already"]
    assert said["a user that exists"] == "201, with a key: True"
    shown = " ".join(said.values())
    for secret in (account.user_api_key, account.vendor_api_key):
        assert secret not in shown
    assert len(simulator.held_invoices()) == 3
