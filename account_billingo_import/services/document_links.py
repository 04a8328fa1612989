"""Stornos and corrections are linked with their originals, in any order of arrival.

One whose original is not posted waits for it: alone in the books it would take back
what is not there.
"""

import json
import logging
from decimal import Decimal

from odoo import models
from odoo.exceptions import RedirectWarning, UserError
from psycopg2 import OperationalError

from ..billingo_api.kinds import kind_of
from ..guards import internal
from ..remote_text import as_html
from .vat_regime import UNCONFIRMED, Question

_logger = logging.getLogger(__name__)

ORIGINAL_OPEN = "original_open"
PROCESS_JOB = "account_billingo_import.ir_cron_billingo_process"


@internal
class BillingoDocumentLinks(models.AbstractModel):
    _name = "billingo.document.links"
    _description = "Links between Billingo documents"

    # === PUBLIC === #

    def _original(self, document, relatives):
        """Return the document that a storno or correction amends, if it is stored.

        A storno undoes one document as a whole: a correction, or another storno. So of
        several older relatives it is the youngest of the same amount, else the
        youngest that is no storno.
        """
        if not document.is_amendment:
            return document.browse()
        older = relatives.filtered(
            lambda other: other._kind().is_booked and other._age() < document._age()
        )
        older = older.sorted(lambda other: other._age())
        if document._kind().is_cancellation:
            undone = older.filtered(
                lambda other: (
                    not other.currency_id.compare_amounts(
                        abs(other.gross_total), abs(document.gross_total)
                    )
                )
            )
            if undone:
                return undone[-1:]
        return older.filtered(lambda other: not other._kind().is_cancellation)[-1:]

    def _signed_gross(self, original, content):
        """Return the gross of an original with the sign of its entry.

        :param content: its parsed document; a storno there may have either sign
        """
        gross = content.gross_total or Decimal(0)
        if not kind_of(content.type).is_cancellation:
            return gross
        is_debit = original.move_id.move_type in ("out_invoice", "in_invoice")
        return abs(gross) if is_debit else -abs(gross)

    def _prepare_origin(self, parsed, booking, original):
        """Return the values that link an amendment with the entry that it amends.

        :param original: a record, may be empty
        """
        move = original.move_id
        kind = kind_of(parsed.type)
        if not move or not kind.is_amendment:
            return {}
        if kind.is_correction and not booking.is_refund:
            return {"debit_origin_id": move.id}
        return {"reversed_entry_id": move.id}

    def _open_points(self, document, original):
        """Yield why an amendment waits for its original, if that is stored.

        Drafts that a connection wants to be drafts are posted together.
        """
        move = original.move_id
        if not original or move.state == "posted":
            return
        is_wanted = not document.connection_id.is_auto_post and not original._is_open()
        if move.state != "draft" or not is_wanted:
            yield Question(ORIGINAL_OPEN, "", original.display_name)

    def _check_posting(self, moves):
        """Refuse stornos of drafts that are not posted with them.

        :raise UserError: the original is a draft
        """
        for move in moves:
            origin = move.reversed_entry_id
            if origin.state == "draft" and origin not in moves:
                raise UserError(
                    self.env._(
                        "%(storno)s takes back %(original)s, which is a draft. Post "
                        "the original first, or both together.",
                        storno=move.sudo().billingo_document_id.display_name,
                        original=origin.display_name,
                    )
                )

    def _link_amendments(self, document, relatives):
        """Link stornos and corrections that were booked before their original.

        Another worker may book the other one at this moment, unseen: whichever of the
        two finds no entry leaves a mark, and the job links them when both are there.
        """
        for amendment in relatives.filtered("is_amendment"):
            if self._original(amendment, amendment._relatives()) == document:
                self._link(amendment, document)
        if self._is_unlinked(document) and self._original(document, relatives):
            document.is_link_due = True
            self.env.ref(PROCESS_JOB)._trigger()

    def _link_due(self):
        """Link what could not be linked when it was booked. Does not commit.

        What Billingo has confirmed since is posted.
        """
        documents = self.env["billingo.document"]
        for amendment in documents.search([("is_link_due", "=", True)]):
            amendment = amendment.try_lock_for_update()
            try:
                with self.env.cr.savepoint():
                    self._link_one_due(amendment)
            except OperationalError:
                raise
            except Exception:
                # One storno must not keep all others from their originals.
                _logger.exception("Billingo document %s", amendment.billingo_id)

    def _link_one_due(self, amendment):
        """Link one of them; nothing where another worker has it."""
        if not amendment:
            return
        if self._is_unlinked(amendment):
            original = self._original(amendment, amendment._relatives())
            self._link(amendment, original)
        if not amendment._is_unconfirmed():
            self._post_waiting(amendment, UNCONFIRMED)
        amendment.is_link_due = self._is_unlinked(amendment)

    def _reopen_originals(self, moves):
        """Before a storno of a storno is posted, undo the settlement by the first one.

        The original is open again, and the two stornos settle each other.
        """
        for move in moves.filtered("reversed_entry_id"):
            undone = move.reversed_entry_id
            document = undone.billingo_document_id
            if undone.state == "posted" and document._kind().is_cancellation:
                self._reopen(undone)

    def _settle_posted(self, moves):
        """Settle entries with stornos that were posted before them."""
        for move in moves:
            for storno in move.reversal_move_ids.filtered(
                lambda x: x.billingo_document_id and x.state == "posted"
            ):
                self._reconcile(move, storno)
            for amendment in (move.reversal_move_ids | move.debit_note_ids).filtered(
                lambda x: x.state == "draft"
            ):
                self._post_waiting(amendment.sudo().billingo_document_id)

    # === HELPERS === #

    def _is_unlinked(self, amendment):
        """Tell whether an amendment has an entry that waits for its original's."""
        move = amendment.move_id
        return (
            amendment.is_amendment
            and bool(move)
            and not (move.reversed_entry_id or move.debit_origin_id)
        )

    def _link(self, amendment, original):
        """Link two entries, and settle them where both are posted."""
        move, origin = amendment.move_id, original.move_id
        if not origin or not self._is_unlinked(amendment):
            return
        is_debit = move.move_type in ("out_invoice", "in_invoice")
        if amendment._kind().is_correction and is_debit:
            move.debit_origin_id = origin
        else:
            move.reversed_entry_id = origin
            if move.state == origin.state == "posted":
                if original._kind().is_cancellation:
                    self._reopen(origin)
                self._reconcile(origin, move)
        if origin.state == "posted":
            self._post_waiting(amendment)

    def _post_waiting(self, document, answered=ORIGINAL_OPEN):
        """Post a draft that waited for one answer alone; else a user posts it.

        :param answered: code of the question that has its answer now
        """
        found = json.loads(document.remark_source or "{}")
        asked = found.pop("questions", None) or []
        questions = [x for x in asked if x[0] != answered]
        if questions == asked or not document.has_question:
            return
        is_answered = not (questions or found.get("doubts"))
        if questions:
            found["questions"] = questions
        document.remark_source = json.dumps(found) if found else False
        document.has_question = not is_answered
        is_wanted = is_answered and document.connection_id.is_auto_post
        if not is_wanted or document.duplicate_verdict == "suspected":
            return
        move = document.move_id
        try:
            with self.env.cr.savepoint():
                move._post(soft=False)
        except (UserError, RedirectWarning) as error:
            move.message_post(body=as_html(str(error.args[0])))

    def _reconcile(self, move, storno):
        is_open = storno.line_ids.filtered(
            lambda x: x.account_id.reconcile and not x.reconciled and x.balance
        )
        if is_open:
            move._reconcile_reversed_moves(storno, False)

    def _reopen(self, storno):
        """Undo what a storno has settled of the entry that it reversed."""
        origin = storno.reversed_entry_id
        lines = storno.line_ids.filtered(
            lambda x: x.account_type in ("asset_receivable", "liability_payable")
        )
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        own = partials.filtered(
            lambda x: (
                {x.debit_move_id.move_id, x.credit_move_id.move_id} == {storno, origin}
            )
        )
        own.unlink()
