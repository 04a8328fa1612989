"""A Hungarian company with one connection to a supplier's account."""

import pathlib
from collections import Counter
from runpy import run_path

DEMO = (
    pathlib.Path(__file__).resolve().parents[2]
    / "demo"
    / "account_billingo_import_data.py"
)


def prepare(env, settings, key):
    """Make the demo's company, and leave one connection active, to this account."""
    made = run_path(str(DEMO))["prepare"](env, settings)
    connection = env["billingo.connection"].browse(made["supplier"])
    connection.api_key = key
    env.cr.commit()
    connection.action_activate()
    env.cr.commit()


def documents(env):
    """Return number, entries and whether there is a PDF for each document."""
    found = env["billingo.document"].search([])
    moves = env["account.move"].search([("move_type", "!=", "entry")])
    refs = Counter(moves.filtered(lambda x: x.state == "posted").mapped("ref"))
    return [
        {
            "number": document.name,
            "moves": [document.name] * refs[document.name],
            "pdf": bool(document.move_id.message_main_attachment_id),
        }
        for document in found
    ]
