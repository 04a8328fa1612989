"""What goes wrong on the way, and the family that says what to do next."""

import pytest
from at_samples import new_series
from at_series import (
    SetupError,
    TemporaryError,
    UnknownOutcomeError,
)
from at_series.simulator import FAULTS

LOST = sorted(FAULTS - {"number_fault"})
ACCEPTED = ("accept_then_drop", "accept_then_5000", "accept_without_code", "truncated")


@pytest.mark.parametrize("fault", LOST)
def test_a_registration_without_a_true_answer_is_unknown(service, fault):
    service.simulator.faults.add(fault)
    with service.client() as client:
        with pytest.raises(UnknownOutcomeError):
            client.registar_serie(new_series())
        # Asking tells: the same code that the lost answer carried, or nothing.
        assert (client.find(new_series()) is not None) == (fault in ACCEPTED)
    assert service.simulator.requests["registarSerie"] == 1


@pytest.mark.parametrize("fault", sorted(set(LOST) - set(ACCEPTED)))
def test_a_question_without_an_answer_changes_nothing(service, fault):
    service.simulator.faults.add(fault)
    with service.client() as client:
        with pytest.raises(TemporaryError) as raised:
            client.consultar_series()
        assert not isinstance(raised.value, UnknownOutcomeError)
        assert client.consultar_series() == ()


def test_a_bare_number_as_fault_code(service):
    service.simulator.faults.add("number_fault")
    with service.client() as client, pytest.raises(SetupError) as raised:
        client.registar_serie(new_series())
    assert raised.value.code == "33"


def test_every_fault_is_switched_by_a_name_that_exists(local_service):
    with pytest.raises(ValueError, match="unknown fault"):
        local_service.simulator.faults.add("no_such_fault")
