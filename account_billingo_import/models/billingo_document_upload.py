from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools.misc import clean_context

from ..billingo_api import messages, parsing, spendings, uploads
from .res_partner import tax_base

KINDS = messages.FOLLOWERS | messages.RECEIPTS | {"invoice", "advance"}


class BillingoDocument(models.Model):
    """Files by hand: stored, checked and booked like what was fetched."""

    _inherit = "billingo.document"

    source = fields.Selection(
        [("connection", "Billingo connection"), ("upload", "Uploaded file")],
        default="connection",
        required=True,
        readonly=True,
    )

    @api.model
    def _book_uploads(self, attachments, journal):
        """Book files, or tell of those that cannot be; return the entries."""
        self._check_bookkeeper()
        context = clean_context(self.env.context)
        documents = self.sudo().with_context(context)  # pylint: disable=context-overridden
        booked, failed = documents.browse(), documents.browse()
        for attachment in attachments:
            document = documents._store_upload(attachment, journal)
            document._process()
            if document.state == "error":
                failed |= document
            else:
                document._refuse_recorded()
                booked |= document
            document._keep()
        attachments.sudo().unlink()
        if failed:
            # What was stored stays, so that it can be put right.
            failed[0]._keep()
            failed._raise_errors()
        return booked.move_id

    def _raise_errors(self):
        lines = [f"{x.display_name}: {x.error}" for x in self]
        raise RedirectWarning(
            "\n".join(lines),
            self._get_records_action(name=self.env._("Billingo documents")),
            self.env._("Put it right"),
        )

    @api.model
    def _store_upload(self, attachment, journal):
        """Store a file as if it had been fetched; refuse what is booked already."""
        raw = uploads.read_upload(attachment.name, attachment.raw)
        is_spending = uploads.is_spending(raw)
        read = spendings.parse_spending if is_spending else parsing.parse_document
        parsed = read(raw)
        if not parsed.id or parsed.type not in KINDS:
            raise UserError(
                self.env._(
                    "%(file)s is of the type %(type)s at Billingo. Only invoices, "
                    "advances, corrections, stornos and receipts are booked.",
                    file=attachment.name,
                    type=self._in_words("DOCUMENT_TYPES", parsed.type) or "?",
                )
            )
        connection = self._upload_connection(parsed, journal, is_spending)
        known = self.search(
            [("connection_id", "=", connection.id), ("billingo_id", "=", parsed.id)]
        )
        if known.state == "processed":
            known._raise_duplicate()
        if known:
            known._renew(parsed)
            return known
        if not connection.organization_tax_number:
            # From now on only a key of the same account will do.
            seller = connection.company_id.vat if is_spending else None
            connection.organization_tax_number = (
                seller or parsed.organization.tax_number
            )
        document = self._store_new(connection, [parsed])
        document.source = "upload"
        document.raw_attachment_id.description = self.env._(
            "Billingo JSON, by upload of a file"
        )
        return document

    def _refuse_recorded(self):
        if self.skip_reason == "recorded":
            self._raise_duplicate()

    def _raise_duplicate(self):
        raise RedirectWarning(
            self.env._(
                "%(document)s is in the books already, as %(move)s. It was not booked "
                "again.",
                document=self.display_name,
                move=self.move_id.display_name,
            ),
            self.move_id._get_records_action(),
            self.env._("Open the entry"),
        )

    @api.model
    def _upload_connection(self, parsed, journal, is_spending):
        """Return the connection whose documents are like this one."""
        modes = ("customer",) if journal.type == "sale" else ("supplier", "spending")
        found = (
            self.env["billingo.connection"]
            .sudo()
            .search(
                [("company_id", "=", journal.company_id.id), ("mode", "in", modes)],
                order="state, id",
            )
            .filtered(lambda x: x._takes(parsed, is_spending))
        )
        found = found.filtered(lambda x: x.journal_id == journal) or found
        if found:
            return found[0]
        raise RedirectWarning(
            self.env._(
                "%(number)s was issued by %(seller)s to %(buyer)s. No Billingo "
                "connection of %(company)s books such documents in journals like "
                "%(journal)s. Make one, or choose a journal of the other kind.",
                number=parsed.invoice_number or parsed.id,
                seller=parsed.organization.name or "?",
                buyer=parsed.document_partner.name or "?",
                company=journal.company_id.name,
                journal=journal.name,
            ),
            self.env.ref("account_billingo_import.action_billingo_connection").id,
            self.env._("Open the connections"),
        )


class BillingoConnection(models.Model):
    _inherit = "billingo.connection"

    def _takes(self, parsed, is_spending):
        """Tell whether a document could have come from this account, to us."""
        if is_spending or self.mode == "spending":
            return is_spending and self.mode == "spending"
        ours, seller = self._own_tax_bases(), parsed.organization.tax_number
        if self.mode == "customer":
            return tax_base(seller) in ours
        buyer = parsed.document_partner
        is_to_us = tax_base(buyer.group_member_tax_number or buyer.taxcode) in ours
        theirs = tax_base(self.organization_tax_number)
        return is_to_us and theirs in ("", tax_base(seller))
