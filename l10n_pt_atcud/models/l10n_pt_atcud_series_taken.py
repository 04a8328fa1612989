"""An identifier that cannot be used any more: which series has used it up."""

import re

from odoo import api, models

# What PostgreSQL says of the unique index: taxpayer, type, identifier, environment.
_TAKEN = re.compile(
    r"=\((?P<nif>.+), (?P<document_type>\w+), (?P<identifier>.+), "
    r"(?P<environment>\w+)\)"
)


class L10nPtAtcudSeries(models.Model):
    _inherit = "l10n_pt_atcud.series"

    @api.model
    def _sql_error_to_message(self, exc):
        # EXTENDS 'base': name the series that stands in the way
        taken = None
        if exc.diag.constraint_name == f"{self._table}_identifier_uniq":
            key = _TAKEN.search(exc.diag.message_detail or "")
            # Of two that came together neither is there any more.
            taken = key and self._find_by_name(**key.groupdict())
        if not taken:
            return super()._sql_error_to_message(exc)
        return taken.with_env(self.env(su=False))._explain_taken()

    # Private functions

    def _explain_taken(self):
        """Return why the identifier is refused, in words that the user may read."""
        if not self.has_access("read"):
            return self.env._(
                "This taxpayer already has a series with this identifier for this "
                "document type, where you cannot see it. AT never lets an identifier "
                "be used again: choose another."
            )
        text = self._explain_holder(
            {
                "series": self.display_name,
                "company": self.company_id.sudo().display_name,
            }
        )
        if not self.active:
            text += " " + self.env._("It is archived: look for it with that filter.")
        return text

    def _explain_holder(self, words):
        """Return what became of the series that has the identifier."""
        if self.state == "draft":
            return self.env._(
                "The series %(series)s of %(company)s is there already, and is still "
                "to be registered: open that one, or choose another identifier.",
                **words,
            )
        if self.state == "annulled":
            return self.env._(
                "The series %(series)s of %(company)s was annulled. AT never lets its "
                "identifier be used again, also not in other capitals: choose another.",
                **words,
            )
        if self.state == "finalised":
            return self.env._(
                "The series %(series)s of %(company)s was finalised. AT never lets its "
                "identifier be used again, also not in other capitals: choose another.",
                **words,
            )
        return self.env._(
            "The series %(series)s of %(company)s is in use. AT tells no capitals "
            "apart and lets no identifier be used twice: choose another.",
            **words,
        )
