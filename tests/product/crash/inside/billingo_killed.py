"""A Hungarian company with connections to a supplier's accounts."""

import pathlib
from runpy import run_path

from odoo import Command

DEMO = (
    pathlib.Path(__file__).resolve().parents[2]
    / "demo"
    / "account_billingo_import_data.py"
)
PAGE_SIZE = "4"  # many pages from few documents


def prepare(env, settings):
    """Make the demo's company, whose own connections stay inactive."""
    run_path(str(DEMO))["prepare"](env, settings)
    parameters = env["ir.config_parameter"]
    parameters.set_param("account_billingo_import.page_size", PAGE_SIZE)
    env.cr.commit()


def connect(env, key):
    """Begin to fetch from one more of the supplier's accounts."""
    model = env["billingo.connection"].search(
        [("mode", "=", "supplier")], order="id", limit=1
    )
    bank = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", model.company_id.id)], limit=1
    )
    connection = model.copy(
        {
            "name": key,
            "api_key": key,
            "has_payments": True,
            "payment_journal_ids": [Command.create({"journal_id": bank.id})],
        }
    )
    env.cr.commit()
    connection.action_activate()
    env.cr.commit()


def books(env):
    """Return number and state of documents, entries with their PDFs, and payments."""
    documents = env["billingo.document"].search([])
    moves = env["account.move"].search(
        [("move_type", "!=", "entry"), ("state", "!=", "cancel")]
    )
    pdfs = env["ir.attachment"].search(
        [
            ("res_model", "=", "account.move"),
            ("res_id", "in", moves.ids),
            ("mimetype", "=", "application/pdf"),
        ]
    )
    payments = env["account.payment"].search([("state", "!=", "canceled")])
    return [
        *((document.name, document.state) for document in documents),
        *((move.ref or "", _entry(move, pdfs)) for move in moves),
        *((payment.memo or "", f"{payment.amount:.2f}") for payment in payments),
    ]


def _entry(move, pdfs):
    number = len(pdfs.filtered(lambda pdf: pdf.res_id == move.id))
    return f"{move.amount_total:.2f} {move.state} with {number} PDF"
