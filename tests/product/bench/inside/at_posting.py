"""Drafts of a Portuguese company, and their posting."""

import pathlib
import time
from datetime import date
from runpy import run_path

from odoo import Command

PORTUGAL = run_path(str(pathlib.Path(__file__).with_name("portugal.py")))


def drafts(env, number):
    """Make ``number`` drafts with two lines each, and return their ids."""
    company = PORTUGAL["company"](env)
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    journal = PORTUGAL["journal"](env)
    if "l10n_pt_atcud.series" in env:
        company._l10n_pt_atcud_use_environment("demo")
        series = PORTUGAL["series"](env, journal, ["BENCH"])
        series.action_register()
        if series.state != "registered":
            raise AssertionError(f"the series is {series.state}")
    customer = env["res.partner"].create({"name": "Construções do Douro SA"})
    tax_ids = company.account_sale_tax_id.ids
    line = {"name": "Azulejo", "quantity": 3, "price_unit": 12.5, "tax_ids": tax_ids}
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "journal_id": journal.id,
                "invoice_date": date.today(),
                "invoice_line_ids": [Command.create(line), Command.create(line)],
            }
            for _number in range(number)
        ]
    )
    env.cr.commit()
    return moves.ids


def post(env, ids):
    """Post the drafts, undo it, and return the seconds that posting took."""
    moves = env["account.move"].browse(ids)
    env = env(context={**env.context, "allowed_company_ids": moves.company_id.ids})
    moves = moves.with_env(env)
    started = time.perf_counter()
    moves.action_post()
    env.flush_all()
    seconds = time.perf_counter() - started
    names = set(moves.mapped("name"))
    if len(names) != len(ids) or set(moves.mapped("state")) != {"posted"}:
        raise AssertionError(f"not all were posted: {sorted(names)[:3]}")
    return seconds
