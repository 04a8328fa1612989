"""The signer of the sandbox: over TLS, with a client certificate and a token."""

import pathlib

import pytest
from at_series.batch import Batch, UnsignedDocument, check_batch
from at_series.errors import SetupError, TemporaryError
from at_series.signer import SignerClient
from at_series.signing import load_verification_key
from at_series.simulation import MemoryStore
from at_series.tls import client_context
from at_series.transport import open_session
from simulators import at

DOCUMENT = UnsignedDocument("2026-03-01", "2026-03-01T09:00:00", "FT A/1", "12.30")
BATCH = Batch(at.CERTIFICATE, at.NIF, "", (DOCUMENT,))


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    with at.running(tmp_path_factory.mktemp("at"), MemoryStore()) as (_at, settings):
        yield settings


def content(settings, name):
    return pathlib.Path(settings[name]).read_bytes()


def signer(settings, token, authority):
    context = client_context(
        content(settings, "client_certificate"),
        content(settings, "client_key"),
        authority=authority,
    )
    session = open_session(settings["signer"], ssl_context=context)
    return SignerClient(session, settings["signer"], token)


def test_documents_are_signed(settings):
    authority = content(settings, "authority").decode()
    client = signer(settings, settings["signer_token"], authority)
    signatures, version = client.sign(BATCH)
    key = load_verification_key(content(settings, "signer_public_key"))
    check_batch(key, BATCH, signatures)
    assert version == 1


def test_wrong_token_is_refused(settings):
    authority = content(settings, "authority").decode()
    with pytest.raises(SetupError):
        signer(settings, "outro", authority).sign(BATCH)


def test_stranger_without_a_certificate_gets_no_answer(settings):
    session = open_session(settings["signer"])
    with pytest.raises(TemporaryError):
        SignerClient(session, settings["signer"], settings["signer_token"]).sign(BATCH)
