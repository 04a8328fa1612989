"""What makes a document of any model one with an AT series, a number and an ATCUD.

Life cycle: a document has nothing of this until it is issued. Then it gets, once and
together, the next number of a registered series, its ATCUD, its date, and a copy of
what is printed. From then on it neither changes nor disappears; it can be cancelled,
with a reason. What was issued in Demo has no fiscal value, and may change.

A model inherits this mixin, says which types it issues, and calls
``_l10n_pt_atcud_issue()`` where its documents leave the house. The README shows an
example. Invoices have Odoo's own numbering and do not use the mixin.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..at_series import NO_SIGNATURE, lisbon_date
from ..guards import ensure_one, guarded

# Models that inherit it in this addon import its name: it is defined before them.
MIXIN = "l10n_pt_atcud.document.mixin"
# In the context of a cancellation, apart from that of an invoice, which Odoo passes
# through on the way. An object: no request from outside can carry it.
CANCELLATION = object()
_CANCELLATION_KEY = "l10n_pt_atcud_document_cancellation"

# Receipts are not signed: their QR code says “0” (Despacho 8632/2014, 1.1).
_RECEIPTS = ("RG", "RC")
# Written when a document is issued or cancelled, by nobody else.
TECHNICAL = frozenset(
    "l10n_pt_atcud_series_id l10n_pt_atcud_number l10n_pt_atcud_sequence "
    "l10n_pt_atcud_value l10n_pt_atcud_date l10n_pt_atcud_content "
    "l10n_pt_atcud_cancel_reason l10n_pt_atcud_cancelled_on "
    "l10n_pt_atcud_cancelled_by_id l10n_pt_atcud_prints".split()
)


@guarded()
class L10nPtAtcudDocumentMixin(models.AbstractModel):
    _name = "l10n_pt_atcud.document.mixin"
    _description = "Document with an AT series, a number and an ATCUD"

    l10n_pt_atcud_series_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.series",
        string="AT series",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    l10n_pt_atcud_number = fields.Char(
        string="Document number",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Type, series and number: RG 2026/1.",
    )
    l10n_pt_atcud_sequence = fields.Integer(
        string="Number in the AT series", readonly=True, copy=False, aggregator=None
    )
    l10n_pt_atcud_value = fields.Char(
        string="ATCUD", readonly=True, copy=False, index="btree_not_null"
    )
    l10n_pt_atcud_date = fields.Date(string="Issued on", readonly=True, copy=False)
    # What is printed, as it was when the document was issued.
    l10n_pt_atcud_content = fields.Json(
        string="Printed contents", readonly=True, copy=False
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
    l10n_pt_atcud_prints = fields.Integer(
        string="Number of prints", readonly=True, copy=False
    )

    l10n_pt_atcud_mark = fields.Char(
        string="Mark of a trial", compute="_compute_l10n_pt_atcud_mark"
    )

    # === CONSTRAINTS === #

    _l10n_pt_atcud_number_uniq = models.UniqueIndex(
        "(l10n_pt_atcud_series_id, l10n_pt_atcud_sequence)"
        " WHERE l10n_pt_atcud_value IS NOT NULL",
        "Another document has this number in the AT series.",
    )

    # === COMPUTES === #

    @api.depends("l10n_pt_atcud_series_id.environment", "l10n_pt_atcud_value")
    @api.depends_context("lang")
    def _compute_l10n_pt_atcud_mark(self):
        trial = self.env["l10n_pt_atcud.demo_documents"]
        for document in self:
            document.l10n_pt_atcud_mark = trial.mark_of(document)

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        # Afterwards: defaults of the context come in as well.
        if any(document[name] for document in documents for name in TECHNICAL):
            raise self._l10n_pt_atcud_by_hand_error()
        return documents

    def write(self, vals):
        if TECHNICAL & vals.keys():
            raise self._l10n_pt_atcud_by_hand_error()
        names = self._l10n_pt_atcud_frozen_fields() & vals.keys()
        for document in self if names else ():
            if document._l10n_pt_atcud_is_final() and any(
                document._l10n_pt_atcud_is_change(name, vals[name]) for name in names
            ):
                raise document._l10n_pt_atcud_frozen_error()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_l10n_pt_atcud(self):
        for document in self:
            if document._l10n_pt_atcud_is_final():
                raise document._l10n_pt_atcud_frozen_error()

    # === ACTIONS === #

    def action_l10n_pt_atcud_cancel(self):
        """Open the dialog that cancels the document, with a reason."""
        ensure_one(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel the document"),
            "res_model": "l10n_pt_atcud.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

    # === HELPERS: TO EXTEND === #

    def _l10n_pt_atcud_company(self):
        """Return the company that issues the document."""
        return self.company_id

    def _l10n_pt_atcud_customer(self):
        """Return the contact that the document is for."""
        return self.partner_id

    @api.model
    def _l10n_pt_atcud_customer_domain(self, partner):
        """Return a domain of the documents that are for a contact, or its company."""
        return Domain("partner_id", "=", partner.id) | Domain(
            "partner_id.commercial_partner_id", "=", partner.id
        )

    def _l10n_pt_atcud_document_type(self):
        """Return the type of the document, as AT calls it, or ``""`` for none."""
        raise NotImplementedError

    def _l10n_pt_atcud_series_domain(self):
        """Return a domain of the series that fit, beside type and taxpayer."""
        return []

    def _l10n_pt_atcud_series_key(self):
        """Return what the series depends on beside company, type and date.

        Documents of one key get the same series, and are numbered together.
        """
        return None

    def _l10n_pt_atcud_prefer(self, series):
        """Return the series that fit, in the order of preference."""
        return series

    def _l10n_pt_atcud_issue_date(self):
        """Return the date of the document; it is issued today."""
        return lisbon_date()

    def _l10n_pt_atcud_total(self):
        """Return the total of the document in the company's currency."""
        return 0.0

    def _l10n_pt_atcud_frozen_fields(self):
        """Return the names of the fields that an issued document never changes."""
        return frozenset(("company_id", "partner_id"))

    def _l10n_pt_atcud_snapshot(self):
        """Return what is printed beside number, date and customer; JSON."""
        return {}

    def _l10n_pt_atcud_related(self):
        """Return the invoices that the document names: of its own environment only."""
        return self.env["account.move"]

    def _l10n_pt_atcud_cancel_document(self):
        """Do what the cancellation means for the model, once it is written down."""

    # === HELPERS: ISSUING === #

    def _l10n_pt_atcud_issue(self):
        """Give documents numbers and ATCUDs, in their order, and freeze them.

        Those that are issued already, and those of no type, stay as they are. Takes
        part in the caller's transaction: an error gives no number away.

        :return: the documents that were issued now
        :raise UserError: no series is registered, or a date is not allowed
        """
        pending = self.filtered(
            lambda x: not x.l10n_pt_atcud_value and x._l10n_pt_atcud_document_type()
        )
        numbering = self.env["l10n_pt_atcud.document_numbering"]
        return numbering.issue(pending)

    def _l10n_pt_atcud_cancel(self, reason):
        """Cancel an issued document; it keeps its number and ATCUD.

        :raise UserError: the reason is missing or too long, or it is cancelled already
        """
        self.ensure_one()
        self.check_access("write")
        reason = " ".join((reason or "").split())
        if not self.l10n_pt_atcud_value or self.l10n_pt_atcud_cancelled_on:
            raise UserError(
                self.env._(
                    "Only a document that is issued and not cancelled can be cancelled."
                )
            )
        problem = self.env["l10n_pt_atcud.document_cancellation"].reason_problem(reason)
        if problem:
            raise UserError(problem)
        self._l10n_pt_atcud_write_protected(
            l10n_pt_atcud_cancel_reason=reason,
            l10n_pt_atcud_cancelled_on=fields.Datetime.now(),
            l10n_pt_atcud_cancelled_by_id=self.env.uid,
        )
        cancelling = self.with_context(**{_CANCELLATION_KEY: CANCELLATION})
        cancelling._l10n_pt_atcud_cancel_document()

    def _l10n_pt_atcud_is_cancelling(self):
        """Return whether this is part of a cancellation with a reason."""
        return self.env.context.get(_CANCELLATION_KEY) is CANCELLATION

    def _l10n_pt_atcud_is_final(self):
        """Return whether the document is issued; in Demo nothing is."""
        series = self.l10n_pt_atcud_series_id.sudo()
        return bool(self.l10n_pt_atcud_value and series.environment != "demo")

    def _l10n_pt_atcud_write_protected(self, **values):
        """Write what nobody may write by hand."""
        with self.env.protecting([self._fields[name] for name in values], self):
            for document in self:
                for name, value in values.items():
                    document[name] = value

    def _l10n_pt_atcud_is_change(self, name, value):
        field = self._fields[name]
        before = field.convert_to_write(self[name], self)
        after = field.convert_to_write(
            field.convert_to_record(field.convert_to_cache(value, self), self), self
        )
        return before != after

    def _l10n_pt_atcud_by_hand_error(self):
        return UserError(
            self.env._(
                "Number, series and ATCUD are written when a document is issued, not "
                "by hand."
            )
        )

    def _l10n_pt_atcud_frozen_error(self):
        return UserError(
            self.env._(
                "%s is issued: it can no longer be changed or deleted. Cancel it, with "
                "a reason.",
                self.l10n_pt_atcud_number,
            )
        )

    # === HELPERS: PRINT === #

    def _l10n_pt_atcud_is_withheld(self):
        """Return whether a certified program must not print the document."""
        return False

    def _l10n_pt_atcud_printed(self):
        """Return what stands on every page, or ``""`` on documents without a number."""
        value = self.l10n_pt_atcud_value
        return f"ATCUD:{value}" if value else ""

    def _l10n_pt_atcud_page_name(self):
        """Return type and number for every page, or ``""`` without a number."""
        if not self.l10n_pt_atcud_value:
            return ""
        return f"{self._l10n_pt_atcud_title()} {self.l10n_pt_atcud_number}".strip()

    def _l10n_pt_atcud_seller(self):
        """Return the tax number of the seller of an issued document."""
        return self.l10n_pt_atcud_series_id.sudo().nif or ""

    def _l10n_pt_atcud_is_training(self):
        """Return whether the law requires the mention of a training document."""
        return self.l10n_pt_atcud_series_id.sudo().kind == "training"

    def _l10n_pt_atcud_training_mention(self):
        """Return the mention of a training document, with the producer's name."""
        producer = self._l10n_pt_atcud_company().sudo().l10n_pt_atcud_producer
        mention = "Documento emitido para fins de Formação"
        return f"{mention} - {producer}" if producer else mention

    def _l10n_pt_atcud_certificate_mention(self):
        """Return the mention of the certificate on every page, or ``""``.

        Such documents are not signed (Despacho 8632/2014, 2.2.3).
        """
        content = self.l10n_pt_atcud_content or {}
        if not content.get("is_certified"):
            return ""
        number = content["software_number"]
        return f"Emitido por programa certificado n.º {number}/AT"

    def _l10n_pt_atcud_copy_mention(self):
        """Return what says that this is no original, or ``""``."""
        if not self._l10n_pt_atcud_certificate_mention():
            return ""
        return self.env["l10n_pt_atcud.signed_printing"].second_print(self)

    def _l10n_pt_atcud_producer_details(self):
        """Return the lines of the header of a training document, or nothing."""
        return []

    def _l10n_pt_atcud_lang(self):
        """Return the language of the document's paper, as it was when it was issued."""
        names = self.env["l10n_pt_atcud.document_names"]
        return (self.l10n_pt_atcud_content or {}).get("lang") or names.language(
            self._l10n_pt_atcud_customer(), self._l10n_pt_atcud_company()
        )

    def _l10n_pt_atcud_title(self):
        """Return the document's own name, cancelled or not, for its heading."""
        name = (self.l10n_pt_atcud_content or {}).get("document_name", "")
        if not self.l10n_pt_atcud_cancelled_on:
            return name
        names = self.env["l10n_pt_atcud.document_names"]
        return names.cancelled(name, self._l10n_pt_atcud_customer())

    def _l10n_pt_atcud_signature(self):
        """Return the signature in base64, “0” on a receipt, or ``""``.

        Meant to be extended by the addon of a producer whose program AT has certified;
        the QR code is printed only where it returns something.
        """
        is_certified = (self.l10n_pt_atcud_content or {}).get("is_certified")
        is_receipt = self._l10n_pt_atcud_document_type() in _RECEIPTS
        return NO_SIGNATURE if is_certified and is_receipt else ""

    def _l10n_pt_atcud_qr(self):
        """Return what a report needs to print the QR code, or ``None``."""
        return self.env["l10n_pt_atcud.qr_code"].image_of_document(self)

    # === HELPERS: REPORT === #

    @api.model
    def _l10n_pt_atcud_models(self):
        """Return the names of the models whose documents have such numbers."""
        names = self.env.registry.descendants([self._name], "_inherit")
        return [name for name in names if not self.env[name]._abstract]

    @api.model
    def _l10n_pt_atcud_documents(self, series):
        """Return the issued documents of a series, per model, by number."""
        mixin = self.env[MIXIN]
        for name in mixin._l10n_pt_atcud_models():
            documents = self.env[name].with_context(active_test=False)
            yield documents.search(
                [
                    ("l10n_pt_atcud_series_id", "=", series.id),
                    ("l10n_pt_atcud_value", "!=", False),
                ],
                order="l10n_pt_atcud_sequence",
            )

    @api.model
    def _l10n_pt_atcud_used_series(self, first, last):
        """Return the series in which documents of these days were issued, as groups."""
        used = []
        for name in self.env[MIXIN]._l10n_pt_atcud_models():
            used += self.env[name]._read_group(
                [
                    ("l10n_pt_atcud_series_id", "!=", False),
                    ("l10n_pt_atcud_date", ">=", first),
                    ("l10n_pt_atcud_date", "<=", last),
                ],
                ["l10n_pt_atcud_series_id"],
            )
        return used

    @api.model
    def _l10n_pt_atcud_rows(self, series):
        """Return the issued documents of a series for its report, by number.

        :return: dictionaries with ``number``, ``name``, ``date``, ``status`` (posted or
            cancel), ``atcud``, ``total`` in the company's currency, ``res_model``,
            ``res_id``
        """
        rows = [
            {
                "number": document.l10n_pt_atcud_sequence,
                "name": document.l10n_pt_atcud_number,
                "date": document.l10n_pt_atcud_date,
                "status": "cancel" if document.l10n_pt_atcud_cancelled_on else "posted",
                "atcud": document.l10n_pt_atcud_value,
                "total": document.l10n_pt_atcud_content.get("total", 0.0),
                "res_model": document._name,
                "res_id": document.id,
            }
            for documents in self._l10n_pt_atcud_documents(series)
            for document in documents
        ]
        return sorted(rows, key=lambda row: row["number"])
