"""The day of the tax, by its own rule, and what a document leaves open."""

from dataclasses import replace
from datetime import date

import pytest
from billingo_amounts import booked, issue
from billingo_api.parsing import parse_document
from billingo_api.regimes import Direction, Group, Reason, Regime
from billingo_api.simulator.samples import own_account, own_spendings, supplier_account
from billingo_api.simulator.samples.builder import line
from billingo_api.simulator.samples.parties import GERMAN
from billingo_api.spendings import parse_spending
from billingo_api.tax_point import Rule, TaxPoint, document_regime

SALE, PURCHASE = Direction.SALE, Direction.PURCHASE


def document(seller, *codes, **changes):
    lines = (line("a", 1000, code) for code in codes)
    found = parse_document(issue(seller, *lines))
    days = {
        "invoice_date": date(2026, 3, 5),
        "fulfillment_date": date(2026, 3, 2),
        "due_date": date(2026, 3, 20),
    }
    return replace(found, **(days | changes))


def cash(found):
    return replace(found, organization=replace(found.organization, cash_settled=True))


def test_fulfilment_is_the_rule(seller):
    for direction in (SALE, PURCHASE):
        found = document_regime(document(seller, "27%"), direction)
        assert found.tax_point == TaxPoint(date(2026, 3, 2), Rule.FULFILMENT)
        assert found.reasons == ()


def test_without_a_fulfilment_date_the_issue_counts(seller):
    found = document(seller, "27%", fulfillment_date=None)
    assert document_regime(found, SALE).tax_point.day == found.invoice_date


def test_continuous_supply_goes_by_the_document(seller):
    due = date(2026, 3, 20)
    found = document(seller, "27%", fulfillment_date=due)
    assert document_regime(found, SALE).tax_point == TaxPoint(due, Rule.CONTINUOUS)


@pytest.mark.parametrize(
    ("received", "paid", "day"),
    [
        (date(2026, 3, 9), None, date(2026, 3, 9)),
        (date(2026, 3, 9), date(2026, 3, 7), date(2026, 3, 7)),
        (date(2026, 5, 1), None, date(2026, 4, 15)),
        (date(2026, 5, 1), date(2026, 4, 20), date(2026, 4, 15)),
        (date(2026, 3, 9), date(2026, 3, 2), date(2026, 3, 2)),
    ],
)
def test_reverse_charge_takes_the_earliest_day(seller, received, paid, day):
    found = document_regime(
        document(seller, "FAD"), PURCHASE, received_on=received, paid_on=paid
    )
    assert found.tax_point == TaxPoint(day, Rule.REVERSE_CHARGE)
    assert found.lines[0].treatment.self_assessed


def test_a_payment_before_fulfilment_under_reverse_charge_is_asked_about(seller):
    found = document_regime(
        document(seller, "FAD"),
        PURCHASE,
        received_on=date(2026, 3, 9),
        paid_on=date(2026, 2, 20),
    )
    assert found.tax_point.day is None
    assert found.reasons == (Reason.REVERSE_CHARGE_ADVANCE,)


def test_reverse_charge_without_a_day_of_receipt_is_asked(seller):
    found = document_regime(document(seller, "FAD"), PURCHASE)
    assert found.tax_point.day is None
    assert found.reasons == (Reason.RECEIPT_UNKNOWN,)
    # Issued after the 15th of the next month, it cannot have come earlier.
    late = document(seller, "FAD", invoice_date=date(2026, 4, 15))
    assert document_regime(late, PURCHASE).tax_point.day == date(2026, 4, 15)


def test_the_seller_under_reverse_charge_goes_by_fulfilment(seller):
    found = document_regime(document(seller, "FAD"), SALE)
    assert found.tax_point == TaxPoint(date(2026, 3, 2), Rule.FULFILMENT)


