"""Whole chains, and each way to break one, by its name."""

import random
import time
from dataclasses import replace

import pytest
from at_series.hash_chain import Break, SignedDocument, verify_chain, verify_chains
from at_series.signing import sign, signed_message
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.fixture(scope="module")
def private():
    return {name: rsa.generate_private_key(65537, 1024) for name in ("1", "2")}


@pytest.fixture(scope="module")
def keys(private):
    return {name: key.public_key() for name, key in private.items()}


def signed(private, document, previous):
    """Return ``document`` signed with the key that its HashControl names."""
    message = signed_message(
        document.date, document.entry, document.number, document.gross_total, previous
    )
    name = document.hash_control.partition("-")[0]
    return replace(document, signature=sign(private[name], message))


def chain(private, length=6, series="FT A", first=1, controls=()):
    documents, previous = [], ""
    for place in range(length):
        document = SignedDocument(
            number=f"{series}/{first + place}",
            date=f"2026-03-{place % 28 + 1:02}",
            entry=f"2026-03-{place % 28 + 1:02}T09:00:{place % 60:02}",
            gross_total=f"{place}.50",
            signature="",
            hash_control=controls[place] if controls else "1",
        )
        documents.append(signed(private, document, previous))
        previous = documents[-1].signature
    return documents


def breaks(documents, keys, **options):
    found = verify_chain(documents, keys, **options)
    return [(one.kind, one.number) for one in found]


@pytest.fixture(scope="module")
def whole(private):
    return chain(private)


def changed(documents, place, **changes):
    return [
        replace(document, **changes) if at == place else document
        for at, document in enumerate(documents, start=1)
    ]


def test_a_whole_chain_has_no_break_in_any_order(whole, keys):
    assert breaks(whole, keys) == []
    assert breaks(reversed(whole), keys) == []
    assert breaks([], keys) == []


def test_numbers_ascend_as_numbers(private, keys):
    assert breaks(chain(private, 12), keys) == []


def test_a_series_may_begin_later(private, keys):
    later = chain(private, 3, first=40)
    assert breaks(later, keys, first_number=40) == []
    assert breaks(later, keys) == [("gap", "FT A/40")]


@pytest.mark.parametrize(
    "changes",
    [
        {"gross_total": "9.50"},
        {"date": "2026-03-02"},
        {"entry": "2026-03-03T09:00:03"},
    ],
)
def test_a_changed_field_is_named_and_nothing_else(whole, keys, changes):
    assert breaks(changed(whole, 3, **changes), keys) == [("changed", "FT A/3")]


def test_the_last_document_is_verified_as_well(whole, keys):
    assert breaks(changed(whole, 6, gross_total="0.00"), keys) == [
        ("changed", "FT A/6")
    ]


def test_a_gap_is_named_with_its_numbers(whole, keys):
    found = list(verify_chain(whole[:2] + whole[4:], keys))
    assert found == [Break("gap", "FT A/5", "3-4"), Break("unchecked", "FT A/5")]


def test_a_missing_first_document_is_a_gap(whole, keys):
    assert breaks(whole[1:], keys) == [("gap", "FT A/2"), ("unchecked", "FT A/2")]


def test_a_number_that_is_there_twice_is_named(whole, keys):
    assert breaks([*whole, whole[2]], keys)[0] == ("duplicate", "FT A/3")


def test_an_altered_signature_leaves_the_next_one_unchecked(whole, keys):
    signature = whole[2].signature
    altered = ("B" if signature[0] != "B" else "C") + signature[1:]
    for wrong in (altered, "", "0", signature[:100]):
        assert breaks(changed(whole, 3, signature=wrong), keys) == [
            ("hash", "FT A/3"),
            ("unchecked", "FT A/4"),
        ]


def test_swapped_signatures_are_found(whole, keys):
    swapped = changed(whole, 3, signature=whole[3].signature)
    swapped = changed(swapped, 4, signature=whole[2].signature)
    assert breaks(swapped, keys) == [
        ("changed", f"FT A/{place}") for place in (3, 4, 5)
    ]


def test_a_chain_that_was_signed_again_from_a_change_on_is_whole(private, whole, keys):
    """Only a witness outside sees that, so the report must not claim more."""
    again = [signed(private, replace(whole[0], gross_total="7.00"), "")]
    for document in whole[1:]:
        again.append(signed(private, document, again[-1].signature))
    assert breaks(again, keys) == []


