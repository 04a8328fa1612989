"""The simulator and the sandbox themselves."""

import importlib.util
import pathlib
import sys
from decimal import Decimal

import pytest
from billingo_api import BillingoClient, transport
from billingo_api.simulation import MemoryStore
from billingo_api.simulator import samples
from billingo_api.simulator.pdf import HUNGARIAN, document_pdf, text_pdf
from billingo_api.simulator.samples.parties import check_digit

SANDBOX = pathlib.Path(__file__).parents[2] / "simulators" / "billingo.py"


def test_no_odoo_came_along():
    assert not any(name.split(".")[0] == "odoo" for name in sys.modules)


def test_the_set_is_as_big_and_as_varied_as_promised():
    raws = [
        raw
        for account in (samples.supplier_account(), samples.own_account())
        for raw in account.documents
    ]
    assert len(raws) >= 40
    kinds = {raw["type"] for raw in raws}
    assert kinds >= {
        "invoice",
        "advance",
        "cancellation",
        "modification",
        "proforma",
        "receipt",
        "draft",
    }
    codes = {item["vat"] for raw in raws for item in raw["items"]}
    assert codes >= {
        *("27%", "18%", "5%", "AAM", "TAM", "EU", "EUK", "ÁTHK", "FAD", "ÁKK")
    }
    assert {raw["currency"] for raw in raws} == {"HUF", "EUR"}
    assert {raw["settings"]["round"] for raw in raws} == {"none", "one", "five", "ten"}
    corrections = [x["gross_total"] for x in raws if x["type"] == "modification"]
    assert min(corrections) < 0 < max(corrections)
    stornos = [x["gross_total"] for x in raws if x["type"] == "cancellation"]
    assert min(stornos) < 0 < max(stornos)
    numbers = [raw["invoice_number"] for raw in raws if raw["invoice_number"]]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize(
    "party",
    [samples.COMPANY, samples.SUPPLIER],
    ids=lambda party: party.name,
)
def test_tax_numbers_have_their_check_digit(party):
    base = party.tax_number[:8]
    assert check_digit(base[:7]) == base[7]


def test_pdf_is_what_readers_accept():
    pdf = text_pdf([(60, 780, 18, "Árvíztűrő (1) \\ 2")])
    table = int(pdf.rsplit(b"startxref\n", 1)[1].split()[0])
    assert pdf[table:].startswith(b"xref")
    first = int(pdf[table:].splitlines()[3].split()[0])
    assert pdf[first:].startswith(b"1 0 obj")


def test_removal_between_pages_hides_a_document(connect, simulator):
    client = connect(page_size=10)
    first = client.documents(1)
    simulator.on_page(2, "remove")
    second = client.documents(2)
    assert second.total == first.total - 1
    seen = {document.id for document in (*first.documents, *second.documents)}
    raws = samples.own_account().documents
    assert str(raws[-11]["id"]) not in seen  # the one that slipped through


def test_insertion_between_pages_repeats_one(connect, simulator):
    client = connect(page_size=10)
    first = client.documents(1)
    simulator.on_page(2, "insert")
    second = client.documents(2)
    assert second.documents[0].id == first.documents[-1].id


def test_only_reading_is_allowed(simulator):
    session = transport.open_session("https://localhost", simulator=simulator)
    answer = session.post(
        "https://localhost/v3/documents", headers={"X-API-KEY": "own"}, json={}
    )
    assert answer.status_code == 403
    assert session.get("https://localhost/v3/partners").status_code == 404


def test_amounts_of_the_samples_are_numbers():
    for raw in samples.own_account().documents:
        for item in raw["items"]:
            assert isinstance(item["net_amount"], int | float)
            Decimal(str(item["net_amount"]))


def test_sandbox_keeps_its_state(tmp_path):
    spec = importlib.util.spec_from_file_location("billingo_sandbox", SANDBOX)
    sandbox = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sandbox)
    store = MemoryStore()
    with sandbox.running(tmp_path, store) as (simulator, settings):
        newest = samples.own_account().documents[-1]["id"]
        simulator.accounts.remove(settings["own_key"], newest)
        left = _count(settings)
    with sandbox.running(tmp_path, store) as (_simulator, settings):
        assert _count(settings) == left


def _count(settings):
    session = transport.open_session(settings["url"], loopback_only=True)
    with BillingoClient(session, settings["url"], settings["own_key"]) as client:
        return client.documents().total


def test_pdf_shows_what_side_by_side_needs():
    raw = samples.own_account().documents[0]
    pdf = document_pdf(raw)
    shown = (raw["invoice_number"], raw["organization"]["name"])
    buyer, total = raw["document_partner"]["name"], str(raw["gross_total"])
    for words in (*shown, buyer, total, raw["items"][0]["vat"]):
        assert words.translate(HUNGARIAN).encode("cp1252") in pdf