@pytest.mark.parametrize("month", [11, 12])
def test_the_fifteenth_after_the_turn_of_the_year(seller, month):
    found = document(
        seller,
        "FAD",
        invoice_date=date(2026, month, 3),
        fulfillment_date=date(2026, month, 1),
    )
    found = document_regime(found, PURCHASE, received_on=date(2027, 3, 1))
    assert found.tax_point.day == date(2026 + month // 12, month % 12 + 1, 15)


def test_where_the_calendar_ends_the_date_is_implausible(seller):
    end = date(9999, 12, 31)
    found = document(seller, "FAD", fulfillment_date=end)
    found = document_regime(found, PURCHASE, received_on=end)
    assert found.reasons == (Reason.DATE_IMPLAUSIBLE,)


@pytest.mark.parametrize("direction", [SALE, PURCHASE])
def test_cash_accounting_waits_for_the_payment(seller, direction):
    found = document_regime(cash(document(seller, "27%")), direction)
    assert found.tax_point == TaxPoint(None, Rule.PAYMENT, Reason.NOT_PAID_YET)
    assert found.cash_accounting
    assert found.reasons == ()  # it can be booked
    paid = date(2026, 6, 1)
    found = document_regime(cash(document(seller, "27%")), direction, paid_on=paid)
    assert found.tax_point == TaxPoint(paid, Rule.PAYMENT)


def test_our_own_cash_accounting_is_for_what_is_charged_to_us(seller):
    found = document_regime(document(seller, "27%"), PURCHASE, own_cash=True)
    assert found.cash_accounting
    assert found.tax_point.rule is Rule.PAYMENT
    for code in ("FAD", "AAM"):
        found = document_regime(document(seller, code), PURCHASE, own_cash=True)
        assert not found.cash_accounting, code


def test_a_paid_document_says_when(seller):
    raw = issue(seller, line("a", 1000))
    raw |= {"payment_status": "paid", "paid_date": "2026-02-03"}
    found = cash(parse_document(raw))
    assert document_regime(found, SALE).tax_point.day == date(2026, 2, 3)
    raw["payment_status"] = "outstanding"  # then it is the day of the question
    assert parse_document(raw).paid_date is None


@pytest.mark.parametrize("direction", [SALE, PURCHASE])
def test_a_storno_belongs_to_the_period_of_its_issue(seller, direction):
    raw = seller.issue(seller.seller, line("a", 1000))
    found = parse_document(seller.storno(raw))
    found = replace(found, invoice_date=date(2026, 7, 1))
    point = document_regime(found, direction).tax_point
    assert point == TaxPoint(date(2026, 7, 1), Rule.CORRECTION)


def test_a_purchase_is_corrected_when_the_correction_comes(seller):
    found = correction(seller, (-1000, "27%"))
    for received, day in (
        (date(2026, 4, 2), date(2026, 4, 2)),
        (date(2026, 8, 2), date(2026, 4, 15)),  # 153/C. §
        (None, date(2026, 3, 5)),
    ):
        point = document_regime(found, PURCHASE, received_on=received).tax_point
        assert point == TaxPoint(day, Rule.CORRECTION)


def correction(seller, *lines, **changes):
    """A correction of March 5 to a supply of January 8."""
    raw = issue(
        seller,
        *(line("a", price, code) for price, code in lines),
        type="modification",
    )
    days = {"invoice_date": date(2026, 3, 5), "fulfillment_date": date(2026, 1, 8)}
    return replace(parse_document(raw), **(days | changes))


def test_what_a_correction_adds_is_deductible_once_it_is_there(seller):
    found = correction(seller, (1000, "27%"))
    for received, day in (
        (None, date(2026, 3, 5)),
        (date(2026, 2, 1), date(2026, 3, 5)),
        (date(2026, 8, 2), date(2026, 8, 2)),
    ):
        point = document_regime(found, PURCHASE, received_on=received).tax_point
        assert point == TaxPoint(day, Rule.CORRECTION)


def test_what_a_correction_adds_to_a_sale_is_due_at_fulfilment(seller):
    point = document_regime(correction(seller, (1000, "27%")), SALE).tax_point
    assert point == TaxPoint(date(2026, 1, 8), Rule.FULFILMENT)


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        (((-100_000, "27%"), (130_000, "AAM")), Rule.CORRECTION),
        (((100_000, "27%"), (-130_000, "AAM")), Rule.FULFILMENT),
        (((-1000, "AAM"),), Rule.CORRECTION),
        (((1000, "AAM"),), Rule.FULFILMENT),
    ],
)
def test_vat_and_not_gross_tells_whether_tax_is_lowered(seller, lines, rule):
    found = document_regime(correction(seller, *lines), SALE)
    assert {x.tax_point.rule for x in found.lines} == {rule}


