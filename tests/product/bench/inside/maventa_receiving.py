"""A Finnish company that receives; and the same drafts made by Odoo alone."""

import pathlib
import time
from runpy import run_path

from odoo import Command

TESTS = pathlib.Path(__file__).resolve().parents[2]
KILLED = run_path(str(TESTS / "crash" / "inside" / "maventa_received_killed.py"))


def prepare(env, settings):
    """Make the company and its suppliers; no other process works. Return its UUID."""
    uuid = KILLED["prepare"](env, settings)
    env["ir.cron"].search([]).active = False
    env.cr.commit()
    return uuid


def receive(env, number):
    """Run the job until all are bills; return the seconds."""
    started, before = time.perf_counter(), None
    while True:
        env["maventa.receiver"]._run_job()
        env.cr.commit()
        env.invalidate_all()
        made = env["maventa.receipt"].search_count([("move_id", "!=", False)])
        if made >= number:
            return time.perf_counter() - started
        if made == before:
            problem = env["maventa.account"].search([("receives", "=", True)]).problem
            raise AssertionError(f"{made} of {number} are bills: {problem}")
        before = made


def draft_alone(env, number, lines):
    """Make draft bills of as many lines, one by one; return the seconds."""
    company = _company(env)
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    supplier = env["res.partner"].search([("vat", "=", "FI29770658")])
    tax = company.account_purchase_tax_id
    started = time.perf_counter()
    for count in range(number):
        rows = [
            Command.create(
                {
                    "name": f"Siivous {place}",
                    "quantity": 1,
                    "price_unit": 12.5 + place,
                    "tax_ids": [Command.set(tax.ids)],
                }
            )
            for place in range(lines)
        ]
        env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": supplier.id,
                "invoice_date": "2026-03-02",
                "ref": f"B-{count}",
                "invoice_line_ids": rows,
            }
        )
        env.cr.commit()
        env.invalidate_all()
    return time.perf_counter() - started


def _company(env):
    return env["maventa.account"].search([("receives", "=", True)]).company_id
