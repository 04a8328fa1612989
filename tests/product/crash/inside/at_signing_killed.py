"""A Portuguese company that signs; a job of Odoo posts its drafts on their date."""

import pathlib
from datetime import date
from runpy import run_path

SIGNING = run_path(
    str(
        pathlib.Path(__file__).resolve().parents[2]
        / "bench"
        / "inside"
        / "at_signing.py"
    )
)


def prepare(env):
    """Make the company, its key and its series."""
    SIGNING["drafts"](env, 1, True)


def draft(env, number):
    """Make ``number`` drafts that a job posts today."""
    first = env["account.move"].search([("move_type", "=", "out_invoice")], limit=1)
    env = env(context={**env.context, "allowed_company_ids": first.company_id.ids})
    for _number in range(number):
        first.with_env(env).copy({"invoice_date": date.today(), "auto_post": "at_date"})
    env.cr.commit()


def verify(env):
    """Return the numbers of the signed documents, and the breaks of the chain."""
    env.cr.rollback()
    signing = env["l10n_pt_atcud.signing"].search([])
    finding = env["l10n_pt_atcud.chain_verification"].verify(signing)
    moves = env["account.move"].search([("l10n_pt_atcud_hash", "!=", False)])
    numbers = sorted(moves.mapped("sequence_number"))
    return [numbers, [f"{one.kind} {one.number}" for _series, one in finding.breaks]]
