"""Play the Maventa thread of the demo as its people would."""

import tempfile
import time
from decimal import Decimal
from pathlib import Path

from maventa_api.simulator.samples import samples

TITLE = "Maventa: invoices are transferred by their status"
LOST = "drop_after_storing"
ARRIVING = ("clean", "account_changed", "credit_negative", "clean")
TIMEOUT = 120  # seconds for a scheduled job that another worker may be running


def play(session):
    """Transfer three invoices and a credit note, one with a lost answer.

    :return: transfer states, what the service holds, request counts
    """
    invoices, note = session.ids["invoices"], session.ids["credit_note"]
    moves = [*invoices, note]
    _switch_on(session)
    _set_to_transfer(session, invoices, note)
    _transfer(session, moves)
    _find_the_lost_one(session, moves)
    _compare(session, moves)
    _follow_up(session, moves)
    _look(session, invoices[0])
    _receive(session)
    rows = _read(session, moves)
    return {
        "transfers": [
            {"invoice": row["name"], "state": row["maventa_state"]} for row in rows
        ],
        "held": len(session.simulator.held_invoices()),
        "received": _receipts(session),
        "requests": dict(session.simulator.requests),
    }


def _switch_on(session):
    company = session.ids["company"]
    with session.step("The administrator checks the account and switches it on"):
        [account] = session.admin.call(
            "maventa.account", "search", [["company_id", "=", company]]
        )
        session.admin.call("maventa.account", "action_check", [account])
        session.admin.call("res.company", "write", [company], {"maventa_enabled": True})
        [row] = session.admin.call("maventa.account", "read", [account], ["state"])
    session.check(row["state"] == "verified", "Maventa has verified the company")


def _set_to_transfer(session, invoices, note):
    accountant = session.accountant
    with session.step("The accountant posts three invoices and a credit note"):
        accountant.call("account.move", "action_post", [*invoices, note])
    session.simulator.faults.add(LOST)  # before any worker can take the first one
    with session.step("... sets the status of one, and of the others in the list"):
        [status] = accountant.call(
            "maventa.invoice.status", "search", [["name", "=", "To transfer"]]
        )
        accountant.call(
            "account.move", "write", invoices[:1], {"maventa_status_id": status}
        )
        accountant.call(
            "account.move", "action_maventa_to_transfer", [*invoices[1:], note]
        )
    rows = _read(session, [*invoices, note])
    session.check(
        all(row["maventa_state"] for row in rows), "all four are on their way"
    )


def _transfer(session, moves):
    with session.step("The schedule sends them; one answer gets lost on the way"):
        under_way = {"queued", "uploading"}
        _run(session, "transfer", lambda: not under_way & _states(session, moves))
    states = [row["maventa_state"] for row in _read(session, moves)]
    session.check(
        states.count("accepted") >= 3 and "queued" not in states,
        f"the first round is over ({', '.join(states)})",
    )
    held = len(session.simulator.held_invoices())
    session.check(held == 4, "Maventa holds all four, whatever Odoo heard of it")
    session.check(
        not session.simulator.faults.take(LOST),
        "Maventa took one invoice and hung up without an answer",
    )


def _find_the_lost_one(session, moves):
    with session.step("The next run asks Maventa for the lost one by its UUID"):
        _run(session, "transfer", lambda: _states(session, moves) == {"accepted"})
    rows = _read(session, moves)
    session.check(
        {row["maventa_status_id"][1] for row in rows} == {"Transferred"},
        "all four have the status after transfer",
    )
    asked = session.simulator.requests["show_invoice"]
    session.check(asked >= 1, f"the lost one was asked for by its UUID ({asked})")
    session.check(
        session.simulator.requests["create_invoice"] == 4,
        "four uploads for four invoices: none was sent twice",
    )


