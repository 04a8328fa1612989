"""Trials: documents of Demo and of AT's test service, which have no fiscal value.

A document issued in a trial says so wherever it is shown, for ever: its series never
leaves its environment. Its number, which begins with DEMO or TEST, is never one of a
real series. What was issued in Demo can be reset to draft and deleted.
"""

from odoo import api, models
from odoo.exceptions import UserError

from ..guards import internal
from ..models.l10n_pt_atcud_connection import TRIALS

# What issuing or cancelling a document has written.
_ISSUED = (
    "l10n_pt_atcud_value",
    "l10n_pt_atcud_series_id",
    "l10n_pt_atcud_content",
    "l10n_pt_atcud_qr_payload",
    "l10n_pt_atcud_cancel_reason",
    "l10n_pt_atcud_cancelled_on",
    "l10n_pt_atcud_cancelled_by_id",
    "l10n_pt_atcud_cancel_source_id",
    "posted_before",
)


@internal
class L10nPtAtcudDemoDocuments(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.demo_documents"
    _description = "AT: documents without fiscal value"

    # === PUBLIC === #

    @api.model
    def label(self, environment):
        """Return the name of an environment, in the user's language."""
        connections = self.env["l10n_pt_atcud.connection"]
        field = connections._fields["environment"]
        return dict(field._description_selection(self.env)).get(environment, "")

    @api.model
    def remark(self, environment, lang=None):
        """Return the mark of what belongs to a trial, or ``""``.

        :param lang: of the document; by default the user's
        """
        env = self.with_context(lang=lang or self.env.lang).env
        if environment == "demo":
            return env._(
                "Demo: the validation code is invented, and this document has no "
                "fiscal value."
            )
        if environment == "test":
            return env._(
                "Test: the validation code comes from AT's test service, and this "
                "document has no fiscal value."
            )
        return ""

    @api.model
    def notice(self, environment):
        """Return what a journal or a list of series says of its trial, or ``""``."""
        if environment == "demo":
            return self.env._(
                "Demo: a simulator inside Odoo invents the validation codes. Documents "
                "have no fiscal value."
            )
        if environment == "test":
            return self.env._(
                "Test: the validation codes come from AT's test service. Documents "
                "have no fiscal value."
            )
        return ""

    @api.model
    def mark_of(self, document):
        """Return what every view and page says of a document, or ``""``.

        It is in the language of the document's context: on paper, its own.

        :param document: a record with a series and an ATCUD
        """
        if document.env.context.get("l10n_pt_atcud_test_print"):
            return document.env._(
                "Test print: this document was not issued, and has no fiscal value."
            )
        return self.remark(self.environment_of(document), document.env.lang)

    @api.model
    def environment_of(self, document):
        """Return the environment whose mark a document carries, or ``False``.

        What was issued keeps its own; a draft has that of the connection in use.
        """
        if document.l10n_pt_atcud_value:
            environment = document.l10n_pt_atcud_series_id.sudo().environment
        elif self._is_waiting(document):
            connection = document.company_id._l10n_pt_atcud_connection().sudo()
            environment = connection.environment
        else:
            return False
        return environment in TRIALS and environment

    @api.model
    def is_free(self, move):
        """Return whether a document was issued in Demo: nothing of it must be kept.

        One that is signed is part of a chain, in Demo as well.
        """
        is_signed = bool(move.l10n_pt_atcud_hash)
        is_issued = bool(move.l10n_pt_atcud_value) and not is_signed
        return is_issued and self.environment_of(move) == "demo"

    @api.model
    def own_payments(self, moves):
        """Return the payments that go with invoice-receipts (FR) of Demo.

        They are part of the document, as in Production.

        :return: document -> payments
        :raise UserError: a payment cannot be cancelled with its document
        """
        cancellation = self.env["l10n_pt_atcud.document_cancellation"]
        found = {}
        for move in moves:
            if move.state != "posted" or not self.is_free(move):
                continue
            payments = cancellation._own_payments(move)
            problem = payments and cancellation._bank_problem(move.sudo())
            if problem:
                raise UserError(problem)
            found[move] = payments
        return found

    @api.model
    def cancel_payments(self, payments):
        """Cancel what :meth:`own_payments` has returned, with the documents."""
        cancellation = self.env["l10n_pt_atcud.document_cancellation"]
        for move, own in payments.items():
            cancellation._cancel_payments(move, own)

    @api.model
    def forget(self, moves):
        """Make drafts anew of Demo's documents that were reset: no number, no ATCUD."""
        trials = moves.filtered(
            lambda move: move.state == "draft" and self.is_free(move)
        )
        if not trials:
            return
        names = [name for name in _ISSUED if name in trials._fields]
        with self.env.protecting([trials._fields[name] for name in names], trials):
            for name in names:
                trials[name] = False
        trials.name = False
        self.env.add_to_compute(trials._fields["l10n_pt_atcud_series_id"], trials)

    # === HELPERS === #

    def _is_waiting(self, document):
        """Return whether an invoice will get its series and code when it is posted."""
        return (
            document._name == "account.move"
            and document.state == "draft"
            and document._l10n_pt_atcud_is_required()
        )
