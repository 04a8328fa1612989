"""The series of a document, its ATCUD, and the banner that asks for a code."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.sql import column_exists, create_column

# The types of documents, as AT calls them, that each kind of move can be.
_TYPES = {
    "out_invoice": ("FT", "FS", "FR"),
    "out_receipt": ("FS", "FR", "FT"),
    "out_refund": ("NC",),
}
# What decides which series fit.
_CHOICE = "journal_id move_type debit_origin_id reversed_entry_id company_id".split()
# What makes the identity of an issued document.
_FROZEN = frozenset(
    "name journal_id company_id move_type l10n_pt_atcud_series_id".split()
)


class AccountMove(models.Model):
    _inherit = "account.move"

    l10n_pt_atcud_series_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series",
        string="AT series",
        compute="_compute_l10n_pt_atcud_series_id",
        store=True,
        readonly=False,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    l10n_pt_atcud_allowed_series_ids = fields.Many2many(
        comodel_name="l10n_pt_atcud.series",
        compute="_compute_l10n_pt_atcud_allowed_series_ids",
    )
    l10n_pt_atcud_is_required = fields.Boolean(
        compute="_compute_l10n_pt_atcud_is_required"
    )
    l10n_pt_atcud_value = fields.Char(
        string="ATCUD",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Validation code of the series and number of the document.",
    )

    # Computes

    @api.depends("country_code", "journal_id", "move_type", "posted_before")
    def _compute_l10n_pt_atcud_is_required(self):
        for move in self:
            move.l10n_pt_atcud_is_required = move._l10n_pt_atcud_is_required()

    @api.depends(*_CHOICE)
    def _compute_l10n_pt_atcud_allowed_series_ids(self):
        for move in self:
            move.l10n_pt_atcud_allowed_series_ids = move._l10n_pt_atcud_choice()

    @api.depends(*_CHOICE)
    def _compute_l10n_pt_atcud_series_id(self):
        for move in self:
            series = move.l10n_pt_atcud_series_id
            if not move.l10n_pt_atcud_value and not move.posted_before:
                choice = move._l10n_pt_atcud_choice()
                if series not in choice or not move.l10n_pt_atcud_series_chosen:
                    series = move._l10n_pt_atcud_default(choice)
            move.l10n_pt_atcud_series_id = series

    @api.depends(
        "journal_id",
        "l10n_pt_atcud_series_id.state",
        "l10n_pt_atcud_series_id.environment",
    )
    def _compute_alerts(self):
        # EXTENDS 'account'
        super()._compute_alerts()

    # CRUD

    def _auto_init(self):
        # No document has a series before the addon is there: nothing to compute, and
        # an existing database may hold millions of them.
        if not column_exists(self.env.cr, "account_move", "l10n_pt_atcud_series_id"):
            create_column(
                self.env.cr, "account_move", "l10n_pt_atcud_series_id", "int4"
            )
        return super()._auto_init()

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("l10n_pt_atcud_value") for vals in vals_list):
            raise self._l10n_pt_atcud_not_by_hand()
        return super().create(vals_list)

    def write(self, vals):
        if "l10n_pt_atcud_value" in vals:
            raise self._l10n_pt_atcud_not_by_hand()
        frozen = _FROZEN & vals.keys()
        for move in self if frozen else ():
            if move.l10n_pt_atcud_value and any(
                move._fields[name].convert_to_write(move[name], move) != vals[name]
                for name in frozen
            ):
                raise UserError(
                    self.env._(
                        "%s carries an ATCUD: its number, series and journal cannot "
                        "change any more.",
                        move.name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_l10n_pt_atcud(self):
        for move in self:
            if move.l10n_pt_atcud_value:
                raise UserError(
                    self.env._(
                        "%s carries an ATCUD and cannot be deleted. Cancel it, or "
                        "issue a credit note.",
                        move.name,
                    )
                )

    # Business

    def _get_alerts(self):
        # EXTENDS 'account'
        alerts = super()._get_alerts()
        if self.state == "draft" and self.env.user.has_group(
            "account.group_account_invoice"
        ):
            alert = self._l10n_pt_atcud_obstacle()
            if alert:
                alerts["l10n_pt_atcud_series"] = {"level": "warning", **alert}
        return alerts

    def _l10n_pt_atcud_obstacle(self):
        """Return what keeps this draft from being posted, as an alert, or ``None``."""
        self.ensure_one()
        if not self._l10n_pt_atcud_is_required() or self.l10n_pt_atcud_value:
            return None
        series = self.l10n_pt_atcud_series_id.sudo()
        if not series or series not in self._l10n_pt_atcud_choice():
            return self._l10n_pt_atcud_no_series_alert()
        if series.state == "registered":
            return None
        if series.state == "pending":
            message = self.env._("AT has not confirmed the series %s yet.")
        else:
            message = self.env._("The series %s has no validation code from AT.")
        return {
            "message": message % series.display_name,
            "action_text": self.env._("Generate validation code"),
            "action_call": (series._name, "action_register_from_document", series.ids),
        }

    def _l10n_pt_atcud_no_series_alert(self):
        document_type = self._l10n_pt_atcud_types()[0]
        alert = {
            "message": self.env._(
                "The journal %(journal)s has no AT series for documents of type "
                "%(type)s.",
                journal=self.journal_id.display_name,
                type=document_type,
            )
        }
        series = self.env["l10n_pt_atcud.series"]
        if series.has_access("create"):
            alert["action_text"] = self.env._("Create a series")
            alert["action"] = {
                "type": "ir.actions.act_window",
                "name": self.env._("AT series"),
                "res_model": series._name,
                "views": [[False, "form"]],
                "context": {
                    "default_journal_id": self.journal_id.id,
                    "default_document_type": document_type,
                },
            }
        elif self.env.user._is_internal():  # customers are told no names
            alert["message"] += " " + self.company_id._l10n_pt_atcud_ask_for_series()
        return alert

    # Private functions

    def _l10n_pt_atcud_not_by_hand(self):
        return UserError(
            self.env._("The ATCUD is written when a document is posted, not by hand.")
        )

    def _l10n_pt_atcud_is_required(self):
        """Tell whether this is a document that has to carry an ATCUD.

        Documents that were issued before their journal had series keep their number.
        """
        self.ensure_one()
        return bool(
            self.country_code == "PT"
            and self.move_type in _TYPES
            and self.journal_id.type == "sale"
            and (self.l10n_pt_atcud_series_id or not self.posted_before)
        )

    def _l10n_pt_atcud_types(self):
        """Return the types, as AT calls them, that this document can be."""
        if self.debit_origin_id and self.move_type == "out_invoice":
            return ("ND",)
        return _TYPES[self.move_type]

    def _l10n_pt_atcud_choice(self):
        """Return the series that fit this document, in the order of the journal.

        What a training document is corrected by is one, and nothing else is.
        """
        series = self.env["l10n_pt_atcud.series"]
        if not self._l10n_pt_atcud_is_required():
            return series
        taxpayer = self.company_id._l10n_pt_atcud_taxpayer()
        kind = self._l10n_pt_atcud_origin_kind()
        return series.sudo().search(
            [
                ("kind", "=" if kind == "training" else "!=", kind and "training"),
                ("journal_id", "=", self.journal_id._origin.id),
                ("nif", "=", taxpayer._l10n_pt_atcud_nif()),
                ("document_type", "in", self._l10n_pt_atcud_types()),
                "|",
                ("state", "=", "draft"),
                "&",
                ("state", "in", ("pending", "registered")),
                ("environment", "=", taxpayer.l10n_pt_atcud_environment),
            ]
        )

    def _l10n_pt_atcud_origin_kind(self):
        """Return the kind of series of what this document corrects, or ``False``."""
        origin = self.reversed_entry_id or self.debit_origin_id
        return origin.sudo().l10n_pt_atcud_series_id.kind

    def _l10n_pt_atcud_default(self, choice):
        """Return the one of ``choice`` to propose; training only after training."""
        if self._l10n_pt_atcud_origin_kind() != "training":
            choice = choice.filtered(lambda series: series.kind == "normal")
        return choice[:1]
