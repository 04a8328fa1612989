"""Which files are Billingo's."""

import json

import pytest
from billingo_api.simulator.samples import own_account, own_spendings
from billingo_api.uploads import is_spending, read_upload, why_not


def _file(raw):
    return json.dumps(raw).encode()


def test_documents_and_spendings_are_told_apart():
    document, spending = own_account().documents[0], own_spendings()[0]
    assert read_upload("a.JSON", _file(document)) == document
    assert read_upload("a.json", _file(spending)) == spending
    assert (is_spending(document), is_spending(spending)) == (False, True)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", None),
        ("a.json", b""),
        ("a.json", b"{"),
        ("a.json", b"[1]"),
        ("a.json", b"\xff"),
        ("a.json", b'{"id": 1, "items": []}'),
        ("a.pdf", _file(own_account().documents[0])),
        ("", _file(own_account().documents[0])),
    ],
)
def test_other_files_are_none_of_ours(name, content):
    assert read_upload(name, content) is None


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (None, ("empty", "")),
        (b"\n", ("empty", "")),
        (b'{"id": 1,\n"items"', ("broken", "2:8")),
        (b"\xff", ("broken", "")),
        (b"[" * 100_000, ("broken", "")),
        (b"[" * 50 + b"]" * 50, ("broken", "")),
        (b'"text"', ("broken", "")),
        (b"[{}]", ("list", "")),
        (b"{}", ("lacks", "id, invoice_number, items, organization, type")),
        (_file(own_account().documents[0]), ("", "")),
        (_file(own_spendings()[0]), ("", "")),
    ],
)
def test_what_is_wrong_with_a_file_is_known(content, found):
    assert why_not(content) == found
