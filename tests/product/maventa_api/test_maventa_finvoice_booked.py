"""Finvoice takes the amounts that were booked, and cuts nothing silently."""

import dataclasses
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from maventa_api.finvoice import (
    Allowance,
    BookedVat,
    CashDiscount,
    Party,
    UnbalancedError,
    contradictions,
    obstacles,
    read,
    settled,
    write,
)
from test_maventa_finvoice import INVOICE, ROW, values

STANDARD = Decimal("25.5")
CENT = Decimal("0.01")


def row(net, rate=STANDARD, **more):
    more = {"discount": Decimal(0), "discount_amount": Decimal(0)} | more
    return dataclasses.replace(ROW, net=Decimal(net), vat_rate=rate, **more)


def written(result, **more):
    parts = dataclasses.asdict(result)
    parts["rows"], parts["vat_groups"] = result.rows, result.vat_groups
    return etree.fromstring(write(dataclasses.replace(INVOICE, **parts, **more)))


def number(node, path):
    return Decimal(node.findtext(path).replace(",", "."))


def test_a_missing_cent_goes_to_the_largest_row():
    booked = BookedVat("S", STANDARD, Decimal("100.01"), Decimal("25.50"))
    result = settled([row("33.33"), row("66.67")], [booked])
    assert [one.net for one in result.rows] == [Decimal("33.33"), Decimal("66.68")]
    assert (result.net, result.vat) == (Decimal("100.01"), Decimal("25.50"))
    assert result.total == Decimal("125.51")


def test_each_group_is_settled_by_its_own_rows():
    rows = [row("10.00"), row("5.00", Decimal(10))]
    result = settled(
        rows,
        [
            BookedVat("S", STANDARD, Decimal("9.99"), Decimal("2.55")),
            BookedVat("S", Decimal(10), Decimal("5.01"), Decimal("0.50")),
        ],
    )
    assert [one.net for one in result.rows] == [Decimal("9.99"), Decimal("5.01")]


def test_texts_between_the_rows_stay_where_they_are():
    words = dataclasses.replace(ROW, quantity=None, net=Decimal(0), name="Talvi")
    booked = BookedVat("S", STANDARD, Decimal("10.01"), Decimal("2.55"))
    result = settled([words, row("10.00")], [booked])
    assert result.rows[0] is words


def test_a_discounted_row_keeps_its_amount_before_the_discount():
    discounted = row("90.00", discount=Decimal(10), discount_amount=Decimal("10.00"))
    booked = BookedVat("S", STANDARD, Decimal("90.01"), Decimal("22.95"))
    (one,) = settled([discounted], [booked]).rows
    assert one.net + one.discount_amount == Decimal("100.00")


@pytest.mark.parametrize("base", ["10.02", "9.98", "0"])
def test_more_than_a_cent_a_row_is_refused_and_not_hidden(base):
    booked = BookedVat("S", STANDARD, Decimal(base), Decimal("2.55"))
    with pytest.raises(UnbalancedError) as caught:
        settled([row("10.00")], [booked])
    assert (caught.value.rows, caught.value.booked) == (Decimal("10.00"), Decimal(base))


def test_a_row_whose_tax_was_not_booked_is_refused():
    with pytest.raises(UnbalancedError):
        settled([row("10.00")], [])


def test_cash_rounding_beside_the_taxes_is_kept():
    booked = BookedVat("S", STANDARD, Decimal(100), Decimal("25.50"))
    result = settled([row("100.00")], [booked], round_off=Decimal("-0.02"))
    details = written(result).find("InvoiceDetails")
    assert number(details, "InvoiceTotalRoundoffAmount") == Decimal("-0.02")


def test_a_discount_for_early_payment_reduces_the_base_and_not_the_total():
    """Odoo's mode "mixed": VAT on 98.00, though 100.00 are due without VAT."""
    pair = (
        Allowance(Decimal(2), False, "S", STANDARD, "Cash discount", "66"),
        Allowance(Decimal(2), True, "E", Decimal(0), "Cash discount", "ZZZ"),
    )
    booked = [
        BookedVat("S", STANDARD, Decimal(98), Decimal("24.99")),
        BookedVat("E", Decimal(0), Decimal(2), Decimal(0), reason="Cash discount"),
    ]
    result = settled([row("100.00")], booked, allowances=pair)
    assert (result.net, result.total) == (Decimal(100), Decimal("124.99"))
    cash = CashDiscount(date(2026, 3, 9), Decimal(2), Decimal("2.00"), result.net)
    details = written(result, allowances=pair, cash_discount=cash).find(
        "InvoiceDetails"
    )
    assert number(details, "RowsTotalVatExcludedAmount") == Decimal(100)
    assert number(details, "DiscountsTotalVatExcludedAmount") == Decimal(2)
    assert number(details, "ChargesTotalVatExcludedAmount") == Decimal(2)
    assert number(details, "InvoiceTotalVatExcludedAmount") == Decimal(100)
    assert values(details, "DiscountDetails/VatRatePercent") == ["25,5"]
    assert values(details, "ChargeDetails/VatCategoryCode") == ["E"]
    terms = details.find("PaymentTermsDetails")
    assert number(terms, "ReducedInvoiceVatIncludedAmount") == Decimal("122.99")
    assert number(terms, "CashDiscountBaseAmount") == Decimal(100)


