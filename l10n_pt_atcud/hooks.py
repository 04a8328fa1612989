"""Installation and removal of the addon: evidence is kept, and taken up again.

Odoo removes models and columns of an addon. Series and ATCUD are evidence: before the
removal they go to the chatter of each document, and to two tables of their own, from
which a later installation takes them up again. Credentials are not kept.
"""

from odoo.tools import SQL
from odoo.tools.sql import table_exists

BATCH = 500  # documents at a time in memory
SERIES = "l10n_pt_atcud_kept_series"
KEYS = "l10n_pt_atcud_kept_key"  # public ones: without them nothing can be verified
# Table of documents -> the table that keeps their facts, and these columns
DOCUMENTS = {
    "account_move": (
        "l10n_pt_atcud_kept_document",
        "l10n_pt_atcud_document_type l10n_pt_atcud_value l10n_pt_atcud_exemptions "
        "l10n_pt_atcud_is_missing l10n_pt_atcud_reason l10n_pt_atcud_is_external "
        "l10n_pt_atcud_external_value l10n_pt_atcud_content l10n_pt_atcud_qr_payload "
        "l10n_pt_atcud_cancel_reason l10n_pt_atcud_cancelled_on "
        "l10n_pt_atcud_cancelled_by_id l10n_pt_atcud_cancel_source_id "
        "l10n_pt_atcud_hash l10n_pt_atcud_hash_control "
        "l10n_pt_atcud_signed l10n_pt_atcud_entered_on l10n_pt_atcud_digest "
        "l10n_pt_atcud_source_id l10n_pt_atcud_issuer_id l10n_pt_atcud_prints "
        "l10n_pt_atcud_origin "
        "l10n_pt_atcud_original_number l10n_pt_atcud_external_hash "
        "l10n_pt_atcud_external_hash_control".split(),
    ),
    "account_payment": (
        "l10n_pt_atcud_kept_receipt",
        "l10n_pt_atcud_number l10n_pt_atcud_sequence l10n_pt_atcud_value "
        "l10n_pt_atcud_date l10n_pt_atcud_content l10n_pt_atcud_cancel_reason "
        "l10n_pt_atcud_cancelled_on l10n_pt_atcud_cancelled_by_id "
        "l10n_pt_atcud_prints".split(),
    ),
}
# The columns of a series that are evidence, without references
FACTS = (
    "active sequence company_id journal_id nif environment document_type identifier "
    "kind first_number numbered_until start_date state validation_code "
    "software_number registered_on status_on closing last_number closing_reason "
    "is_default is_cash_scheme is_uncompared is_hidden_trial document_counter "
    "document_date signed_number signed_hash signed_entry signed_version signed_on "
    "lost_number"
).split()


def uninstall_hook(env):
    """Keep the evidence; remove the parameters."""
    _write_chatter(env)
    _keep_tables(env)
    parameters = env["ir.config_parameter"].sudo()
    parameters.search([("key", "=like", "l10n_pt_atcud.%")]).unlink()


def post_init_hook(env):
    """Fill the taxes' exemption reasons; take up evidence of an earlier time."""
    env["account.chart.template"]._l10n_pt_atcud_fill_exemption_reasons()
    if table_exists(env.cr, SERIES):
        _restore_series(env)
        for table, (kept, columns) in DOCUMENTS.items():
            _restore_documents(env, table, kept, columns)
            env.cr.execute(SQL("DROP TABLE %s", SQL.identifier(kept)))
        env.cr.execute(SQL("DROP TABLE %s", SQL.identifier(SERIES)))
        if table_exists(env.cr, KEYS):
            _restore_keys(env)
            env.cr.execute(SQL("DROP TABLE %s", SQL.identifier(KEYS)))
        env.invalidate_all(flush=False)


def _write_chatter(env):
    env = env(context=dict(env.context, active_test=False, mail_notrack=True))
    proof = env["l10n_pt_atcud.chatter_proof"]
    domain = [("l10n_pt_atcud_value", "!=", False)]
    ids = env["account.move"].search(domain, order="id").ids
    for start in range(0, len(ids), BATCH):
        proof.keep(env["account.move"].browse(ids[start : start + BATCH]))
        env.flush_all()
        env.invalidate_all()


