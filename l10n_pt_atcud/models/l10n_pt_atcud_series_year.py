"""The year's turn: a series that takes over from another one, on its first day."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..at_series import lisbon_date
from .year_pattern import fill_pattern, find_pattern, has_other_year


class L10nPtAtcudSeries(models.Model):
    _inherit = "l10n_pt_atcud.series"

    predecessor_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series",
        string="Takes Over From",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="From its expected start on, this series is proposed where the other one "
        "was; on documents dated before, the other one still is.",
    )

    # Constraints

    @api.constrains("predecessor_id")
    def _check_predecessor_id(self):
        if self._has_cycle("predecessor_id"):
            raise ValidationError(
                self.env._("A series cannot take over from itself, by any detour.")
            )

    # Actions

    def action_next_year(self):
        """Propose series for the year that comes, from those of the year that ends.

        :return: the dialog; for all series where none are selected
        """
        today = lisbon_date()
        # At the beginning of a year one catches up on it, later one looks ahead.
        year = today.year + 1 if today.month > 6 else today.year
        wizard = self.env["l10n_pt_atcud.series.next_year"].create({"year": year})
        wizard._fill(self or self.search([("state", "=", "registered")]))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Next year's series"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "views": [[False, "form"]],
            "target": "new",
        }

    def action_import_from_at(self):
        """Ask AT for all series of the company, and show which are not here yet."""
        journals = self.env["account.journal"]
        domain = [*journals._check_company_domain(self.env.company)]
        journal = journals.search([*domain, ("type", "=", "sale")], limit=1)
        return journal.action_l10n_pt_atcud_import()

    # Private functions

    def _can_have_successor(self, year):
        """Tell whether the series of the year before ``year`` can be followed."""
        return (
            self.state == "registered"
            and self.environment == self._current_environment()
            and self.kind != "recovery"
            and not has_other_year(self.identifier, year - 1)
        )

    def _lacks_successor(self, year):
        """Tell whether this is a series of the year before, and ``year`` has none."""
        pattern = find_pattern(self.identifier, year - 1)
        if not pattern or self.kind != "normal" or not self._can_have_successor(year):
            return False
        return not self.search_count(
            [
                ("journal_id", "=", self.journal_id.id),
                ("document_type", "=", self.document_type),
                ("state", "!=", "annulled"),
                ("environment", "=", self.environment),
                "|",
                "|",
                ("predecessor_id", "=", self.id),
                ("identifier", "=ilike", fill_pattern(pattern, year)),
                ("start_date", ">=", f"{year}-01-01"),
            ],
            limit=1,
        )
