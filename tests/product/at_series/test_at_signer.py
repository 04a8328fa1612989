"""The signer: what is sent, what is refused, and what its memory knows."""

import pytest
from at_series.batch import Batch, UnsignedDocument, check_batch
from at_series.errors import RejectedError, SetupError, TemporaryError
from at_series.signer import Head, SignerClient
from at_series.signing import SigningError, load_signing_key, new_signing_key
from at_series.simulation import MemoryStore
from at_series.simulator import Signer
from at_series.transport import open_session

ORIGIN = "https://localhost"
NIF = "509987656"
KEY = load_signing_key(new_signing_key())


@pytest.fixture
def signer():
    return Signer(MemoryStore(), KEY, certificate="9999", token="s3gredo")


def client(signer, token="s3gredo"):
    return SignerClient(open_session(ORIGIN, simulator=signer), ORIGIN, token)


def batch(first, previous="", length=1, total="12.30", series="FT A"):
    documents = tuple(
        UnsignedDocument("2026-03-01", "2026-03-01T09:00:00", f"{series}/{n}", total)
        for n in range(first, first + length)
    )
    return Batch("9999", NIF, previous, documents)


def signed(signer, *arguments, **options):
    wanted = batch(*arguments, **options)
    signatures, version = client(signer).sign(wanted)
    check_batch(KEY.public_key(), wanted, signatures)
    assert version == 1
    return signatures


def test_a_batch_is_chained_and_verified(signer):
    first = signed(signer, 1, length=3)
    assert len(set(first)) == 3
    signed(signer, 4, first[-1])


def test_batch_that_was_rolled_back_may_come_again_with_other_amounts(signer):
    first = signed(signer, 1, length=2)
    second = signed(signer, 1, total="1.00")
    assert first[0] != second[0]
    third = signed(signer, 2, second[0])
    assert signed(signer, 2, second[0], total="2.00") != third


def test_batch_before_a_confirmed_document_is_refused(signer):
    one = signed(signer, 1)[0]
    two = signed(signer, 2, one)[0]
    three = signed(signer, 3, two)[0]
    for first, previous in ((1, ""), (2, one), (3, one), (4, two)):
        with pytest.raises(RejectedError) as refused:
            client(signer).sign(batch(first, previous))
        assert refused.value.code == "behind"
        assert refused.value.message == "3"
    signed(signer, 4, three)


def test_heads_confirm_or_show_what_the_database_has_lost(signer):
    one = signed(signer, 1)[0]
    two = signed(signer, 2, one)[0]
    signed(signer, 1, series="NC A")  # rolled back afterwards
    ask = client(signer)
    assert ask.compare("9999", NIF, [Head("FT A", 2, two)]) == []
    assert ask.compare("9999", NIF, [Head("FT A", 1, one)]) == [Head("FT A", 2, two)]
    assert ask.compare("9999", NIF, []) == [Head("FT A", 2, two)]
    with pytest.raises(RejectedError):
        ask.sign(batch(2, one))


@pytest.mark.parametrize("fault", ["drop", "drop_after", "500", "garbage"])
def test_no_usable_answer_is_temporary(signer, fault):
    signer.faults.add(fault)
    with pytest.raises(TemporaryError):
        client(signer).sign(batch(1))
    signed(signer, 1)


@pytest.mark.parametrize("fault", ["too_few", "wrong_length", "other_document"])
def test_wrong_signature_does_not_pass_the_check(signer, fault):
    signer.faults.add(fault)
    wanted = batch(1)
    signatures, _version = client(signer).sign(wanted)
    with pytest.raises(SigningError) as wrong:
        check_batch(KEY.public_key(), wanted, signatures)
    assert wrong.value.field == "hash"


def test_stranger_gets_nothing(signer):
    with pytest.raises(SetupError):
        client(signer, "outro").sign(batch(1))
    other = Batch("0042", NIF, "", batch(1).documents)
    with pytest.raises(SetupError):
        client(signer).sign(other)
