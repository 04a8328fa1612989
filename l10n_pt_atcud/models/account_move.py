"""The series of a document, its number and its ATCUD.

Life cycle: a draft gets the series that is proposed for its journal, type and date.
Posting is refused without a registered series, gives the next number of the series and
writes the ATCUD once. AT is never called while a document is posted. A company may
choose to be warned instead: then a document without a registered series stays outside
all series, with one of Odoo's own numbers and without ATCUD.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.sql import column_exists, create_column

# The types of documents, as AT calls them, that each kind of move can be.
_TYPES = {
    "out_invoice": ("FT", "FS", "FR"),
    "out_receipt": ("FS", "FR", "FT"),
    "out_refund": ("NC",),
}
# The fields that decide which series fit.
_CHOICE = "journal_id move_type debit_origin_id reversed_entry_id company_id".split()
# The identity of an issued document.
_FROZEN = frozenset(
    "name journal_id company_id move_type l10n_pt_atcud_series_id".split()
)
# Written when a document gets its number, and never by hand.
_WRITTEN_AT_POSTING = frozenset(("l10n_pt_atcud_value", "l10n_pt_atcud_exemptions"))


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
    # A user has chosen the series; otherwise it follows journal and date.
    l10n_pt_atcud_series_chosen = fields.Boolean(copy=False)
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
    # The printed exemption reasons: code by line, and text by code.
    l10n_pt_atcud_exemptions = fields.Json(readonly=True, copy=False)
    l10n_pt_atcud_is_missing = fields.Boolean(
        string="Posted without ATCUD", readonly=True, copy=False
    )

    # === COMPUTES === #

    @api.depends(
        "country_code",
        "journal_id",
        "move_type",
        "posted_before",
        "l10n_pt_atcud_is_missing",
    )
    def _compute_l10n_pt_atcud_is_required(self):
        for move in self:
            move.l10n_pt_atcud_is_required = move._l10n_pt_atcud_is_required()

    @api.depends(*_CHOICE)
    def _compute_l10n_pt_atcud_allowed_series_ids(self):
        for move in self:
            allowed = move._l10n_pt_atcud_allowed_series()
            move.l10n_pt_atcud_allowed_series_ids = allowed

    @api.depends(*_CHOICE, "invoice_date")
    def _compute_l10n_pt_atcud_series_id(self):
        for move in self:
            series = move.l10n_pt_atcud_series_id
            if not move.l10n_pt_atcud_value and not move.posted_before:
                allowed = move._l10n_pt_atcud_allowed_series()
                if series not in allowed or not move.l10n_pt_atcud_series_chosen:
                    series = move._l10n_pt_atcud_proposed_series(allowed)
            move.l10n_pt_atcud_series_id = series

    @api.onchange("l10n_pt_atcud_series_id")
    def _onchange_l10n_pt_atcud_series_id(self):
        self.l10n_pt_atcud_series_chosen = self._l10n_pt_atcud_is_chosen()

    @api.depends(
        "invoice_date",
        "journal_id",
        "l10n_pt_atcud_is_missing",
        "l10n_pt_atcud_series_id.environment",
        "l10n_pt_atcud_series_id.start_date",
        "l10n_pt_atcud_series_id.state",
    )
    def _compute_alerts(self):
        # EXTENDS 'account'
        super()._compute_alerts()

    @api.depends("l10n_pt_atcud_series_id")
    def _compute_name_placeholder(self):
        # EXTENDS 'account'
        super()._compute_name_placeholder()

    @api.depends(
        "l10n_pt_atcud_series_id.first_number", "l10n_pt_atcud_series_id.numbered_until"
    )
    def _compute_made_sequence_gap(self):
        # EXTENDS 'account': nothing is missing before the first number
        super()._compute_made_sequence_gap()
        for move in self:
            series = move.l10n_pt_atcud_series_id
            if (
                series
                and move.state == "posted"
                and move.sequence_number == series.sudo()._start_number()
            ):
                move.made_sequence_gap = False

    # === OVERRIDES === #

    def _auto_init(self):
        # No document has a series before the addon is installed: nothing to compute,
        # and an existing database may hold millions of documents.
        if not column_exists(self.env.cr, "account_move", "l10n_pt_atcud_series_id"):
            create_column(
                self.env.cr, "account_move", "l10n_pt_atcud_series_id", "int4"
            )
        return super()._auto_init()

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get(name) for vals in vals_list for name in _WRITTEN_AT_POSTING):
            raise self._l10n_pt_atcud_manual_value_error()
        moves = super().create(vals_list)
        for move, vals in zip(moves, vals_list, strict=True):
            if vals.get("l10n_pt_atcud_series_id"):
                move._l10n_pt_atcud_update_chosen(vals)
        return moves

    def write(self, vals):
        self._l10n_pt_atcud_check_frozen(vals)
        result = super().write(vals)
        if "l10n_pt_atcud_series_id" in vals:
            for move in self:
                move._l10n_pt_atcud_update_chosen(vals)
        return result

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

    def _get_alerts(self):
        # EXTENDS 'account'
        alerts = super()._get_alerts()
        check = self.env["l10n_pt_atcud.posting_check"]
        if self.state == "draft" and self.env.user.has_group(
            "account.group_account_invoice"
        ):
            alert = check.obstacle(self)
            if alert:
                alerts["l10n_pt_atcud_series"] = {"level": "warning", **alert}
            alerts |= self.env["l10n_pt_atcud.content_check"].alerts(self)
        if self.l10n_pt_atcud_is_missing and self.state == "posted":
            alerts["l10n_pt_atcud_missing"] = {
                "level": "warning",
                "message": self.env._(
                    "This document has no ATCUD: it was posted without a registered "
                    "AT series."
                ),
            }
        remark = check.date_remark(self)
        if remark:
            alerts["l10n_pt_atcud_date"] = {"level": "warning", "message": remark}
        return alerts

    def _check_draftable(self):
        # EXTENDS 'account': the entry of a payment with a receipt stays as well
        super()._check_draftable()
        for payment in self.origin_payment_id:
            if (
                payment._l10n_pt_atcud_is_final()
                and not payment._l10n_pt_atcud_is_cancelling()
            ):
                raise payment._l10n_pt_atcud_frozen_error()

    def _post(self, soft=True):
        # EXTENDS 'account'
        self._l10n_pt_atcud_repropose_undated()
        today = fields.Date.context_today(self)
        # Later ones are posted on their date, and checked then.
        due = self.filtered(lambda move: not soft or move.date <= today)
        outside = due._l10n_pt_atcud_leave_series()
        check = self.env["l10n_pt_atcud.posting_check"]
        for move in due:
            # Before a number is used, so that refusing leaves no gap.
            check.check(move)
        self.env["l10n_pt_atcud.content_check"].check(due)
        due.l10n_pt_atcud_series_id._block_closing()
        posted = super()._post(soft=soft)
        posted._l10n_pt_atcud_write_exemptions()
        posted._l10n_pt_atcud_write_value()
        for move, message in outside.items():
            if move in posted:
                move._l10n_pt_atcud_check_outside()
                move._message_log(body=message)
        return posted

    @api.model
    def _deduce_sequence_number_reset(self, name):
        # EXTENDS 'account': digits of an identifier are neither a year nor a month
        if self.l10n_pt_atcud_series_id:
            return "never"
        return super()._deduce_sequence_number_reset(name)

    def _get_last_sequence_domain(self, relaxed=False):
        # EXTENDS 'account'
        if self.country_code != "PT" or self.journal_id.type != "sale":
            return super()._get_last_sequence_domain(relaxed)
        self.flush_model(["journal_id", "l10n_pt_atcud_series_id"])
        if self.l10n_pt_atcud_series_id:
            return (
                "WHERE journal_id = %(journal_id)s AND name != '/'"
                " AND l10n_pt_atcud_series_id = %(series_id)s",
                {
                    "journal_id": self.journal_id.id,
                    "series_id": self.l10n_pt_atcud_series_id.id,
                },
            )
        # What has no series must not continue with the numbers of one.
        where, parameters = super()._get_last_sequence_domain(relaxed)
        where += " AND l10n_pt_atcud_series_id IS NULL"
        prefixes = self._l10n_pt_atcud_communicated_prefixes()
        if prefixes:
            where += " AND lower(sequence_prefix) != ALL(%(atcud_prefixes)s)"
            parameters = {**parameters, "atcud_prefixes": prefixes}
        return where, parameters

    def _get_starting_sequence(self):
        # EXTENDS 'account'
        series = self.l10n_pt_atcud_series_id.sudo()
        if series:
            return f"{series._number_prefix()}{series._start_number() - 1}"
        return super()._get_starting_sequence()

    def _get_next_sequence_format(self):
        # EXTENDS 'account': the prefix is the series', whatever it looks like, and
        # the first number is the one that AT has
        series = self.l10n_pt_atcud_series_id.sudo()
        if not series:
            return super()._get_next_sequence_format()
        prefix = series._number_prefix()
        last = self._get_last_sequence(with_prefix=prefix)
        number = int(last[len(prefix) :]) if last else series._start_number() - 1
        return "{prefix}{seq:d}", {"prefix": prefix, "seq": number}

    # === HELPERS: SERIES === #

    def _l10n_pt_atcud_is_required(self):
        """Return whether this is a document that has to carry an ATCUD.

        Documents that were issued before their journal had series keep their number,
        and what was posted without a series does not get one later.
        """
        self.ensure_one()
        return bool(
            not self.l10n_pt_atcud_is_missing
            and self.country_code == "PT"
            and self.move_type in _TYPES
            and self.journal_id.type == "sale"
            and (self.l10n_pt_atcud_series_id or not self.posted_before)
        )

    def _l10n_pt_atcud_types(self):
        """Return the types, as AT calls them, that this document can be."""
        if self.debit_origin_id and self.move_type == "out_invoice":
            return ("ND",)
        return _TYPES[self.move_type]

    def _l10n_pt_atcud_allowed_series(self):
        """Return the series that fit this document, in the order of the journal."""
        return self.env["l10n_pt_atcud.series_choice"].allowed(self)

    def _l10n_pt_atcud_proposed_series(self, allowed):
        """Return the one of ``allowed`` that is proposed for this document."""
        return self.env["l10n_pt_atcud.series_choice"].proposed(self, allowed)

    def _l10n_pt_atcud_is_chosen(self):
        """Return whether the series is another one than would be proposed."""
        series = self.l10n_pt_atcud_series_id
        allowed = self._l10n_pt_atcud_allowed_series()
        return bool(series) and series != self._l10n_pt_atcud_proposed_series(allowed)

    def _l10n_pt_atcud_update_chosen(self, vals):
        if "l10n_pt_atcud_series_chosen" not in vals and not self.posted_before:
            chosen = self._l10n_pt_atcud_is_chosen()
            if self.l10n_pt_atcud_series_chosen != chosen:
                self.l10n_pt_atcud_series_chosen = chosen

    # === HELPERS: POSTING === #

    def _l10n_pt_atcud_repropose_undated(self):
        """Let drafts without a date follow the date that posting gives them."""
        undated = self.filtered(
            lambda move: (
                not move.invoice_date
                and not move.posted_before
                and move.l10n_pt_atcud_series_id
            )
        )
        field = self._fields["l10n_pt_atcud_series_id"]
        self.env.add_to_compute(field, undated)

    def _l10n_pt_atcud_warns(self):
        """Return whether the company wants a warning instead of a refusal."""
        return self.company_id.sudo().l10n_pt_atcud_without_series == "warn"

    def _l10n_pt_atcud_leave_series(self):
        """Take documents without a registered series out of all series, if allowed.

        :return: such a document -> the message that says why
        """
        check = self.env["l10n_pt_atcud.posting_check"]
        messages = {}
        for move in self.filtered(lambda move: move._l10n_pt_atcud_warns()):
            obstacle = check.obstacle(move)
            if obstacle:
                messages[move] = obstacle["message"]
        outside = self.browse().union(*messages)
        if outside:
            outside.l10n_pt_atcud_is_missing = True
            outside.l10n_pt_atcud_series_id = False
        return messages

    def _l10n_pt_atcud_check_outside(self):
        """Raise when a document without a series has a number of one."""
        prefixes = self._l10n_pt_atcud_communicated_prefixes()
        if (self.sequence_prefix or "").lower() in prefixes:
            raise UserError(
                self.env._(
                    "The number %s belongs to an AT series, and this document does "
                    "not. Clear the number.",
                    self.name,
                )
            )

    def _l10n_pt_atcud_communicated_prefixes(self):
        """Return the prefixes of this journal's series that AT knows, in lower case."""
        if self.country_code != "PT" or self.journal_id.type != "sale":
            return []
        series = self.env["l10n_pt_atcud.series"].sudo()
        communicated = series.with_context(active_test=False).search(
            [("journal_id", "=", self.journal_id.id), ("state", "!=", "draft")]
        )
        return [one._number_prefix().lower() for one in communicated]

    def _l10n_pt_atcud_write_value(self):
        """Write the ATCUD of documents that have just got their number."""
        field = self._fields["l10n_pt_atcud_value"]
        moves = self.filtered(
            lambda move: move.l10n_pt_atcud_series_id and not move.l10n_pt_atcud_value
        )
        # Protected, as while it is computed: the number has been given, and writing
        # through account.move would check and balance every entry once more.
        with self.env.protecting([field], moves):
            for move in moves:
                code = move.l10n_pt_atcud_series_id.sudo().validation_code
                number = move.name.rpartition("/")[2]  # the digits as they stand
                move.l10n_pt_atcud_value = f"{code}-{number}"

    def _l10n_pt_atcud_write_exemptions(self):
        """Keep the exemption reasons that are printed, before the ATCUD is written."""
        exemptions = self.env["l10n_pt_atcud.exemptions"]
        field = self._fields["l10n_pt_atcud_exemptions"]
        moves = self.filtered(
            lambda move: move.l10n_pt_atcud_series_id and not move.l10n_pt_atcud_value
        )
        with self.env.protecting([field], moves):
            for move in moves:
                snapshot = exemptions.snapshot(move)
                if snapshot != move.l10n_pt_atcud_exemptions:
                    move.l10n_pt_atcud_exemptions = snapshot

    def _l10n_pt_atcud_manual_value_error(self):
        return UserError(
            self.env._(
                "The ATCUD and what is printed with it are written when a document is "
                "posted, not by hand."
            )
        )

    def _l10n_pt_atcud_check_frozen(self, vals):
        """Raise when ``vals`` change what identifies an issued document."""
        if not _WRITTEN_AT_POSTING.isdisjoint(vals):
            raise self._l10n_pt_atcud_manual_value_error()
        frozen = _FROZEN & vals.keys()
        for move in self if frozen else ():
            if move.l10n_pt_atcud_value and any(
                move._fields[name].convert_to_write(move[name], move) != vals[name]
                for name in frozen
            ):
                raise UserError(
                    self.env._(
                        "%s carries an ATCUD: its number, series and journal can no "
                        "longer be changed.",
                        move.name,
                    )
                )

    # === HELPERS: PRINT === #

    def _l10n_pt_atcud_printed(self):
        """Return what stands on every page, or ``""`` on drafts and others."""
        if self.state == "draft" or not self.l10n_pt_atcud_value:
            return ""
        return f"ATCUD:{self.l10n_pt_atcud_value}"

    def _l10n_pt_atcud_title(self):
        """Return the document's own name for its heading, or ``""`` on drafts."""
        if not self._l10n_pt_atcud_printed():
            return ""
        names = self.env["l10n_pt_atcud.document_names"]
        document_type = self.l10n_pt_atcud_series_id.sudo().document_type
        name = names.of_type(document_type, self.partner_id)
        return (
            names.cancelled(name, self.partner_id) if self.state == "cancel" else name
        )

    def _l10n_pt_atcud_seller(self):
        """Return the tax number of the seller, or ``""`` on other documents."""
        if (
            self.country_code != "PT"
            or self.journal_id.type != "sale"
            or self.move_type not in _TYPES
        ):
            return ""
        nif = self.l10n_pt_atcud_value and self.l10n_pt_atcud_series_id.sudo().nif
        return nif or self.company_id._l10n_pt_atcud_nif()

    def _l10n_pt_atcud_exemptions_printed(self):
        """Return the exemption reasons to print: ``lines`` and ``reasons``."""
        if self.l10n_pt_atcud_value:
            printed = self.l10n_pt_atcud_exemptions
        elif self._l10n_pt_atcud_is_required():
            printed = self.env["l10n_pt_atcud.exemptions"].snapshot(self)
        else:
            printed = None
        return printed or {"lines": {}, "reasons": []}

    def _l10n_pt_atcud_is_training(self):
        """Return whether the law requires the mention of a training document."""
        return bool(
            self.l10n_pt_atcud_value
            and self.l10n_pt_atcud_series_id.sudo().kind == "training"
        )

    def _l10n_pt_atcud_signature(self):
        """Return the signature of this document in base64, or ``""``.

        Meant to be extended by the addon of a producer whose program AT has certified;
        the key that signs is the producer's secret. Called for documents that carry an
        ATCUD.
        """
        self.ensure_one()
        return ""

    def _l10n_pt_atcud_qr(self):
        """Return what a report needs to print the QR code, or ``None``.

        :return: ``source`` of the picture and its ``side`` in millimetres of CSS
        :raise UserError: something that the law requires is missing
        """
        self.ensure_one()
        return self.env["l10n_pt_atcud.qr_code"].image(self)