def test_a_document_recorded_before_its_predecessor_is_out_of_order(private, keys):
    first, second = chain(private, 2)
    second = replace(second, entry="2026-02-28T09:00:00")
    second = signed(private, second, first.signature)
    assert breaks([first, second], keys) == [("order", "FT A/2")]


def test_a_document_dated_before_its_predecessor_is_named(private, keys):
    first, second = chain(private, 2)
    second = signed(private, replace(second, date="2026-02-28"), first.signature)
    assert breaks([first, second], keys) == [("date", "FT A/2")]


def test_recovered_documents_keep_the_dates_of_their_originals(private, keys):
    first, second = chain(private, 2, controls=["1-FTM F/23", "1-FTM D/3"])
    second = signed(private, replace(second, date="2026-02-28"), first.signature)
    assert breaks([first, second], keys) == []


def test_a_new_key_goes_on_with_the_chain(private, keys):
    assert breaks(chain(private, 4, controls=["1", "1", "2", "2"]), keys) == []


def test_an_old_key_does_not_come_back(private, keys):
    documents = chain(private, 4, controls=["1", "2", "1", "2"])
    assert breaks(documents, keys) == [("key", "FT A/3")]


def test_the_wrong_key_is_named(whole, keys):
    found = list(verify_chain(changed(whole, 6, hash_control="2"), keys))
    assert found == [Break("key", "FT A/6", "1")]


@pytest.mark.parametrize("control", ["7", "", "x"])
def test_a_key_that_is_not_known_is_named(whole, keys, control):
    found = breaks(changed(whole, 6, hash_control=control), keys)
    assert found == [("key", "FT A/6")]


@pytest.mark.parametrize(
    "changes",
    [
        {"date": "03-03-2026"},
        {"entry": "2026-03-03T09:00"},
        {"gross_total": "2,50"},
        {"number": "FTA/3"},
    ],
)
def test_a_value_in_another_form_is_named(whole, keys, changes):
    assert "form" in {
        kind for kind, _number in breaks(changed(whole, 3, **changes), keys)
    }


def test_documents_of_another_program_need_its_key(private, keys):
    documents = [
        replace(document, hash_control="0042.1") for document in chain(private, 3)
    ]
    assert {kind for kind, _number in breaks(documents, keys)} == {"unchecked"}
    assert breaks(documents, keys | {"0042.1": keys["1"]}) == []


def test_documents_of_a_program_without_certificate_have_no_signature(private, keys):
    documents = [
        replace(document, hash_control="Não certificado", signature="0")
        for document in chain(private, 3)
    ]
    assert breaks(documents, keys) == []


def test_a_tail_is_verified_from_the_document_before_it(whole, keys):
    assert breaks(whole[3:], keys, previous=whole[2]) == []
    wrong = replace(whole[2], signature=whole[1].signature)
    assert breaks(whole[3:], keys, previous=wrong) == [("changed", "FT A/4")]


def test_each_series_is_a_chain_of_its_own(private, keys):
    documents = [
        *chain(private, 3, "FT A"),
        *chain(private, 3, "NC A"),
        *chain(private, 3, "FT B", first=5),
    ]
    random.Random(1).shuffle(documents)
    assert verify_chains(documents, keys, first_numbers={"FT B": 5}) == []
    without = [one for one in documents if one.number != "NC A/2"]
    found = verify_chains(without, keys, first_numbers={"FT B": 5})
    assert {one.number for one in found} == {"NC A/3"}


def test_thousands_of_documents_take_seconds(private, keys):
    documents = []
    for series in range(10):
        documents += chain(private, 100, f"FT S{series}")
    start = time.process_time()
    found = verify_chains(documents, keys)
    assert {one.kind for one in found} <= {"order", "date"}  # the months repeat
    assert time.process_time() - start < 1


texts = st.text(max_size=12)


@given(
    place=st.integers(0, 5),
    field=st.sampled_from(
        ("number", "date", "entry", "gross_total", "signature", "hash_control")
    ),
    text=texts,
)
@settings(max_examples=150, deadline=None)
def test_no_change_goes_unseen_or_raises(whole, keys, place, field, text):
    if getattr(whole[place], field) == text:
        return
    documents = changed(whole, place + 1, **{field: text})
    assert verify_chains(documents, keys)
