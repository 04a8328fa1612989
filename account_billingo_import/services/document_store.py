"""What came from Billingo is stored, and kept up to date afterwards."""

import hashlib
import json
import logging
from collections import Counter
from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain
from psycopg2 import OperationalError

from .. import terms
from ..billingo_api.kinds import kind_of
from ..billingo_api.parsing import day
from ..exceptions import DocumentProblem
from ..guards import internal
from ..models.billingo_document import PAID
from ..models.res_partner import tax_base

_logger = logging.getLogger(__name__)

# A second part of a payment may arrive without any other change.
PAYMENT_INTERVAL = timedelta(hours=20)
ERROR_FIELDS = ("error_source", "error_kind", "error_code", "error_data")
PROCESS_JOB = "account_billingo_import.ir_cron_billingo_process"
# Parts that Billingo changes on issued documents (sheet 2.1): the content is the same.
VOLATILE = frozenset(
    {
        "cancelled",
        "correction_type",
        "notification_status",
        "online_szamla_status",
        "paid_date",
        "partner",
        "payment_status",
        "related_documents",
        "tags",
        # of spendings
        "category",
        "is_created_by_nav",
        "paid_at",
    }
)


def as_json(parsed):
    """Return a document's data as a file; half characters stay as escapes."""
    text = json.dumps(parsed.raw, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "backslashreplace")


def digest(raw):
    """Return a fingerprint of a document's accounting content.

    The list of spendings comes without their lines, which are left out therefore.
    """
    left_out = VOLATILE | ({"items"} if "total_gross" in raw else set())
    content = {key: value for key, value in raw.items() if key not in left_out}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


