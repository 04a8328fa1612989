"""Entries of Billingo documents: their number, period, PDF and relation to NAV."""

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from ..billingo_api import uploads
from ..guards import ensure_one, guarded
from ..kept import file_fields, is_kept_file, is_other_main_file
from ..remote_text import as_html
from .mail_message import deleting

FILE_TYPE = "billingo.json"
SALES = ("out_invoice", "out_refund", "out_receipt")
PURCHASES = ("in_invoice", "in_refund", "in_receipt")
# What says which document of whom an entry is, when, and in which period of VAT. Odoo
# numbers and dates bills itself: their name is not Billingo's.
IDENTITY = frozenset(
    "move_type ref invoice_date delivery_date taxable_supply_date date partner_id "
    "commercial_partner_id company_id journal_id fiscal_position_id "
    "invoice_payment_term_id invoice_cash_rounding_id quick_edit_total_amount "
    "currency_id invoice_currency_rate sequence_number sequence_prefix posted_before "
    "amount_residual amount_residual_signed "
    "amount_untaxed amount_tax amount_total amount_untaxed_signed amount_tax_signed "
    "amount_total_signed amount_untaxed_in_currency_signed "
    "amount_total_in_currency_signed".split()
)
# Billingo reports to NAV: Odoo has nothing to write here.
NAV = frozenset(
    "l10n_hu_payment_mode l10n_hu_invoice_chain_index l10n_hu_edi_state "
    "l10n_hu_edi_transaction_code l10n_hu_edi_batch_upload_index "
    "l10n_hu_edi_attachment l10n_hu_edi_send_time l10n_hu_edi_messages".split()
)
# On the PDF that the customer of a sale has
ISSUED = frozenset({"name", "payment_reference", "partner_shipping_id"})
# Billingo's documents decide these, and the import writes them with ``sudo()``
LINKS = frozenset({"reversed_entry_id", "debit_origin_id"})
# What the bill that was entered for a document is known by
RECORDED = frozenset(
    "ref name partner_id invoice_date move_type currency_id line_ids "
    "invoice_line_ids".split()
)
# Between these a user blocks an entry, and frees it
BLOCKED = {"not_paid", "partial", "blocked"}
# States at NAV in which it has nothing of ours from Odoo
UNREPORTED = (False, "rejected", "cancelled")
# In the context of Odoo's buttons. An object: no request from outside can carry it.
BUTTON = object()
# The number of a bill without blanks, case, punctuation and leading zeros, in SQL: as
# `billingo_api.duplicate_rules.search_keys`, of ASCII characters alone.
NUMBER_KEY = (
    "regexp_replace(regexp_replace(lower({}), "
    "'(^|[^0-9])0+(?=[0-9])', '\\1', 'g'), '[^0-9a-z]', '', 'g')"
)


