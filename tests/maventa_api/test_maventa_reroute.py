"""Another way for what Maventa has."""

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
