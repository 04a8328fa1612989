"""The type of a document, its series, its number and its ATCUD.

Life cycle: a draft has a document type, and gets the series that is proposed for its
journal, type and date. Posting is refused without a registered series, gives the next
number of the series, writes the ATCUD once and freezes what is printed. AT is never
called while a document is posted. From then on the document does not change: it is
corrected by a credit or debit note, or cancelled with a reason. A company may choose
to be warned instead of a refusal: then a document without a registered series stays
outside all series, with one of Odoo's own numbers and without ATCUD.

A document that another program issued is entered with its old number and ATCUD, and
stays outside all series of Odoo.
"""

import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.sql import column_exists, create_column

from ..at_series import is_integrated, lisbon_date
from ..guards import as_service, ensure_one, guarded
from ..remote_text import as_html
from ..services import original_numbers
from ..services.signing_rules import ORIGINS
from ..services.written_numbers import IDENTITY
from .account_journal import DOCUMENT_TYPES

# The types of documents, as AT calls them, that each kind of move can be.
_TYPES = {
    "out_invoice": ("FT", "FS", "FR"),
    "out_receipt": ("FS", "FR", "FT"),
    "out_refund": ("NC",),
}
_ATCUD = re.compile(r"[A-Z0-9]{8,20}-[0-9]{1,25}")
# The fields that decide which series fit.
_CHOICE = (
    "journal_id move_type debit_origin_id reversed_entry_id company_id "
    "l10n_pt_atcud_document_type l10n_pt_atcud_is_external".split()
)
# The identity of an issued document.
_FROZEN = frozenset(
    "name journal_id company_id move_type l10n_pt_atcud_series_id "
    "l10n_pt_atcud_document_type l10n_pt_atcud_is_external".split()
)
# Written when a document is issued or cancelled, by nobody else.
_TECHNICAL = frozenset(
    "l10n_pt_atcud_value l10n_pt_atcud_content l10n_pt_atcud_qr_payload "
    "l10n_pt_atcud_exemptions l10n_pt_atcud_cancel_reason l10n_pt_atcud_cancelled_on "
    "l10n_pt_atcud_cancelled_by_id l10n_pt_atcud_cancel_source_id "
    "l10n_pt_atcud_hash l10n_pt_atcud_hash_control "
    "l10n_pt_atcud_signed l10n_pt_atcud_entered_on l10n_pt_atcud_digest "
    "l10n_pt_atcud_source_id l10n_pt_atcud_issuer_id l10n_pt_atcud_prints".split()
)


