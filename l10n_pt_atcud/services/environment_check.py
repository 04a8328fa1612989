"""Documents of different environments neither correct nor settle one another.

A real document that names one of Demo names something that has no fiscal value, and one
of Demo that corrects a real invoice takes it out of the books. No setting permits it.
"""

from odoo import api, models
from odoo.exceptions import UserError

from ..guards import internal
from ..models.l10n_pt_atcud_connection import TRIALS

_REAL = "production"


@internal
class L10nPtAtcudEnvironmentCheck(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.environment_check"
    _description = "AT: documents of different environments"

    # === PUBLIC === #

    @api.model
    def check(self, documents):
        """Raise when a document belongs with one of another environment.

        :param documents: entries that are posted now, or documents of the mixin that
            have just got their series
        """
        for document in documents:
            problem = self.problem(document)
            if problem:
                raise UserError(problem)

    @api.model
    def problem(self, document):
        """Return why a document may not be issued beside what it names, or ``None``.

        A draft belongs to the environment of its series, or else of its company.
        """
        own = self._own(document)
        for other in document._l10n_pt_atcud_related():
            its = self._issued(other)
            if its and its != own:
                return self._text(other, its, own)
        return None

    @api.model
    def check_settlement(self, partials):
        """Raise when entries that are reconciled are documents of two environments."""
        for partial in partials:
            first = partial.debit_move_id.move_id
            second = partial.credit_move_id.move_id
            its, own = self._issued(first), self._issued(second)
            if its and own and its != own:
                raise UserError(self._text(first, its, own))

    # === HELPERS === #

    def _own(self, document):
        """Return the environment of a document that is being issued, or is a draft."""
        series = document.l10n_pt_atcud_series_id.sudo()
        if series:
            return self._name_of(series.environment)
        if document._name == "account.move" and document._l10n_pt_atcud_is_required():
            connection = document.company_id._l10n_pt_atcud_issuing_connection()
            return self._name_of(connection.sudo().environment)
        return _REAL

    def _issued(self, document):
        """Return the environment of an issued document, or ``None`` for no document.

        What has no series is real: it was issued before, or by another program. An
        entry of a payment is as its receipt.
        """
        document = document.sudo()
        if document._name != "account.move":
            is_issued = bool(document.l10n_pt_atcud_value)
        elif document._l10n_pt_atcud_is_document():
            is_issued = document.state != "draft"
        else:
            payment = document.origin_payment_id
            return self._issued(payment) if payment else None
        environment = document.l10n_pt_atcud_series_id.environment
        return self._name_of(environment) if is_issued else None

    def _name_of(self, environment):
        return environment if environment in TRIALS else _REAL

    def _text(self, other, its, own):
        """Return the message about ``other``, with the way out."""
        labels = self.env["l10n_pt_atcud.demo_documents"]
        is_entry = other._name == "account.move"
        name = other.name if is_entry else other.l10n_pt_atcud_number
        if its in TRIALS:
            return self.env._(
                "%(document)s was issued in the environment %(environment)s and has no "
                "fiscal value. A document of another environment neither corrects nor "
                "settles it. Leave it out; what was issued in Demo can be reset to "
                "draft and issued again.",
                document=name,
                environment=labels.label(its),
            )
        return self.env._(
            "%(document)s is really issued. A document of the environment "
            "%(environment)s has no fiscal value, and neither corrects nor settles it. "
            "Choose Production in the AT settings first.",
            document=name,
            environment=labels.label(own),
        )
