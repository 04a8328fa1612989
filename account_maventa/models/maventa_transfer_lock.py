from odoo import models
from odoo.tools import SQL

# The first of the two numbers of our advisory locks; the other one is the row's id.
LOCK_SPACE = 0x4D617665


class MaventaTransfer(models.Model):
    """Who works on a transfer: one worker at a time, from intent to outcome.

    A row lock ends with its transaction. While a document is under way, its worker
    commits other things; then it holds the transfer by an advisory lock, which ends
    with the worker's connection at the latest, however the worker dies.
    """

    _inherit = "maventa.transfer"

    def _commit(self):
        """Make what is written last, whatever happens next.

        The call to Maventa cannot be rolled back, so neither may the record of it.
        """
        if self.env.context.get("ir_cron_progress_id"):
            self.env["ir.cron"]._commit_progress()
        elif self.env["account.move"]._can_commit():
            self.env.cr.commit()  # pylint: disable=invalid-commit

    def _lock(self):
        """Return those that nobody else works on, as they are now."""
        free = self.env.execute_query(
            SQL(
                "SELECT id FROM unnest(%s) AS wanted(id) "
                "WHERE pg_try_advisory_xact_lock(%s, id)",
                self.ids,
                LOCK_SPACE,
            )
        )
        free = {row_id for (row_id,) in free}
        locked = self.filtered(lambda row: row.id in free).try_lock_for_update()
        locked.invalidate_recordset()
        return locked

    def _commit_and_lock(self):
        """Commit and go on, unless another worker was faster in between."""
        self._commit()
        return self._lock()

    def _hold(self):
        """Keep this locked one beyond the transaction, until :meth:`_release`."""
        self.ensure_one()
        self.env.execute_query(
            SQL("SELECT pg_advisory_lock(%s, %s)", LOCK_SPACE, self.id)
        )

    def _release(self):
        """Let others work on this one again."""
        self.ensure_one()
        self.env.execute_query(
            SQL("SELECT pg_advisory_unlock(%s, %s)", LOCK_SPACE, self.id)
        )
