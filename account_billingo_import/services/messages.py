"""The one table from the codes of errors and obstacles to texts for the user.

The texts are marked with ``_lt`` for the export of terms, and translated when they are
shown, with their values.
"""

from odoo import models
from odoo.exceptions import UserError

from .. import terms
from ..billingo_api import errors, uploads


def _lt(text):
    """Mark a text for Odoo's export of terms, which looks for this name."""
    return text


# What Billingo answers, by HTTP status or by error family.
ERRORS = {
    "401": _lt(
        "Billingo does not know this API key, or the key was revoked. Enter a valid "
        "API key and check the connection."
    ),
    "402": _lt(
        "The Billingo subscription has ended or does not include the API. Renew the "
        "subscription and check the connection."
    ),
    "429": _lt("Too many requests to Billingo. Fetching continues later."),
    errors.SetupError: _lt(
        "This API key may not read documents. Grant the permission at Billingo and "
        "check the connection."
    ),
    errors.TemporaryError: _lt(
        "Billingo cannot be reached. Another attempt follows later."
    ),
    errors.RejectedError: _lt("Billingo rejected the request."),
    Exception: _lt(
        "The data from Billingo could not be stored. Another attempt follows later; "
        "see the server log for details."
    ),
}
FAMILIES = (errors.SetupError, errors.TemporaryError, errors.RejectedError)

# Why a document cannot be booked: the kind of error, and the text.
PROBLEMS = {
    "connection_incomplete": (
        "other",
        _lt("The connection has no journal, or an account is missing."),
    ),
    "currency_inactive": (
        "currency",
        _lt(
            "The currency %(currency)s is not active in Odoo. Activate it and process "
            "the document again."
        ),
    ),
    "tax_unmapped": (
        "tax",
        _lt(
            "No tax is mapped to the VAT code %(vat_code)s without an entitlement. Map "
            "a tax and process the document again."
        ),
    ),
    "tax_unmapped_entitlement": (
        "tax",
        _lt(
            "No tax is mapped to the VAT code %(vat_code)s with the entitlement "
            "%(entitlement)s. Map a tax and process the document again."
        ),
    ),
    "tax_unfit": (
        "tax",
        _lt(
            "%(line)s: the tax %(tax)s does not match. Billingo has %(vat)s VAT on "
            "%(net)s net. Map another tax to the VAT code %(vat_code)s, or correct the "
            "document."
        ),
    ),
    "lines_missing": (
        "other",
        _lt(
            "Billingo provides no lines for this bill, and its VAT matches no single "
            "rate. Enter the bill by hand with its number and process the document "
            "again: it then counts as recorded."
        ),
    ),
    "partner_ambiguous": (
        "partner",
        _lt(
            "Several partners match %(name)s (%(number)s): %(found)s. Choose one, or "
            "merge them."
        ),
    ),
    "partner_missing": (
        "partner",
        _lt("The document names no partner."),
    ),
    "receipt_partner_missing": (
        "other",
        _lt(
            "This storno of a receipt names no customer, and a credit note in Odoo "
            "requires a partner. Choose the partner for receipts on the connection "
            "and process the document again."
        ),
    ),
    "period_closed": (
        "period",
        _lt(
            "The accounting date %(date)s is in a closed period: %(locks)s. Open the "
            "period, process the document with another date, or skip it."
        ),
    ),
    "number_taken": (
        "other",
        _lt(
            "The journal already has an entry with the number %(number)s. Use a "
            "separate journal and connection for each Billingo block."
        ),
    ),
    "number_differs": (
        "other",
        _lt(
            "Odoo would number this entry %(odoo)s instead of %(billingo)s. Use a "
            "separate journal for Billingo."
        ),
    ),
    "refused_by_odoo": ("other", "%(text)s"),
    "unforeseen": (
        "other",
        _lt(
            "The entry could not be created (%(error)s). See the server log for "
            "details."
        ),
    ),
    # Figures of a document that contradict each other (``errors.MismatchError``).
    "amounts_missing": ("amounts", _lt("Billingo provides no amount for: %(part)s.")),
    "amounts_rate": (
        "amounts",
        _lt("Billingo provides no exchange rate for this document."),
    ),
    "amounts_line": (
        "amounts",
        _lt(
            "Line %(part)s: the amount at Billingo is %(stated)s, but its other "
            "figures give %(computed)s. Nothing was posted."
        ),
    ),
    "amounts_net": (
        "amounts",
        _lt(
            "Sum of the lines' net amounts: the amount at Billingo is %(stated)s, but "
            "its other figures give %(computed)s. Nothing was posted."
        ),
    ),
    "amounts_vat": (
        "amounts",
        _lt(
            "Sum of the lines' VAT: the amount at Billingo is %(stated)s, but its "
            "other figures give %(computed)s. Nothing was posted."
        ),
    ),
    "amounts_total": (
        "amounts",
        _lt(
            "Gross total: the amount at Billingo is %(stated)s, but its other figures "
            "give %(computed)s. Nothing was posted."
        ),
    ),
    "amounts_local": (
        "amounts",
        _lt(
            "Amount in forint (%(part)s): the amount at Billingo is %(stated)s, but "
            "its other figures give %(computed)s. Nothing was posted."
        ),
    ),
    "amounts": (
        "amounts",
        _lt(
            "%(part)s: the amount at Billingo is %(stated)s, but its other figures "
            "give %(computed)s. Nothing was posted."
        ),
    ),
}

