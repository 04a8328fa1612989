"""A Portuguese company whose scheduled jobs register, post, finalise and annul."""

import pathlib
from itertools import count
from runpy import run_path

DEMO = pathlib.Path(__file__).resolve().parents[2] / "demo" / "l10n_pt_atcud_data.py"
# Series named P... get documents and are finalised, those named A... are annulled.
JOBS = {
    "register": """
for one in model.search([("state", "in", ("draft", "pending"))], order=order, limit=4):
    env["l10n_pt_atcud.series_registration"].register(one)
""",
    "post": """
used = [("state", "=", "registered"), ("identifier", "=like", "P%")]
for one in model.search(used, order=order, limit=4):
    line = (0, 0, {"name": "Azulejo", "price_unit": 12.5, "tax_ids": tax.ids})
    values = {"move_type": "out_invoice", "journal_id": one.journal_id.id}
    values.update(partner_id=partner, l10n_pt_atcud_series_id=one.id)
    values.update(invoice_date=str(datetime.date.today()), invoice_line_ids=[line])
    # One document and one commit at a time: most kills meet it, and some get through.
    for _number in range(enough):
        draft = env["account.move"].create(values)
        env.cr.commit()
        env.cr.execute(mark)
        draft.action_post()
        env.cr.commit()
""",
    "finalise": """
used = [("state", "in", ("registered", "closing")), ("identifier", "=like", "P%")]
for one in model.search(used, order=order, limit=4):
    posted = [("l10n_pt_atcud_series_id", "=", one.id), ("state", "=", "posted")]
    number = env["account.move"].search_count(posted)
    if number >= enough or one.state == "closing":
        env["l10n_pt_atcud.series_closing"].close(one, "finalise", last_number=number)
""",
    "annul": """
used = [("state", "in", ("registered", "closing")), ("identifier", "=like", "A%")]
for one in model.search(used, order=order, limit=4):
    env["l10n_pt_atcud.series_closing"].close(one, "annul")
""",
}
ENOUGH = 2  # documents of a series that is finalised
NUMBERS = count(1)


def prepare(env, settings, mark):
    """Make the demo's company, and two jobs of each kind; one begins at each end.

    :param mark: SQL by which posting is told from other writes
    """
    demo = run_path(str(DEMO))
    made = demo["prepare"](env, settings)
    company = env["res.company"].browse(made["company"])
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    demo["connect"](env, company, settings)
    env["l10n_pt_atcud.series"].search([]).unlink()
    partner = env["res.partner"].create({"name": "Construções do Douro SA"})
    model = env["ir.model"]._get("l10n_pt_atcud.series")
    for order in ("id", "id desc"):
        head = (
            f"order = {order!r}\npartner = {partner.id}\nenough = {ENOUGH}\n"
            f"mark = {mark!r}\n"
            f"model = model.with_context(allowed_company_ids={company.ids})\n"
            "env = model.env\n"
            "tax = env.company.account_sale_tax_id\n"
        )
        for name, code in JOBS.items():
            env["ir.cron"].create(
                {
                    "name": f"{name}, {order}",
                    "model_id": model.id,
                    "state": "code",
                    "code": head + code,
                    "interval_number": 1,
                    "interval_type": "hours",
                }
            )
    env.cr.commit()


def stock(env, number):
    """Make ``number`` new series, of each three one that will be annulled."""
    journal = env["account.journal"].search([("code", "=", "LOJA")], limit=1)
    made = [next(NUMBERS) for _number in range(number)]
    names = [f"{'A' if one % 3 == 0 else 'P'}{one}" for one in made]
    env["l10n_pt_atcud.series"].create(
        [
            {"journal_id": journal.id, "document_type": "FT", "identifier": name}
            for name in names
        ]
    )
    env.cr.commit()


def nightly(env):
    """Run the nightly job once."""
    env["l10n_pt_atcud.nightly_check"]._cron_check()
    env.cr.commit()


def finish(env):
    """Do the jobs' work in peace, as long as it closes series.

    Without the scheduler, which passes over a job whose worker has died three times.
    """
    jobs = env["ir.cron"].search([("model_id.model", "=", "l10n_pt_atcud.series")])
    before, left = None, _count_open(env)
    while left != before:
        for job in jobs.sorted("id"):
            job.ir_actions_server_id.run()
        before, left = left, _count_open(env)


def _count_open(env):
    env.cr.commit()  # to see what the jobs have done
    ended = ("finalised", "annulled")
    return env["l10n_pt_atcud.series"].search_count([("state", "not in", ended)])


def series(env):
    """Return state, code, last number and documents of each series, by identifier."""
    moves = env["account.move"].search(
        [("l10n_pt_atcud_series_id", "!=", False), ("state", "=", "posted")],
        order="sequence_number, id",
    )
    documents = moves.grouped("l10n_pt_atcud_series_id")
    return {
        one.identifier: {
            "state": one.state,
            "code": one.validation_code or None,
            "last": one.last_number,
            "documents": [
                (move.name, move.l10n_pt_atcud_value)
                for move in documents.get(one, moves.browse())
            ],
        }
        for one in env["l10n_pt_atcud.series"].search([])
    }
