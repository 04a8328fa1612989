"""What the reader of a received document found odd, or did not find."""

from odoo import api, models
from odoo.tools import LazyTranslate

from ..guards import internal
from ..models.point_kinds import Label, PointKind, Question, declare, kind_of, point

_lt = LazyTranslate(__name__)

declare(
    PointKind(
        "reader_attachments_missing",
        Label.CONTENT,
        _lt("Attachments are missing:"),
        lists_values=True,
    ),
    Question(
        "reader_currency_assumed",
        Label.CONTENT,
        _lt("No currency is written; assumed:"),
        lists_values=True,
    ),
    Question(
        "reader_missing_date",
        Label.CONTENT,
        _lt("The invoice has no date."),
        lists_values=True,
    ),
    Question(
        "reader_missing_number",
        Label.CONTENT,
        _lt("The invoice has no number."),
        lists_values=True,
    ),
    Question(
        "reader_missing_seller",
        Label.CONTENT,
        _lt("The invoice names no seller."),
        lists_values=True,
    ),
    Question(
        "reader_missing_total",
        Label.CONTENT,
        _lt("The invoice has no total."),
        lists_values=True,
    ),
    Question(
        "reader_no_rows",
        Label.CONTENT,
        _lt("The invoice has sums, but no lines."),
        lists_values=True,
    ),
    PointKind(
        "reader_control_characters",
        Label.CONTENT,
        _lt("The document has characters that no text may have. They are left out."),
        lists_values=True,
    ),
    PointKind(
        "reader_declared_encoding",
        Label.CONTENT,
        _lt(
            "The document names another character set than it uses. Check special "
            "letters."
        ),
        lists_values=True,
    ),
    PointKind(
        "reader_due_before_date",
        Label.CONTENT,
        _lt("Due before the invoice date:"),
        lists_values=True,
    ),
    PointKind(
        "reader_due_dates_differ",
        Label.CONTENT,
        _lt(
            "The terms and the payment name two due dates; that of the payment, the "
            "second, counts:"
        ),
        lists_values=True,
    ),
    PointKind(
        "reader_negative_invoice",
        Label.CONTENT,
        _lt(
            "By its type an invoice, by its total a credit note: it is booked as a "
            "credit note."
        ),
        lists_values=True,
    ),
    PointKind(
        "reader_odd_account",
        Label.CONTENT,
        _lt("The account number is not valid:"),
        lists_values=True,
    ),
    Question("reader_odd_date", Label.CONTENT, _lt("Not a date:"), lists_values=True),
    PointKind(
        "reader_odd_frame",
        Label.CONTENT,
        _lt("The frame around the document cannot be read."),
        lists_values=True,
    ),
    Question(
        "reader_odd_number", Label.CONTENT, _lt("Not a number:"), lists_values=True
    ),
    PointKind(
        "reader_odd_reference",
        Label.CONTENT,
        _lt("The payment reference is not valid:"),
        lists_values=True,
    ),
    Question(
        "reader_odd_type",
        Label.CONTENT,
        _lt("The two type codes contradict each other (bill or credit note):"),
        lists_values=True,
    ),
    PointKind(
        "reader_positive_credit_note",
        Label.CONTENT,
        _lt("A credit note with positive amounts: it is booked as a credit note."),
        lists_values=True,
    ),
    PointKind(
        "reader_rows_turned",
        Label.CONTENT,
        _lt(
            "The lines have the opposite sign of the total; they are turned. Sum of "
            "the lines, untaxed amount:"
        ),
        lists_values=True,
    ),
    Question(
        "reader_several_currencies",
        Label.CONTENT,
        _lt("Several currencies:"),
        lists_values=True,
    ),
    PointKind(
        "reader_sub_rows_count",
        Label.CONTENT,
        _lt("Sub-lines are part of the sum. Sum of the lines, sum of the sub-lines:"),
        lists_values=True,
    ),
    PointKind(
        "reader_unknown_type",
        Label.CONTENT,
        _lt("The type of the document is not known:"),
        lists_values=True,
    ),
    Question(
        "reader_unreadable_document",
        Label.CONTENT,
        _lt("Another document of the same file cannot be read:"),
        lists_values=True,
    ),
)


@internal
class MaventaReaderProblems(models.AbstractModel):
    _name = "maventa.reader.problems"
    _description = "Problems of Received Documents"

    # === PUBLIC === #

    @api.model
    def _points(self, document):
        """Yield the problems of the reader: some are questions, of others it tells."""
        for problem in document.problems:
            if problem.code == "due_before_date":  # told among the dates
                continue
            row = point(f"reader_{problem.code}", **dict(problem.values))
            yield row if kind_of(row).is_confirmable else {**row, "level": "note"}