# What is wrong with an uploaded file (``uploads.why_not``).
FILES = {
    "empty": _lt("The file is empty."),
    "broken": _lt("The file is damaged: it is not valid JSON."),
    "broken_at": _lt(
        "The file is damaged: it is not valid JSON at line %(line)s, column %(column)s."
    ),
    "list": _lt(
        "The file contains a list. Upload each Billingo document as a separate file."
    ),
    "lacks": _lt("This is not a Billingo document. Missing: %(names)s."),
}


class BillingoMessages(models.AbstractModel):
    _name = "billingo.messages"
    _description = "Texts for errors of Billingo and its documents"

    # === PUBLIC === #

    def _error_text(self, error):
        """Return what went wrong and what to do; Billingo's own message is quoted.

        :param error: a ``BillingoError``, a ``UserError``, or any other exception
        """
        if isinstance(error, UserError):
            return str(error)
        if not isinstance(error, errors.BillingoError):
            return f"{self.env._(ERRORS[Exception])} ({type(error).__name__})"
        family = next((x for x in FAMILIES if isinstance(error, x)), Exception)
        text = self.env._(ERRORS.get(error.code) or ERRORS[family])
        quoted = error.words
        if not quoted and family is not errors.SetupError and error.code != "429":
            quoted = error.code
        if quoted:
            text += f" ({quoted})"
        return f"{text} [{error.trace_id}]" if error.trace_id else text

    def _problem(self, problem):
        """Return kind and text of a ``DocumentProblem``.

        :return: a value of ``billingo.document.error_kind``, and the text
        """
        kind, text = PROBLEMS[problem.code]
        return kind, self.env._(text, **problem.values)

    def _mismatch(self, error):
        """Return kind and text for figures that contradict each other."""
        code = f"amounts_{error.code}"
        kind, text = PROBLEMS.get(code) or PROBLEMS["amounts"]
        is_line = error.code == "line"  # then the part is the line's own name
        part = error.where
        return kind, self.env._(
            text,
            part=part if is_line else terms.label(self.env, terms.PARTS, part),
            stated=error.stated,
            computed=error.computed,
        )

    def _file_text(self, content):
        """Return why a JSON file was not imported.

        :param content: bytes of a file that is no Billingo document
        """
        fault, where = uploads.why_not(content)
        line, _colon, column = where.partition(":")
        code = "broken_at" if fault == "broken" and where else fault
        reason = self.env._(FILES[code], line=line, column=column, names=where)
        return self.env._(
            "%(reason)s No data was imported. Fetch the document with a Billingo "
            "connection, upload the file again as downloaded from Billingo, or enter "
            "the bill by hand.",
            reason=reason,
        )
