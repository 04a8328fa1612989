"""The samples are as strict as the service, and the story shows what it is for."""

from datetime import date

import pytest
from billingo_amounts import booked
from billingo_api.duplicate_rules import Bill, Verdict, compare
from billingo_api.errors import TemporaryError
from billingo_api.messages import Document
from billingo_api.numbers import parse_number
from billingo_api.parsing import parse_document
from billingo_api.regimes import Direction, Reason, Regime
from billingo_api.simulator import Simulator, samples
from billingo_api.spendings import parse_spending
from billingo_api.tax_point import Rule, document_regime
from billingo_codes import ENTITLEMENTS, RATES, WORDS

RECEIVED = date(2026, 12, 1)


@pytest.fixture(scope="module")
def story():
    account, spendings = samples.supplier_account(), samples.own_spendings()
    bills = samples.add_bills(account)
    return account, bills, samples.add_spendings(spendings, bills)


def bill(document: Document) -> Bill:
    return Bill(
        number=document.invoice_number,
        tax_number=document.organization.tax_number,
        name=document.organization.name,
        amount=document.gross_total,
        currency=document.currency,
        day=document.invoice_date,
    )


def purchase(raw):
    return document_regime(
        parse_document(raw), Direction.PURCHASE, received_on=RECEIVED
    )


def test_numbers_and_days_of_issue_ascend_and_codes_are_billingos(story):
    for account in (story[0], samples.own_account()):
        raws = [x for x in account.documents if x["invoice_number"]]
        numbers = [parse_number(x["invoice_number"]).number for x in raws]
        assert numbers == list(range(1, len(raws) + 1))
        days = [x["invoice_date"] for x in raws]
        assert days == sorted(days)
        for raw in raws:
            items = raw["items"]
            assert {x["vat"] for x in items} <= {*RATES, *WORDS}
            assert {x.get("entitlement") for x in items} <= {None, *ENTITLEMENTS}
            table = raw["summary"]["vat_rate_summary"]
            for name in ("net_amount", "vat_amount", "vat_amount_local"):
                rows = sum(row[f"vat_rate_{name}"] for row in table)
                assert rows == pytest.approx(raw["summary"][name])


def test_reverse_charge(story):
    raw = story[1]["reverse_charge"]
    found = purchase(raw)
    assert found.regimes == (Regime.DOMESTIC_REVERSE,)
    assert found.lines[0].treatment.self_assessed
    assert found.tax_point.rule is Rule.REVERSE_CHARGE
    assert booked(raw).vat == 0


def test_cash_accounting_unpaid_and_paid(story):
    unpaid, paid = (purchase(story[1][name]) for name in ("cash_unpaid", "cash_paid"))
    assert unpaid.cash_accounting and paid.cash_accounting
    assert unpaid.tax_point.reason is Reason.NOT_PAID_YET
    assert paid.tax_point.day == date(2026, 5, 6)
    assert purchase(story[1]["settled"]).nothing_to_pay


def test_storno_in_a_later_month(story):
    wrong, storno = story[1]["wrong"], story[1]["storno"]
    assert storno["invoice_date"][:7] > wrong["invoice_date"][:7]
    found = purchase(storno)
    assert found.tax_point.rule is Rule.CORRECTION
    assert found.tax_point.day < RECEIVED  # the 15th of the month after its issue


def test_suspected_duplicate_and_the_same_bill_by_another_door(story):
    _account, bills, spendings = story
    first, twin = (bill(parse_document(bills[x])) for x in ("first", "twin"))
    assert compare(first, twin).verdict is Verdict.SUSPECT
    same = bill(parse_spending(spendings["same"]))
    assert same.number != first.number
    assert compare(first, same).verdict is Verdict.SAME
    assert compare(twin, same).verdict is Verdict.SUSPECT


def test_a_foreign_seller_is_self_assessed_or_asked_about(story):
    service, unclear = (
        document_regime(parse_spending(story[2][name]), Direction.SPENDING)
        for name in ("eu_service", "unclear")
    )
    assert service.regimes == (Regime.EU_SERVICE,)
    assert service.lines[0].treatment.self_assessed and not service.reasons
    assert unclear.reasons == (Reason.GOODS_OR_SERVICES,)


def test_the_story_is_told_where_it_is_wanted(story):
    counts = []
    for with_regimes in (False, True):
        simulator = Simulator()
        samples.fill(
            simulator, supplier_key="s", own_key="o", with_regimes=with_regimes
        )
        counts.append(simulator.accounts.documents("s")[0])
    assert counts[1] - counts[0] == len(story[1])


@pytest.mark.parametrize("call", ["documents", "blocks", "spendings"])
def test_a_list_that_is_not_counted_is_read_on(connect, simulator, call):
    simulator.faults.add("uncounted", 99)
    client = connect(page_size=9)
    if call == "documents":
        found = [x.id for x in client.all_documents()]
        assert len(found) == len(samples.own_account().documents)
    elif call == "blocks":
        assert len(client.blocks()) == 2
    else:
        assert client.spendings(1).last_page == 2
        assert client.spendings(2).last_page == 2


def test_one_document_for_another_is_refused(connect, simulator):
    billingo_id = str(samples.own_account().documents[0]["id"])
    client = connect()
    simulator.faults.add("other_id")
    with pytest.raises(TemporaryError) as caught:
        client.document(billingo_id)
    assert caught.value.code == "other_id"
    assert client.document(billingo_id).id == billingo_id