@internal
class BillingoDocumentStore(models.AbstractModel):
    _name = "billingo.document.store"
    _description = "Storage of Billingo documents"

    # === PUBLIC === #

    def _store(self, connection, documents):
        """Store a page; documents that are not wanted leave no trace but a count.

        A document that cannot be stored is noted as ``billingo.unstored``, and tried
        again here when its time has come. Does not commit.

        :param documents: parsed ``Document`` values
        :return: a ``Counter``: ``new``, ``known``, ``failed``, and the reasons of
            ``_unwanted``
        """
        return self._store_all(connection, documents, self._keep)

    def _store_listed(self, connection, documents):
        """Store a page of spendings, whose lines are read later, one by one.

        Until then they stay out of the books: without lines they may be booked
        otherwise. Does not commit.

        :return: counts, as ``_store``
        """
        return self._store_all(connection, documents, self._keep_listed)

    # === PAGES === #

    def _store_all(self, connection, documents, keep):
        """Store a page at once; one by one where something of it cannot be stored.

        :param keep: takes a connection and documents, returns counts
        """
        failed = self.env["billingo.unstored"]._of(connection, documents)
        usual = [x for x in documents if x.id not in failed]
        single = [x for x in documents if x.id in failed and failed[x.id]._is_due()]
        counts = Counter(failed=len(documents) - len(usual) - len(single))
        try:
            with self.env.cr.savepoint():
                stored = keep(connection, usual)
            counts += stored
        except OperationalError:
            # Of the database, not of a document: the next run begins again.
            raise
        except Exception as error:
            _logger.info("Billingo documents are stored one by one: %s", error)
            single += usual
        for document in single:
            counts += self._store_single(connection, document, keep)
        return counts

    def _store_single(self, connection, document, keep):
        unstored = self.env["billingo.unstored"]
        try:
            with self.env.cr.savepoint():
                counts = keep(connection, [document])
                unstored._settle(connection, document)
            return counts
        except OperationalError:
            raise
        except Exception as error:
            # One document must not keep all others out of Odoo.
            _logger.exception("Billingo document %s", document.id)
            unstored._note(connection, document, error)
            return Counter(failed=1)

    def _keep(self, connection, documents):
        """Store parsed documents, all or none of them; return counts."""
        counts = Counter()
        found = {document.id: document for document in documents}
        known = self.env["billingo.document"].search(
            [("connection_id", "=", connection.id), ("billingo_id", "in", [*found])]
        )
        known.seen_at = fields.Datetime.now()
        known.filtered("is_deleted").is_deleted = False
        for record in known:
            # Stored documents are kept up to date, even if not wanted any more.
            self._update(record, found.pop(record.billingo_id))
        new = []
        for document in found.values():
            reason = self._unwanted(connection, document)
            counts[reason or "new"] += 1
            if not reason:
                new.append(document)
        counts["known"] += len(known)
        for record in self._store_new(connection, new):
            record.received_date = self._received_on(connection, record.invoice_date)
        return counts

    def _keep_listed(self, connection, documents):
        """Store spendings of a list, all or none of them; return counts."""
        domain = Domain("connection_id", "=", connection.id)
        records = self.env["billingo.document"]
        known = records.search(
            domain & Domain("billingo_id", "in", [x.id for x in documents])
        )
        before = {x.billingo_id: x.changed_digest or x.digest for x in known}
        other = [x for x in documents if before.get(x.id) != digest(x.raw)]
        # What is known and has changed is updated with its lines.
        changed = known.filtered(lambda x: x.billingo_id in {y.id for y in other})
        changed.write({"seen_at": fields.Datetime.now(), "is_deleted": False})
        ids = {*changed.mapped("billingo_id")}
        counts = self._keep(connection, [x for x in documents if x.id not in ids])
        counts["known"] += len(changed)
        new = domain & Domain("billingo_id", "in", [x.id for x in other])
        unread = records.search(new & Domain("state", "!=", "processed"))
        unread.digest = False
        self._set_unread(unread.filtered(lambda x: x.state in ("fetched", "error")))
        return counts

    def _set_unread(self, records):
        """Keep documents out of the books until all of them is read."""
        problem = DocumentProblem("lines_unread")
        messages = self.env["billingo.messages"]
        records.write(
            {
                "state": "error",
                "error_source": messages._source(problem),
                "error_kind": messages._kind(problem),
                "error_code": problem.code,
                "error_data": False,
            }
        )

    def _store_new(self, connection, documents):
        """Create the records of parsed documents; return them in that order."""
        records = self.env["billingo.document"].create(
            [
                {
                    "connection_id": connection.id,
                    "billingo_id": document.id,
                    "seen_at": fields.Datetime.now(),
                    **self._values(connection, document),
                    **(
                        {}
                        if kind_of(document.type).is_booked
                        else {"state": "skipped", "skip_reason": "not_booked"}
                    ),
                }
                for document in documents
            ]
        )
        # A page's files and references at once: a page may have a hundred of them.
        attachments = self.env["ir.attachment"].create(
            [
                self._raw_attachment(record, document)
                for record, document in zip(records, documents, strict=True)
            ]
        )
        references = []
        for record, document, attachment in zip(
            records, documents, attachments, strict=True
        ):
            record.raw_attachment_id = attachment
            references += self._new_references(record, document, known=set())
        self.env["billingo.document.reference"].create(references)
        return records

    def _update(self, record, parsed):
        """Store what Billingo says now; a booked entry is not changed.

        Does not commit.
        """
        record.ensure_one()
        if record.state == "processed":
            self._update_processed(record, parsed)
        else:
            self._replace(record, parsed)
        if record.source == "upload" and record.digest == digest(parsed.raw):
            self._confirm(record, parsed)

    def _replace(self, record, parsed):
        """Store other data of a document that is not booked. Does not commit."""
        values = self._values(record.connection_id, parsed)
        if values["digest"] != record.digest:
            self._store_raw(record, parsed)
            self._forget_content(record)
            if record.state == "error" or self._became_bookable(record, parsed):
                values |= {"state": "fetched", "skip_reason": False}
                values |= dict.fromkeys(ERROR_FIELDS, False)
        else:
            self._store_references(record, parsed)
        self._write_changes(record, values)

    def _confirm(self, record, parsed):
        """Note that Billingo itself has the document that came as a file."""
        self._store_raw(record, parsed)
        record.raw_attachment_id.description = self._origin_text()
        record.write({"source": "connection", "seen_at": fields.Datetime.now()})
        if record.has_question:
            record.is_link_due = True
            self.env.ref(PROCESS_JOB)._trigger()

    def _set_deleted(self, record):
        """Note that Billingo has no such document any more, and report it once."""
        record.is_deleted = True
        if record.state in ("fetched", "error"):
            record._set_outcome("skipped", skip_reason="deleted")
        self.env["billingo.notifications"]._send(
            record.connection_id,
            "mt_document_error",
            lambda env: (
                env._("Billingo: document deleted"),
                env._(
                    "Billingo does not have this document any more. Find out why it "
                    "was deleted, and correct the entry if necessary."
                ),
            ),
            document=record,
        )

    def _reset(self, records):
        """Have documents without their entry processed again, with the newest data."""
        for record in records:
            if record.is_changed and record.changed_attachment_id:
                self._take_changed(record)
        records.write(
            {
                "state": "fetched",
                "skip_reason": False,
                "pdf_state": False,
                "pdf_next_try": False,
                "remark_source": False,
                "has_question": False,
            }
        )

    def _take_changed(self, record):
        """Make what Billingo has said last the data of a document."""
        record.raw_attachment_id = record.changed_attachment_id
        record.write(self._values(record.connection_id, record._parsed()))
        record.source = "connection"
        record.is_changed = record.changed_digest = False
        self._forget_content(record)

    def _unwanted(self, connection, document):
        """Return why a document is passed over (a count of the run), or None."""
        # Without an issue date it is stored, and its error names what is missing.
        issued = document.invoice_date
        is_early = bool(issued) and issued < connection.start_date
        if connection.mode == "spending":
            return "early" if is_early else None
        if document.type not in connection._wanted_kinds():
            return "kind"
        blocks = connection.block_ids.mapped("billingo_id")
        if blocks and document.block_id not in blocks:
            return "block"
        if is_early:
            return "early"
        if connection.mode == "supplier":
            buyer = document.document_partner
            ours = buyer.group_member_tax_number or buyer.taxcode
        else:
            ours = document.organization.tax_number
        return None if tax_base(ours) in connection._own_tax_bases() else "foreign"

    # === VALUES === #

    def _received_on(self, connection, issued):
        """Return the day on which a bill came to us, False where it is not known.

        It came after the last fetch that did not bring it; if that was in an earlier
        month, it may have come in either.
        """
        last = connection.last_success_at
        if connection.mode == "customer" or not last or not issued:
            return False
        today = fields.Date.context_today(connection)
        since = max(issued, fields.Datetime.context_timestamp(connection, last).date())
        is_same_month = (since.year, since.month) == (today.year, today.month)
        return (is_same_month or (today - since).days <= 1) and today

    def _values(self, connection, parsed):
        """Return the fields that show a document."""
        other = (
            parsed.document_partner
            if connection.mode == "customer"
            else parsed.organization
        )
        number = getattr(other, "tax_number", "") or getattr(other, "taxcode", "")
        currency = self.env["res.currency"].with_context(active_test=False)
        summary, regimes = parsed.summary, self.env["billingo.vat.regime"]
        return {
            "name": parsed.invoice_number,
            "kind": parsed.type,
            "is_amendment": kind_of(parsed.type).is_amendment,
            "partner_name": other.name,
            "partner_tax_number": number,
            "partner_key": self._partner_key(other, number),
            "invoice_date": parsed.invoice_date,
            "fulfillment_date": parsed.fulfillment_date,
            "due_date": parsed.due_date,
            "currency_id": currency.search(
                [("name", "=", parsed.currency)], limit=1
            ).id,
            "net_amount": float(summary.net_amount or 0),
            "vat_amount": float(summary.vat_amount or 0),
            "gross_total": float(parsed.gross_total or 0),
            "payment_method": parsed.payment_method,
            "is_nothing_to_pay": parsed.without_financial_fulfillment,
            "regime_codes": regimes._codes(regimes._regime_of(connection, parsed)),
            "digest": digest(parsed.raw),
            **self._volatile_values(parsed),
        }

    def _volatile_values(self, parsed):
        return {
            "payment_status": parsed.payment_status,
            "paid_date": self._paid_date(parsed),
            "nav_status": parsed.online_szamla_status,
            "is_cancelled": parsed.cancelled,
        }

    def _partner_key(self, party, number):
        """Return a text that is the same as long as Billingo means the same partner."""
        return "|".join((getattr(party, "id", ""), number or party.name))

    def _paid_date(self, parsed):
        """Return the day; Billingo gives any day for what is not paid (sheet 2.1)."""
        if parsed.payment_status not in PAID:
            return False
        return day(parsed.raw.get("paid_at") or parsed.raw.get("paid_date")) or False

    # === FILES === #

    def _store_raw(self, record, parsed):
        """Store the document's own JSON, and what it refers to."""
        if record.raw_attachment_id:
            record.raw_attachment_id._billingo_replacing().raw = as_json(parsed)
        else:
            record.raw_attachment_id = self._attach_raw(record, parsed)
        self._store_references(record, parsed)

    def _store_references(self, record, parsed):
        known = set(record.reference_ids.mapped("billingo_id"))
        self.env["billingo.document.reference"].create(
            self._new_references(record, parsed, known)
        )

    def _new_references(self, record, parsed, known):
        return [
            {
                "document_id": record.id,
                "billingo_id": other.id,
                "invoice_number": other.invoice_number,
            }
            for other in parsed.related_documents
            if other.id and other.id not in known
        ]

    def _attach_raw(self, record, parsed):
        return self.env["ir.attachment"].create(self._raw_attachment(record, parsed))

    def _raw_attachment(self, record, parsed):
        return {
            "name": f"{parsed.invoice_number or parsed.id}.json",
            "description": self._origin_text(),
            "mimetype": "application/json",
            "raw": as_json(parsed),
            "res_model": record._name,
            "res_id": record.id,
        }

    def _origin_text(self):
        return self.env._("Billingo JSON, from the Billingo connection")

    # === CHANGES === #

    def _update_processed(self, record, parsed):
        """Follow payment, cancellation and NAV status; report other changes once."""
        self._store_references(record, parsed)
        now = digest(parsed.raw)
        is_new = now not in (record.digest, record.changed_digest)
        names = self._changed_parts(record, parsed) if is_new else ()
        self._write_changes(
            record,
            {
                **self._volatile_values(parsed),
                "is_changed": now != record.digest,
                "changed_digest": now if now != record.digest else False,
            },
        )
        self._request_next_part(record)
        if is_new:
            record.changed_attachment_id = self._attach_raw(record, parsed)
            self.env["billingo.notifications"]._send(
                record.connection_id,
                "mt_document_error",
                lambda env: (
                    env._("Billingo: changed after import"),
                    self._changed_text(env, names),
                ),
                document=record,
            )

    def _changed_text(self, env, names):
        return env._(
            "This document was changed at Billingo: %(fields)s. The entry was not "
            "changed; the new data is attached. Compare the two, and correct the entry "
            "if necessary.",
            fields=", ".join(terms.label(env, terms.PARTS, name) for name in names),
        )

    def _changed_parts(self, record, parsed):
        """Return the names of the parts that differ from the booked data."""
        before, now = record._raw(), parsed.raw
        names = (before.keys() | now.keys()) - VOLATILE
        return sorted(name for name in names if before.get(name) != now.get(name))

    def _forget_content(self, record):
        """Drop the original and the corrections of a content that has changed."""
        self.env["billingo.pdf"]._drop(record)
        record.corrections = False

    def _became_bookable(self, record, parsed):
        return record.skip_reason == "not_booked" and kind_of(parsed.type).is_booked

    def _request_next_part(self, record):
        """Read payments again: another part may be paid without any other change."""
        read_at = record.payments_read_at
        before = fields.Datetime.now() - PAYMENT_INTERVAL
        if record.payment_status == "partially_paid" and read_at and read_at < before:
            record._request_payments()

    def _write_changes(self, record, values):
        changed = {
            name: value
            for name, value in values.items()
            if record._fields[name].convert_to_write(record[name], record) != value
        }
        if changed:
            record.write(changed)