def test_under_reverse_charge_the_base_tells_whether_tax_is_lowered(seller):
    received = {"received_on": date(2026, 3, 9)}
    less = correction(seller, (-100_000, "FAD"), (10_000, "27%"))
    rules = [x.tax_point for x in document_regime(less, PURCHASE, **received).lines]
    assert rules[0] == TaxPoint(date(2026, 3, 9), Rule.CORRECTION)
    more = correction(seller, (100_000, "FAD"), (-10_000, "27%"))
    found = document_regime(more, PURCHASE, **received)
    assert found.lines[0].tax_point.rule is Rule.REVERSE_CHARGE
    assert found.lines[1].tax_point.rule is Rule.CORRECTION


@pytest.mark.parametrize("direction", [SALE, PURCHASE])
def test_a_storno_of_a_storno_is_in_the_period_of_the_latter(seller, direction):
    raw = seller.storno(seller.issue(seller.seller, line("a", 1000)))
    undone_on = date(2026, 5, 6)
    for sign in (1, -1):
        found = parse_document(raw)
        items = [
            replace(x, **{n: sign * getattr(x, n) for n in AMOUNTS})
            for x in found.items
        ]
        found = replace(found, items=tuple(items))
        again = document_regime(found, direction, is_refund=False, undone_on=undone_on)
        assert again.tax_point == TaxPoint(undone_on, Rule.UNDONE)
        first = document_regime(found, direction, is_refund=True)
        assert first.tax_point.rule is Rule.CORRECTION


AMOUNTS = ("net_amount", "vat_amount", "gross_amount")


@pytest.mark.parametrize(
    ("issued", "received"),
    [(date(2026, 2, 20), date(2026, 2, 21)), (date(2026, 2, 20), date(2026, 3, 9))],
)
def test_an_invoice_before_fulfilment_proves_none_under_reverse_charge(
    seller, issued, received
):
    found = document(seller, "FAD", invoice_date=issued)
    found = document_regime(found, PURCHASE, received_on=received)
    assert found.tax_point.day is None
    assert found.reasons == (Reason.BEFORE_FULFILMENT,)


def eu_sale(seller, number, country="DE", code="KBAET"):
    found = document(seller, code)
    partner = found.document_partner
    address = replace(partner.address, country_code=country)
    return replace(
        found, document_partner=replace(partner, taxcode=number, address=address)
    )


def test_goods_sold_to_the_eu_count_at_issue_and_the_fifteenth_at_the_latest(seller):
    found = eu_sale(seller, "DE123456789")
    for issued, day in (
        (date(2026, 3, 5), date(2026, 3, 5)),
        (date(2026, 5, 20), date(2026, 4, 15)),
    ):
        point = document_regime(replace(found, invoice_date=issued), SALE).tax_point
        assert point == TaxPoint(day, Rule.ACQUISITION)
    early = replace(found, invoice_date=date(2026, 3, 1))
    assert document_regime(early, SALE).reasons == (Reason.BEFORE_FULFILMENT,)


@pytest.mark.parametrize("code", ["KBAET", "EUFAD37"])
@pytest.mark.parametrize(
    ("number", "reasons"),
    [
        ("DE123456789", ()),
        ("el 123456789", ()),
        ("123456789", ()),
        ("HU12345676", (Reason.NUMBER_NOT_EU,)),
        ("12345676-2-41", (Reason.NUMBER_NOT_EU,)),
        ("GB123456789", (Reason.NUMBER_NOT_EU,)),
        ("CHE123456789", (Reason.NUMBER_NOT_EU,)),
        ("", (Reason.BUYER_NOT_TAXABLE,)),
    ],
)
def test_no_exemption_without_a_number_of_another_member_state(
    seller, code, number, reasons
):
    found = document_regime(eu_sale(seller, number, code=code), SALE)
    assert found.reasons == reasons


