"""The samples: of real shapes, valid numbers, the same sums in both formats."""

from decimal import Decimal

import pytest
from lxml import etree
from maventa_api.addresses import is_business_id, is_iban
from maventa_api.finvoice import contradictions, line_of, read
from maventa_api.simulator.samples import parties, samples

ALL = samples()
KEYS = [sample.key for sample in ALL]
UBL = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
ODD = {"wrong_vat"}


def test_there_are_more_than_forty_each_with_its_own_name():
    assert len(ALL) > 40
    assert len(set(KEYS)) == len(KEYS)


def test_they_come_from_five_countries_besides_finland():
    countries = {sample.draft.seller.country for sample in ALL}
    assert {"FI", "SE", "NO", "DK", "DE", "NL"} <= countries


@pytest.mark.parametrize("sample", ALL, ids=KEYS)
def test_both_formats_say_the_same_sums(sample):
    draft = sample.draft
    [*_others, document] = read(sample.formats["FINVOICE30"])
    sign = -1 if draft.total < 0 else 1
    totals = document.totals
    assert totals.total == draft.total * sign
    root = etree.fromstring(sample.formats["PEPPOLBIS30"])
    for name, amount in (
        ("TaxExclusiveAmount", draft.net),
        ("TaxInclusiveAmount", draft.total),
        ("PayableAmount", draft.payable),
    ):
        assert Decimal(next(root.iter(UBL + name)).text) == amount


@pytest.mark.parametrize("sample", ALL, ids=KEYS)
def test_the_reader_finds_no_contradiction_but_where_there_is_one(sample):
    for document in read(sample.formats["FINVOICE30"]):
        assert bool(contradictions(document)) == (sample.key in ODD)


@pytest.mark.parametrize("sample", ALL, ids=KEYS)
def test_every_row_becomes_a_line_of_its_exact_amount(sample):
    for row in read(sample.formats["FINVOICE30"])[0].priced_rows:
        line = line_of(row)
        made = line.quantity * line.price * (1 - line.discount / 100)
        assert abs(made - row.net) < Decimal("0.005")
        assert not line.is_collapsed


def test_invented_numbers_hold_their_check_digits():
    for sender in vars(parties).values():
        if isinstance(sender, parties.Sender):
            assert is_iban(sender.iban), sender
            if sender.country == "FI":
                assert is_business_id(sender.bid.replace("-", "")), sender
