"""A Finnish company that receives."""

import pathlib
from runpy import run_path

DEMO = pathlib.Path(__file__).resolve().parents[2] / "demo" / "account_maventa_data.py"


def prepare(env, settings):
    """Make the demo's company, switch receiving on, and return its UUID at Maventa."""
    made = run_path(str(DEMO))["prepare"](env, settings)
    company = env["res.company"].browse(made["company"])
    env.cr.commit()
    account = company.maventa_account_id
    account.action_check()
    account.write({"receives": True, "receive_since": "2020-01-01"})
    env.cr.commit()
    return account.company_uuid


def bills(env):
    """Return number, total and whether there is a receipt, for each vendor bill."""
    moves = env["account.move"].search(
        [("move_type", "in", ("in_invoice", "in_refund"))]
    )
    return [
        (move.ref or "", f"{move.amount_total:.2f}", len(move.maventa_receipt_ids) == 1)
        for move in moves
    ]
