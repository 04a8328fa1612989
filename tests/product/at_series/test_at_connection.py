"""The connection: TLS, certificates, and which clients are let in."""

import datetime
import importlib.util
import pathlib
import socket
import ssl
import stat
import threading
import time
from unittest import mock

import pytest
from at_samples import new_series
from at_series import (
    Credentials,
    SeriesClient,
    SetupError,
    TemporaryError,
    UnknownOutcomeError,
    client_context,
    open_session,
    open_tls_session,
)
from at_series.simulation import MemoryStore
from at_series.simulator import certificates
from at_series.simulator.certificates import SandboxFiles, cipher_pair
from at_series.tls import ClientSocket
from cryptography import x509
from cryptography.hazmat.primitives import serialization

SANDBOX = pathlib.Path(__file__).resolve().parents[2] / "simulators" / "at.py"


@pytest.fixture(scope="module")
def sandbox():
    spec = importlib.util.spec_from_file_location("sandbox_at", SANDBOX)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def trusting(files):
    return ssl.create_default_context(cadata=files.certificate("authority").decode())


def test_a_client_without_a_certificate_is_refused(socket_service, files):
    client = socket_service.client(ssl_context=trusting(files))
    with pytest.raises(SetupError) as raised:
        client.registar_serie(new_series())
    assert raised.value.code.startswith("tls_")
    assert not socket_service.simulator.requests


def test_a_certificate_of_another_authority_is_refused(socket_service, files, tmp_path):
    stranger = SandboxFiles(tmp_path)
    context = client_context(
        stranger.certificate("client"),
        stranger.key("client"),
        authority=files.certificate("authority").decode(),
    )
    with pytest.raises(SetupError):
        socket_service.client(ssl_context=context).registar_serie(new_series())
    assert not socket_service.simulator.requests


def test_an_expired_certificate_is_refused(socket_service, files, monkeypatch):
    long_ago = certificates._today() - datetime.timedelta(days=2000)
    monkeypatch.setattr(certificates, "_today", lambda: long_ago)
    authority = x509.load_pem_x509_certificate(files.certificate("authority"))
    key = serialization.load_pem_private_key(files.key("authority"), None)
    client = serialization.load_pem_private_key(files.key("client"), None)
    expired = certificates._issue("Expired", client, None, (authority, key))
    context = client_context(
        expired.public_bytes(serialization.Encoding.PEM),
        files.key("client"),
        authority=files.certificate("authority").decode(),
    )
    with pytest.raises(SetupError) as raised:
        socket_service.client(ssl_context=context).registar_serie(new_series())
    assert raised.value.code == "tls_sslv3_alert_certificate_expired"
    assert not socket_service.simulator.requests


def test_an_unknown_server_gets_no_request(socket_service, files):
    context = client_context(files.certificate("client"), files.key("client"))
    with pytest.raises(SetupError) as raised:
        socket_service.client(ssl_context=context).registar_serie(new_series())
    assert raised.value.code == "tls_certificate_verify_failed"
    assert "certificate" in raised.value.message
    assert "_ssl.c" not in raised.value.message
    assert not socket_service.simulator.requests


