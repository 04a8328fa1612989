"""Does the head of a received bill still say what its document says?

A person may change it by hand, as the sums; ``bill_sums.py`` compares these.
"""

from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ..guards import internal
from ..maventa_api import reminder_in, same_name
from ..maventa_api.document_kinds import DocumentKind
from ..models.point_kinds import (
    Label,
    PointKind,
    Question,
    Remedy,
    declare,
    point,
)

_lt = LazyTranslate(__name__)
BILL_TYPES = ("in_invoice", "in_receipt")
READ_AGAIN = Remedy(_lt("Read again"), "action_read_again")

declare(
    PointKind(
        "type_invoice",
        Label.KIND,
        _lt(
            "The document is an invoice, and the entry is no vendor bill: its amounts "
            "and VAT would be booked the wrong way round. Read the document again, or "
            "change the type of the entry back."
        ),
        remedies=(READ_AGAIN,),
    ),
    PointKind(
        "type_credit",
        Label.KIND,
        _lt(
            "The document is a credit note, and the entry is no vendor credit note: "
            "its amounts and VAT would be booked the wrong way round. Read the "
            "document again, or change the type of the entry back."
        ),
        remedies=(READ_AGAIN,),
    ),
    Question(
        "head_differs",
        Label.CONTENT,
        _lt("The bill differs from its document. %(sums)s"),
        about=("what", "expected", "found"),
        joined="sums",
    ),
    Question(
        "supplier_renamed",
        Label.SUPPLIER,
        _lt(
            "The invoice has the number or the e-invoice address of %(known)s, but "
            "the name %(name)s. Frauds use those of a supplier that you know: ask "
            "the supplier before you pay."
        ),
        is_urgent=True,
        about=("id", "name", "text"),
    ),
    Question(
        "reminder",
        Label.REMINDER,
        _lt(
            "The invoice calls itself a reminder (%(text)s). Check that its debt is "
            "not booked yet."
        ),
        is_urgent=True,
        about=("id", "name", "text"),
    ),
)


@internal
class MaventaBillHead(models.AbstractModel):
    _name = "maventa.bill.head"
    _description = "Heads of Received Bills"

    # === PUBLIC === #

    @api.model
    def _points(self, receipt, move, document):
        """Yield the points of type, number, dates and supplier, and of a reminder.

        :return: as ``maventa.bill.checks`` has them
        """
        if document.is_refund and move.move_type != "in_refund":
            yield point("type_credit")
        if not document.is_refund and move.move_type not in BILL_TYPES:
            yield point("type_invoice")
        for name, said, found in self._pairs(receipt, move, document):
            if said and said != found:
                yield point(
                    "head_differs",
                    what=name,
                    expected=said,
                    expected_side="document",
                    found=found or "-",
                    found_side="bill",
                )
        yield from self._of_name(receipt, move, document)
        yield from self._of_reminder(move, document)

    @api.model
    def _repeats(self, document):
        """Return the numbers that a reminder is about; nothing for all others."""
        is_reminder = document.kind is DocumentKind.REMINDER
        if document.is_refund or not (
            is_reminder or reminder_in(self._texts(document))
        ):
            return ()
        return (*document.original_numbers, document.number)

    # === HELPERS === #

    def _pairs(self, receipt, move, document):
        """Yield name, value of the document and value of the bill, as text."""
        accounts = self.env["maventa.payee.accounts"]
        reference = accounts._reference(move.partner_bank_id, document)
        for name, text in (
            ("ref", document.number),
            ("payment_reference", reference),
        ):
            yield name, _plain(text), _plain(move[name])
        for name, day in (
            ("invoice_date", document.date),
            ("invoice_date_due", document.due_date),
        ):
            yield name, *(fields.Date.to_string(x) or "" for x in (day, move[name]))
        said, found = receipt.partner_id.commercial_partner_id, move.partner_id
        found = found.commercial_partner_id
        if said != found and not (said.vat and said.vat == found.vat):
            yield "partner_id", said.name or "", found.name or ""

    def _of_name(self, receipt, move, document):
        """Compare the seller's name with that of the contact with its number."""
        partner, name = receipt.partner_id, document.seller.name
        if not partner or not name or partner == receipt.created_partner_id:
            return
        company = partner.commercial_partner_id
        known = {partner.name, company.name, move.partner_id.name} - {False}
        if any(same_name(one, name) for one in known):
            return
        row = point("supplier_renamed", id=company.id, name=name, known=company.name)
        checks = self.env["maventa.bill.checks"]
        if not checks._is_decided_before(receipt, row):
            yield row

    def _of_reminder(self, move, document):
        """Tell of a reminder; of a collector's invoice, whose bill it is about."""
        title = reminder_in(self._texts(document))
        numbers = () if document.is_refund else document.original_numbers
        bills = self.env["maventa.bill.duplicates"]._collected(move, numbers)
        for bill in bills:
            name = self.env["maventa.bill.checks"]._name_of(bill)
            text = f"{title}: {name}" if title else name
            yield point("reminder", id=bill.id, text=text)
        if title and not bills:
            yield point("reminder", text=title)

    def _texts(self, document):
        """Yield what may be the title: the type, free texts, the only priced row.

        One row of several is what is sold: the collection of a parcel is no reminder.
        """
        if document.finvoice:
            yield document.finvoice.type_text
        yield from document.texts
        priced = document.finvoice.priced_rows if document.finvoice else ()
        for row in document.finvoice.rows if document.finvoice else ():
            if row.is_text or len(priced) == 1:
                yield from (row.name, *row.texts)


def _plain(text):
    """Return a text without blanks: people write references in groups."""
    return "".join((text or "").split())