@pytest.mark.parametrize("country", ["GB", "XI", ""])
def test_northern_ireland_is_in_the_union_for_goods_alone(seller, country):
    for code, group in (("KBAET", Group.EU), ("EUFAD37", Group.OTHER)):
        sale = eu_sale(seller, "XI123456789", country, code)
        found = document_regime(sale, SALE)
        regime = found.lines[0].treatment.regime
        assert found.party.group_for(regime) is group
        assert bool(found.reasons) is (code == "EUFAD37")


def test_the_storno_of_a_negative_correction_raises_tax_again(seller):
    raw = seller.issue(seller.seller, line("a", -1000), type="modification")
    found = parse_document(seller.storno(raw))
    point = document_regime(found, SALE, is_refund=False).tax_point
    assert point.rule is Rule.FULFILMENT


def test_lines_of_several_regimes_have_their_own_tax_points(seller):
    found = document_regime(
        document(seller, "27%", "FAD"), PURCHASE, received_on=date(2026, 3, 9)
    )
    days = [x.tax_point.day for x in found.lines]
    assert days == [date(2026, 3, 2), date(2026, 3, 9)]
    assert found.tax_point.day is None
    assert found.reasons == (Reason.SEVERAL_TAX_POINTS,)
    assert found.regimes == (Regime.STANDARD, Regime.DOMESTIC_REVERSE)


def test_an_acquisition_counts_at_issue_and_at_the_fifteenth_at_the_latest():
    raw = own_spendings()[0]
    raw["partner"] = {"name": GERMAN.name, "tax_code": GERMAN.tax_number}
    raw["items"][0]["vat"] = "KBAET"
    raw |= {"fulfillment_date": "2026-03-02", "invoice_date": "2026-03-05"}
    found = document_regime(parse_spending(raw), Direction.SPENDING)
    assert found.party.group is Group.EU
    assert found.tax_point == TaxPoint(date(2026, 3, 5), Rule.ACQUISITION)
    raw["invoice_date"] = "2026-05-20"
    found = document_regime(parse_spending(raw), Direction.SPENDING)
    assert found.tax_point.day == date(2026, 4, 15)


def test_a_document_without_an_issue_date_is_not_decided(seller):
    found = document_regime(document(seller, "27%", invoice_date=None), SALE)
    assert found.tax_point.reason is Reason.DATE_MISSING
    assert found.reasons == (Reason.DATE_MISSING,)


def test_a_document_without_lines_has_the_day_it_states(seller):
    found = document_regime(document(seller, "27%", items=()), SALE)
    assert (found.tax_point.day, found.regimes) == (date(2026, 3, 2), ())


def test_nothing_to_pay(seller):
    raw = issue(seller, line("a", 1000))
    assert not document_regime(parse_document(raw), SALE).nothing_to_pay
    raw["settings"]["without_financial_fulfillment"] = True
    assert document_regime(parse_document(raw), SALE).nothing_to_pay


@pytest.mark.parametrize(
    ("account", "direction"),
    [(own_account(), SALE), (supplier_account(), PURCHASE)],
)
def test_the_samples_are_decided_but_for_what_they_show(account, direction):
    for raw in account.documents:
        found = document_regime(
            parse_document(raw), direction, received_on=date(2026, 12, 1)
        )
        assert set(found.reasons) <= {Reason.BUYER_NOT_TAXABLE}, raw


def test_regime_and_booking_have_the_same_lines(seller):
    raw = issue(seller, line("a", 1000), line("b", 500, "AAM"))
    found = document_regime(parse_document(raw), SALE)
    assert len(found.lines) == len(booked(raw).lines)
