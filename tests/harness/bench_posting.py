"""Posts the same Portuguese invoices again and again; runs inside Odoo's shell."""

import os
import time
from datetime import date

from odoo import Command

TAXPAYER = "509987656"  # invented, with a valid check digit


def run(env, number, commands, answers):
    """Make drafts once; then, for each byte read, post them all and roll back.

    :param number: how many invoices
    :param commands: file descriptor to read from; its end ends the run
    :param answers: file descriptor for a line per round: the seconds of posting
    """
    moves = _drafts(env, number)
    env.flush_all()
    with os.fdopen(commands, "rb", 0) as asked, os.fdopen(answers, "w") as told:
        print("ready", file=told, flush=True)
        while asked.read(1):
            with env.cr.savepoint() as savepoint:
                env.invalidate_all()
                started = time.perf_counter()
                moves.action_post()
                env.flush_all()
                seconds = time.perf_counter() - started
                names = moves.mapped("name")
                if len(set(names)) != number or set(moves.mapped("state")) != {
                    "posted"
                }:
                    raise AssertionError(f"not all were posted: {names[:3]}")
                savepoint.rollback()
            print(f"{seconds:.6f}", file=told, flush=True)


def _drafts(env, number):
    companies = env["res.company"].with_context(chart_template_load=True)
    company = companies.create(
        {
            "name": "Azulejo Lda",
            "vat": f"PT{TAXPAYER}",
            "country_id": env.ref("base.pt").id,
            "currency_id": env.ref("base.EUR").id,
        }
    )
    charts = env["account.chart.template"]
    charts.try_loading("pt", company=company, install_demo=False)
    env.user.company_ids += company
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    journal = env["account.journal"].search(
        [("type", "=", "sale"), ("company_id", "=", company.id)], limit=1
    )
    if "l10n_pt_atcud.series" in env:
        _register(env, journal)
    customer = env["res.partner"].create({"name": "Construções do Douro SA"})
    line = {"name": "Azulejo", "quantity": 3, "price_unit": 12.5}
    return env["account.move"].create(
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


def _register(env, journal):
    """Register a series, as posting demands it; the simulator runs in this process."""
    series = env["l10n_pt_atcud.series"].create(
        {"journal_id": journal.id, "document_type": "FT", "identifier": "BENCH"}
    )
    series.company_id.l10n_pt_atcud_password = "demo"
    env.cr.commit()
    series.action_register()
    if series.state != "registered":
        raise AssertionError(f"the series is {series.state}")