@guarded(
    "billingo_document_id",
    *"billingo_amounts billingo_rate billingo_companion_document_id".split(),
    *"billingo_companion".split(),
)
class AccountMove(models.Model):
    _inherit = "account.move"

    billingo_document_id = fields.Many2one(
        "billingo.document",
        "Billingo document",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    # What was imported, see `billingo.entry.check`.
    billingo_amounts = fields.Json(readonly=True, copy=False, groups="base.group_user")
    billingo_rate = fields.Float(
        "Exchange rate of Billingo", digits=0, readonly=True, copy=False
    )
    is_billingo_difference_accepted = fields.Boolean(
        "Post although it differs from Billingo",
        copy=False,
        tracking=True,
        help="Without this, an entry that differs from Billingo's document is not "
        "posted.",
    )
    billingo_regime_text = fields.Char(related="billingo_document_id.regime_text")
    billingo_tax_point = fields.Date(related="billingo_document_id.tax_point")
    billingo_tax_point_text = fields.Char(related="billingo_document_id.tax_point_text")
    is_billingo_cash_accounting = fields.Boolean(
        related="billingo_document_id.is_cash_accounting"
    )
    is_billingo_nothing_to_pay = fields.Boolean(
        related="billingo_document_id.is_nothing_to_pay"
    )
    # An entry beside the imported one, made with it and cancelled with it.
    billingo_companion_document_id = fields.Many2one(
        "billingo.document",
        "Made for Billingo document",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    billingo_companion = fields.Selection(
        [
            ("exchange", "Exchange difference of an advance"),
            ("late_cost", "Cost or income in the month of fulfilment"),
        ],
        "Made because of",
        readonly=True,
        copy=False,
    )
    billingo_related_move_ids = fields.Many2many(
        "account.move",
        string="Related Billingo entries",
        compute="_compute_billingo_related_move_ids",
    )

    # === CONSTRAINTS === #

    # Even when two workers act at once, a document has one entry.
    _billingo_document_uniq = models.UniqueIndex(
        "(billingo_document_id) WHERE billingo_document_id IS NOT NULL",
        "This Billingo document already has an entry.",
    )

    # Bills are found by their number however it is written.
    _billingo_ref_idx = models.Index(
        f"(company_id, ({NUMBER_KEY.format('ref')})) "
        "WHERE state != 'cancel' AND ref IS NOT NULL AND move_type != 'entry'"
    )
    _billingo_name_idx = models.Index(
        f"(company_id, ({NUMBER_KEY.format('name')})) WHERE state != 'cancel' "
        f"AND name IS NOT NULL AND move_type IN {SALES}"
    )

    # === COMPUTES === #

    @api.depends("billingo_document_id")
    def _compute_billingo_related_move_ids(self):
        for move in self:
            document = move.sudo().billingo_document_id
            related = document._relatives().move_id if document else self.browse()
            move.billingo_related_move_ids = related.with_env(move.env)

    def _compute_payment_state(self):
        # EXTENDS 'account': what is settled without a payment can be settled.
        settled = self.filtered(
            lambda move: (
                move.payment_state == "blocked"
                and move.state == "posted"
                and move.is_billingo_nothing_to_pay
                and move.currency_id.is_zero(move.amount_residual)
            )
        )
        settled.payment_state = "not_paid"
        return super()._compute_payment_state()

    def _compute_invoice_currency_rate(self):
        # EXTENDS 'account': another date does not change Billingo's own rate.
        ours = self.filtered(
            lambda move: (
                move.billingo_rate
                and move.currency_id == move.sudo().billingo_document_id.currency_id
            )
        )
        for move in ours:
            move.invoice_currency_rate = move.billingo_rate
        return super(AccountMove, self - ours)._compute_invoice_currency_rate()

    @api.depends(
        "reversed_entry_id",
        "debit_origin_id",
        "billingo_document_id",
        "billingo_document_id.is_cancelled",
        "billingo_document_id.is_changed",
        "billingo_document_id.is_deleted",
        "billingo_document_id.duplicate_verdict",
        "amount_total",
        "amount_tax",
        "amount_untaxed_signed",
        "amount_tax_signed",
        "line_ids.tax_ids",
        "ref",
        "name",
        "state",
        "move_type",
        "currency_id",
        "partner_id",
        "invoice_date",
        "delivery_date",
        "date",
        "invoice_date_due",
    )
    def _compute_alerts(self):
        # EXTENDS 'account': the banner depends on more fields.
        return super()._compute_alerts()

    def _get_alerts(self):
        # EXTENDS 'account'
        alerts = super()._get_alerts()
        texts = self._billingo_alert_texts()
        document = self.sudo().billingo_document_id.with_env(self.env)
        for name, text in texts.items():
            alerts[f"billingo_{name}"] = {
                "level": "warning",
                "message": text,
                "action_text": self.env._("Open the Billingo document"),
                "action": document._get_records_action(),
            }
        # What only a file says gives way to what Billingo says.
        names = {"amounts", "changed"} if document._is_unconfirmed() else {"amounts"}
        for name in names & texts.keys() if self.state == "draft" else ():
            alerts[f"billingo_{name}"] |= {
                "action_text": self.env._("Restore Billingo's data"),
                "action_call": [self._name, "action_billingo_restore", self.ids],
            }
            del alerts[f"billingo_{name}"]["action"]
        alerts |= self._billingo_duplicate_alerts()
        if rules := self._billingo_learnt_rules():
            alerts["billingo_learnt"] = {
                "level": "info",
                "message": "\n".join(rules.mapped(lambda x: x._learnt_text())),
                "action_text": self.env._("Remove the rule"),
                "action_call": [self._name, "action_billingo_forget", self.ids],
            }
        origin = self._billingo_origin()
        if origin and origin != self and self.is_sale_document(include_receipts=True):
            alerts["billingo_origin"] = {
                "level": "warning",
                "message": self.env._(
                    "%(origin)s was issued in Billingo, which reports it to NAV. "
                    "Create this storno or correction in Billingo; it is then imported "
                    "automatically. This entry cannot be sent to NAV.",
                    origin=origin.name,
                ),
            }
        return alerts

    # === OVERRIDES === #

    def unlink(self):
        # EXTENDS 'account': without its entry a document is to be processed again.
        if not self:
            return super().unlink()
        documents = self.sudo().billingo_document_id
        # Documents that were skipped because of this entry, too.
        documents |= documents.search(
            [("move_id", "in", self.ids), ("state", "=", "skipped")]
        )
        result = super(AccountMove, deleting(self)).unlink()
        documents.env["billingo.document.store"]._reset(documents)
        return result

    def write(self, vals):
        # EXTENDS 'account': every way to post passes here. What was skipped because of
        # a cancelled entry is wanted.
        self._billingo_check_identity(vals)
        self._billingo_check_files(vals)
        self._billingo_check_seal(vals)
        self._billingo_check_settled(vals)
        if vals.get("state") == "posted":
            self.filtered(lambda x: x.state != "posted")._billingo_check_posting()
        self._billingo_check_state(vals)
        result = super().write(vals)
        if vals.get("state") == "cancel":
            self.env["billingo.duplicate.search"]._release_recorded(self)
            self.env["billingo.duplicate.search"]._release_asked(self)
        elif RECORDED & vals.keys():
            entered = self.filtered(lambda x: not x.billingo_document_id)
            self.env["billingo.duplicate.search"]._release_recorded(entered)
        return result

    def button_draft(self):
        # EXTENDS 'account': Odoo detaches the PDF, which returns on posting.
        if not self:
            return super().button_draft()  # Odoo does so for each line that it writes
        result = super(AccountMove, self._billingo_by_button()).button_draft()
        documents = self.sudo().billingo_document_id
        if documents:
            # What a user agreed to is asked again before the next posting.
            accepted = self.filtered("is_billingo_difference_accepted")
            accepted.is_billingo_difference_accepted = False
            documents.env["billingo.advances"]._withdraw(documents)
            documents.env["billingo.late.costs"]._withdraw(documents)
            documents.env["billingo.pdf"]._restore_later(documents)
        return result

    def button_cancel(self):
        # EXTENDS 'account'
        return super(AccountMove, self._billingo_by_button()).button_cancel()

    def _post(self, soft=True):
        # EXTENDS 'account': in a closed period Odoo changes the date silently, and an
        # entry that was a draft gets its original back.
        imported = self.filtered("billingo_document_id")
        for move in imported:
            move._billingo_keep_period()
        links = self.env["billingo.document.links"].sudo()
        links._reopen_originals(imported)
        posted = super(AccountMove, self._billingo_by_button())._post(soft)
        posted = posted.with_env(self.env)
        links._settle_posted(posted & imported)
        if not self.env.su:
            self.env["billingo.account.rules"]._learn_confirmed(posted & imported)
        self.env["billingo.duplicate.search"]._release_recorded(posted - imported)
        for move in posted:
            document = move.sudo().billingo_document_id
            if document.is_nothing_to_pay and not move.currency_id.is_zero(
                move.amount_residual
            ):
                move.payment_state = "blocked"  # not offered for payment
            if document.move_id == move:
                document._set_confirmed()
                document.env["billingo.pdf"]._restore(document)
                document.env["billingo.advances"]._settle(document)
                document.env["billingo.late.costs"]._keep(document)
        return posted

    def _message_set_main_attachment_id(self, attachments, **options):
        # EXTENDS 'mail': who looks through the files of an entry changes nothing
        is_kept = self.billingo_document_id and self.state == "posted"
        if not (is_kept and self.message_main_attachment_id):
            super()._message_set_main_attachment_id(attachments, **options)

    def _autopost_bill(self):
        # EXTENDS 'account': the connection decides whether entries are posted.
        if self.billingo_document_id:
            return None
        return super()._autopost_bill()

    def _fetch_duplicate_reference(self, matching_states=("draft", "posted")):
        # EXTENDS 'account': the numbers of imported bills may be written otherwise.
        found = super()._fetch_duplicate_reference(matching_states)
        alike = self.env["billingo.duplicate.search"]._alike_imported(self)
        for move, findings in alike.items():
            others = self.browse().union(*(x.move for x in findings))
            others = others.filtered(lambda x: x.state in matching_states)
            if others:
                known = found.get(move._origin, self.browse())
                found[move._origin] = known | others
        return found

    def action_reverse(self):
        # EXTENDS 'account': NAV has these invoices, and will have their stornos, from
        # Billingo.
        self._billingo_check_amended()
        return super().action_reverse()

    def _creation_message(self):
        # EXTENDS 'account'
        if self.billingo_document_id:
            return self.env._("Imported from Billingo.")
        return super()._creation_message()

    def _sequence_matches_date(self):
        # EXTENDS 'account': the Billingo number stays, whatever year it names and
        # whatever the accounting date is.
        if self.billingo_document_id:
            return True
        return super()._sequence_matches_date()

    def _l10n_hu_edi_get_valid_actions(self):
        # EXTENDS 'l10n_hu_edi': NAV has it from Billingo, and Odoo neither reports it
        # again nor annuls it.
        actions = super()._l10n_hu_edi_get_valid_actions()
        return [] if self._billingo_origin() else actions

    def _get_invoice_pdf_proforma(self):
        # EXTENDS 'account': what the portal offers where nothing is attached yet
        if not self._billingo_is_issued_there():
            return super()._get_invoice_pdf_proforma()
        original = self._billingo_original()
        if not original:
            raise UserError(self._billingo_original_text())
        return {
            "filename": original.name,
            "filetype": "pdf",
            "content": original.with_context(bin_size=False).raw,
        }

    @api.model
    def _get_import_file_type(self, file_data):
        # EXTENDS 'account'
        if uploads.read_upload(file_data["name"], file_data["raw"]):
            return FILE_TYPE
        return super()._get_import_file_type(file_data)

    @api.model
    def _create_records_from_attachments(self, attachments, grouping_method=None):
        # EXTENDS 'account': a Billingo file is booked as if it had been fetched.
        ours = attachments.filtered(lambda x: uploads.read_upload(x.name, x.raw))
        moves = self.browse()
        if attachments - ours:
            moves |= super()._create_records_from_attachments(
                attachments - ours, grouping_method
            )
        if ours:
            journal = self.env["account.journal"].browse(
                self.env.context.get("default_journal_id")
            )
            booked = self.env["billingo.upload"]._book(ours, journal)
            moves |= booked.with_env(self.env)
        return moves

    def _get_edi_decoder(self, file_data, new=False):
        # EXTENDS 'account': an existing entry cannot take such a file.
        if file_data.get("import_file_type") == FILE_TYPE:
            return {"priority": 20, "decoder": self._billingo_decline_existing}
        found = super()._get_edi_decoder(file_data, new=new)
        if not found and uploads.is_json_name(file_data["name"]):
            # Otherwise the entry would just stay empty, without an explanation.
            return {"priority": 1, "decoder": self._billingo_decline_unreadable}
        return found

    # === ACTIONS === #

    def action_billingo_open_document(self):
        """Open the Billingo document."""
        ensure_one(self)
        return self.billingo_document_id._get_records_action()

    def action_billingo_restore(self):
        """Give a draft Billingo's amounts, taxes and dates again."""
        ensure_one(self)
        self.check_access("write")
        document = self.sudo().billingo_document_id
        document = document.with_company(document.company_id)
        document.env["billingo.move.builder"]._restore(document, self)
        return True

    def action_billingo_distinct(self):
        """Answer that the imported bills that are like this one are other bills."""
        ensure_one(self)
        self.check_access("write")
        alike = self.env["billingo.duplicate.search"]._alike_imported(self)
        for finding in alike.get(self, ()):
            finding.move.sudo().billingo_document_id.distinct_move_ids |= self
        return True

    def action_billingo_forget(self):
        """Remove the account rules that were made of this entry."""
        ensure_one(self)
        self.check_access("write")
        self._billingo_learnt_rules().unlink()
        return True

    def action_billingo_open_related(self):
        """Open the advances, final invoices, stornos and corrections."""
        ensure_one(self)
        return self.billingo_related_move_ids._get_records_action(
            name=self.env._("Related Billingo entries")
        )

    # === HELPERS === #

    def _billingo_origin(self):
        """Return the imported invoice that this entry is, or amends, or nothing.

        NAV has such an invoice from Billingo alone: a report from Odoo would name an
        original that Odoo never reported.
        """
        move, seen = self, self.browse()
        while move and move not in seen:
            if move.sudo().billingo_document_id or move._billingo_is_recorded():
                return move
            seen |= move
            move = move.reversed_entry_id or move.debit_origin_id
        return self.browse()

    def _billingo_is_recorded(self):
        """Tell whether a user entered this by hand for a Billingo document.

        It does not count when Odoo reported it to NAV before the document came.
        """
        if self.l10n_hu_edi_state not in UNREPORTED or not self.id:
            return False
        recorded = [("move_id", "=", self.id), ("skip_reason", "=", "recorded")]
        return bool(
            self.env["billingo.document"].sudo().search_count(recorded, limit=1)
        )

    def _billingo_alert_texts(self):
        """Return what the banner says about the Billingo document, by topic."""
        document = self.sudo().billingo_document_id
        texts = {}
        if document and document._waits_for_storno():
            texts["cancelled"] = self.env._(
                "Cancelled at Billingo. The entry is settled when the storno arrives. "
                "No action is required."
            )
        if document.is_changed:
            texts["changed"] = self.env._(
                "This document was changed at Billingo after it was booked. Compare it "
                "with the entry, and correct the entry if necessary."
            )
        if document.is_deleted:
            texts["deleted"] = self.env._(
                "Billingo does not have this document any more. Find out why it was "
                "deleted, and correct the entry if necessary."
            )
        if document.remark and self.state == "draft":
            texts["remark"] = document.remark
        if document:
            differences = self.env["billingo.entry.check"]._differences(self)
            if differences:
                texts["amounts"] = "\n".join(differences.values())
        return texts

    def _billingo_duplicate_alerts(self):
        """Return the banners about bills that may be the same as this one."""
        document = self.sudo().billingo_document_id
        if document:
            alert = document.with_env(self.env).sudo()._duplicate_alert()
            is_open = alert and self.state == "draft"
            return {"billingo_duplicate": alert} if is_open else {}
        if self.state == "cancel":
            return {}
        findings = self.env["billingo.duplicate.search"]._alike_imported(self).get(self)
        if not findings:
            return {}
        first = findings[0]
        return {
            "billingo_duplicate": {
                "level": "warning",
                "message": self.env["billingo.messages"]._alike_text(
                    first.move, first.comparison.likeness
                ),
                "action_text": self.env._("Open the imported entry"),
                "action": first.move._get_records_action(),
            },
            "billingo_distinct": {
                "level": "info",
                "message": self.env._("If these are two bills, confirm it."),
                "action_text": self.env._("Another bill"),
                "action_call": [self._name, "action_billingo_distinct", self.ids],
            },
        }

    def _billingo_learnt_rules(self):
        """Return the account rules that were made of this entry."""
        rules = self.env["billingo.account.rule"].sudo()
        if not self.sudo().billingo_document_id:
            return rules
        return rules.search([("learnt_move_id", "in", self.ids)])

    def _billingo_check_posting(self):
        """Refuse to post what differs from Billingo, or is there already."""
        imported = self.filtered("billingo_document_id")
        for move in imported:
            self.env["billingo.entry.check"]._check(move)
        self.env["billingo.document.links"]._check_posting(imported)
        (self - imported)._billingo_check_native()

    def _billingo_check_identity(self, vals):
        """Refuse another identity of a posted entry: a draft is compared later."""
        names = (IDENTITY | NAV | ISSUED) & vals.keys() & self._fields.keys()
        if not self.env.su:
            names |= LINKS & vals.keys() & self._fields.keys()
        if vals.get("posted_before"):
            names -= {"posted_before"}  # posting sets it
        for move in self.filtered("billingo_document_id") if names else ():
            is_posted = "posted" in (move.state, vals.get("state"))
            is_ours = move._billingo_is_issued_there()
            for name in names - (frozenset() if is_ours else ISSUED):
                if is_posted and move._billingo_differs(name, vals[name]):
                    raise UserError(
                        self.env._(
                            '"%(field)s" of %(entry)s is Billingo\'s, and part of the '
                            "VAT return. Reset the entry to draft to change it.",
                            field=move._fields[name]._description_string(self.env),
                            entry=move.display_name,
                        )
                    )

    def _billingo_by_button(self):
        """Return these in a context in which their state may change."""
        return self.with_context(billingo_button=BUTTON)

    def _billingo_check_state(self, vals):
        """Refuse a state by a value: what belongs to it would be left out."""
        if "state" not in vals or self.env.context.get("billingo_button") is BUTTON:
            return
        for move in self.filtered("billingo_document_id"):
            if move.state != vals["state"]:
                raise UserError(
                    self.env._(
                        "%s came from Billingo: its status changes by the buttons, not "
                        "by a value.",
                        move.display_name,
                    )
                )

    def _billingo_check_seal(self, vals):
        """Refuse a hash that is not Odoo's: it is never removed."""
        if "inalterable_hash" not in vals or self.env.su:
            return
        for move in self.filtered("billingo_document_id"):
            if move._billingo_differs("inalterable_hash", vals["inalterable_hash"]):
                raise UserError(
                    self.env._(
                        "%s came from Billingo: it cannot be secured by a value, Odoo "
                        "does that.",
                        move.display_name,
                    )
                )

    def _billingo_check_settled(self, vals):
        """Refuse what only payments and numbers say.

        Users block an entry that is not paid, and free it; the rest is computed, or
        written with ``sudo()``.
        """
        names = {"payment_state", "made_sequence_gap"} & vals.keys()
        if not names or self.env.su:
            return
        for move in self.filtered("billingo_document_id"):
            states = {move.payment_state, vals.get("payment_state")}
            is_block = "blocked" in states and states <= BLOCKED
            for name in names - ({"payment_state"} if is_block else set()):
                if move._billingo_differs(name, vals[name]):
                    raise UserError(
                        self.env._(
                            '%(entry)s came from Billingo: "%(field)s" follows from '
                            "payments and numbers, and is not set by a value.",
                            field=move._fields[name]._description_string(self.env),
                            entry=move.display_name,
                        )
                    )

    def _billingo_differs(self, name, value):
        """Tell whether a value is another; a contact of the same company is not."""
        field, now = self._fields[name], self[name]
        cached = field.convert_to_cache(value, self)
        wanted = field.convert_to_record(cached, self)
        if name in ("partner_id", "commercial_partner_id"):
            return wanted.commercial_partner_id != now.commercial_partner_id
        return (wanted or False) != (now or False)

    def _billingo_check_files(self, vals):
        """Refuse other files in place of Billingo's original."""
        files = file_fields(self, vals)
        if not files and "message_main_attachment_id" not in vals:
            return
        for move in self.filtered("billingo_document_id"):
            is_ours = move._billingo_is_issued_there()
            if is_ours and any(
                is_kept_file(move, name) and move._billingo_differs(name, vals[name])
                for name in files
            ):
                move._billingo_refuse()
            if move.state == "posted" and move._billingo_hides_original(vals):
                move._billingo_refuse()

    def _billingo_hides_original(self, vals):
        """Tell whether another file is to be shown in place of the original."""
        if "message_main_attachment_id" not in vals:
            return False
        original = self.sudo().billingo_document_id.pdf_attachment_id
        main = self.sudo().message_main_attachment_id
        new = main.browse(vals["message_main_attachment_id"] or ()).exists()
        is_shown = bool(original) and original.checksum == main.checksum
        return is_other_main_file(self, vals) or (
            is_shown and new.checksum != original.checksum
        )

    def _billingo_refuse(self):
        """Raise a user error about the files of these entries, if there are any."""
        for move in self:
            raise UserError(
                self.env._(
                    "The PDF of %s is Billingo's original, and stays as it is.",
                    move.display_name,
                )
            )

    def _billingo_check_amended(self):
        """Refuse a storno or correction of our own invoices: Billingo makes those."""
        issued = self.filtered(lambda x: x._billingo_is_issued_there())
        if issued:
            raise RedirectWarning(
                self.env._(
                    "%s was issued in Billingo. Create the storno there; it is then "
                    "imported and settles this entry.",
                    ", ".join(issued.mapped("display_name")),
                ),
                self.env.ref("account_billingo_import.action_billingo_website").id,
                self.env._("Open Billingo"),
            )

    def _billingo_check_native(self):
        """Refuse to post what is recorded already, or would take Billingo's numbers."""
        taken = self.filtered(
            lambda x: (
                x.is_sale_document(include_receipts=True)
                and x.journal_id._billingo_numbers()
            )
        )
        if taken:
            raise RedirectWarning(
                self.env._(
                    "The journal %(journal)s has the documents that Billingo numbers. "
                    "Create invoices and stornos for it in Billingo, or choose another "
                    "journal.",
                    journal=taken[0].journal_id.display_name,
                ),
                self.env.ref("account_billingo_import.action_billingo_website").id,
                self.env._("Open Billingo"),
            )
        alike = self.env["billingo.duplicate.search"]._alike_imported(self)
        for move, findings in alike.items():
            if findings[0].verdict == "same":
                raise RedirectWarning(
                    self.env._(
                        "This bill was imported from Billingo as %(entry)s already: "
                        "number, partner, amount and date are the same. If these are "
                        "two bills, confirm it with Another bill above the entry "
                        "%(move)s.",
                        entry=findings[0].move.display_name,
                        move=move.display_name,
                    ),
                    findings[0].move._get_records_action(),
                    self.env._("Open the imported entry"),
                )

    def _billingo_is_issued_there(self):
        """Tell whether this is an imported invoice of our own."""
        return bool(self.billingo_document_id) and self.is_sale_document(
            include_receipts=True
        )

    def _billingo_original(self):
        """Return the file that Billingo issued, or nothing."""
        return self.sudo().billingo_document_id.pdf_attachment_id

    def _billingo_original_text(self):
        """Return why there is nothing to print or send yet."""
        return self.env._(
            "%s was issued in Billingo, and its PDF has not come yet. It is the only "
            "one that may be given to the customer.",
            self.display_name,
        )

    def _billingo_keep_period(self):
        """Apply the connection's policy for closed periods, and note it."""
        locks = self._get_violated_lock_dates(self.date, True)
        if not locks:
            return
        document = self.sudo().billingo_document_id
        dates = document.env["billingo.accounting.date"]
        if document.connection_id.closed_policy == "stop":
            raise UserError(
                self.env._(
                    "The accounting date %(date)s of Billingo document %(number)s is "
                    "in a closed period: %(locks)s. Change the date of the entry to an "
                    "open period.",
                    number=document.display_name,
                    date=self.date,
                    locks=self.env["res.company"]._format_lock_dates(locks),
                )
            )
        wanted, self.date = self.date, dates._first_open_day(document, self.date)
        self.message_post(body=as_html(dates._moved_text(wanted, self.date)))

    def _billingo_decline_existing(self, _move, _file_data, _new):
        return self.env._(
            "This is a Billingo data file. Upload it on the journal in the accounting "
            "dashboard, or on the list of invoices or bills, to create an entry."
        )

    def _billingo_decline_unreadable(self, _move, file_data, _new):
        """Return what is wrong with a file that nothing can read."""
        return self.env["billingo.messages"]._file_text(file_data["raw"])
