"""A UBL document for a decoder: each line makes its stated amount in kept digits."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from lxml import etree
from maventa_api.finvoice.line_amounts import Digits
from maventa_api.simulator.samples import DraftRow, samples
from maventa_api.simulator.samples.as_ubl import as_ubl
from maventa_api.ubl_amounts import keep_amounts

D = Decimal
DRAFT = next(sample.draft for sample in samples() if sample.key == "plain")


def kept(*rows, change=lambda text: text, **values):
    """The document of some rows, changed as it is for the decoder."""
    file = as_ubl(replace(DRAFT, rows=rows, allowed=(), **values))
    root = etree.fromstring(change(file.decode()).encode())
    keep_amounts(root, Digits(), "Charge")
    return root


def amounts(root):
    """Quantity, price and amount of each line, in the digits that a bill keeps."""
    for line in root.findall("{*}InvoiceLine"):
        quantity = D(line.findtext("{*}InvoicedQuantity")).quantize(D("0.01"))
        base = D(line.findtext("{*}Price/{*}BaseQuantity") or 1)
        price = D(line.findtext("{*}Price/{*}PriceAmount")) / base
        amount = (quantity * price).quantize(D("0.01"), ROUND_HALF_UP)
        yield str(quantity), f"{price.normalize():f}", str(amount)


def row(net, **values):
    return DraftRow("Row", D(net), **{name: D(value) for name, value in values.items()})


@pytest.mark.parametrize(
    ("net", "quantity", "price"),
    [
        ("12.35", "1.235", "10"),
        ("20.00", "0.125", "160"),
        ("3300.02", "10000", "0.33"),
        ("0.04", "0.004", "10"),
        ("-12.35", "-1.235", "10"),
        ("7.00", "0", "10"),
    ],
)
def test_line_makes_its_stated_amount(net, quantity, price):
    found = list(amounts(kept(row(net, quantity=quantity, price=price))))
    assert [amount for _quantity, _price, amount in found] == [net]


def test_line_that_is_right_stays_as_it_is():
    one = row("7.40", quantity="37", price="20", base="100")
    assert list(amounts(kept(one))) == [("37.00", "0.2", "7.40")]


def test_fractions_that_add_up_to_a_cent_are_taken_out():
    one = row("0.38", quantity="0.25", price="1.50")
    assert list(amounts(kept(one, one))) == [("0.25", "1.52", "0.38")] * 2
    assert list(amounts(kept(one))) == [("0.25", "1.5", "0.38")]


def test_discount_that_no_percentage_makes_is_inside_of_the_price():
    root = kept(row("99.97", quantity="10000", price="1", discount="9900.03"))
    [(_quantity, _price, amount)] = amounts(root)
    assert amount == "99.97"
    assert not root.findall("{*}InvoiceLine/{*}AllowanceCharge")


def test_charge_keeps_its_amount_and_has_a_name():
    root = kept(row("15.35", quantity="1.235", price="10", charge="3"))
    [(_quantity, _price, amount)] = amounts(root)
    assert amount == "12.35"
    charge = root.find("{*}InvoiceLine/{*}AllowanceCharge")
    assert charge.findtext("{*}Amount") == "3.00"
    assert charge.findtext("{*}AllowanceChargeReason") == "Charge"


def test_discount_of_the_document_is_its_amount_not_a_percentage():
    reason = "<cbc:MultiplierFactorNumeric>33.333</cbc:MultiplierFactorNumeric>"

    def with_percentage(text):
        amount = '<cbc:Amount currencyID="EUR">3.33</cbc:Amount>'
        allowance = (
            "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
            f"{reason}{amount}<cbc:BaseAmount>10.00</cbc:BaseAmount>"
            "</cac:AllowanceCharge><cac:TaxTotal>"
        )
        return text.replace("<cac:TaxTotal>", allowance, 1)

    root = kept(row("10.00"), change=with_percentage)
    allowance = root.find("{*}AllowanceCharge")
    assert [x.tag.rpartition("}")[2] for x in allowance] == [
        "ChargeIndicator",
        "Amount",
    ]