def _compare(session, moves):
    """Hold what the service has against what Odoo has."""
    held = {invoice.number: invoice for invoice in session.simulator.held_invoices()}
    rows = {row["name"]: row for row in _read(session, moves)}
    session.check(held.keys() == rows.keys(), "Maventa holds exactly these numbers")
    for number, row in rows.items():
        invoice = held[number]
        totals = (invoice.sum, invoice.sum_tax)
        session.check(
            totals == (_money(row["amount_untaxed"]), _money(row["amount_total"])),
            f"{number}: {totals[1]} {invoice.currency} there and here",
        )
        session.check(
            [number in _text(session, pdf) for pdf in invoice.pdfs] == [True],
            f"{number}: the invoice's own PDF is inside",
        )
        session.check(invoice.posted == 1, f"{number}: uploaded once")


def _follow_up(session, moves):
    with session.step("Later looks show what became of them"):
        _run(session, "follow_up", lambda: _states(session, moves) == {"delivered"})
    session.check(_states(session, moves) == {"delivered"}, "all four are delivered")


def _look(session, invoice):
    page = session.page
    with session.step("The accountant looks at the invoice and at the list"):
        session.open(f"/odoo/action-account.action_move_out_invoice/{invoice}")
        page.click(".o_notebook .nav-link[name=maventa]")
        page.wait_for_selector("div[name=maventa_transfer_ids] .badge")
        session.screenshot("maventa-invoice.png")
        session.open("/odoo/action-account_maventa.action_maventa_transfer")
        page.wait_for_selector(".o_list_view .o_data_row .badge")
        session.screenshot("maventa-transfers.png")
    with session.step("The administrator looks at the settings"):
        _settings(session)


def _settings(session):
    with session.acting(session.ids["administrator"]):
        session.open("/odoo/action-account.action_account_config")
        session.page.locator("#maventa_account").scroll_into_view_if_needed()
        session.screenshot("maventa-settings.png")


def _receive(session):
    """Let four invoices arrive: clean, a changed account, a credit note, a copy."""
    [account] = session.admin.call(
        "maventa.account", "search", [["company_id", "=", session.ids["company"]]]
    )
    with session.step("The administrator switches receiving on"):
        values = {"receives": True, "receive_since": "2020-01-01"}
        session.admin.call("maventa.account", "write", [account], values)
    for key in ARRIVING:
        sample = next(one for one in samples() if one.key == key)
        session.simulator.receive(session.settings["company_uuid"], sample)
    with session.step("The schedule fetches what came: each becomes one draft bill"):
        _run(session, "receive", lambda: _with_bill(session) == len(ARRIVING))
    rows = _receipts(session)
    states = [row["state"] for row in rows]
    session.check(_with_bill(session) == 4, "four invoices, four drafts")
    session.check(
        states.count("duplicate") == 1, "the one that came twice is suspected"
    )
    session.check(
        any("FI2459639321765419" in (row["points_text"] or "") for row in rows),
        "the changed account is told, and not paid to",
    )
    with session.step("The accountant looks at what came"):
        session.open("/odoo/action-account_maventa.action_maventa_receipt")
        session.page.wait_for_selector(".o_list_view .o_data_row .badge")
        session.screenshot("maventa-received.png")


def _with_bill(session):
    return sum(1 for row in _receipts(session) if row["move_id"])


def _receipts(session):
    accountant = session.accountant
    found = accountant.call("maventa.receipt", "search", [])
    names = ["number", "state", "points_text", "move_id"]
    return accountant.call("maventa.receipt", "read", found, names)


def _run(session, name, done):
    """Run a scheduled job until ``done``; another worker may just be at it."""
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        session.admin.run_cron(f"account_maventa.ir_cron_maventa_{name}")
        if done():
            return


def _states(session, moves):
    return {row["maventa_state"] for row in _read(session, moves)}


def _read(session, moves):
    return session.accountant.call(
        "account.move",
        "read",
        moves,
        [
            "name",
            "maventa_state",
            "maventa_status_id",
            "amount_untaxed",
            "amount_total",
        ],
    )


def _money(value):
    return Decimal(str(value)).quantize(Decimal("0.01"))


def _text(session, pdf):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "inside.pdf")
        path.write_bytes(pdf)
        return "\n".join(session.pdf_pages(path))
