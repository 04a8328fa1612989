"""A digest of what an issued document says, to notice changes past the application.

The signature covers date, time, number and total. The digest covers what makes the
total: journal, currency, and each line with its amounts and taxes. PostgreSQL computes
it for any number of documents at once.
"""

from odoo import api, models
from odoo.tools import SQL

from ..guards import internal


@internal
class L10nPtAtcudContentDigest(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.content_digest"
    _description = "AT: digest of a document's contents"

    # === PUBLIC === #

    @api.model
    def keep(self, moves):
        """Write the digests of documents that have just been issued."""
        if not moves:
            return
        moves.flush_recordset()
        moves.line_ids.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move SET l10n_pt_atcud_digest = content.digest
                  FROM (%s) AS content WHERE account_move.id = content.id
                """,
                self.query(SQL("move.id IN %s", tuple(moves.ids))),
            )
        )
        moves.invalidate_recordset(["l10n_pt_atcud_digest"], flush=False)

    @api.model
    def query(self, condition):
        """Return a query for ids and digests of documents.

        :param condition: about ``move``, a row of ``account_move``
        """
        return SQL(
            """
            SELECT move.id, encode(sha256(convert_to(concat_ws(chr(30),
                       move.currency_id, move.move_type, move.journal_id,
                       string_agg(line.text, chr(30) ORDER BY line.id)
                   ), 'UTF8')), 'hex') AS digest
              FROM account_move AS move
              LEFT JOIN LATERAL (
                   SELECT one.id, concat_ws(chr(31),
                              coalesce(one.display_type, ''), coalesce(one.name, ''),
                              coalesce(one.product_id, 0),
                              trim_scale(coalesce(one.quantity, 0)::numeric),
                              trim_scale(coalesce(one.price_unit, 0)::numeric),
                              trim_scale(coalesce(one.discount, 0)::numeric),
                              trim_scale(coalesce(one.balance, 0)),
                              trim_scale(coalesce(one.amount_currency, 0)),
                              coalesce(one.tax_line_id, 0),
                              array_to_string(array(
                                  SELECT tax.account_tax_id
                                    FROM account_move_line_account_tax_rel AS tax
                                   WHERE tax.account_move_line_id = one.id
                                   ORDER BY 1), ',')
                          ) AS text
                     FROM account_move_line AS one
                    WHERE one.move_id = move.id
                      AND one.display_type NOT IN ('payment_term', 'cogs')
                   ) AS line ON TRUE
             WHERE %s
             GROUP BY move.id
            """,
            condition,
        )