def test_what_is_due_after_a_cash_discount_has_the_cash_rounding():
    booked = BookedVat("S", STANDARD, Decimal(100), Decimal("25.50"))
    result = settled([row("100.00")], [booked], round_off=Decimal("0.02"))
    cash = CashDiscount(date(2026, 3, 9), Decimal(2), Decimal("2.52"), result.total)
    terms = written(result, cash_discount=cash).find(".//PaymentTermsDetails")
    assert number(terms, "ReducedInvoiceVatIncludedAmount") == Decimal("123.00")


def test_vat_groups_of_every_mode_fulfil_rate_times_base():
    booked = BookedVat("S", STANDARD, Decimal(100), Decimal("25.50"))
    result = settled([row("100.00")], [booked])
    document = dataclasses.replace(INVOICE, vat_groups=result.vat_groups)
    assert "BR-CO-17" not in obstacles(document)


NETS = st.lists(st.integers(-100_000, 100_000), min_size=1, max_size=30)


@settings(max_examples=200, deadline=None)
@given(nets=NETS, data=st.data())
def test_whatever_is_missing_within_rounding_is_spread_to_the_cent(nets, data):
    missing = data.draw(st.integers(-len(nets), len(nets)))
    rows = [row(net * CENT) for net in nets]
    base = (sum(nets) + missing) * CENT
    result = settled(rows, [BookedVat("S", STANDARD, base, Decimal(0))])
    assert sum(one.net for one in result.rows) == result.net == base
    for before, after in zip(rows, result.rows, strict=True):
        assert abs(before.net - after.net) <= CENT


def test_what_has_no_room_is_there_in_full_as_free_text():
    long = "Tilausviite " + "x" * 80
    terms = "Maksuehto " + "y " * 90
    document = dataclasses.replace(
        INVOICE,
        buyer_reference=long,
        terms=terms,
        seller=dataclasses.replace(INVOICE.seller, streets=("a" * 35,) * 4),
        rows=(dataclasses.replace(ROW, article="z" * 90),),
    )
    root = etree.fromstring(write(document))
    texts = values(root, "InvoiceDetails/InvoiceFreeText")
    assert long in texts
    assert terms.strip() in texts
    assert any(text.count("a" * 35) == 4 for text in texts)
    assert "z" * 90 in values(root, "InvoiceRow/RowFreeText")


def test_a_place_of_delivery_without_a_whole_address_is_free_text():
    place = Party("Varasto", streets=("Laituri 3",), city="Oulu", country="FI")
    root = etree.fromstring(write(dataclasses.replace(INVOICE, delivery=place)))
    assert root.find("DeliveryPartyDetails") is None
    texts = values(root, "InvoiceDetails/InvoiceFreeText")
    assert "Varasto, Laituri 3, Oulu, FI" in texts


def test_the_number_is_never_shortened():
    with pytest.raises(ValueError, match="number too long"):
        write(dataclasses.replace(INVOICE, number="INV/2026/0000000000001"))


def test_order_customer_agreement_project_and_interest_have_their_elements():
    document = dataclasses.replace(
        INVOICE,
        order="PO-1",
        customer_number="1001",
        agreement="A-2",
        project="P-3",
        overdue_text="Viivästyskorko 10,5 %",
        overdue_percent=Decimal("10.5"),
    )
    details = etree.fromstring(write(document)).find("InvoiceDetails")
    assert values(details, "OrderIdentifier") == ["PO-1"]
    assert values(details, "SellersBuyerIdentifier") == ["1001"]
    assert values(details, "AgreementIdentifier") == ["A-2"]
    assert values(details, "ProjectReferenceIdentifier") == ["P-3"]
    path = "PaymentTermsDetails/PaymentOverDueFineDetails/PaymentOverDueFinePercent"
    assert values(details, path) == ["10,5"]


@settings(max_examples=100, deadline=None)
@given(nets=NETS, off=st.integers(-2, 2), kind=st.sampled_from([1, -1]))
def test_what_was_booked_is_what_a_receiver_reads(nets, off, kind):
    """Rounding is spread, and the document does not contradict itself."""
    rows = [row(net * CENT * kind, quantity=Decimal(kind)) for net in nets]
    missing = max(-len(nets), min(len(nets), off))
    base = (sum(nets) * kind + missing) * CENT
    vat = (base * STANDARD / 100).quantize(CENT, ROUND_HALF_UP)
    result = settled(rows, [BookedVat("S", STANDARD, base, vat)])
    parts = {
        name: getattr(result, name)
        for name in ("rows", "vat_groups", "net", "vat", "total", "round_off")
    }
    [document] = read(write(dataclasses.replace(INVOICE, **parts)))
    sign = -1 if result.total < 0 else 1
    assert document.totals.net == result.net * sign
    assert document.totals.total == result.total * sign
    assert sum(one.net for one in document.priced_rows) == document.totals.net
    assert not contradictions(document)
