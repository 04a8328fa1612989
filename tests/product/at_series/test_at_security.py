"""The header: what is sent, and that AT would refuse anything else."""

import base64
import datetime
import os
import re

import pytest
import requests
from at_samples import new_series
from at_series import (
    SUSPENDED,
    WRONG_PASSWORD,
    Credentials,
    SetupError,
    TemporaryError,
)
from at_series.client import PATH
from at_series.clock import utc_now
from at_series.exchange import MASK
from at_series.security import (
    SECURITY_NAMESPACE,
    SecurityHeader,
    encrypt,
    load_public_key,
)
from at_series.simulator import Account
from at_series.simulator.envelope import schema
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree

USERNAME = "509987656/1"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


class Recorder(requests.adapters.HTTPAdapter):
    """Keep every message, and hand it on to the adapter that was there."""

    def __init__(self, session):
        super().__init__()
        (self.prefix,) = session.adapters
        self.inner = session.adapters[self.prefix]
        self.requests = []
        session.mount(self.prefix, self)

    def send(self, request, **options):
        self.requests.append(request)
        return self.inner.send(request, **options)


def recorded(client):
    return Recorder(client._session)


def replay(service, request, change=lambda body: body):
    """Send a message again, changed; return AT's answer."""
    adapter = recorded(service.client()).inner
    copy = request.copy()
    copy.body = change(request.body)
    copy.headers["Content-Length"] = str(len(copy.body))
    return etree.fromstring(adapter.send(copy).content)


def sent(service):
    """Return a message that was never delivered, with a key still unused."""
    client = service.client()
    recorder = recorded(client)
    service.simulator.faults.add("drop_before")
    with pytest.raises(TemporaryError):
        client.registar_serie(new_series())
    return recorder.requests[0]


def fault(answer):
    code = answer.findtext(".//AuthenticationFailed/Code")
    return code or answer.findtext(".//faultcode")


def test_encryption_of_two_known_values():
    """Two values computed with other programs, key 00 to 0f."""
    key = bytes(range(16))
    assert encrypt(key, "Exemplo-123") == "yhS9JTsCeOMCm9Tm5y7GBw=="
    assert encrypt(key, "2026-01-02T03:04:05.678Z") == (
        "R+B+zeiBjRjcqWi373l/rdpOe9OYn+H89vlOg8Don54="
    )


def test_a_request_has_the_header_and_the_body_of_the_schema(local_service):
    client = local_service.client()
    recorder = recorded(client)
    client.registar_serie(new_series())
    (request,) = recorder.requests
    assert request.headers["SOAPAction"] == '""'
    assert request.headers["Content-Type"] == "text/xml; charset=utf-8"
    envelope = etree.fromstring(request.body)
    header = envelope.find(f"{{{SOAP}}}Header")
    (security,) = header  # no WS-Addressing beside it
    assert security.tag == f"{{{SECURITY_NAMESPACE}}}Security"
    (token,) = security
    names = [etree.QName(child).localname for child in token]
    assert names == ["Username", "Password", "Nonce", "Created"]
    assert not any(element.attrib for element in security.iter())
    assert token[0].text == USERNAME
    assert len(base64.b64decode(token[2].text)) == 256
    (operation,) = envelope.find(f"{{{SOAP}}}Body")
    assert operation.tag == "{http://at.gov.pt/}registarSerie"
    assert [child.tag for child in operation] == list(new_series().elements())
    schema().assertValid(operation)


def test_every_attempt_has_a_fresh_key(local_service):
    client = local_service.client()
    recorder = recorded(client)
    for _attempt in range(2):
        client.consultar_series()
    secrets = [
        [etree.fromstring(request.body).findtext(f".//{{*}}{name}") for name in names]
        for names in [("Password", "Nonce", "Created")]
        for request in recorder.requests
    ]
    assert not set(secrets[0]) & set(secrets[1])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (SECURITY_NAMESPACE, "http://docs.oasis-open.org/wss/2004/01/x", "S:Client"),
        (r"</?wss:Security[^>]*>", "", "S:Client"),
        (r"http://at\.gov\.pt/", "http://at.gov.pt", "S:Client"),
        (r"(<serie>.*</serie>)(<tipoSerie>.</tipoSerie>)", r"\2\1", "S:Client"),
        (r"<tipoSerie>.</tipoSerie>", "", "S:Client"),
        (r"<numInicialSeq>1<", "<numInicialSeq>one<", "S:Client"),
        (r"<serie>", '<serie xmlns="http://at.gov.pt/">', "S:Client"),
        (r"<wss:Password>", '<wss:Password Type="x">', "1040"),
        (r"<wss:Created>.*</wss:Created>", "", "1040"),
        (r"(<wss:Username>.*</wss:Username>)(.*)(</wss:U)", r"\2\1\3", "1040"),
        (r"<wss:Nonce>....", "<wss:Nonce>!!!!", "7"),
        (r"<wss:Nonce>[^<]*", "<wss:Nonce>" + "A" * 344, "8"),
        (r"<wss:Password>[^<]*", "<wss:Password>AAAA", "17"),
        (r"<wss:Created>[^<]*", "<wss:Created>AAAA", "16"),
        (r"<wss:Username>\d*/1<", "<wss:Username>509987656<", "4"),
    ],
)
def test_a_changed_message_is_refused(local_service, old, new, code):
    request = sent(local_service)
    # One that AT would accept but for the change: declare the prefix on the token, so
    # that it survives when the wrapper goes.
    body = request.body.decode()
    body = body.replace(
        "<wss:UsernameToken>",
        f'<wss:UsernameToken xmlns:wss="{SECURITY_NAMESPACE}">',
    )
    changed, count = re.subn(old, new, body, flags=re.DOTALL)
    assert count
    assert fault(replay(local_service, request, lambda _body: changed.encode())) == code
    unchanged = replay(local_service, request, lambda _body: body.encode())
    assert unchanged.findtext(".//codResultOper") == "2001"


