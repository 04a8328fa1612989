"""Documents of a Portuguese company that signs: their posting, their verification."""

import pathlib
import time
from runpy import run_path

from psycopg2.extras import execute_values

POSTING = run_path(str(pathlib.Path(__file__).with_name("at_posting.py")))
post = POSTING["post"]
NAMES = ("date", "entry", "number", "gross_total", "previous")


def drafts(env, number, signed):
    """Make ``number`` drafts, of a company that signs or does not; return their ids."""
    ids = POSTING["drafts"](env, number)
    company = env["account.move"].browse(ids).company_id
    if signed:
        signing = env["l10n_pt_atcud.signing"].create(
            {
                "company_id": company.id,
                "producer": "Olaria de Software Lda",
                "producer_vat": "PT502757191",
                "producer_address": "Lisboa",
            }
        )
        signing.action_make_demo_key()
        signing.action_switch_on()
        env.cr.commit()
    return ids


def many(env, number):
    """Make ``number`` signed documents of one series, all like the first."""
    [first] = drafts(env, 1, True)
    move = env["account.move"].browse(first)
    env = env(context={**env.context, "allowed_company_ids": move.company_id.ids})
    move.with_env(env).action_post()
    env.flush_all()
    _copy_rows(env, move, number)
    _sign(env, move)
    env.cr.commit()


def verify(env):
    """Return how many documents were verified, their breaks, and the seconds."""
    signing = env["l10n_pt_atcud.signing"].search([])
    env.invalidate_all()
    started = time.perf_counter()
    finding = env["l10n_pt_atcud.chain_verification"].verify(signing)
    seconds = time.perf_counter() - started
    return [sum(finding.counts.values()), len(finding.breaks), seconds]


def _copy_rows(env, move, number):
    """Copy a document and its lines by SQL: posting them would take half an hour."""
    names = _columns(env, "account_move")
    values = {
        "name": f"'{move.sequence_prefix}' || number",
        "sequence_number": "number",
    }
    chosen = ", ".join(values.get(name, f"move.{name}") for name in names)
    env.cr.execute(
        f"INSERT INTO account_move ({', '.join(names)}) SELECT {chosen}"
        " FROM account_move AS move, generate_series(2, %s) AS number"
        " WHERE move.id = %s",
        (number, move.id),
    )
    names = _columns(env, "account_move_line")
    chosen = ", ".join("copy.id" if x == "move_id" else f"line.{x}" for x in names)
    env.cr.execute(
        f"INSERT INTO account_move_line ({', '.join(names)}) SELECT {chosen}"
        " FROM account_move_line AS line, account_move AS copy"
        " WHERE line.move_id = %s AND copy.id != line.move_id"
        " AND copy.l10n_pt_atcud_series_id = %s ORDER BY copy.id, line.id",
        (move.id, move.l10n_pt_atcud_series_id.id),
    )
    env.cr.execute(
        "INSERT INTO account_move_line_account_tax_rel"
        " SELECT line.id, %s FROM account_move_line AS line, account_move AS copy"
        " WHERE line.move_id = copy.id AND line.display_type = 'product'"
        " AND copy.id != %s AND copy.l10n_pt_atcud_series_id = %s",
        (
            move.invoice_line_ids[0].tax_ids.id,
            move.id,
            move.l10n_pt_atcud_series_id.id,
        ),
    )


def _sign(env, move):
    """Sign all copies after the first document, as posting does."""
    from odoo.addons.l10n_pt_atcud.at_series import load_signing_key, sign
    from psycopg2.extras import Json

    key = env["l10n_pt_atcud.signing_key"].search([])
    private = load_signing_key(key.sudo().private_key.encode())
    env.cr.execute(
        "SELECT id, name, sequence_number FROM account_move WHERE id != %s"
        " AND l10n_pt_atcud_series_id = %s ORDER BY sequence_number",
        (move.id, move.l10n_pt_atcud_series_id.id),
    )
    signature, rows = move.l10n_pt_atcud_hash, []
    for identity, name, _number in env.cr.fetchall():
        previous = signature
        signed = {**move.l10n_pt_atcud_signed, "number": name, "previous": previous}
        signature = sign(private, ";".join(signed[part] for part in NAMES))
        rows.append((identity, signature, Json(signed)))
    execute_values(
        env.cr._obj,
        "UPDATE account_move SET l10n_pt_atcud_hash = new.hash,"
        " l10n_pt_atcud_signed = new.signed"
        " FROM (VALUES %s) AS new (id, hash, signed) WHERE account_move.id = new.id",
        rows,
        template="(%s, %s, %s::jsonb)",
    )
    env.cr.execute(
        "UPDATE l10n_pt_atcud_series SET signed_number = %s, signed_hash = %s"
        " WHERE id = %s",
        (len(rows) + 1, signature, move.l10n_pt_atcud_series_id.id),
    )


def _columns(env, table):
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND column_name != 'id' AND is_generated = 'NEVER'",
        (table,),
    )
    return [name for (name,) in env.cr.fetchall()]
