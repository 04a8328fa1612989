"""A Finnish company that transfers each invoice on posting."""

import pathlib
from runpy import run_path

from odoo import Command

DEMO = pathlib.Path(__file__).resolve().parents[2] / "demo" / "account_maventa_data.py"


def prepare(env, settings):
    """Make the demo's company, and switch its transfer on."""
    made = run_path(str(DEMO))["prepare"](env, settings)
    company = env["res.company"].browse(made["company"])
    env.cr.commit()
    company.maventa_account_id.action_check()
    # Making the PDFs is not measured here, and takes a second each.
    company.write(
        {"maventa_enabled": True, "maventa_on_posting": True, "maventa_send_pdf": False}
    )
    env.cr.commit()


def post(env, number):
    """Post ``number`` invoices."""
    company = env["res.company"].search([("maventa_enabled", "=", True)])
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    customer = env["res.partner"].search([("name", "=", "Järvi Oy")])
    line = {"name": "Sand", "quantity": 3, "price_unit": 19.9}
    line["tax_ids"] = [Command.set(company.account_sale_tax_id.ids)]
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_date": "2026-03-02",
                "invoice_line_ids": [Command.create(line)],
            }
            for _number in range(number)
        ]
    )
    moves.action_post()
    env.cr.commit()


def amounts(env):
    """Return number and amounts of each posted invoice, transferred or not."""
    moves = env["account.move"].search(
        [("move_type", "=", "out_invoice"), ("state", "=", "posted")]
    )
    return [
        (move.name, f"{move.amount_untaxed:.2f} {move.amount_total:.2f}")
        for move in moves
    ]
