"""Token, identity and authorization: who we are and what we may do."""

import dataclasses
import sys

import pytest
from maventa_api import CompanyState, SetupError, TemporaryError
from maventa_api.simulator.holdings import ALL_SCOPES, DEFAULT_SCOPES
from maventa_api.token import PROCESS_TOKENS, SCOPE, TokenCache
from maventa_samples import upload


def test_the_package_knows_nothing_of_odoo():
    assert not any(name.split(".")[0] == "odoo" for name in sys.modules)


def test_identity_says_whose_account_it_is(service):
    with service.client() as client:
        identity = client.identity()
    assert identity.company_uuid == service.account.company_uuid
    assert (identity.name, identity.bid) == ("Lumi Oy", "2345678-0")
    assert identity.vat == "FI23456780"
    assert not identity.disabled
    assert "invoice:send" in identity.scopes


def test_a_token_is_asked_for_once_and_shared(service):
    with service.client() as client:
        client.authorization()
        client.authorization()
    with service.client() as client:
        client.authorization()
    assert service.simulator.requests["token"] == 1
    assert service.simulator.requests["authorization"] == 3


def test_a_token_is_renewed_five_minutes_before_its_end(service):
    now = [1000.0]
    service.tokens.clock = lambda: now[0]
    with service.client() as client:
        client.authorization()
        now[0] += 3600 - 301
        client.authorization()
        assert service.simulator.requests["token"] == 1
        now[0] += 2
        client.authorization()
    assert service.simulator.requests["token"] == 2


def test_an_expired_token_is_renewed_once_and_the_call_repeated(service):
    with service.client() as client:
        client.authorization()
        service.simulator.faults.add("token_expires")
        assert client.send_invoice(upload()).number == "INV/2026/1"
    assert service.simulator.requests["token"] == 2
    assert len(service.simulator.held_invoices()) == 1


def test_a_token_that_is_refused_again_and_again_ends_the_call(service):
    with service.client() as client:
        client.authorization()
        service.simulator.faults.add("token_expires", 10)
        with pytest.raises(SetupError) as caught:
            client.authorization()
    assert caught.value.code == "auth_unauthorized"
    assert service.simulator.requests["token"] == 2
    assert service.simulator.requests["authorization"] == 3


def test_tokens_that_last_for_few_calls(service):
    service.simulator.calls_per_token = 2
    with service.client() as client:
        for _call in range(5):
            client.authorization()
    assert service.simulator.requests["token"] == 3


@pytest.mark.parametrize("part", ["company_uuid", "user_api_key", "vendor_api_key"])
def test_wrong_keys_are_a_matter_of_setup(service, part):
    account = dataclasses.replace(service.account, **{part: "wrong"})
    with service.client(account=account) as client:
        with pytest.raises(SetupError) as caught:
            client.identity()
    assert caught.value.code == "invalid_credentials"
    assert caught.value.http_status == 401


def test_a_wrong_key_never_lives_on_an_older_token(service):
    with service.client() as client:
        client.authorization()
    account = dataclasses.replace(service.account, user_api_key="changed")
    with service.client(account=account) as client, pytest.raises(SetupError):
        client.authorization()


def test_the_check_of_keys_asks_the_service_and_not_the_cache(service):
    with service.client() as client:
        client.identity()
        client.identity()
    assert service.simulator.requests["token"] == 2


def test_a_key_that_may_not_send_is_found_out_by_the_scopes(service):
    account = service.simulator.add_account(
        name="Luku Oy", bid="9876543-0", scopes=DEFAULT_SCOPES
    )
    with service.client(account=account) as client:
        with pytest.raises(SetupError) as caught:
            client.identity()
    assert caught.value.code == "scope_missing"


def test_what_we_ask_for_can_be_granted():
    assert set(SCOPE.split()) <= set(ALL_SCOPES.split())


def test_an_unknown_company_state_is_not_verified(service):
    service.simulator.change_company(service.account.company_uuid, state="ON_HOLD")
    with service.client() as client:
        assert client.authorization().company_state is CompanyState.UNKNOWN


def test_secrets_are_in_no_representation(service):
    with service.client() as client:
        client.authorization()
    shown = repr(service.account) + repr(service.tokens.__dict__)
    for secret in (service.account.user_api_key, service.account.vendor_api_key):
        assert secret not in shown
    assert service.tokens.__dict__["_tokens"]


def test_dropping_a_token_spares_a_newer_one():
    cache = TokenCache()
    old, new = object(), type("Token", (), {"renew_at": float("inf")})()
    cache.put("key", new)
    cache.drop("key", old)
    assert cache.get("key") is new


def test_rate_limit_at_the_token_is_temporary(service):
    service.simulator.faults.add("rate_limited")
    with service.client() as client, pytest.raises(TemporaryError) as caught:
        client.identity()
    assert caught.value.retry_after == 120


def test_clients_of_one_process_share_tokens_by_default():
    assert isinstance(PROCESS_TOKENS, TokenCache)
