"""Documents of a supplier, imported; and the same entries made by Odoo alone."""

import pathlib
import time
from runpy import run_path

from odoo import Command

DEMO = (
    pathlib.Path(__file__).resolve().parents[2]
    / "demo"
    / "account_billingo_import_data.py"
)
BATCH = 50


def prepare(env, settings, key):
    """Make the demo's company, and leave one connection active, to this account."""
    made = run_path(str(DEMO))["prepare"](env, settings)
    env["ir.config_parameter"].set_param("account_billingo_import.page_size", "100")
    connection = env["billingo.connection"].browse(made["supplier"])
    connection.api_key = key
    env.cr.commit()
    connection.action_activate()
    env.cr.commit()


def fetch(env, number):
    """Run the fetching job until all are there; return the seconds."""
    env["billingo.connection"].search([]).next_fetch_at = False
    env.cr.commit()
    return _run(env, "fetch", [], number)


def book(env, number):
    """Run the booking job until all are booked; return the seconds."""
    seconds = _run(env, "process", [("state", "=", "processed")], number)
    imported = [("billingo_document_id", "!=", False), ("state", "=", "posted")]
    posted = env["account.move"].search_count(imported)
    if posted != number:
        raise AssertionError(f"{posted} of {number} are posted")
    return seconds


def _run(env, job, done, number):
    cron = env.ref(f"account_billingo_import.ir_cron_billingo_{job}")
    started = time.perf_counter()
    left, before = None, number + 1
    while left != 0:
        cron.method_direct_trigger()
        env.cr.rollback()
        env.invalidate_all(flush=False)
        left = number - env["billingo.document"].search_count(done)
        if left == before:
            raise AssertionError(f"{job}: {left} of {number} are left")
        before = left
    return time.perf_counter() - started


def book_alone(env, number):
    """Make and post bills with the documents' lines in batches; return the seconds."""
    company = run_path(str(DEMO))["_company"](env)
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    supplier = env["res.partner"].create({"name": "Tölgyes Papír Kft."})
    env.cr.commit()
    started = time.perf_counter()
    for start in range(0, number, BATCH):
        numbers = range(start, min(start + BATCH, number))
        moves = env["account.move"].create(
            [_bill(env, supplier, index) for index in numbers]
        )
        moves.action_post()
        env.cr.commit()
    return time.perf_counter() - started


def _bill(env, supplier, index):
    lines = []
    for name, quantity, price, rate in (
        ("Boríték C5", 500 + index, 21, 27),
        ("Szakkönyv", 2, 7600, 5),
    ):
        tax = env["account.tax"].search(
            [
                ("company_id", "=", env.company.id),
                ("type_tax_use", "=", "purchase"),
                ("amount", "=", rate),
            ],
            limit=1,
        )
        line = {"name": name, "quantity": quantity, "price_unit": price}
        lines.append(Command.create({**line, "tax_ids": [Command.set(tax.ids)]}))
    return {
        "move_type": "in_invoice",
        "partner_id": supplier.id,
        "ref": f"KI / 2026-{index:06d}",
        "invoice_date": "2026-03-02",
        "date": "2026-03-02",
        "invoice_line_ids": lines,
    }
