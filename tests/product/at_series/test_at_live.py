"""The live check: the host that it reaches, and its calls there."""

import importlib.util
import pathlib

import pytest
from at_series import PRODUCTION_ORIGIN, TEST_ORIGIN, Estado, TipoSerie

LIVE = pathlib.Path(__file__).resolve().parents[1] / "live" / "at.py"


@pytest.fixture(scope="module")
def live():
    spec = importlib.util.spec_from_file_location("live_at", LIVE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def environ(files):
    return {
        "AT_TEST_USERNAME": "509987656/1",
        "AT_TEST_PASSWORD": "Senha-1",
        "AT_TEST_CERTIFICATE": str(files.certificate_path("client")),
        "AT_TEST_KEY": str(files.key_path("client")),
        "AT_TEST_CIPHER": str(files.certificate_path("cipher")),
    }


@pytest.mark.parametrize(
    "origin",
    [
        PRODUCTION_ORIGIN,
        TEST_ORIGIN.replace(":722", ""),
        TEST_ORIGIN.replace("https", "http"),
        TEST_ORIGIN + ".example",
        TEST_ORIGIN + "@elsewhere.example",
        "https://localhost:722",
    ],
)
def test_another_host_is_refused_before_anything_is_read(live, environ, origin, capsys):
    environ |= {"AT_TEST_ORIGIN": origin, "AT_TEST_CERTIFICATE": "nowhere"}
    with pytest.raises(live.Refused, match="is not AT's test host"):
        live.open_client(environ)
    assert live.main(environ) == 1
    assert "nothing was sent" in capsys.readouterr().err


def test_only_the_test_host_can_be_reached(live, environ):
    for named in ({}, {"AT_TEST_ORIGIN": TEST_ORIGIN}):
        client = live.open_client(environ | named)
        assert list(client._session.adapters) == [TEST_ORIGIN + "/"]
        assert client._service._binding_options["address"].startswith(TEST_ORIGIN)


@pytest.mark.parametrize("name", ["USERNAME", "PASSWORD", "KEY", "CIPHER"])
def test_without_credentials_nothing_is_sent(live, environ, name, capsys):
    del environ[f"AT_TEST_{name}"]
    assert live.main(environ) == 1
    assert f"not set: AT_TEST_{name}" in capsys.readouterr().err


def test_a_missing_file_stops_the_check(live, environ, capsys):
    assert live.main(environ | {"AT_TEST_KEY": "nowhere"}) == 1
    assert "nothing was sent" in capsys.readouterr().err


def test_one_training_series_is_registered_and_annulled(live, service):
    lines = []
    with service.client() as client:
        assert live.check(client, lines.append)
        (series,) = client.consultar_series()
    assert (series.tipo_serie, series.estado) == (TipoSerie.TRAINING, Estado.ANNULLED)
    assert [line.partition(":")[0] for line in lines] == [
        *("consulted", "registered", "found again", "annulled")
    ]
    requests = service.simulator.requests
    assert (requests["registarSerie"], requests["anularSerie"]) == (1, 1)


def test_wrong_credentials_are_tried_once(live, service):
    with service.client(password="x") as client:
        with pytest.raises(live.SeriesError):
            live.check(client)
    assert sum(service.simulator.requests.values()) == 1