def refusing_server(files, listener):
    """Refuse every client as TLS 1.3 does: after the client's side is complete."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(files.certificate_path("server"), files.key_path("server"))
    context.load_verify_locations(files.certificate_path("authority"))
    context.verify_mode = ssl.CERT_REQUIRED
    while True:
        try:
            connection, _address = listener.accept()
        except OSError:
            return
        with connection:
            try:
                context.wrap_socket(connection, server_side=True)
            except OSError:
                pass


@pytest.fixture
def refusing_origin(files):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(
            target=refusing_server, args=(files, listener), daemon=True
        )
        thread.start()
        yield f"https://localhost:{listener.getsockname()[1]}"


def client_of_origin(origin, files, **options):
    context = trusting(files)
    context.sslsocket_class = options.pop("socket_class", ClientSocket)
    session = open_session(origin, ssl_context=context, **options)
    credentials = Credentials("509987656/1", "x", files.certificate("cipher"))
    return SeriesClient(session, origin, credentials)


class SlowSocket(ClientSocket):
    """Send after the other side has closed."""

    def sendall(self, data, flags=0):
        for _part in range(3):
            time.sleep(0.05)
            super().sendall(data, flags)


@pytest.mark.parametrize("socket_class", [ClientSocket, SlowSocket])
def test_a_certificate_refused_in_tls_1_3_is_a_setup_error(
    refusing_origin, files, socket_class
):
    for _time in range(5):
        client = client_of_origin(refusing_origin, files, socket_class=socket_class)
        with pytest.raises(SetupError) as raised:
            client.registar_serie(new_series())
        assert raised.value.code == "tls_tlsv13_alert_certificate_required"


def test_a_time_out_in_the_handshake_has_sent_nothing(files):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        origin = f"https://localhost:{silent.getsockname()[1]}"
        with mock.patch("at_series.transport.CONNECT_SECONDS", 0.2):
            client = client_of_origin(origin, files, read_seconds=0.2)
        with pytest.raises(TemporaryError) as raised:
            client.registar_serie(new_series())
    assert (type(raised.value), raised.value.code) == (TemporaryError, "no_connection")


def test_a_server_that_hangs_up_in_the_handshake_got_nothing(files):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up():
            connection, _address = listener.accept()
            connection.recv(100)
            connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        client = client_of_origin(
            f"https://localhost:{listener.getsockname()[1]}", files
        )
        with pytest.raises(TemporaryError) as raised:
            client.registar_serie(new_series())
    assert (type(raised.value), raised.value.code) == (TemporaryError, "no_connection")


def test_a_closed_port_is_no_connection():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"http://localhost:{listener.getsockname()[1]}"
    client = plain_client(origin)
    with pytest.raises(TemporaryError) as raised:
        client.registar_serie(new_series())
    assert not isinstance(raised.value, UnknownOutcomeError)
    assert raised.value.code == "no_connection"
    assert raised.value.message == "Connection refused"


def test_a_server_that_never_answers_leaves_the_outcome_unknown():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = plain_client(f"http://localhost:{silent.getsockname()[1]}")
        with pytest.raises(UnknownOutcomeError) as raised:
            client.registar_serie(new_series())
    assert (raised.value.code, raised.value.message) == ("no_answer", "")


@pytest.mark.parametrize(
    "origin",
    ["http://localhost:99999999", "http://localhost:port", "http://localhost:1/x y"],
)
def test_a_bad_address_is_a_setup_error(origin):
    with pytest.raises(SetupError) as raised:
        plain_client(origin).registar_serie(new_series())
    assert (raised.value.code, raised.value.message) == ("bad_address", "")


@pytest.mark.parametrize("name", ["certificate", "key"])
def test_files_that_cannot_be_used_are_a_setup_error(files, name):
    parts = {"certificate": files.certificate("client"), "key": files.key("client")}
    for wrong in (b"nonsense", files.certificate("server"), files.key("server")):
        with pytest.raises(SetupError) as raised:
            client_context(**{**parts, name: wrong})
        assert raised.value.code == "client_certificate"


def test_the_sandbox_accepts_a_client_with_its_settings(tmp_path, sandbox):
    store, codes = MemoryStore(), []
    for _start in range(2):
        with sandbox.running(tmp_path, store) as (simulator, settings):
            assert all(isinstance(value, str) for value in settings.values())
            with sandbox_client(settings) as client:
                found = client.find(new_series())
                info = found or client.registar_serie(new_series())
                codes.append(info.cod_validacao_serie)
            assert simulator.requests["consultarSeries"] == 1
    assert codes[0] == codes[1]
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_sandbox_keeps_its_certificates_and_replaces_broken_ones(tmp_path):
    files = SandboxFiles(tmp_path)
    authority = files.certificate("authority")
    assert SandboxFiles(tmp_path).certificate("authority") == authority
    files.certificate_path("client").write_bytes(b"half a cert")
    assert SandboxFiles(tmp_path).certificate("authority") != authority
    assert SandboxFiles(tmp_path)._are_usable()


def plain_client(origin):
    """A client without TLS, for servers that are none."""
    session = open_session(origin, loopback_only=True, read_seconds=0.2)
    credentials = Credentials("509987656/1", "x", cipher_pair()[1])
    return SeriesClient(session, origin, credentials)


def sandbox_client(settings):
    def read(name):
        return pathlib.Path(settings[name]).read_bytes()

    context = client_context(
        read("client_certificate"),
        read("client_key"),
        authority=read("authority").decode(),
    )
    session = open_session(settings["url"], loopback_only=True, ssl_context=context)
    credentials = Credentials(
        settings["username"], settings["password"], read("cipher_certificate")
    )
    return SeriesClient(session, settings["url"], credentials)


def test_an_own_authority_is_the_only_one_trusted(
    socket_service, files, tmp_path, monkeypatch
):
    known = str(files.certificate_path("authority"))
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", known)
    stranger = SandboxFiles(tmp_path).certificate("authority").decode()
    context = client_context(
        files.certificate("client"), files.key("client"), authority=stranger
    )
    with pytest.raises(SetupError) as raised:
        tls_client(socket_service, files, context).registar_serie(new_series())
    assert raised.value.code == "tls_certificate_verify_failed"
    assert not socket_service.simulator.requests


def test_without_an_own_authority_the_list_of_requests_is_trusted(
    socket_service, files, monkeypatch
):
    known = str(files.certificate_path("authority"))
    monkeypatch.setattr("requests.certs.where", lambda: known)
    context = client_context(files.certificate("client"), files.key("client"))
    client = tls_client(socket_service, files, context)
    assert client.registar_serie(new_series()).cod_validacao_serie


def test_a_list_that_the_environment_names_is_trusted_as_well(
    socket_service, files, monkeypatch
):
    context = client_context(files.certificate("client"), files.key("client"))
    client = tls_client(socket_service, files, context)
    client._session.verify = str(files.certificate_path("authority"))
    assert client.registar_serie(new_series()).cod_validacao_serie


def test_a_session_can_outlive_its_client(socket_service, files):
    context = socket_service.options["ssl_context"]
    session = open_tls_session(socket_service.origin, context, loopback_only=True)
    credentials = Credentials("509987656/1", "Senha-ção-1", files.certificate("cipher"))
    for serie in ("A", "B"):
        client = SeriesClient(
            session, socket_service.origin, credentials, keep_session=True
        )
        with client:
            assert client.registar_serie(new_series(serie=serie)).serie == serie
    assert socket_service.simulator.requests["registarSerie"] == 2


def tls_client(service, files, context):
    session = open_tls_session(service.origin, context, loopback_only=True)
    credentials = Credentials("509987656/1", "Senha-ção-1", files.certificate("cipher"))
    return SeriesClient(session, service.origin, credentials)