def test_an_empty_value_is_refused_by_the_service(local_service):
    request = sent(local_service)
    answer = replay(
        local_service,
        request,
        lambda body: re.sub(rb"<serie>[^<]*</serie>", b"<serie></serie>", body),
    )
    assert answer.findtext(".//codResultOper") == "4002"


def test_a_message_is_accepted_once(local_service):
    request = sent(local_service)
    answers = [replay(local_service, request) for _time in range(2)]
    assert answers[0].findtext(".//codResultOper") == "2001"
    assert fault(answers[1]) == "12"


def test_a_wrong_clock_is_a_setup_error(local_service):
    for minutes in (-6, 6):
        moment = utc_now() + datetime.timedelta(minutes=minutes)
        client = local_service.client(now=lambda moment=moment: moment)
        with pytest.raises(SetupError) as raised:
            client.consultar_series()
        assert raised.value.code == "10"


def test_wrong_passwords_are_counted_until_the_user_is_locked_out(service):
    for tries_left in (4, 3, 2, 1, 0):
        with service.client(password="x") as client, pytest.raises(SetupError) as got:
            client.consultar_series()
        assert (got.value.code, got.value.tries_left) == ("99", tries_left)
        assert got.value.access_problem == (WRONG_PASSWORD if tries_left else SUSPENDED)
    with service.client() as client, pytest.raises(SetupError) as got:
        client.consultar_series()
    assert (got.value.code, got.value.access_problem) == ("99", SUSPENDED)


def test_an_unknown_sub_user_is_a_setup_error(local_service):
    with pytest.raises(SetupError) as raised:
        local_service.client(username="509987656/9").consultar_series()
    assert raised.value.code == "99"


def test_a_right_password_resets_the_tries(local_service):
    for _time in range(2):
        with pytest.raises(SetupError) as raised:
            local_service.client(password="x").consultar_series()
        assert raised.value.tries_left == 4
        local_service.client().consultar_series()


def test_a_sub_user_without_the_permission_is_a_setup_error(service):
    service.simulator.accounts = {
        USERNAME: Account("Senha-ção-1", permissions=frozenset({"WFA"}))
    }
    with service.client() as client, pytest.raises(SetupError) as raised:
        client.consultar_series()
    assert raised.value.code == "1200"


def test_a_suspended_sub_user_is_a_setup_error(local_service):
    local_service.simulator.accounts = {
        USERNAME: Account("Senha-ção-1", is_suspended=True)
    }
    with pytest.raises(SetupError) as raised:
        local_service.client().consultar_series()
    assert raised.value.code == "99"


@pytest.mark.parametrize(
    ("username", "password"),
    [(USERNAME, "a\ud800"), ("509987656/1\x00", "x"), ("509987656/\udfff", "x")],
)
def test_credentials_that_cannot_be_written_are_a_setup_error(
    local_service, username, password
):
    client = local_service.client(username=username, password=password)
    with pytest.raises(SetupError) as raised:
        client.consultar_series()
    assert raised.value.code == "credentials"
    assert client.last_exchange is None


def test_the_public_key_alone_is_enough(files):
    certificate = files.certificate("cipher")
    key = load_public_key(certificate)
    pem = key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert load_public_key(pem).public_numbers() == key.public_numbers()


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"nonsense",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        ),
    ],
)
def test_an_unusable_cipher_key_is_a_setup_error(pem):
    with pytest.raises(SetupError) as raised:
        SecurityHeader(Credentials(USERNAME, "x", pem))
    assert raised.value.code == "cipher_key"


def test_the_last_exchange_holds_all_but_the_secrets(service):
    password = f"Senha-{os.urandom(4).hex()}"
    service.simulator.accounts = {USERNAME: Account(password)}
    with service.client(password=password) as client:
        assert client.last_exchange is None
        info = client.registar_serie(new_series())
        exchange = client.last_exchange
        assert (exchange.operation, exchange.status) == ("registarSerie", 200)
        assert exchange.address.endswith(PATH)
        assert info.cod_validacao_serie in exchange.answer
        assert "<serie>A2026</serie>" in exchange.request
        assert exchange.request.count(MASK) == 3
        service.simulator.faults.add("drop_before")
        with pytest.raises(TemporaryError):
            client.consultar_series()
        assert client.last_exchange.operation == "consultarSeries"
        assert (client.last_exchange.answer, client.last_exchange.status) == (
            None,
            None,
        )


def test_secrets_are_in_no_representation():
    credentials = Credentials(USERNAME, "Segredo", b"PEM")
    assert "Segredo" not in repr(credentials)
    assert "Segredo" not in repr(Account("Segredo"))
