"""A new user, a new company, and the authentication of it."""

import dataclasses

import pytest
from maventa_api import (
    CompanyState,
    Credentials,
    Language,
    Registrar,
    Registration,
    RejectedError,
    SetupError,
    UnknownOutcomeError,
    open_session,
)
from maventa_api.simulator.holdings import VENDOR_API_KEY

HALLA = Registration(
    name="Halla Oy",
    bid="FI91234565",
    has_vat=True,
    street="Hallatie 1",
    post_code="00100",
    city="Helsinki",
    country="FI",
    email="post@halla.example",
)


@pytest.fixture
def registrar(service):
    def registrar(vendor_api_key=VENDOR_API_KEY):
        session = open_session("https://localhost", simulator=service.simulator)
        return Registrar(session, "https://localhost", vendor_api_key)

    return registrar


def test_a_new_user_and_a_new_company_become_an_account(service, registrar):
    with registrar() as calls:
        key = calls.create_user("aino@halla.example", "Aino", "Aalto")
        uuid = calls.create_company(key, HALLA)
    account = Credentials(uuid, key, VENDOR_API_KEY)
    with service.client(account=account) as client:
        identity = client.identity()
        assert (identity.name, identity.bid) == ("Halla Oy", "FI91234565")
        assert client.authorization().company_state is CompanyState.UNVERIFIED
        assert client.authorization().auth_state == "NONE"
        assert not client.link_vendor(), "a new company is tied to the vendor already"


def test_the_collection_service_stays_off(service, registrar):
    with registrar() as calls:
        key = calls.create_user("aino@halla.example", "Aino", "Aalto")
        uuid = calls.create_company(key, HALLA)
    with service.simulator.store as state:
        assert state[f"company/{uuid}"]["duetto"] is False


def test_somebody_known_gets_no_key(registrar):
    with registrar() as calls:
        assert calls.create_user("aino@halla.example", "Aino", "Aalto")
        assert calls.create_user("aino@halla.example", "Aino", "Aalto") == ""


def test_a_business_id_has_one_account(registrar):
    with registrar() as calls:
        key = calls.create_user("aino@halla.example", "Aino", "Aalto")
        calls.create_company(key, HALLA)
        with pytest.raises(RejectedError, match="BID ALREADY TAKEN"):
            calls.create_company(key, dataclasses.replace(HALLA, bid="9123456-5"))


def test_a_country_that_cannot_be_registered_is_refused(registrar):
    with registrar() as calls:
        key = calls.create_user("aino@halla.example", "Aino", "Aalto")
        with pytest.raises(RejectedError) as caught:
            calls.create_company(key, dataclasses.replace(HALLA, country="DE"))
    assert "country" in caught.value.details[0]


def test_a_company_whose_answer_got_lost_is_found(service, registrar):
    with registrar() as calls:
        key = calls.create_user("aino@halla.example", "Aino", "Aalto")
        assert calls.find_company(key, HALLA.bid, "FI") == ""
        service.simulator.faults.add("drop_after_company")
        with pytest.raises(UnknownOutcomeError):
            calls.create_company(key, HALLA)
        found = calls.find_company(key, HALLA.bid, "FI")
        with service.simulator.store as state:
            assert state[f"company/{found}"]["bid"] == HALLA.bid


def test_a_refused_look_for_the_company_means_not_known(registrar):
    with registrar() as calls:
        assert calls.find_company("no such key", HALLA.bid, "FI") == ""


def test_a_user_whose_answer_got_lost_is_an_unknown_outcome(service, registrar):
    service.simulator.faults.add("drop_after_user")
    with registrar() as calls, pytest.raises(UnknownOutcomeError):
        calls.create_user("aino@halla.example", "Aino", "Aalto")


def test_without_the_vendor_nothing_is_registered(registrar):
    with registrar("wrong") as calls, pytest.raises(SetupError):
        calls.create_user("aino@halla.example", "Aino", "Aalto")


def test_an_authentication_is_asked_for_and_signed(service):
    uuid = service.account.company_uuid
    service.simulator.change_company(uuid, state="UNVERIFIED")
    with service.client() as client:
        client.request_authentication("signer@lumi.example", Language.SWEDISH)
        sent = client.authorization()
        assert (sent.auth_state, sent.auth_email) == ("SENT", "signer@lumi.example")
        assert sent.company_state is CompanyState.UNVERIFIED
        assert client.authorization().company_state is CompanyState.VERIFIED
    with service.simulator.store as state:
        assert state[f"company/{uuid}"]["authentication"]["language"] == "SE"


def test_an_address_that_is_none_is_refused(service):
    with service.client() as client, pytest.raises(RejectedError):
        client.request_authentication("nobody", Language.ENGLISH)


def test_an_existing_account_is_tied_to_the_vendor_once(service):
    with service.client() as client:
        assert client.link_vendor()
        assert not client.link_vendor()


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("fi_FI", "FI"),
        ("sv_SE", "SE"),
        ("nb_NO", "NO"),
        ("nn", "NO"),
        ("nl-BE", "NL"),
        ("en_US", "EN"),
        ("pt_PT", "EN"),
        ("", "EN"),
    ],
)
def test_the_language_of_the_e_mail(locale, language):
    assert Language.of(locale).value == language
