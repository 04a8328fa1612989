"""Signs of goods or services, in their order."""

from dataclasses import replace
from decimal import Decimal

import pytest
from maventa_api import documents_in
from maventa_api.simulator.samples import DraftRow, samples
from maventa_api.simulator.samples.as_finvoice import as_finvoice
from maventa_api.simulator.samples.as_ubl import as_ubl
from maventa_api.supply import Supply, signs_of, supply_of

GOODS, SERVICES = Supply.GOODS, Supply.SERVICES
ALL = {sample.key: sample for sample in samples()}


@pytest.mark.parametrize(
    ("values", "supply"),
    [
        ({"category": "K"}, GOODS),
        ({"category": "G"}, GOODS),
        ({"category": "AE"}, SERVICES),
        ({"category": "Z"}, None),
        ({"unit_code": "HUR"}, SERVICES),
        ({"unit_code": "mon"}, SERVICES),
        ({"unit_code": "KGM"}, GOODS),
        ({"unit_code": "KWH"}, GOODS),
        ({"unit_code": "XBX"}, GOODS),
        ({"unit_code": "XPP"}, None),
        ({"unit_code": "C62"}, None),
        ({"unit_code": "C62", "unit": "tuntia"}, SERVICES),
        ({"unit_code": "KGM", "unit": "h"}, GOODS),
        ({"unit": "Std."}, SERVICES),
        ({"unit": "kg"}, GOODS),
        ({"unit": "kpl"}, None),
        ({"unit": "t"}, None),
        ({"classifications": [("TST", "81111500")]}, SERVICES),
        ({"classifications": [("UNSPSC", "43211503")]}, GOODS),
        ({"classifications": [("TST", "95101500")]}, None),
        ({"classifications": [("TST", "86776")]}, None),
        ({"classifications": [("STI", "72000000-5")]}, SERVICES),
        ({"classifications": [("STI", "09343000-5")]}, GOODS),
        ({"classifications": [("STI", "45000000-7")]}, None),
        ({"classifications": [("HS", "080110")]}, GOODS),
        ({"classifications": [("TSP", "8471 30 00")]}, GOODS),
        ({"classifications": [("SRV", "09348023")]}, None),
        ({"has_period": True}, SERVICES),
        ({"has_period": True, "unit_code": "KWH"}, GOODS),
    ],
)
def test_each_sign_speaks_for_goods_for_services_or_not_at_all(values, supply):
    assert supply_of(signs_of(**values)) == supply


def test_signs_stand_in_their_order_and_may_contradict_each_other():
    found = signs_of("K", classifications=[("STI", "72000000-5")], unit_code="HUR")
    assert [sign.what for sign in found] == ["category", "classification", "unit"]
    assert supply_of(found) == Supply.UNCLEAR
    assert found[0].supply == GOODS


@pytest.mark.parametrize("write", [as_finvoice, as_ubl])
def test_rows_of_a_document_have_signs_and_discounts_follow_the_rows(write):
    draft = ALL["peppol_netherlands"].draft
    rows = tuple(
        DraftRow(unit, Decimal(90), Decimal(0), code, unit="-", unit_code=unit)
        for unit, code in (("HUR", "AE"), ("C62", "AE"), ("KGM", "K"))
    )
    [document] = documents_in(write(replace(draft, rows=rows)))
    found = [supply_of(signs) for signs in document.row_signs]
    assert found == [SERVICES, SERVICES, GOODS, SERVICES]
    assert len(document.row_signs) == len(document.rows)


def test_classification_and_period_of_a_ubl_line_are_read():
    data = as_ubl(ALL["peppol_germany"].draft)
    [first, second] = documents_in(data)[0].row_signs
    assert [sign.what for sign in first] == ["category"]
    data = data.replace(
        b"<cac:ClassifiedTaxCategory>",
        b'<cac:CommodityClassification><cbc:ItemClassificationCode listID="TST">'
        b"81111500</cbc:ItemClassificationCode></cac:CommodityClassification>"
        b"<cac:ClassifiedTaxCategory>",
        1,
    )
    data = data.replace(
        b"<cac:Item>",
        b"<cac:InvoicePeriod><cbc:StartDate>2026-01-01</cbc:StartDate>"
        b"<cbc:EndDate>2026-01-31</cbc:EndDate></cac:InvoicePeriod><cac:Item>",
    ).replace(b"<cbc:ID>K</cbc:ID>", b"<cbc:ID>Z</cbc:ID>")
    [first, second] = documents_in(data)[0].row_signs
    assert [sign.what for sign in first] == ["classification"]
    assert [sign.what for sign in second] == ["period"]
