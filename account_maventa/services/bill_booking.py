"""From a stored receipt to a draft bill with its diagnosis, and what follows later.

All of it is one transaction with the link between receipt and bill. Nothing posts by
itself, unless the company's rule allows it and there is nothing to decide.
"""

from odoo import api, models
from odoo.exceptions import UserError

from ..exceptions import UndecodedError
from ..guards import as_service, internal
from ..maventa_api import documents_in
from ..maventa_api.finvoice import UnreadableError
from ..models.receipt_state import CHECKED, ReceiptState
from .bill_payments import UNPAID

# Those that end with their bill
DROPPED = (*CHECKED, ReceiptState.UNREADABLE, ReceiptState.SAME)


@internal
class MaventaBillBooking(models.AbstractModel):
    _name = "maventa.bill.booking"
    _description = "Booking of Received Invoices"

    # === PUBLIC === #

    @api.model
    def _book(self, receipt):
        """Make the bill of a locked, stored receipt; commits nothing."""
        if not receipt.account_id._purchase_journal():
            receipt.account_id.receive_problem = self.env._(
                "%s has no purchase journal: fetched invoices wait for one.",
                receipt.company_id.display_name,
            )
            return
        aside = self.env["maventa.documents.aside"]
        try:
            documents = documents_in(receipt.document_id.raw or b"")
        except UnreadableError as error:
            aside._set_unreadable(receipt, error.kind)
            return
        self._split(receipt, documents[1:])
        document = documents[0]
        withdrawals = self.env["maventa.withdrawals"]
        if withdrawals._is_one(document):
            withdrawals._keep(receipt, document)
            return
        is_claim = receipt.is_booked_claim and document.kind.is_claim
        if not (document.kind.is_bill or is_claim):
            aside._keep(receipt, document)
            return
        try:
            with self.env.cr.savepoint():
                self._make(receipt, document)
        except UndecodedError as error:
            aside._set_unreadable(receipt, str(error)[:80])

    @api.model
    def _check_again(self, receipts):
        """Compare drafts with their documents after a change; close what is cured."""
        for receipt in receipts:
            if receipt._is_withdrawal():
                self.env["maventa.withdrawals"]._check(receipt)
            if receipt.state not in CHECKED or not receipt.move_id:
                continue
            document = self._document(receipt)
            if document:
                self.env["maventa.credited.bills"]._link(receipt.move_id, document)
                points = self.env["maventa.bill.checks"]._diagnose(receipt, document)
                receipt._set_points(points)
                self.env["maventa.receipt.activities"]._follow(receipt)

    @api.model
    def _assert_decided(self, receipts):
        """Refuse to post bills while a person has not decided about their points.

        :raise UserError: what is to be decided
        """
        messages = self.env["maventa.receipt.messages"]
        self._check_again(receipts)
        asking = (*CHECKED, ReceiptState.NOT_A_BILL)  # and what withdraws the invoice
        for receipt in receipts.filtered(lambda row: row.state in asking):
            asked = messages._asked_before_posting(receipt._stops())
            if asked and receipt.move_id.state == "draft":
                raise UserError(
                    self.env._(
                        "%(bill)s cannot be posted yet. Correct it, or confirm in the "
                        "banner of the bill:\n%(points)s",
                        bill=receipt.display_name,
                        points="\n".join(text for _row, text in messages._lines(asked)),
                    )
                )

    @api.model
    def _posted(self, receipts):
        """Learn from bills that were posted, and close their receipts."""
        for receipt in receipts.filtered(lambda row: not row._is_withdrawal()):
            move = receipt.move_id
            document = receipt.state in CHECKED and self._document(receipt)
            if document and not receipt.partner_id:  # chosen by a person
                receipt.partner_id = move.commercial_partner_id
            is_example = document and not (
                document.is_refund or document.is_prepayment or document.is_correction
            )
            if is_example and not receipt.is_posted_by_rule:
                taxes = self.env["maventa.purchase.taxes"]
                partner = move.commercial_partner_id
                place = taxes._place(receipt.company_id, partner, document)
                self.env["maventa.tax.lessons"]._learn(move, place)
                self.env["maventa.expense.accounts"]._learn(move)
            if receipt.state in (*CHECKED, ReceiptState.UNREADABLE):
                receipt.state = ReceiptState.BILLED
            receipt._tell("info", lambda env: env._("Bill posted by %s", env.user.name))
            self.env["maventa.receipt.activities"]._follow(receipt)

    @api.model
    def _book_claim(self, receipt):
        """Make a bill of a reminder, an interest note or a collection.

        :raise UserError: it is none of these
        """
        if not receipt.is_claim:
            raise UserError(
                self.env._(
                    "Only reminders, interest notes and collection invoices are booked "
                    "as bills in this way."
                )
            )
        receipt.is_booked_claim = True
        user = self.env.user.name
        receipt._tell("info", lambda env: env._("%s books it as a bill.", user))
        self.env["maventa.receiver"]._read_again(receipt)

    @api.model
    def _drafts_like(self, moves):
        """Return the receipts of drafts with the number or reference of a bill.

        These may have come another way: by hand, or by another receiver.
        """
        receipts = self.env["maventa.receipt"]
        bills = moves.filtered(lambda move: move.is_purchase_document(True))
        numbers = sorted({*bills.mapped("ref")} - {False, ""})
        references = sorted({*bills.mapped("payment_reference")} - {False, ""})
        if not numbers and not references:
            return receipts
        return receipts.search(
            [
                ("company_id", "in", moves.company_id.ids),
                ("state", "in", CHECKED),
                ("move_id", "not in", moves.ids),
                ("move_id.state", "=", "draft"),
                "|",
                ("move_id.ref", "in", numbers),
                ("move_id.payment_reference", "in", references),
            ]
        )

    @api.model
    def _drafts_of(self, partners):
        """Return the receipts of the drafts of some suppliers."""
        if not partners:
            return self.env["maventa.receipt"]
        return self.env["maventa.receipt"].search(
            [
                ("state", "in", CHECKED),
                ("move_id.state", "=", "draft"),
                ("move_id.commercial_partner_id", "in", partners.ids),
            ]
        )

    @api.model
    def _unpaid_of(self, partners):
        """Return the receipts of the posted bills of some suppliers that are open."""
        if not partners:
            return self.env["maventa.receipt"]
        return self.env["maventa.receipt"].search(
            [
                ("state", "in", CHECKED),
                ("move_id.state", "=", "posted"),
                ("move_id.move_type", "=", "in_invoice"),
                ("move_id.payment_state", "in", UNPAID),
                ("move_id.commercial_partner_id", "in", partners.ids),
            ]
        )

    @api.model
    def _accounts_changed(self, partners):
        """Set an account that is trusted now on bills without a usable one.

        One that is trusted no more is taken off. All are compared again, the posted
        ones until they are paid.
        """
        payees = self.env["maventa.payee.accounts"]
        partners = partners.commercial_partner_id
        for receipt in self._drafts_of(partners) | self._unpaid_of(partners):
            move = as_service(receipt.move_id)
            bank = move.partner_bank_id
            is_usable = bank.active and bank.allow_out_payment
            document = not is_usable and self._document(receipt)
            if document and not document.is_refund:
                partner = move.commercial_partner_id
                found = payees._payee(receipt.company_id, partner, document.accounts)
                move.partner_bank_id = found.account
            self._check_again(receipt)

    @api.model
    def _dropped(self, receipts, tell):
        """Record that a person has deleted or cancelled bills: they do not come back.

        :param tell: takes an environment, and returns why in its language
        """
        for receipt in receipts:
            if receipt._is_withdrawal():
                self.env["maventa.withdrawals"]._settle(receipt, tell)
            elif receipt.state in DROPPED:
                receipt._ignore(tell)
                self.env["maventa.receipt.activities"]._close(receipt)

    @api.model
    def _reopened(self, receipts):
        """Ask again what is to be decided: ignored bills are drafts once more."""
        for receipt in receipts:
            if receipt.state == ReceiptState.IGNORED and receipt.move_id:
                user = self.env.user.name
                receipt._reopen(
                    lambda env, user=user: env._("Bill reset to draft by %s", user)
                )
                self._check_again(receipt)

    @api.model
    def _ignore(self, receipt, reason):
        """Set a receipt aside for good; its own draft bill is cancelled.

        :raise UserError: the bill is posted
        """
        if receipt._is_of_another():
            receipt.move_id = False  # of another document, or typed by hand
        move = receipt.move_id
        if move.state == "posted":
            raise UserError(self.env._("The bill is posted: it cannot be ignored."))
        user = self.env.user.name
        receipt._ignore(
            lambda env: env._(
                "Ignored by %(user)s: %(reason)s", user=user, reason=reason
            )
        )
        self.env["maventa.receipt.activities"]._close(receipt)
        if move.state == "draft":
            move.button_cancel()

    @api.model
    def _trust_account(self, receipt, number):
        """Let a user who may validate accounts trust one that the invoice names.

        :raise UserError: it is paid, or the invoice does not name the account
        """
        named = {
            text
            for row in receipt._stops()
            for text in row["values"].get("named", "").split(", ")
        }
        move, partner = receipt.move_id, receipt.move_id.commercial_partner_id
        is_open = self.env["maventa.bill.payments"]._is_open(move)
        if not (move.state == "draft" or is_open) or not partner or number not in named:
            raise UserError(
                self.env._("An unpaid bill of a supplier must name this account.")
            )
        self.env["maventa.payee.accounts"]._trust(receipt, number)
        self._check_again(receipt)

    @api.model
    def _may_autopost(self, receipt):
        """Return whether the rule of company and supplier posts this bill."""
        company, move = receipt.company_id, receipt.move_id
        limit = company.maventa_autopost_limit
        total = abs(move.amount_total_signed)
        return bool(
            company.maventa_autopost
            and receipt.state == ReceiptState.BILLED
            and not receipt._points()
            and not move.duplicated_ref_ids
            and receipt.origin != "SCAN"
            and not receipt.is_booked_claim
            and move.partner_bank_id.allow_out_payment
            and move.commercial_partner_id.autopost_bills == "always"
            and (not limit or total <= limit)
            and self.env["maventa.bill.supplier"]._has_posted(move)
        )

    # === HELPERS === #

    def _document(self, receipt):
        """Return what a receipt's document says, or None if it cannot be read."""
        try:
            return documents_in(receipt.document_id.raw or b"")[0]
        except UnreadableError:
            return None

    def _make(self, receipt, document):
        match = self._match(receipt, document)
        payee = self.env["maventa.payee.accounts"]._payee(
            receipt.company_id, match.partner, document.accounts
        )
        builder = self.env["maventa.bill.builder"]
        move = builder._build(receipt, document, match.partner, payee.account)
        if match.remark == "new":
            receipt.created_partner_id = match.partner
        receipt.write(
            {
                "partner_id": match.partner.id,
                "supplier_remark": match.remark,
                "seller_address": document.seller.address or False,
                "number": document.number or receipt.number,
            }
        )
        self._keep_files(receipt, document)
        self._show_files(receipt)
        self.env["maventa.withdrawals"]._meet(move)
        move.flush_recordset()
        points = self.env["maventa.bill.checks"]._diagnose(receipt, document)
        receipt._set_points(points)
        receipt._tell("info", lambda env: env._("Draft bill made."))
        self.env["maventa.receipt.activities"]._follow(receipt)
        if self._may_autopost(receipt):
            self._autopost(receipt)

    def _autopost(self, receipt):
        """Post by the rule; what Odoo refuses stays a draft with the reason."""
        receipt.is_posted_by_rule = True
        try:
            with self.env.cr.savepoint():
                receipt.move_id._autopost_bill()
        except UserError as error:
            receipt._log("warning", str(error))
        receipt.is_posted_by_rule = receipt.move_id.state == "posted"

    def _match(self, receipt, document):
        """Return the supplier: that of a person on an earlier draft, or a match."""
        matcher = self.env["maventa.supplier.matcher"]
        sender = document.finvoice and document.finvoice.from_address
        match = matcher._match(receipt.company_id, document, sender)
        chosen = receipt.move_id.partner_id
        if chosen and not match.partner:
            return type(match)(chosen)
        return match

    def _keep_files(self, receipt, document):
        """Keep the files inside of a document with its receipt, each once."""
        known = [file.raw for file in receipt.file_ids]
        for file in document.files:
            if file.data not in known:
                known.append(file.data)
                receipt.file_ids += receipt._attach(file.name, file.data, file.mimetype)

    def _show_files(self, receipt):
        """Show picture and attachments beside the bill, each once.

        The document itself lies there, too, where Odoo could not read it.
        """
        move = as_service(receipt.move_id)
        mine = self.env["ir.attachment"].search(
            [("res_model", "=", move._name), ("res_id", "=", move.id)]
        )
        known = set(mine.mapped("checksum"))
        files = receipt.image_id + receipt.file_ids
        if receipt.state == ReceiptState.UNREADABLE:
            files += receipt.document_id
        for file in files:
            if file.checksum in known:
                continue
            known.add(file.checksum)
            copied = file.copy({"res_model": move._name, "res_id": move.id})
            if file == receipt.image_id and not move.message_main_attachment_id:
                quick = move.with_context(mail_notrack=True)
                quick.message_main_attachment_id = copied

    def _split(self, receipt, others):
        """Give each further document of a file a receipt of its own, ready to book."""
        if receipt.document_index:
            return
        receipts = self.env["maventa.receipt"]
        for number, document in enumerate(others, start=1):
            key = [
                ("company_id", "=", receipt.company_id.id),
                ("environment", "=", receipt.environment),
                ("remote_id", "=", receipt.remote_id),
                ("document_index", "=", number),
            ]
            if receipts.search_count(key, limit=1):
                continue
            other = receipts.create(
                {
                    **{name: value for name, _operator, value in key},
                    "account_id": receipt.account_id.id,
                    "received_at": receipt.received_at,
                    "origin": receipt.origin,
                    "source_format": receipt.source_format,
                    "sender_name": receipt.sender_name,
                    "number": document.number,
                    "state": ReceiptState.STORED,
                }
            )
            other._keep_document(document.data)
