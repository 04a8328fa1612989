"""What the form of a document says above it."""

from odoo import api, models

from ..guards import internal


@internal
class L10nPtAtcudDocumentAlerts(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.document_alerts"
    _description = "AT: alerts of documents"

    # === PUBLIC === #

    @api.model
    def of(self, move):
        """Return the alerts of a document, as Odoo's form shows them: key -> alert."""
        alerts = self._of_draft(move) if move.state == "draft" else {}
        for key, level, message in self._remarks(move):
            if message:
                alerts[f"l10n_pt_atcud_{key}"] = {"level": level, "message": message}
        return alerts

    # === HELPERS === #

    def _of_draft(self, move):
        """Return what keeps a draft from being posted, for those who may post it."""
        if not self.env.user.has_group("account.group_account_invoice"):
            return {}
        alerts = {}
        obstacle = self.env["l10n_pt_atcud.posting_series_check"].obstacle(move)
        if obstacle:
            alerts["l10n_pt_atcud_series"] = {"level": "warning", **obstacle}
        return alerts | self.env["l10n_pt_atcud.posting_content_check"].alerts(move)

    def _remarks(self, move):
        """Yield key, level and message; an empty message is none."""
        check = self.env["l10n_pt_atcud.posting_series_check"]
        yield "missing", "warning", self._missing(move)
        yield "trial", "warning", move._l10n_pt_atcud_mark()
        yield "environment", "warning", self._other_environment(move)
        yield "date", "warning", check.date_remark(move)
        yield "rules", "warning", self._problems(move)
        yield "saft", "info", self._missing_in_saft(move)
        yield "cancelled", "info", self._cancelled(move)
        yield "training", "warning", self._training(move)

    def _missing(self, move):
        if not (move.l10n_pt_atcud_is_missing and move.state == "posted"):
            return None
        return self.env._(
            "This document has no ATCUD: it was posted without a registered AT series."
        )

    def _other_environment(self, move):
        if move.state != "draft" or not move._l10n_pt_atcud_is_document():
            return None
        return self.env["l10n_pt_atcud.environment_check"].problem(move)

    def _problems(self, move):
        """Return what a draft lacks or exceeds by its type, and where it is signed."""
        if move.state != "draft":
            return None
        problems = self.env["l10n_pt_atcud.document_type_rules"].problems(move)
        problems += self.env["l10n_pt_atcud.signing_rules"].problems(move)
        return " ".join(problems)

    def _missing_in_saft(self, move):
        if move.state != "draft" or not move._l10n_pt_atcud_is_required():
            return None
        return " ".join(self.env["l10n_pt_atcud.saft_data"].missing(move))

    def _cancelled(self, move):
        reason = move.l10n_pt_atcud_cancel_reason
        return reason and self.env._("Cancelled. Reason: %s", reason)

    def _training(self, move):
        if move.l10n_pt_atcud_kind != "training":
            return None
        return self.env._(
            "Training document. Odoo enters it in the books like any other: the filter "
            "“Training documents” finds it, and a training credit note takes it out of "
            "revenue and VAT again."
        )
