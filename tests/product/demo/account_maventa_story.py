"""Play the Maventa thread of the demo as its people would."""

import tempfile
import time
from decimal import Decimal
from pathlib import Path

TITLE = "Maventa: invoices are transferred by their status"
LOST = "drop_after_storing"
TIMEOUT = 120  # seconds for a scheduled job that another worker may be running


def play(stage):
    """Transfer three invoices and a credit note, one with a lost answer.

    :return: transfer states, what the service holds, request counts
    """
    invoices, note = stage.ids["invoices"], stage.ids["credit_note"]
    moves = [*invoices, note]
    _switch_on(stage)
    _set_to_transfer(stage, invoices, note)
    _transfer(stage, moves)
    _find_the_lost_one(stage, moves)
    _compare(stage, moves)
    _follow_up(stage, moves)
    _look(stage, invoices[0])
    rows = _read(stage, moves)
    return {
        "transfers": [
            {"invoice": row["name"], "state": row["maventa_state"]} for row in rows
        ],
        "held": len(stage.simulator.held_invoices()),
        "requests": dict(stage.simulator.requests),
    }


def _switch_on(stage):
    company = stage.ids["company"]
    with stage.step("The administrator checks the account and switches it on"):
        [account] = stage.admin.call(
            "maventa.account", "search", [["company_id", "=", company]]
        )
        stage.admin.call("maventa.account", "action_check", [account])
        stage.admin.call("res.company", "write", [company], {"maventa_enabled": True})
        [row] = stage.admin.call("maventa.account", "read", [account], ["state"])
    stage.check(row["state"] == "verified", "Maventa has verified the company")


def _set_to_transfer(stage, invoices, note):
    accountant = stage.accountant
    with stage.step("The accountant posts three invoices and a credit note"):
        accountant.call("account.move", "action_post", [*invoices, note])
    stage.simulator.faults.add(LOST)  # before any worker can take the first one
    with stage.step("... sets the status of one, and of the others in the list"):
        [status] = accountant.call(
            "maventa.invoice.status", "search", [["name", "=", "To transfer"]]
        )
        accountant.call(
            "account.move", "write", invoices[:1], {"maventa_status_id": status}
        )
        accountant.call(
            "account.move", "action_maventa_to_transfer", [*invoices[1:], note]
        )
    rows = _read(stage, [*invoices, note])
    stage.check(all(row["maventa_state"] for row in rows), "all four are on their way")


def _transfer(stage, moves):
    with stage.step("The schedule sends them; one answer gets lost on the way"):
        under_way = {"queued", "uploading"}
        _run(stage, "transfer", lambda: not under_way & _states(stage, moves))
    states = [row["maventa_state"] for row in _read(stage, moves)]
    stage.check(
        states.count("accepted") >= 3 and "queued" not in states,
        f"the first round is over ({', '.join(states)})",
    )
    held = len(stage.simulator.held_invoices())
    stage.check(held == 4, "Maventa holds all four, whatever Odoo heard of it")
    stage.check(
        not stage.simulator.faults.take(LOST),
        "Maventa took one invoice and hung up without an answer",
    )


def _find_the_lost_one(stage, moves):
    with stage.step("The next run asks Maventa for the lost one by its UUID"):
        _run(stage, "transfer", lambda: _states(stage, moves) == {"accepted"})
    rows = _read(stage, moves)
    stage.check(
        {row["maventa_status_id"][1] for row in rows} == {"Transferred"},
        "all four have the status after transfer",
    )
    asked = stage.simulator.requests["show_invoice"]
    stage.check(asked >= 1, f"the lost one was asked for by its UUID ({asked})")
    stage.check(
        stage.simulator.requests["create_invoice"] == 4,
        "four uploads for four invoices: none was sent twice",
    )


def _compare(stage, moves):
    """Hold what the service has against what Odoo has."""
    held = {invoice.number: invoice for invoice in stage.simulator.held_invoices()}
    rows = {row["name"]: row for row in _read(stage, moves)}
    stage.check(held.keys() == rows.keys(), "Maventa holds exactly these numbers")
    for number, row in rows.items():
        invoice = held[number]
        totals = (invoice.sum, invoice.sum_tax)
        stage.check(
            totals == (_money(row["amount_untaxed"]), _money(row["amount_total"])),
            f"{number}: {totals[1]} {invoice.currency} there and here",
        )
        stage.check(
            [number in _text(stage, pdf) for pdf in invoice.pdfs] == [True],
            f"{number}: the invoice's own PDF is inside",
        )
        stage.check(invoice.posted == 1, f"{number}: uploaded once")


def _follow_up(stage, moves):
    with stage.step("Later looks show what became of them"):
        _run(stage, "follow_up", lambda: _states(stage, moves) == {"delivered"})
    stage.check(_states(stage, moves) == {"delivered"}, "all four are delivered")


def _look(stage, invoice):
    page = stage.page
    with stage.step("The accountant looks at the invoice and at the list"):
        stage.open(f"/odoo/action-account.action_move_out_invoice/{invoice}")
        page.click(".o_notebook .nav-link[name=maventa]")
        page.wait_for_selector("div[name=maventa_transfer_ids] .badge")
        stage.screenshot("maventa-invoice.png")
        stage.open("/odoo/action-account_maventa.action_maventa_transfer")
        page.wait_for_selector(".o_list_view .o_data_row .badge")
        stage.screenshot("maventa-transfers.png")
    with stage.step("The administrator looks at the settings"):
        _settings(stage)


def _settings(stage):
    with stage.acting(stage.ids["administrator"]):
        stage.open("/odoo/action-account.action_account_config")
        stage.page.locator("#maventa_account").scroll_into_view_if_needed()
        stage.screenshot("maventa-settings.png")


def _run(stage, name, done):
    """Run a scheduled job until ``done``; another worker may just be at it."""
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        stage.admin.run_cron(f"account_maventa.ir_cron_maventa_{name}")
        if done():
            return


def _states(stage, moves):
    return {row["maventa_state"] for row in _read(stage, moves)}


def _read(stage, moves):
    return stage.accountant.call(
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


def _text(stage, pdf):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "inside.pdf")
        path.write_bytes(pdf)
        return "\n".join(stage.pdf_pages(path))
