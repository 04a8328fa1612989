"""Billingo documents travel into the books, and nothing is lost or doubled."""

import json
import time
from decimal import Decimal

TITLE = "Billingo: every document in the books, to the forint"
BOOKED = frozenset({"invoice", "advance", "cancellation", "modification"})
CONNECTION = "billingo.connection"
DOCUMENT = "billingo.document"
PAGE_SIZE = 10  # as account_billingo_import_data.py sets it
PATIENCE = 120  # seconds for a scheduled job that another worker may be running


def play(session):
    """Check, fetch, process, compare, fetch again."""
    connections = {mode: session.ids[mode] for mode in ("supplier", "customer")}
    with session.step("The administrator checks both API keys and switches them on"):
        _switch_on(session, connections)
    with session.step("The scheduled job fetches page by page, through a 429"):
        _fetch(session, connections)
    with session.step("The scheduled job books the documents"):
        _until(session, "ir_cron_billingo_process", [["state", "=", "fetched"]])
        report = _compare(session, connections)
    with session.step("Each bill is under its own VAT regime, in its own period"):
        _compare_regimes(session, connections["supplier"])
    with session.step("The original PDFs arrive"):
        _get_pdfs(session)
    with session.step("A second run brings nothing twice"):
        _fetch_again(session, connections)
    with session.step("A bill that came twice under two numbers waits for a person"):
        _see_duplicate(session, connections["supplier"])
    with session.step("Screenshots"):
        _look(session, connections)
    return {"documents": report, "requests": dict(session.simulator.requests)}


def _switch_on(session, connections):
    # Page 2 of the first connection answers 429 until the client gives up; the
    # other one is kept waiting for two seconds on its page 3.
    session.simulator.on_page(2, "429", times=4)
    session.simulator.on_page(3, "429_seconds")
    for mode, connection in connections.items():
        session.admin.call(CONNECTION, "action_check", [connection])
        [found] = session.admin.call(
            CONNECTION,
            "read",
            [connection],
            ["organization_tax_number", "subscription_end", "checked_at", "error"],
        )
        session.check(
            found["checked_at"] and found["subscription_end"] and not found["error"],
            f"Billingo tells whose key it is ({mode}): "
            f"{found['organization_tax_number']}",
        )
    session.admin.call(CONNECTION, "action_activate", [*connections.values()])


def _fetch(session, connections):
    everything = [*connections.values()]
    fields = ["failures", "fetch_page", "last_success_at", "next_fetch_at"]
    deadline = time.monotonic() + PATIENCE
    while True:
        _run(session, "ir_cron_billingo_fetch")
        states = session.accountant.call(CONNECTION, "read", everything, fields)
        blocked = [state for state in states if state["failures"]]
        if len(blocked) == 1 and sum(bool(x["last_success_at"]) for x in states) == 1:
            break
        if time.monotonic() > deadline:
            break
    session.check(
        len(blocked) == 1 and blocked[0]["fetch_page"] == 2,
        "the connection that was told to wait stands at page 2, the other is through",
    )
    asked = session.simulator.requests["documents"]
    left = 0
    for state in blocked:
        mode = "customer" if state["id"] == connections["customer"] else "supplier"
        left += _pages(session, mode) - state["fetch_page"] + 1
        session.accountant.call(CONNECTION, "action_fetch", [state["id"]])
    states = session.accountant.call(CONNECTION, "read", everything, fields)
    session.check(
        all(state["last_success_at"] and not state["failures"] for state in states),
        "Fetch now goes on from there to the last page",
    )
    session.check(
        session.simulator.requests["documents"] - asked == left,
        "page 1 is not read again",
    )


def _key(session, mode):
    return session.settings["own_key" if mode == "customer" else "supplier_key"]


