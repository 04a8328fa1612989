"""What may change on a series, who may change it, and which drafts hear of it."""

from odoo import api, models
from odoo.exceptions import UserError

# What AT was told, and what makes the documents' numbers: never changes afterwards.
_FROZEN = frozenset(
    "company_id journal_id document_type identifier kind first_number nif".split()
)
# What only registering may write; nobody types it in.
_TECHNICAL = frozenset(
    "state validation_code environment nif software_number registered_on status_on "
    "result_code result_message closing last_number closing_reason "
    "numbered_until mismatch".split()
)


class L10nPtAtcudSeries(models.Model):
    _inherit = "l10n_pt_atcud.series"

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_technical(vals)
        records = super().create(vals_list)
        records._offer_to_drafts()
        return records

    def write(self, vals):
        self._check_technical(vals)
        frozen = _FROZEN & vals.keys()
        if not self.env.su and "start_date" in vals:
            frozen |= {"start_date"}
        for series in self if frozen else ():
            if series.state != "draft" and any(
                series._fields[name].convert_to_write(series[name], series)
                != vals[name]
                for name in frozen
            ):
                raise UserError(
                    self.env._(
                        "The series %s was communicated to AT and cannot be changed.",
                        series.display_name,
                    )
                )
        result = super().write(vals)
        if {"active", "journal_id", "document_type", "state"} & vals.keys():
            self._offer_to_drafts()
        return result

    def unlink(self):
        drafts = self._drafts([("l10n_pt_atcud_series_id", "in", self.ids)])
        drafts.l10n_pt_atcud_series_id = False
        result = super().unlink()
        self.env.add_to_compute(drafts._fields["l10n_pt_atcud_series_id"], drafts)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        for series in self:
            if series.state != "draft":
                raise UserError(
                    self.env._(
                        "The series %s was communicated to AT and cannot be deleted.",
                        series.display_name,
                    )
                )

    # Private functions

    def _check_technical(self, vals):
        if not self.env.su and _TECHNICAL & vals.keys():
            raise UserError(
                self.env._("State and code of a series come from AT, not by hand.")
            )

    def _offer_to_drafts(self):
        """Let drafts choose again that have no series, or one of these."""
        drafts = self._drafts(
            [
                "|",
                ("l10n_pt_atcud_series_id", "in", self.ids),
                "&",
                ("l10n_pt_atcud_series_id", "=", False),
                ("journal_id", "in", self.journal_id.ids),
            ]
        )
        self.env.add_to_compute(drafts._fields["l10n_pt_atcud_series_id"], drafts)

    def _drafts(self, domain):
        """Return the documents that were never issued, of all companies."""
        moves = self.env["account.move"].sudo()
        return moves.search(
            [("state", "=", "draft"), ("posted_before", "=", False), *domain]
        )
