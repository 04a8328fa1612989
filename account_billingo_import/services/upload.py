"""Uploaded data files: stored, checked and booked like fetched documents."""

from odoo import models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools.misc import clean_context

from .. import terms
from ..billingo_api import parsing, spendings, uploads
from ..billingo_api.kinds import kind_of
from ..guards import internal
from ..models.res_partner import tax_base
from .document_store import digest
from .remote_call import commit


@internal
class BillingoUpload(models.AbstractModel):
    _name = "billingo.upload"
    _description = "Upload of Billingo data files"

    # === PUBLIC === #

    def _book(self, attachments, journal):
        """Book files; return the entries. Commits after each file.

        The files are deleted: their content is stored with the documents.

        :raise RedirectWarning: what cannot be booked; it is stored and can be resolved
        """
        self.env["billingo.document"]._check_bookkeeper()
        context = clean_context(self.env.context)
        service = self.sudo().with_context(context)  # pylint: disable=context-overridden
        documents = service.env["billingo.document"]
        booked, failed = documents.browse(), {}
        for attachment in attachments:
            document, error = service._book_one(attachment, journal)
            if error:
                failed[document] = error
            else:
                service._refuse_recorded(document)
                booked |= document
            commit(self.env)
        attachments.sudo().unlink()
        if failed:
            # The stored documents stay, so that the errors can be resolved.
            commit(self.env)
            service._raise_errors(failed)
        return booked.move_id

    # === HELPERS === #

    def _book_one(self, attachment, journal):
        """Store and process a file; return its document, and why it has no entry."""
        raw = uploads.read_upload(attachment.name, attachment.raw)
        is_spending = uploads.is_spending(raw)
        read = spendings.parse_spending if is_spending else parsing.parse_document
        parsed = read(raw)
        self._check_kind(attachment, parsed)
        connection = self._connection(parsed, journal, is_spending)
        known = self.env["billingo.document"].search(
            [("connection_id", "=", connection.id), ("billingo_id", "=", parsed.id)]
        )
        if known.state == "processed":
            self._raise_duplicate(known)
        if known and known.digest != digest(parsed.raw):
            return known, self._replace(known, parsed)
        document = known or self._store(connection, parsed)
        self.env["billingo.processor"]._process(document)
        return document, document.error or ""

    def _store(self, connection, parsed):
        """Store a file as if it had been fetched.

        It says nothing about the account of the connection, and what it says about NAV
        is confirmed by nobody.
        """
        document = self.env["billingo.document.store"]._store_new(connection, [parsed])
        document.write({"source": "upload", "seen_at": False, "nav_status": False})
        document.raw_attachment_id.description = self.env._(
            "Billingo JSON, from an uploaded file"
        )
        return document

    def _replace(self, document, parsed):
        """Process a document of an earlier file with a corrected one, or leave it.

        :return: why the corrected file could not be booked, or ``""``
        :raise RedirectWarning: Billingo itself delivered the document
        """
        if document.source != "upload":
            self._raise_delivered(document)
        error = ""
        savepoint = self.env.cr.savepoint()
        self.env["billingo.document.store"]._replace(document, parsed)
        document.nav_status = False
        self.env["billingo.processor"]._process(document)
        if document.state == "error":
            error = document.error
        savepoint.close(rollback=bool(error))
        return error

    def _check_kind(self, attachment, parsed):
        if parsed.id and kind_of(parsed.type).is_booked:
            return
        raise UserError(
            self.env._(
                "%(file)s has the type %(type)s at Billingo. Only invoices, advance "
                "invoices, corrections, stornos and receipts are booked.",
                file=attachment.name,
                type=terms.kind_label(self.env, parsed.type) or "?",
            )
        )

    def _connection(self, parsed, journal, is_spending):
        """Return the connection whose documents are like this one."""
        modes = ("customer",) if journal.type == "sale" else ("supplier", "spending")
        found = self.env["billingo.connection"].search(
            [("company_id", "=", journal.company_id.id), ("mode", "in", modes)],
            order="state, id",
        )
        found = found.filtered(lambda x: self._takes(x, parsed, is_spending))
        found = found.filtered(lambda x: x.journal_id == journal) or found
        wanted = found.filtered(lambda x: not self._unwanted(x, parsed))
        if wanted:
            return wanted[0]
        if found:
            self._raise_unwanted(found[0], parsed)
        raise RedirectWarning(
            self.env._(
                "%(seller)s issued %(number)s to %(buyer)s. %(company)s has no "
                "Billingo connection for such documents in journals like %(journal)s. "
                "Create a connection, or choose a journal of the other type.",
                number=parsed.invoice_number or parsed.id,
                seller=parsed.organization.name or "?",
                buyer=parsed.document_partner.name or "?",
                company=journal.company_id.name,
                journal=journal.name,
            ),
            self.env.ref("account_billingo_import.action_billingo_connection").id,
            self.env._("Open the connections"),
        )

    def _unwanted(self, connection, parsed):
        return self.env["billingo.document.store"]._unwanted(connection, parsed)

    def _raise_unwanted(self, connection, parsed):
        """Say which wish of the connection the file does not meet."""
        texts = {
            "kind": self.env._(
                "%(connection)s does not take documents of the type %(type)s.",
                connection=connection.name,
                type=terms.kind_label(self.env, parsed.type),
            ),
            "block": self.env._(
                "%(connection)s does not take documents of this block.",
                connection=connection.name,
            ),
            "early": self.env._(
                "%(connection)s takes documents issued on or after %(date)s.",
                connection=connection.name,
                date=connection.start_date,
            ),
        }
        raise RedirectWarning(
            self.env._(
                "%(document)s was not booked. %(reason)s Change the connection, or "
                "enter the document by hand.",
                document=parsed.invoice_number or parsed.id,
                reason=texts.get(self._unwanted(connection, parsed), ""),
            ),
            connection._get_records_action(),
            self.env._("Open the connection"),
        )

    def _takes(self, connection, parsed, is_spending):
        """Tell whether a document could have come from this account, to us."""
        if is_spending or connection.mode == "spending":
            return is_spending and connection.mode == "spending"
        ours, seller = connection._own_tax_bases(), parsed.organization.tax_number
        if connection.mode == "customer":
            return tax_base(seller) in ours
        buyer = parsed.document_partner
        is_to_us = tax_base(buyer.group_member_tax_number or buyer.taxcode) in ours
        theirs = tax_base(connection.organization_tax_number)
        return is_to_us and theirs in ("", tax_base(seller))

    def _refuse_recorded(self, document):
        if document.skip_reason == "recorded":
            self._raise_duplicate(document)

    def _raise_duplicate(self, document):
        raise RedirectWarning(
            self.env._(
                "%(document)s is already in the books as %(move)s. It was not booked "
                "again.",
                document=document.display_name,
                move=document.move_id.display_name,
            ),
            document.move_id._get_records_action(),
            self.env._("Open the entry"),
        )

    def _raise_delivered(self, document):
        raise RedirectWarning(
            self.env._(
                "Billingo has delivered %s itself, with other data than the file. The "
                "file was not taken. If the document was corrected at Billingo, read "
                "it again from there.",
                document.display_name,
            ),
            document._get_records_action(),
            self.env._("Open the document"),
        )

    def _raise_errors(self, failed):
        """Raise the errors of documents.

        :param failed: document -> text
        """
        documents = self.env["billingo.document"].union(*failed)
        raise RedirectWarning(
            "\n".join(f"{x.display_name}: {text}" for x, text in failed.items()),
            documents._get_records_action(name=self.env._("Billingo documents")),
            self.env._("Resolve errors"),
        )
