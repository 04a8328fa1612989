"""Maventa's directory and what a company has set there."""

import pytest
from maventa_api import Network, PrintSettings, Receiver, RejectedError, TemporaryError
from maventa_api.simulator.directory import OPERATORS
from maventa_api.simulator.holdings import find_receivers, new_receiver
from maventa_samples import ubl, upload


def enter(service):
    """Put one company into two directories."""
    known = {"name": "Jää Oy", "bid": "1234567-1"}
    service.simulator.add_receiver(
        network="EXTERNAL", eia="FI2112345600000785", operator="NDEAFIHH", **known
    )
    service.simulator.add_receiver(
        network="PEPPOL", eia="003712345671", operator="AP123", scheme="0216", **known
    )


def test_a_company_is_found_in_every_network(service):
    enter(service)
    with service.client() as client:
        found = client.find_receivers(bid="1234567-1", name="Jää Oy", country="FI")
    external, peppol = found
    assert (external.network, external.eia, external.operator) == (
        Network.EXTERNAL,
        "FI2112345600000785",
        "NDEAFIHH",
    )
    assert peppol.eia == "0216:003712345671"
    assert peppol.operator == "PEPPOL", "never the access point"


def test_maventas_own_customers_are_found(service):
    with service.client() as client:
        [found] = client.find_receivers(bid="2345678-0")
    assert (found.network, found.eia) == (Network.INTERNAL, "003723456780")
    assert found.operator == "003721291126"


def test_peppol_is_asked_by_name_alone(service):
    enter(service)
    with service.client() as client:
        found = client.find_receivers(bid="1234567-1")
    assert [receiver.network for receiver in found] == [Network.EXTERNAL]


def test_a_valid_number_is_known_to_some_operator(service):
    with service.client() as client:
        [found] = client.find_receivers(bid="2021005489", country="SE")
        assert client.find_receivers(bid="2021005480", country="SE") == []
    assert (found.network, found.eia) == (Network.EXTERNAL, "2021005489")
    assert found.operator in {row[0] for row in OPERATORS}


@pytest.mark.parametrize(
    ("endpoint", "country", "bid"),
    [
        ("003712345671", "FI", "1234567-1"),
        ("2021005489", "SE", "2021005489"),
        ("12345678", "NL", "87654321"),
        ("DE123456788", "DE", ""),
        ("", "FI", ""),
    ],
)
def test_the_look_up_answers_what_an_invoice_is_routed_by(
    service, endpoint, country, bid
):
    service.simulator.polls_until_routed = 0
    document = ubl(endpoint=endpoint, country=country, bid=bid)
    sent = upload(file=document, recipient_email="buyer@example.com")
    with service.client() as client:
        found = client.find_receivers(bid=bid, country=country)
        client.send_invoice(sent)
        way = client.find_invoice(sent.uuid).destination
    assert way == ("EINVOICE" if found else "EMAIL")


def test_another_country_is_not_found(service):
    enter(service)
    with service.client() as client:
        assert client.find_receivers(bid="1234567-1", name="Jää", country="SE") == []


def test_a_network_is_mandatory(service):
    with service.client() as client, pytest.raises(RejectedError):
        client._exchange.call("GET", "/v1/lookup/receivers", params={"bid": "1"})


def test_every_page_of_operators_is_read(service, monkeypatch):
    monkeypatch.setattr("maventa_api.directory.PAGE", 2)
    with service.client() as client:
        found = client.operators()
    assert [operator.identifier for operator in found] == [row[0] for row in OPERATORS]
    assert service.simulator.requests["list_operators"] == 4


def test_an_unknown_network_is_an_answer_we_cannot_read():
    data = {"network": "MOON", "eia": "1"}
    with pytest.raises(ValueError, match="MOON"):
        Receiver.from_json(data)


def test_an_unreadable_list_is_no_empty_list(service, monkeypatch):
    monkeypatch.setattr(
        "maventa_api.exchange.Exchange.call", lambda *_args, **_kwargs: {"error": 1}
    )
    with service.client() as client, pytest.raises(TemporaryError):
        client.find_receivers(bid="1234567-1")


def test_print_settings_are_changed_one_by_one(service):
    with service.client() as client:
        assert client.print_settings() == PrintSettings(False, False)
        client.change_print_settings(use_own_pdf=True)
        assert client.print_settings() == PrintSettings(False, True)
        client.change_print_settings(enabled=True)
        assert client.print_settings() == PrintSettings(True, True)


def test_what_is_no_setting_is_refused(service):
    with service.client() as client, pytest.raises(RejectedError):
        client.change_print_settings(colour=True)


def test_look_up_reads_no_invoices():
    """With many invoices, each of them would be read for each that is followed."""

    class Rows(dict):
        read = []

        def __getitem__(self, key):
            self.read.append(key)
            return super().__getitem__(key)

    state = Rows({f"invoice/{number}": {} for number in range(3)})
    new_receiver(state, network="PEPPOL", eia="0216:003712345671", bid="1234567-1")
    [found] = find_receivers(state, "PEPPOL", bid="1234567-1")
    assert found["eia"] == "0216:003712345671"
    assert {key.partition("/")[0] for key in Rows.read} == {"receiver"}
