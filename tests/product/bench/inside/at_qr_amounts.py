"""Random documents of a Portuguese company, and what their QR codes say."""

import pathlib
from runpy import run_path

from odoo.addons.l10n_pt_atcud.tests import random_documents

PORTUGAL = run_path(str(pathlib.Path(__file__).with_name("portugal.py")))


def differences(env, number, seed):
    """Return the payload and the amounts of each document that differs."""
    company = PORTUGAL["company"](env)
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    customer = env["res.partner"].create({"name": "Construções do Douro SA"})
    documents = random_documents.RandomDocuments(
        env,
        seed,
        journal_id=PORTUGAL["journal"](env).id,
        partner_id=customer.id,
    )
    methods = ("round_globally", "round_per_line")
    company.tax_calculation_rounding_method = methods[seed % 2]
    found = []
    for move in documents.make(number):
        payload = random_documents.payload_of_draft(move)
        pairs = random_documents.differences(move, payload)
        if pairs:
            found.append((payload, {name: str(pair) for name, pair in pairs.items()}))
    env.cr.rollback()
    return found