def _keep_tables(env):
    env.flush_all()
    columns = _columns(FACTS)
    env.cr.execute(
        SQL(
            "CREATE TABLE %s AS SELECT id, predecessor_id, %s"
            " FROM l10n_pt_atcud_series ORDER BY id",
            SQL.identifier(SERIES),
            columns,
        )
    )
    env.cr.execute(
        SQL(
            "CREATE TABLE %s AS SELECT company_id, version, public_key, used_on,"
            " is_demo"
            " FROM l10n_pt_atcud_signing_key AS one"
            " JOIN l10n_pt_atcud_signing AS signing ON signing.id = one.signing_id"
            " ORDER BY version",
            SQL.identifier(KEYS),
        )
    )
    for table, (kept, columns) in DOCUMENTS.items():
        env.cr.execute(
            SQL(
                "CREATE TABLE %s AS SELECT id, l10n_pt_atcud_series_id, %s FROM %s"
                " WHERE l10n_pt_atcud_series_id IS NOT NULL"
                " OR l10n_pt_atcud_value IS NOT NULL",
                SQL.identifier(kept),
                _columns(columns),
                SQL.identifier(table),
            )
        )


def _columns(names):
    return SQL(", ").join(SQL.identifier(name) for name in names)


def _restore_series(env):
    """Insert the series again, of companies and journals that still exist."""
    env.flush_all()
    table = SQL.identifier(SERIES)
    env.cr.execute(SQL("ALTER TABLE %s ADD COLUMN new_id int4", table))
    columns = _columns(FACTS)
    found = env.execute_query_dict(
        SQL(
            "SELECT id, %s FROM %s AS kept WHERE"
            " EXISTS (SELECT FROM res_company WHERE id = kept.company_id) AND"
            " (journal_id IS NULL OR"
            " EXISTS (SELECT FROM account_journal WHERE id = kept.journal_id))"
            " ORDER BY id",
            columns,
            table,
        )
    )
    for row in found:
        old_id = row.pop("id")
        connection = _connection(env, row)
        env.cr.execute(
            SQL(
                "INSERT INTO l10n_pt_atcud_series (%s, connection_id) VALUES (%s, %s)"
                " RETURNING id",
                columns,
                SQL(", ").join(SQL("%s", row[name]) for name in FACTS),
                connection.id or None,
            )
        )
        (new_id,) = env.cr.fetchone()
        env.cr.execute(
            SQL("UPDATE %s SET new_id = %s WHERE id = %s", table, new_id, old_id)
        )
    env.cr.execute(
        SQL(
            "UPDATE l10n_pt_atcud_series AS series SET predecessor_id = before.new_id"
            " FROM %(kept)s AS kept JOIN %(kept)s AS before"
            " ON before.id = kept.predecessor_id WHERE series.id = kept.new_id",
            kept=table,
        )
    )


def _restore_keys(env):
    """Make the public keys again; signing is off until all else is entered."""
    for row in env.execute_query_dict(SQL("SELECT * FROM %s", SQL.identifier(KEYS))):
        company = env["res.company"].browse(row["company_id"]).exists()
        if not company:
            continue
        signing = company.l10n_pt_atcud_signing_ids
        if not signing:
            signing = signing.create({"company_id": company.id})
        key = signing.key_ids.create(
            {
                "signing_id": signing.id,
                "version": row["version"],
                "is_demo": row["is_demo"],
                "entered_public_key": row["public_key"],
            }
        )
        key.sudo().used_on = row["used_on"]
    env.flush_all()


def _connection(env, row):
    """Return the connection of a kept series; its credentials are entered again."""
    if not row["environment"]:
        return env["l10n_pt_atcud.connection"]
    connections = env["l10n_pt_atcud.connection"].sudo()
    company = env["res.company"].browse(row["company_id"])
    taxpayer = company._l10n_pt_atcud_taxpayer()
    values = {
        "company_id": taxpayer.id,
        "environment": row["environment"],
        "nif": row["nif"],
    }
    domain = [(name, "=", value) for name, value in values.items()]
    found = connections.search(domain, limit=1) or connections.create(values)
    if found.nif == taxpayer._l10n_pt_atcud_nif() and row["state"] != "draft":
        company._l10n_pt_atcud_use_environment(row["environment"])
    env.flush_all()
    return found


def _restore_documents(env, table, kept, columns):
    values = SQL(", ").join(
        SQL("%s = kept.%s", SQL.identifier(name), SQL.identifier(name))
        for name in columns
    )
    env.cr.execute(
        SQL(
            "UPDATE %s AS document SET l10n_pt_atcud_series_id = series.new_id, %s"
            " FROM %s AS kept"
            " LEFT JOIN %s AS series ON series.id = kept.l10n_pt_atcud_series_id"
            " WHERE document.id = kept.id",
            SQL.identifier(table),
            values,
            SQL.identifier(kept),
            SQL.identifier(SERIES),
        )
    )
