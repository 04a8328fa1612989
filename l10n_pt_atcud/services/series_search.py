"""Finds a series by all that it shows: “DEMO-FT A2026”, its code, its journal."""

from odoo import api, models
from odoo.fields import Domain

from ..guards import internal
from ..models.l10n_pt_atcud_connection import TRIALS
from .text_patterns import escape_pattern


@internal
class L10nPtAtcudSeriesSearch(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.series_search"
    _description = "AT: search of series"

    # === PUBLIC === #

    @api.model
    def domain(self, operator, texts):
        """Return the domain of the series that show one of ``texts``.

        :param operator: “ilike”: each word is a part of what is shown; any other: the
            whole text is what is displayed, or the identifier or the code
        """
        find = self._with_words if operator == "ilike" else self._exactly
        return Domain.OR(find(text.strip()) for text in texts)

    # === HELPERS === #

    def _exactly(self, text):
        document_type, _blank, identifier = text.partition(" ")
        exact = Domain("identifier", "=ilike", escape_pattern(text))
        exact |= Domain("validation_code", "=ilike", escape_pattern(text))
        if identifier:
            exact |= _of_type(document_type) & Domain(
                "identifier", "=ilike", escape_pattern(identifier.strip())
            )
        return exact

    def _with_words(self, text):
        """Each word is the type, or a part of the identifier, code or journal."""
        return Domain.AND(
            _of_type(word)
            | Domain("identifier", "ilike", word)
            | Domain("validation_code", "ilike", word)
            | Domain("journal_id.name", "ilike", word)
            | Domain("journal_id.code", "=ilike", escape_pattern(word))
            for word in text.split()
        )


def _of_type(text):
    """Return the domain of a type of documents, in a trial “DEMO-FT”."""
    text = text.upper()
    for environment, prefix in TRIALS.items():
        if text.startswith(prefix):
            bare = text.removeprefix(prefix)
            return Domain("environment", "=", environment) & Domain(
                "document_type", "=", bare
            )
    return Domain("document_type", "=", text)