@guarded("l10n_pt_atcud_is_missing", *_TECHNICAL)
class AccountMove(models.Model):
    _inherit = "account.move"

    l10n_pt_atcud_document_type = fields.Selection(
        selection=DOCUMENT_TYPES,
        string="Document type",
        compute="_compute_l10n_pt_atcud_document_type",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
        help="The type that AT calls FT, FS, FR, NC or ND. It determines which series "
        "fit.",
    )
    l10n_pt_atcud_allowed_types = fields.Char(
        string="Possible document types", compute="_compute_l10n_pt_atcud_allowed_types"
    )
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
    l10n_pt_atcud_series_chosen = fields.Boolean(string="AT series chosen", copy=False)
    l10n_pt_atcud_allowed_series_ids = fields.Many2many(
        comodel_name="l10n_pt_atcud.series",
        string="Possible AT series",
        compute="_compute_l10n_pt_atcud_allowed_series_ids",
    )
    l10n_pt_atcud_is_required = fields.Boolean(
        string="Needs an ATCUD", compute="_compute_l10n_pt_atcud_is_required"
    )
    l10n_pt_atcud_value = fields.Char(
        string="ATCUD",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Validation code of the series and number of the document.",
    )
    # The printed exemption reasons: code by line, and text by code.
    l10n_pt_atcud_exemptions = fields.Json(
        string="Printed exemption reasons", readonly=True, copy=False
    )
    l10n_pt_atcud_is_missing = fields.Boolean(
        string="Posted without ATCUD", readonly=True, copy=False
    )
    l10n_pt_atcud_kind = fields.Selection(
        related="l10n_pt_atcud_series_id.kind", string="Kind of AT series"
    )
    l10n_pt_atcud_is_locked = fields.Boolean(
        string="Issued for good",
        compute="_compute_l10n_pt_atcud_is_locked",
        help="The document is issued: it is corrected by a credit or debit note, or "
        "cancelled.",
    )
    l10n_pt_atcud_reason = fields.Char(
        string="Reason of the correction",
        copy=False,
        tracking=True,
        help="Why this credit or debit note corrects the document. It is printed.",
    )
    l10n_pt_atcud_payment_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Paid by",
        domain=[("type", "in", ("bank", "cash", "credit"))],
        check_company=True,
        help="An invoice-receipt (FR) is paid when it is issued: its payment is "
        "registered in this journal.",
    )
    # A document of another program, entered with its number and code.
    l10n_pt_atcud_is_external = fields.Boolean(
        string="Issued by another program",
        copy=False,
        help="The document already has a number, from another program. It is entered "
        "with this number and belongs to no series of Odoo.",
    )
    l10n_pt_atcud_external_value = fields.Char(
        string="ATCUD of the other program", copy=False
    )
    l10n_pt_atcud_external_hash = fields.Char(
        string="Signature of the other program", copy=False
    )
    l10n_pt_atcud_external_hash_control = fields.Char(
        string="Certificate and key of the other program",
        copy=False,
        help="Number of its certificate, a point and the version of its key: 9999.1. "
        "Empty: the program has no certificate.",
    )
    # What is printed, as it was when the document was issued.
    l10n_pt_atcud_content = fields.Json(
        string="Printed contents", readonly=True, copy=False
    )
    l10n_pt_atcud_qr_payload = fields.Text(
        string="Text of the QR code", readonly=True, copy=False
    )
    l10n_pt_atcud_cancel_reason = fields.Char(
        string="Reason of the cancellation", readonly=True, copy=False
    )
    l10n_pt_atcud_cancelled_on = fields.Datetime(
        string="Cancelled on", readonly=True, copy=False
    )
    l10n_pt_atcud_cancelled_by_id = fields.Many2one(
        comodel_name="res.users", string="Cancelled by", readonly=True, copy=False
    )
    l10n_pt_atcud_cancel_source_id = fields.Char(
        string="Login that cancelled",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="As it was when the document was cancelled (SourceID of the status).",
    )
    # The signature of a certified program, and what was signed, as it was signed.
    l10n_pt_atcud_hash = fields.Char(string="Signature", readonly=True, copy=False)
    l10n_pt_atcud_hash_control = fields.Char(
        string="Version of the signing key", readonly=True, copy=False
    )
    # date, entry, number, gross_total, previous: texts of the message
    l10n_pt_atcud_signed = fields.Json(
        string="Signed message", readonly=True, copy=False
    )
    l10n_pt_atcud_entered_on = fields.Datetime(
        string="Signed on", readonly=True, copy=False
    )
    l10n_pt_atcud_digest = fields.Char(
        string="Digest of the contents", readonly=True, copy=False
    )
    l10n_pt_atcud_source_id = fields.Char(
        string="Issuer's login",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="As it was when the document was issued (SourceID).",
    )
    l10n_pt_atcud_issuer_id = fields.Many2one(
        comodel_name="res.users", string="Issued by", readonly=True, copy=False
    )
    l10n_pt_atcud_prints = fields.Integer(
        string="Number of prints", readonly=True, copy=False
    )
    # A document that is recovered from paper, in a series of its own.
    l10n_pt_atcud_origin = fields.Selection(
        selection=ORIGINS, string="Recovered from", copy=False
    )
    l10n_pt_atcud_original_number = fields.Char(
        string="Original number",
        copy=False,
        help="Series and number in the manual book (abc/00001), or the whole number of "
        "the lost document (FT A2026/99).",
    )

    # === CONSTRAINTS === #

    @api.constrains("l10n_pt_atcud_document_type", "move_type", "debit_origin_id")
    def _check_l10n_pt_atcud_document_type(self):
        for move in self:
            document_type = move.l10n_pt_atcud_document_type
            if (
                document_type
                and not move.posted_before
                and move._l10n_pt_atcud_is_document()
                and document_type not in move._l10n_pt_atcud_types()
            ):
                raise ValidationError(
                    self.env._(
                        "A document of this kind cannot be of type %(type)s. Possible: "
                        "%(types)s.",
                        type=document_type,
                        types=", ".join(move._l10n_pt_atcud_types()),
                    )
                )

    @api.constrains("l10n_pt_atcud_document_type", "l10n_pt_atcud_series_id")
    def _check_l10n_pt_atcud_series_type(self):
        for move in self:
            series = move.l10n_pt_atcud_series_id.sudo()
            document_type = move.l10n_pt_atcud_document_type
            if (
                series
                and document_type
                and series.document_type != document_type
                and not move.posted_before
                and move._l10n_pt_atcud_is_document()
            ):
                raise ValidationError(
                    self.env._(
                        "The series %(series)s is not for documents of type %(type)s.",
                        series=series.display_name,
                        type=document_type,
                    )
                )

    @api.constrains("l10n_pt_atcud_external_value")
    def _check_l10n_pt_atcud_external_value(self):
        for move in self:
            value = move.l10n_pt_atcud_external_value
            if value and not _ATCUD.fullmatch(value):
                raise ValidationError(
                    self.env._(
                        "“%s” is no ATCUD: it is the code of a series, a hyphen and "
                        "the number of the document.",
                        value,
                    )
                )

    @api.constrains(
        "l10n_pt_atcud_external_hash", "l10n_pt_atcud_external_hash_control"
    )
    def _check_l10n_pt_atcud_external_hash(self):
        for move in self:
            signature = move.l10n_pt_atcud_external_hash or ""
            control = move.l10n_pt_atcud_external_hash_control or ""
            if (signature or control) and not is_integrated(signature, control):
                raise ValidationError(
                    self.env._(
                        "A document of another certified program has a signature of "
                        "172 characters, and certificate and key as 9999.1."
                    )
                )

    @api.constrains("journal_id", "move_type", "origin_payment_id")
    def _check_l10n_pt_atcud_origin_payment(self):
        for move in self:
            if move.origin_payment_id and move._l10n_pt_atcud_is_document():
                raise ValidationError(
                    self.env._("A sales document is no entry of a payment.")
                )

    # === COMPUTES === #

    @api.depends("journal_id", "move_type", "debit_origin_id", "country_code")
    def _compute_l10n_pt_atcud_document_type(self):
        for move in self:
            if move.posted_before:
                document_type = move.l10n_pt_atcud_document_type
            elif move._l10n_pt_atcud_is_document():
                document_type = move._l10n_pt_atcud_default_type()
            else:
                document_type = False
            move.l10n_pt_atcud_document_type = document_type

    @api.depends("move_type", "debit_origin_id")
    def _compute_l10n_pt_atcud_allowed_types(self):
        for move in self:
            is_sale = move.move_type in _TYPES
            types = move._l10n_pt_atcud_types() if is_sale else ()
            move.l10n_pt_atcud_allowed_types = ",".join(types)

    @api.depends("l10n_pt_atcud_value", "l10n_pt_atcud_series_id.environment")
    def _compute_l10n_pt_atcud_is_locked(self):
        for move in self:
            move.l10n_pt_atcud_is_locked = move._l10n_pt_atcud_is_final()

    @api.depends("l10n_pt_atcud_is_locked")
    def _compute_show_reset_to_draft_button(self):
        # EXTENDS 'account'
        super()._compute_show_reset_to_draft_button()
        self.filtered("l10n_pt_atcud_is_locked").show_reset_to_draft_button = False

    @api.depends(
        "country_code",
        "journal_id",
        "move_type",
        "posted_before",
        "l10n_pt_atcud_is_external",
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

    @api.depends(*_CHOICE, "invoice_date", "invoice_line_ids.tax_ids.tax_exigibility")
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
        "company_id.l10n_pt_atcud_connection_id",
        "amount_total",
        "invoice_date",
        "invoice_line_ids.product_id",
        "invoice_line_ids.quantity",
        "invoice_line_ids.tax_ids",
        "invoice_payment_term_id",
        "journal_id",
        "l10n_pt_atcud_cancel_reason",
        "l10n_pt_atcud_document_type",
        "l10n_pt_atcud_is_missing",
        "l10n_pt_atcud_payment_journal_id",
        "l10n_pt_atcud_reason",
        "partner_id",
        "reversed_entry_id",
        "debit_origin_id",
        "l10n_pt_atcud_series_id.environment",
        "l10n_pt_atcud_series_id.start_date",
        "l10n_pt_atcud_series_id.state",
        "l10n_pt_atcud_value",
    )
    def _compute_alerts(self):
        # EXTENDS 'account'
        super()._compute_alerts()

    @api.depends("country_code", "move_type", "journal_id.type")
    def _compute_show_delivery_date(self):
        # EXTENDS 'account': an invoice states when it was supplied (CIVA 36(5) f)
        super()._compute_show_delivery_date()
        for move in self.filtered(lambda move: move._l10n_pt_atcud_is_document()):
            move.show_delivery_date = True

    @api.depends("l10n_pt_atcud_is_required", "l10n_pt_atcud_series_id")
    def _compute_name_placeholder(self):
        # EXTENDS 'account': without a series a draft has no number to come
        super()._compute_name_placeholder()
        for move in self:
            if move._l10n_pt_atcud_is_required() and not move.l10n_pt_atcud_series_id:
                move.name_placeholder = False

    @api.depends(
        "l10n_pt_atcud_series_id.first_number", "l10n_pt_atcud_series_id.numbered_until"
    )
    def _compute_made_sequence_gap(self):
        # EXTENDS 'account': nothing is missing before the first number, and a
        # cancelled document keeps its own
        super()._compute_made_sequence_gap()
        for move in self.filtered("l10n_pt_atcud_series_id"):
            series = move.l10n_pt_atcud_series_id.sudo()
            if move.state == "posted":
                is_first = move.sequence_number == series._start_number()
                move.made_sequence_gap = move.made_sequence_gap and not is_first
            elif move.l10n_pt_atcud_value:
                move.made_sequence_gap = series._has_gap_before(move.sequence_number)

    # === OVERRIDES === #

    def _auto_init(self):
        # No document has a series before the addon is installed: nothing to compute,
        # and an existing database may hold millions of documents.
        for name, kind in (
            ("l10n_pt_atcud_series_id", "int4"),
            ("l10n_pt_atcud_document_type", "varchar"),
        ):
            if not column_exists(self.env.cr, "account_move", name):
                create_column(self.env.cr, "account_move", name, kind)
        return super()._auto_init()

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._l10n_pt_atcud_add_type(vals) for vals in vals_list]
        moves = super().create(vals_list)
        for move, vals in zip(moves, vals_list, strict=True):
            move._l10n_pt_atcud_fill_type(vals)
            # Defaults of the context have come in as well.
            if any(move[name] for name in _TECHNICAL):
                raise self._l10n_pt_atcud_manual_value_error()
            is_posted = move.posted_before or move.state == "posted"
            if is_posted and move._l10n_pt_atcud_is_document():
                raise self._l10n_pt_atcud_manual_value_error()
            if vals.get("l10n_pt_atcud_series_id"):
                move._l10n_pt_atcud_update_chosen(vals)
        numbers = self.env["l10n_pt_atcud.written_numbers"]
        numbers.check_external(moves)
        numbers.check_drafts(moves)
        numbers.check_outside(moves)
        return moves

    def write(self, vals):
        immutability = self.env["l10n_pt_atcud.immutability"]
        if _TECHNICAL & vals.keys() or immutability.is_sealed_by_hand(self, vals):
            raise self._l10n_pt_atcud_manual_value_error()
        numbers = self.env["l10n_pt_atcud.written_numbers"]
        numbers.check_external(self, vals)
        immutability.check_document(self, vals)
        immutability.check_posting(self, vals)
        self._l10n_pt_atcud_check_frozen(vals)
        if "l10n_pt_atcud_series_id" in vals:
            vals = self[:1]._l10n_pt_atcud_add_type(vals)
        payments = self.env["account.payment"]
        if "matched_payment_ids" in vals:
            payments = self.sudo().matched_payment_ids
        fixed = payments._l10n_pt_atcud_links()
        is_renamed = bool(IDENTITY & vals.keys())
        before = numbers.identities(self) if is_renamed else {}
        result = super().write(vals)
        payments._l10n_pt_atcud_check_links(fixed)
        self._l10n_pt_atcud_fill_type(vals)
        if "l10n_pt_atcud_series_id" in vals:
            for move in self:
                move._l10n_pt_atcud_update_chosen(vals)
        if {"reversed_entry_id", "debit_origin_id"} & vals.keys():
            issued = self.filtered("l10n_pt_atcud_value")
            self.env["l10n_pt_atcud.environment_check"].check(issued)
        if "l10n_pt_atcud_is_external" in vals:
            numbers.check_external(self)
        if {"name", "l10n_pt_atcud_is_external"} & vals.keys():
            numbers.check_drafts(self)
        after = numbers.identities(self) if is_renamed else {}
        renamed = self.filtered(lambda move: before.get(move) != after.get(move))
        numbers.check_outside(renamed)
        return result

    def copy_data(self, default=None):
        # EXTENDS 'base': the copy of a document has its type, a correction has not
        vals_list = super().copy_data(default)
        for move, vals in zip(self, vals_list, strict=True):
            is_same = vals.get("move_type") == move.move_type
            if is_same and not (move.debit_origin_id or vals.get("debit_origin_id")):
                vals.setdefault(
                    "l10n_pt_atcud_document_type", move.l10n_pt_atcud_document_type
                )
        return vals_list

    def button_draft(self):
        # EXTENDS 'account'
        immutability = self.env["l10n_pt_atcud.immutability"]
        for move in self:
            if move._l10n_pt_atcud_is_final() and not immutability._is_cancellation():
                raise immutability.refusal(move)
        trial = self.env["l10n_pt_atcud.demo_documents"]
        is_reset = not immutability._is_cancellation()
        if is_reset:
            self.env["l10n_pt_atcud.signing_rules"].check_reset(self)
        payments = trial.own_payments(self) if is_reset else {}
        result = super().button_draft()
        external = self.filtered("l10n_pt_atcud_is_external")
        external._l10n_pt_atcud_write_protected(l10n_pt_atcud_value=False)
        if is_reset:
            # What was issued in Demo becomes a draft like any other.
            trial.cancel_payments(payments)
            trial.forget(self)
        return result

    def button_cancel(self):
        # EXTENDS 'account': an issued document is cancelled with a reason
        immutability = self.env["l10n_pt_atcud.immutability"]
        for move in self:
            if move._l10n_pt_atcud_is_final() and not immutability._is_cancellation():
                raise self.env["l10n_pt_atcud.document_cancellation"].refusal(move)
        trial = self.env["l10n_pt_atcud.demo_documents"]
        is_plain = not immutability._is_cancellation()
        payments = trial.own_payments(self) if is_plain else {}
        # Odoo resets to draft on the way; what was issued in Demo keeps its number.
        result = super(AccountMove, immutability.cancelling(self)).button_cancel()
        trial.cancel_payments(payments)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_l10n_pt_atcud(self):
        self.env["l10n_pt_atcud.written_numbers"].check_external(self)
        trial = self.env["l10n_pt_atcud.demo_documents"]
        for move in self:
            if move.l10n_pt_atcud_value and not trial.is_free(move):
                raise UserError(
                    self.env._(
                        "%s carries an ATCUD and cannot be deleted. Cancel it, or "
                        "issue a credit note.",
                        move.name,
                    )
                )

    def _message_set_main_attachment_id(self, attachments, **options):
        # EXTENDS 'mail': who looks through the files of an issued document changes
        # nothing
        if not (self._l10n_pt_atcud_is_final() and self.invoice_pdf_report_id):
            super()._message_set_main_attachment_id(attachments, **options)

    def _set_next_made_sequence_gap(self, made_gap):
        # EXTENDS 'account': Odoo marks what is issued, no user does
        return super(AccountMove, self.sudo())._set_next_made_sequence_gap(made_gap)

    def _get_invoice_proforma_pdf_report_filename(self):
        # EXTENDS 'account': a signed document is printed as what it is
        if self.l10n_pt_atcud_hash:
            return self._get_invoice_report_filename()
        return super()._get_invoice_proforma_pdf_report_filename()

    def _get_alerts(self):
        # EXTENDS 'account'
        return super()._get_alerts() | self.env["l10n_pt_atcud.document_alerts"].of(
            self
        )

    def _post(self, soft=True):
        # EXTENDS 'account'
        documents = self.filtered(lambda move: move._l10n_pt_atcud_is_document())
        self.env["l10n_pt_atcud.signing_rules"].check_country(self - documents)
        new = (self - documents).filtered(lambda move: not move.posted_before)
        posted = super(AccountMove, self - documents)._post(soft=soft)
        self.env["l10n_pt_atcud.written_numbers"].check_outside(new & posted)
        if not documents:
            return posted
        # A document is issued on a day in Lisbon, wherever its user is.
        documents = documents.with_context(tz="Europe/Lisbon")
        documents = self.env["l10n_pt_atcud.immutability"].posting(documents)
        documents._l10n_pt_atcud_repropose_undated()
        documents._l10n_pt_atcud_tidy_original()
        # Later ones are posted on their date, and checked then.
        today = lisbon_date()
        due = documents.filtered(lambda move: not soft or move.date <= today)
        outside = due._l10n_pt_atcud_leave_series()
        warnings = due._l10n_pt_atcud_check_posting()
        issued = super(AccountMove, documents)._post(soft=soft)
        issued._l10n_pt_atcud_write_exemptions()
        issued._l10n_pt_atcud_issue()
        for move, message in outside.items():
            if move in issued:
                self.env["l10n_pt_atcud.written_numbers"].check_outside(move)
                move._message_log(body=as_html(message))
        for move, messages in warnings.items():
            move._message_log(body=as_html(" ".join(messages)))
        return posted | issued.with_env(self.env)

    def _notify_by_email_prepare_rendering_context(self, message, **options):
        # EXTENDS 'account': what is not issued shows no number and no amount due
        context = super()._notify_by_email_prepare_rendering_context(message, **options)
        if self._l10n_pt_atcud_is_withheld():
            context["subtitles"] = [self.display_name]
        return context

    @property
    def _sequence_fixed_regex(self):
        # EXTENDS 'account': a pattern of the journal is not for numbers of AT series
        if self.l10n_pt_atcud_series_id or self.l10n_pt_atcud_is_external:
            return self.env["sequence.mixin"]._sequence_fixed_regex
        return super()._sequence_fixed_regex

    @api.model
    def _deduce_sequence_number_reset(self, name):
        # EXTENDS 'account': digits of an identifier are neither a year nor a month
        if self.l10n_pt_atcud_series_id or self.l10n_pt_atcud_is_external:
            return "never"
        return super()._deduce_sequence_number_reset(name)

    def _get_last_sequence_domain(self, relaxed=False):
        # EXTENDS 'account'
        if self.country_code != "PT" or self.journal_id.type != "sale":
            return super()._get_last_sequence_domain(relaxed)
        self.flush_model(
            [
                "journal_id",
                "l10n_pt_atcud_is_external",
                "l10n_pt_atcud_series_id",
                "posted_before",
            ]
        )
        if self.l10n_pt_atcud_series_id:
            # What was never issued does not count, whatever number it has.
            return (
                "WHERE journal_id = %(journal_id)s AND name != '/'"
                " AND l10n_pt_atcud_series_id = %(series_id)s AND posted_before",
                {
                    "journal_id": self.journal_id.id,
                    "series_id": self.l10n_pt_atcud_series_id.id,
                },
            )
        # What has no series must not continue with the numbers of one.
        where, parameters = super()._get_last_sequence_domain(relaxed)
        where += " AND l10n_pt_atcud_series_id IS NULL"
        where += " AND l10n_pt_atcud_is_external IS NOT TRUE"
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
        # What Odoo has counted within this transaction needs no query per document.
        counted = self._get_sequence_cache().get(
            (f"{prefix}0", self[self._sequence_index])
        )
        if counted is not None:
            return "{prefix}{seq:d}", {"prefix": prefix, "seq": counted}
        last = self._get_last_sequence(with_prefix=prefix)
        # The start moves on where AT or paper knows more numbers than Odoo.
        before = series._start_number() - 1
        number = max(int(last[len(prefix) :]), before) if last else before
        return "{prefix}{seq:d}", {"prefix": prefix, "seq": number}

    # === ACTIONS === #

    def action_l10n_pt_atcud_cancel(self):
        """Open the dialog that cancels an issued document with a reason."""
        ensure_one(self)
        self.env["l10n_pt_atcud.document_cancellation"].check(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel an issued document"),
            "res_model": "l10n_pt_atcud.cancel",
            "view_mode": "form",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

    # === HELPERS: SERIES === #

    def _l10n_pt_atcud_cancel(self, reason):
        """Cancel an issued document, as documents of the mixin are cancelled."""
        self.ensure_one()
        self.env["l10n_pt_atcud.document_cancellation"].cancel(self, reason)

    def _l10n_pt_atcud_is_required(self):
        """Return whether this is a document that has to carry an ATCUD.

        Documents that were issued before their journal had series keep their number,
        and what was posted without a series does not get one later.
        """
        self.ensure_one()
        return bool(
            not self.l10n_pt_atcud_is_missing
            and not self.l10n_pt_atcud_is_external
            and self._l10n_pt_atcud_is_document()
            and (self.l10n_pt_atcud_series_id or not self.posted_before)
        )

    def _l10n_pt_atcud_is_document(self):
        """Return whether this is a sales document under the Portuguese law."""
        return bool(
            self.country_code == "PT"
            and self.move_type in _TYPES
            and self.journal_id.type == "sale"
        )

    def _l10n_pt_atcud_is_final(self):
        """Return whether this document is issued and never changes again.

        What was issued in Demo has no fiscal value, but is part of a chain where it
        is signed; what another program issued is only copied here.
        """
        return bool(
            self.l10n_pt_atcud_value
            and not self.l10n_pt_atcud_is_external
            and (
                self.l10n_pt_atcud_hash
                or self.l10n_pt_atcud_series_id.sudo().environment != "demo"
            )
        )

    def _l10n_pt_atcud_types(self):
        """Return the types, as AT calls them, that this document can be."""
        if self.debit_origin_id and self.move_type == "out_invoice":
            return ("ND",)
        return _TYPES[self.move_type]

    def _l10n_pt_atcud_default_type(self):
        """Return the type of a new document: the journal's, where it fits."""
        types = self._l10n_pt_atcud_types()
        default = self.journal_id.l10n_pt_atcud_default_type
        if self.move_type == "out_receipt" and default == "FT":
            return types[0]  # a sales receipt is no FT by chance
        return default if default in types else types[0]

    def _l10n_pt_atcud_type(self):
        """Return the type of this document; older ones have none written down."""
        return self.l10n_pt_atcud_document_type or self._l10n_pt_atcud_default_type()

    def _l10n_pt_atcud_corrected(self):
        """Return the document that this credit or debit note corrects, or none."""
        if self.move_type == "out_refund":
            return self.reversed_entry_id
        return (
            self.debit_origin_id if self.move_type == "out_invoice" else self.browse()
        )

    def _l10n_pt_atcud_original(self):
        """Return the number of the original of a recovered document, or ``""``."""
        series = self.l10n_pt_atcud_series_id.sudo()
        if series.kind != "recovery":
            return ""
        return original_numbers.written(
            self.l10n_pt_atcud_origin,
            series.document_type,
            self.l10n_pt_atcud_original_number,
        )

    def _l10n_pt_atcud_related(self):
        """Return what belongs with this document: all of its own environment.

        What it corrects, what corrects it, and what settles it, which stays when a
        document of Demo is reset to draft.
        """
        notes = self.reversal_move_ids | self.debit_note_ids
        standing = notes.filtered(lambda note: note.state == "posted")
        partials = self.line_ids.matched_debit_ids | self.line_ids.matched_credit_ids
        settling = (partials.debit_move_id | partials.credit_move_id).move_id - self
        payments = self.matched_payment_ids.filtered(
            lambda payment: payment.state in ("in_process", "paid")
        )
        corrected = self.reversed_entry_id | self.debit_origin_id
        return [*(corrected | standing | settling), *payments]

    def _l10n_pt_atcud_add_type(self, vals):
        """Return ``vals`` with the document type of the series in it, where it fits."""
        series_id = vals.get("l10n_pt_atcud_series_id")
        if not series_id or "l10n_pt_atcud_document_type" in vals:
            return vals
        move_type = (
            vals.get("move_type")
            or self.move_type
            or self.env.context.get("default_move_type")
        )
        is_debit_note = vals.get("debit_origin_id") or self.debit_origin_id
        types = ("ND",) if is_debit_note else _TYPES.get(move_type, ())
        series = self.env["l10n_pt_atcud.series"].sudo().browse(series_id)
        if series.document_type not in types or self.posted_before:
            return vals
        return {**vals, "l10n_pt_atcud_document_type": series.document_type}

    def _l10n_pt_atcud_fill_type(self, vals):
        """Give drafts the default type where an empty one was written."""
        if vals.get("l10n_pt_atcud_document_type", "empty"):
            return
        for move in self:
            if not move.posted_before and move._l10n_pt_atcud_is_document():
                move.l10n_pt_atcud_document_type = move._l10n_pt_atcud_default_type()

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

    def _l10n_pt_atcud_tidy_original(self):
        """Keep the number of an original as it is signed, and in no other series.

        What was typed in before another series was chosen is hidden from the user.
        """
        for move in self.filtered(lambda one: not one.l10n_pt_atcud_value):
            number = move._l10n_pt_atcud_original() or False
            if move.l10n_pt_atcud_original_number != number:
                move.l10n_pt_atcud_original_number = number
            is_recovery = move.l10n_pt_atcud_kind == "recovery"
            if move.l10n_pt_atcud_origin and not is_recovery:
                move.l10n_pt_atcud_origin = False

    def _l10n_pt_atcud_check_posting(self):
        """Raise before a number is used, so that refusing leaves no gap.

        :return: document -> messages, where the company is warned instead
        """
        check = self.env["l10n_pt_atcud.posting_series_check"]
        for move in self:
            check.check(move)
        self.env["l10n_pt_atcud.environment_check"].check(self)
        # What is wrong with a line is told before what that does to the sums.
        self.env["l10n_pt_atcud.signing_rules"].check(self)
        self.env["l10n_pt_atcud.posting_content_check"].check(self)
        dates = self.env["l10n_pt_atcud.issue_dates"]
        self.l10n_pt_atcud_series_id._block_closing(dates.series_to_lock(self))
        warnings = dates.check(self)
        rules = self.env["l10n_pt_atcud.document_type_rules"]
        for move, messages in rules.check(self).items():
            warnings.setdefault(move, []).extend(messages)
        return warnings

    def _l10n_pt_atcud_issue(self):
        """Complete documents that have just got their number."""
        external = self.filtered("l10n_pt_atcud_is_external")
        for move in external:
            move._l10n_pt_atcud_write_protected(
                l10n_pt_atcud_value=move.l10n_pt_atcud_external_value
            )
        issued = self.filtered("l10n_pt_atcud_series_id")
        issued._l10n_pt_atcud_write_value()
        self.env["l10n_pt_atcud.issue_dates"].check_order(issued)
        signed = self.env["l10n_pt_atcud.document_signing"].sign(issued)
        self.env["l10n_pt_atcud.issued_content"].freeze(issued)
        self.env["l10n_pt_atcud.content_digest"].keep(signed)
        self.env["l10n_pt_atcud.document_type_rules"].pay(issued)

    def _l10n_pt_atcud_write_protected(self, **values):
        """Write what nobody may write by hand."""
        with self.env.protecting([self._fields[name] for name in values], self):
            for move in self:
                for name, value in values.items():
                    move[name] = value

    def _l10n_pt_atcud_warns(self):
        """Return whether the company wants a warning instead of a refusal."""
        return self.company_id.sudo().l10n_pt_atcud_without_series == "warn"

    def _l10n_pt_atcud_leave_series(self):
        """Take documents without a registered series out of all series, if allowed.

        :return: such a document -> the message that says why
        """
        check = self.env["l10n_pt_atcud.posting_series_check"]
        messages = {}
        for move in self.filtered(lambda move: move._l10n_pt_atcud_warns()):
            obstacle = check.obstacle(move)
            if obstacle:
                messages[move] = obstacle["message"]
        outside = self.browse().union(*messages)
        if outside:
            as_service(outside).l10n_pt_atcud_is_missing = True
            outside.l10n_pt_atcud_series_id = False
        return messages

    def _l10n_pt_atcud_communicated_prefixes(self):
        """Return the prefixes of this journal's series that AT knows, in lower case."""
        return [
            series._number_prefix().lower()
            for series in self._l10n_pt_atcud_communicated_series()
        ]

    def _l10n_pt_atcud_communicated_series(self):
        """Return this journal's series that AT knows."""
        series = self.env["l10n_pt_atcud.series"].sudo()
        if self.country_code != "PT" or self.journal_id.type != "sale":
            return series
        return series.with_context(active_test=False).search(
            [("journal_id", "=", self.journal_id.id), ("state", "!=", "draft")]
        )

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
        self.env["l10n_pt_atcud.chatter_proof"].keep(moves)

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
                "The ATCUD, and what is printed with it, are written when a document "
                "is posted or cancelled, not by hand."
            )
        )

    def _l10n_pt_atcud_check_frozen(self, vals):
        """Raise when ``vals`` change what identifies an issued document."""
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

    def _l10n_pt_atcud_is_withheld(self):
        """Return whether nobody outside may see the document: it is not issued."""
        return bool(
            self._l10n_pt_atcud_is_document()
            and not self.l10n_pt_atcud_value
            and (self.state == "draft" or not self.posted_before)
            and self.company_id._l10n_pt_atcud_signing()
        )

    def _l10n_pt_atcud_printed(self):
        """Return what stands on every page, or ``""`` on drafts and others."""
        if self.env.context.get("l10n_pt_atcud_test_print"):
            return f"ATCUD:{self.l10n_pt_atcud_series_id.sudo().validation_code}-0"
        if self.state == "draft" or not self.l10n_pt_atcud_value:
            return ""
        return f"ATCUD:{self.l10n_pt_atcud_value}"

    def _l10n_pt_atcud_mark(self):
        """Return what every view and page says of a document of a trial, or ``""``.

        It is in the language of the context: on paper, that of the document.
        """
        self.ensure_one()
        return self.env["l10n_pt_atcud.demo_documents"].mark_of(self)

    def _l10n_pt_atcud_content_of(self, *path):
        """Return a part of what was frozen when the document was issued, or ``None``.

        Drafts, and what was reset to draft in Demo, are printed as they are now.
        """
        content = self.l10n_pt_atcud_content if self.state != "draft" else None
        for key in path:
            content = (content or {}).get(key)
        return content

    def _l10n_pt_atcud_tax_labels(self, taxes):
        """Return the labels of a line's taxes as they were, or ``None``."""
        labels = self._l10n_pt_atcud_content_of("taxes")
        if not labels:
            return None
        found = [labels.get(str(tax.id), tax.tax_label) for tax in taxes]
        return ", ".join(label for label in found if label)

    def _l10n_pt_atcud_withheld(self):
        """Return names and amounts of what is withheld of a signed document."""
        names = self._l10n_pt_atcud_content_of("tax_groups") or {}
        withheld = self.env["l10n_pt_atcud.signed_printing"].withheld(self)
        return [(names[str(group)], amount) for group, amount in withheld.items()]

    def _l10n_pt_atcud_supplied_on(self):
        """Return the day of supply to print; sale orders may move it afterwards."""
        day = self._l10n_pt_atcud_content_of("supplied_on")
        return self.delivery_date if day is None else fields.Date.to_date(day)

    def _l10n_pt_atcud_lang(self):
        """Return the language of the paper; that of other entries is Odoo's."""
        kept = self._l10n_pt_atcud_content_of("lang")
        if kept or not self._l10n_pt_atcud_is_document():
            return kept or self.partner_id.lang
        names = self.env["l10n_pt_atcud.document_names"]
        return names.language(self.partner_id, self.company_id)

    def _l10n_pt_atcud_title(self):
        """Return the document's own name for its heading, or ``""`` for Odoo's."""
        return self.env["l10n_pt_atcud.document_names"].title(self)

    def _l10n_pt_atcud_page_name(self):
        """Return type and number for every page, or ``""`` on drafts and others."""
        if self.state == "draft" or not self._l10n_pt_atcud_printed():
            return ""
        return f"{self._l10n_pt_atcud_title()} {self.name}".strip()

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
        series = self.l10n_pt_atcud_series_id.sudo()
        is_signed_trial = self.l10n_pt_atcud_hash and series._is_trial()
        return bool(
            self.l10n_pt_atcud_value and (series.kind == "training" or is_signed_trial)
        )

    def _l10n_pt_atcud_training_mention(self):
        """Return the mention of a training document, with the producer's name."""
        producer = self._l10n_pt_atcud_content_of("producer")
        if producer is None:
            producer = self.company_id.sudo().l10n_pt_atcud_producer
        mention = "Documento emitido para fins de Formação"
        return f"{mention} - {producer}" if producer else mention

    def _l10n_pt_atcud_certificate_mention(self):
        """Return the mention of the certificate on every page, or ``""``."""
        return self.env["l10n_pt_atcud.signed_printing"].mention(self)

    def _l10n_pt_atcud_copy_mention(self):
        """Return what says that this is no original, or ``""``."""
        return self.env["l10n_pt_atcud.signed_printing"].copy_mention(self)

    def _l10n_pt_atcud_producer_details(self):
        """Return the lines of the header of a training document, or nothing."""
        if not self._l10n_pt_atcud_is_training():
            return []
        return self._l10n_pt_atcud_content_of("producer_details") or []

    def _l10n_pt_atcud_signature(self):
        """Return the signature of this document in base64, or ``""``.

        May be extended by the addon of a producer whose program AT has certified and
        signs elsewhere. Called for documents that carry an ATCUD.
        """
        self.ensure_one()
        return self.l10n_pt_atcud_hash or ""

    def _l10n_pt_atcud_qr(self):
        """Return what a report needs to print the QR code, or ``None``.

        :return: ``source`` of the picture and its ``side`` in millimetres of CSS
        :raise UserError: something that the law requires is missing
        """
        self.ensure_one()
        return self.env["l10n_pt_atcud.qr_code"].image(self)
