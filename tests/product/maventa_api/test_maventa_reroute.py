"""Another way for what Maventa has."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from maventa_api import (
    InvoiceStatus,
    MaventaError,
    RejectedError,
    Reroute,
    Route,
    UnknownOutcomeError,
)
from maventa_samples import upload

BY_EMAIL = Reroute(Route.EMAIL, {"recipient_email": "buyer@example.com"})


@pytest.fixture
def failed(service):
    service.simulator.faults.add("delivery_fails")
    service.simulator.polls_until_routed = 0
    sent = upload()
    with service.client() as client:
        client.send_invoice(sent)
        assert client.find_invoice(sent.uuid).status is InvoiceStatus.FAILED
    return sent


def test_what_failed_goes_by_e_mail(service, failed):
    with service.client() as client:
        client.reroute(failed.uuid, BY_EMAIL)
        invoice = client.find_invoice(failed.uuid)
    assert (invoice.status, invoice.destination) == (InvoiceStatus.DELIVERED, "EMAIL")
    assert service.simulator.requests["create_invoice"] == 1


def test_what_lacks_a_part_is_refused(service, failed):
    with service.client() as client, pytest.raises(RejectedError) as caught:
        client.reroute(failed.uuid, Reroute(Route.PRINT, {"recipient_name": "Jää Oy"}))
    assert "recipient_country" in caught.value.details


def test_a_lost_answer_is_an_unknown_outcome(service, failed):
    service.simulator.faults.add("drop_after_rerouting")
    with service.client() as client:
        with pytest.raises(UnknownOutcomeError):
            client.reroute(failed.uuid, BY_EMAIL)
        assert client.find_invoice(failed.uuid).status is InvoiceStatus.DELIVERED


def test_what_is_not_there_cannot_go_another_way(service):
    with service.client() as client, pytest.raises(MaventaError):
        client.reroute(str(uuid4()), BY_EMAIL)


@pytest.mark.parametrize(
    ("route", "recipient"),
    [
        (Route.EMAIL, {"recipient_email": "buyer@example.com"}),
        (Route.EINVOICE, {"recipient_eia": "0037", "recipient_operator": "PEPPOL"}),
        (Route.PRINT, {"recipient_name": "Jää Oy", "recipient_country": "FI"}),
    ],
    ids=str,
)
def test_a_way_is_put_with_its_fields_as_json(service, route, recipient):
    """Assumption: a PUT to ``reroute/<way>``; any 2xx is a yes, whatever it says."""
    asked = []

    def request(method, url, **options):
        asked.append((method, url.partition("/v1/")[2], options.get("json")))
        return SimpleNamespace(status_code=204, content=b"", headers={})

    uuid = str(uuid4())
    with service.client() as client:
        client.authorization()
        client._exchange._session.request = request
        client.reroute(uuid, Reroute(route, recipient))
    assert asked == [("PUT", f"invoices/{uuid}/reroute/{route.value}", recipient)]
