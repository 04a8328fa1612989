"""What goes wrong on the way, and the family that says what to do next."""

import pytest
from at_samples import new_series
from at_series import (
    RejectedError,
    SeriesError,
    SetupError,
    TemporaryError,
    UnknownOutcomeError,
)
from at_series.simulator import FAULTS

# Answers that leave no doubt: the family, AT's code or ours, and seconds to wait.
CERTAIN = {
    "number_fault": (SetupError, "33", None),
    "client_fault": (RejectedError, "soap_client", None),
    "authentication_down": (TemporaryError, "1050", None),
    "forbidden": (SetupError, "http_403", None),
    "too_many": (TemporaryError, "http_429", 30),
}
LOST = sorted(FAULTS - set(CERTAIN) - {"stall"})
ACCEPTED = ("accept_then_drop", "accept_then_5000", "accept_without_code", "truncated")


@pytest.mark.parametrize("fault", LOST)
def test_a_registration_without_a_true_answer_is_unknown(service, fault):
    service.simulator.faults.add(fault)
    with service.client() as client:
        with pytest.raises(UnknownOutcomeError):
            client.registar_serie(new_series())
        # A query finds the code that the lost answer carried, or nothing.
        assert (client.find(new_series()) is not None) == (fault in ACCEPTED)
    assert service.simulator.requests["registarSerie"] == 1


@pytest.mark.parametrize("fault", sorted(set(LOST) - set(ACCEPTED)))
def test_a_query_without_an_answer_is_temporary(service, fault):
    service.simulator.faults.add(fault)
    with service.client() as client:
        with pytest.raises(TemporaryError) as raised:
            client.consultar_series()
        assert not isinstance(raised.value, UnknownOutcomeError)
        assert client.consultar_series() == ()


@pytest.mark.parametrize("fault", CERTAIN)
def test_a_registration_that_was_certainly_not_made(service, fault):
    family, code, retry_after = CERTAIN[fault]
    service.simulator.faults.add(fault)
    with service.client() as client:
        with pytest.raises(SeriesError) as raised:
            client.registar_serie(new_series())
        error = raised.value
        assert (type(error), error.code) == (family, code)
        assert getattr(error, "retry_after", None) == retry_after
        assert client.find(new_series()) is None


def test_a_read_time_out_leaves_the_outcome_unknown(socket_service):
    socket_service.simulator.faults.add("stall")
    with socket_service.client(read_seconds=0.2) as client:
        with pytest.raises(UnknownOutcomeError) as raised:
            client.registar_serie(new_series())
    assert raised.value.code == "no_answer"
    socket_service.simulator.patience_over.set()
    with socket_service.client() as client:
        assert client.find(new_series())


def test_an_unknown_fault_is_refused(local_service):
    with pytest.raises(ValueError, match="unknown fault"):
        local_service.simulator.faults.add("no_such_fault")