def _pages(session, mode):
    total, _documents = session.simulator.accounts.documents(_key(session, mode))
    return -(-total // PAGE_SIZE)


def _compare(session, connections):
    """Compare the simulator's JSON with what Odoo says of its entries."""
    report = []
    own = session.accountant.call(
        "res.company", "read", [session.ids["company"]], ["vat"]
    )
    for mode, connection in connections.items():
        _total, documents = session.simulator.accounts.documents(_key(session, mode))
        ours = [
            raw
            for raw in documents
            if raw["type"] in BOOKED
            and (
                mode == "customer"
                or raw["document_partner"]["taxcode"] == own[0]["vat"]
            )
        ]
        rows = session.accountant.call(
            DOCUMENT,
            "search_read",
            [["connection_id", "=", connection]],
            ["billingo_id", "name", "state", "error", "move_id", "remark"]
            + ["duplicate_verdict"],
        )
        found = {row["billingo_id"]: row for row in rows}
        session.check(
            set(found) == {str(raw["id"]) for raw in ours},
            f"{len(ours)} documents are there, each once, and no other ({mode})",
        )
        moves = _moves(session, [row["move_id"][0] for row in rows if row["move_id"]])
        report += [
            _compare_one(raw, found.get(str(raw["id"])), moves, mode) for raw in ours
        ]
    wrong = [row for row in report if not row["equal"]]
    session.check(
        not wrong,
        f"net, VAT and gross of all {len(report)} entries equal Billingo's, in the "
        f"document's currency and in forint {json.dumps(wrong) if wrong else ''}",
    )
    return report


def _moves(session, ids):
    """Read entries: what the document shows, and the forint behind it."""
    fields = ["name", "ref", "state", "move_type", "amount_tax", "amount_total"]
    moves = {
        row["id"]: {**row, "lines": []}
        for row in session.accountant.call("account.move", "read", ids, fields)
    }
    for line in session.accountant.call(
        "account.move.line",
        "search_read",
        [["move_id", "in", ids]],
        ["move_id", "display_type", "amount_currency", "balance"],
    ):
        moves[line["move_id"][0]]["lines"].append(line)
    return moves


def _compare_one(raw, row, moves, mode):
    summary = raw["summary"]
    billingo = {
        "net": _exact(summary["net_amount"]),
        "vat": _exact(summary["vat_amount"]),
        "gross": _exact(raw["gross_total"]),
        "net_huf": _exact(summary["net_amount_local"]),
        "vat_huf": _exact(summary["vat_amount_local"]),
    }
    # Odoo's refunds have positive amounts; Billingo's may have either sign.
    billingo = {name: str(abs(value)) for name, value in billingo.items()}
    move = moves.get(row and row["move_id"] and row["move_id"][0])
    odoo = _odoo_totals(move) if move else {}
    return {
        "connection": mode,
        "number": raw["invoice_number"],
        "type": raw["type"],
        "currency": raw["currency"],
        "billingo": billingo,
        "odoo": odoo,
        "entry": move and move["name"],
        "equal": bool(move)
        # What the law leaves open waits for a person, with the reason.
        and bool(move["state"] == "posted" or row["remark"] or row["duplicate_verdict"])
        and raw["invoice_number"] in (move["name"], move["ref"])
        and all(odoo[name] == value for name, value in billingo.items()),
    }


def _odoo_totals(move):
    def total(kind, field):
        amounts = (
            _exact(line[field])
            for line in move["lines"]
            if line["display_type"] == kind
        )
        return str(abs(sum(amounts, Decimal("0.00"))))

    return {
        "net": total("product", "amount_currency"),
        "vat": str(_exact(move["amount_tax"])),
        "gross": str(_exact(move["amount_total"])),
        "rounding": total("rounding", "amount_currency"),
        "net_huf": total("product", "balance"),
        "vat_huf": total("tax", "balance"),
    }


def _compare_regimes(session, connection):
    """Look at a reverse-charge bill, one under cash accounting, and a late storno."""
    both = _bill_of(session, connection, "Tetőszerkezet bontása")
    session.check(
        both["accounts"]["466000"]
        == Decimal("111240.00")
        == -both["accounts"]["467000"],
        "reverse charge: the buyer's VAT is on both sides, 466 and 467",
    )
    cash = _bill_of(session, connection, "Könyvelési díj")
    session.check(
        cash["accounts"]["466900"] == Decimal("12150.00"),
        "cash accounting: the VAT waits for the payment on 466900",
    )
    settled = _bill_of(session, connection, "Papír, kompenzálva")
    session.check(
        settled["payment_state"] == "blocked",
        "a bill that is settled otherwise is not offered for payment",
    )
    storno = _bill_of(session, connection, "Irodabútor", "in_refund")
    session.check(
        storno["date"] == storno["invoice_date"] > storno["original"]["date"],
        f"the storno of {storno['original']['date']} is in the period of its own "
        f"issue, {storno['date']}",
    )


def _bill_of(session, connection, line, move_type="in_invoice"):
    """Return the entry with this line, and its balance by account."""
    [move] = session.accountant.call(
        "account.move",
        "search_read",
        [
            ["billingo_document_id.connection_id", "=", connection],
            ["invoice_line_ids.name", "=", line],
            ["move_type", "=", move_type],
        ],
        ["date", "invoice_date", "payment_state", "reversed_entry_id", "state"],
    )
    session.check(move["state"] == "posted", f"{line}: posted")
    accounts = {}
    for row in session.accountant.call(
        "account.move.line",
        "search_read",
        [["move_id", "=", move["id"]]],
        ["account_id", "balance"],
    ):
        code = row["account_id"][1].split()[0]
        accounts[code] = accounts.get(code, Decimal(0)) + _exact(row["balance"])
    original = move["reversed_entry_id"] and session.accountant.call(
        "account.move", "read", [move["reversed_entry_id"][0]], ["date"]
    )
    return {**move, "accounts": accounts, "original": original and original[0]}


def _exact(value):
    return Decimal(str(value)).quantize(Decimal("0.01"))


def _get_pdfs(session):
    _run(session, "ir_cron_billingo_pdf")
    waiting = [["pdf_state", "=", "waiting"]]
    # Billingo makes a PDF when it is first asked for, and says "later" (202).
    ids = session.accountant.call(DOCUMENT, "search", waiting)
    session.check(ids, f"Billingo still makes {len(ids)} PDFs, and Odoo will ask again")
    deadline = time.monotonic() + PATIENCE
    while ids and time.monotonic() < deadline:
        session.accountant.call(DOCUMENT, "action_get_pdf", ids)
        ids = session.accountant.call(DOCUMENT, "search", waiting)
    left = session.accountant.call(
        DOCUMENT, "search_count", [["pdf_state", "!=", "attached"]]
    )
    session.check(not left, "every entry has its PDF")
    for move_type, name in (("out_invoice", "invoice"), ("in_invoice", "bill")):
        [move] = session.accountant.call(
            "account.move",
            "search_read",
            [["billingo_document_id", "!=", False], ["move_type", "=", move_type]],
            ["name", "ref", "invoice_pdf_report_id", "message_main_attachment_id"],
            limit=1,
        )
        slot = (
            "invoice_pdf_report_id"
            if move_type == "out_invoice"
            else "message_main_attachment_id"
        )
        path = session.attachment(f"billingo-{name}.pdf", move[slot][0])
        number = move["name"] if move_type == "out_invoice" else move["ref"]
        session.check(
            number in session.pdf_pages(path)[0],
            f"the {name}'s PDF is Billingo's original of {number}",
        )


def _see_duplicate(session, connection):
    """Look at two bills that are alike but for the number."""
    _total, issued = session.simulator.accounts.documents(_key(session, "supplier"))
    pair = [x for x in issued if x["items"][0]["name"] == "Nyomtatópatron"]
    found = session.accountant.call(
        DOCUMENT,
        "search_read",
        [
            ["connection_id", "=", connection],
            ["billingo_id", "in", [str(raw["id"]) for raw in pair]],
        ],
        ["name", "move_id", "move_state", "duplicate_move_id", "alerts"],
        order="billingo_id",
    )
    first, twin = found
    session.check(
        (first["move_state"], twin["move_state"]) == ("posted", "draft")
        and twin["duplicate_move_id"]
        and twin["duplicate_move_id"][0] == first["move_id"][0]
        and "number is different" in twin["alerts"]["duplicate"]["message"],
        f"{twin['name']} is a draft that names {first['name']}",
    )


def _fetch_again(session, connections):
    counts = [
        lambda: session.accountant.call(DOCUMENT, "search_count", []),
        lambda: session.accountant.call(
            "account.move", "search_count", [["billingo_document_id", "!=", False]]
        ),
    ]
    before = [count() for count in counts]
    asked = session.simulator.requests["documents"]
    for connection in connections.values():
        session.accountant.call(CONNECTION, "action_fetch", [connection])
    _run(session, "ir_cron_billingo_process")
    _run(session, "ir_cron_billingo_fetch")
    session.check(
        session.simulator.requests["documents"] > asked, "Billingo was asked again"
    )
    session.check([count() for count in counts] == before, "nothing is there twice")


def _look(session, connections):
    session.open(f"/odoo/billingo-connections/{connections['customer']}")
    session.page.get_by_text("Last success").wait_for()
    session.screenshot("billingo-connection.png")
    session.open("/odoo/billingo-documents")
    session.page.locator(".o_data_row").first.wait_for()
    session.screenshot("billingo-documents.png")
    [row] = session.accountant.call(
        DOCUMENT,
        "search_read",
        [["connection_id", "=", connections["supplier"]], ["kind", "=", "invoice"]],
        ["move_id"],
        limit=1,
    )
    session.open(f"/odoo/billingo-documents/{row['id']}")
    _see_original(session)
    session.screenshot("billingo-document.png")
    session.open(f"/odoo/vendor-bills/{row['move_id'][0]}")
    _see_original(session)
    session.screenshot("billingo-bill.png")


def _see_original(session):
    """Wait until the PDF is there to be read beside the data."""
    original = session.page.frame_locator("iframe[src*=pdfjs]")
    original.locator(".textLayer span").first.wait_for()


def _run(session, name):
    session.admin.run_cron(f"account_billingo_import.{name}")


def _until(session, name, waiting):
    """Run a scheduled job until nothing waits any more."""
    deadline = time.monotonic() + PATIENCE
    while session.accountant.call(DOCUMENT, "search_count", waiting):
        if time.monotonic() > deadline:
            break
        _run(session, name)
    session.check(
        not session.accountant.call(DOCUMENT, "search_count", waiting),
        "no document is left behind",
    )
