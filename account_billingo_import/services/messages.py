"""The one table from the codes of errors and obstacles to texts for the user.

The texts are marked with ``_lt`` for the export of terms, and translated when they are
shown, with their values. Records keep the *source* of a text, which is JSON with a code
and values, so that each reader gets it in the own language.
"""

import json

from odoo import fields, models
from odoo.exceptions import UserError

from .. import terms
from ..billingo_api import errors, uploads
from ..exceptions import DocumentProblem
from ..guards import internal
from ..stored_values import read_object


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
    "empty_page": _lt(
        "Billingo sent an empty page although more documents follow. Another attempt "
        "follows later."
    ),
    "endless_list": _lt(
        "Billingo sent the same page again and again. Another attempt follows later."
    ),
    "long_list": _lt(
        "A list at Billingo does not end. Another attempt follows later. If this goes "
        "on, ask Billingo about the account."
    ),
    "invalid_id": _lt("This document has an ID that does not exist at Billingo."),
    "other_id": _lt(
        "Billingo sent another document than the requested one. Another attempt "
        "follows later."
    ),
    "shrinking_list": _lt(
        "The list at Billingo kept changing while it was read. The documents found are "
        "stored; the next run reads the same period again."
    ),
    "other_page": _lt(
        "Billingo sent another page than the requested one. Another attempt follows "
        "later."
    ),
    "AnswerLimitError": _lt(
        "The answer of Billingo is too slow or too large. Another attempt follows "
        "later."
    ),
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
            "No tax is mapped to the VAT code %(vat_code)s without an entitlement for "
            "partners in: %(place)s. %(reason)s Map a tax and process the document "
            "again."
        ),
    ),
    "tax_unmapped_entitlement": (
        "tax",
        _lt(
            "No tax is mapped to the VAT code %(vat_code)s with the entitlement "
            "%(entitlement)s for partners in: %(place)s. %(reason)s Map a tax and "
            "process the document again."
        ),
    ),
    "cash_tax_unmapped": (
        "tax",
        _lt(
            "The VAT is due or deductible when paid, and no tax under cash accounting "
            "is mapped to the VAT code %(vat_code)s. Add it under Billingo / VAT codes "
            "and process the document again."
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
    "lines_unread": (
        "other",
        _lt(
            "The lines of this bill could not be read from Billingo yet. Another "
            "attempt follows with the next fetch."
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
            "The accounting date %(date)s is in a closed period: %(locks)s. Process "
            "the document with a date in an open period, or let the connection book "
            "late documents on the first open day."
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
    "duplicate": (
        "duplicate",
        _lt(
            "This may be the same bill as %(move)s of %(partner)s over %(amount)s: "
            "%(likeness)s. Decide whether it is recorded already or another bill."
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
    # Why a payment is not registered (no document's error).
    "payment_withdrawn": (
        "other",
        _lt(
            "A payment that is registered in Odoo was withdrawn at Billingo. Compare "
            "the payments first."
        ),
    ),
    "payment_journal_missing": (
        "other",
        _lt(
            "No journal is selected for payments by %(method)s. Select one on the "
            "connection."
        ),
    ),
    "payment_of_refund": (
        "other",
        _lt("This is a repayment at Billingo. Register it by hand."),
    ),
    "payment_too_much": (
        "other",
        _lt(
            "Only %(open)s of the entry is open: a part is already settled. Register "
            "the payment by hand."
        ),
    ),
    "payment_period_closed": (
        "other",
        _lt(
            "%(date)s is in a closed period: %(locks)s. Open the period, or register "
            "the payment by hand."
        ),
    ),
    # Why an API key is not the intended one (no document's error).
    "key_of_another_company": (
        "other",
        _lt(
            "This API key belongs to another company (tax number %(theirs)s). Our tax "
            "number is %(ours)s."
        ),
    ),
    "key_of_our_own": (
        "other",
        _lt(
            "This API key belongs to our own Billingo account (tax number %(theirs)s), "
            "but the connection is for a supplier's account. Request an API key from "
            "the supplier, or use the connection for our customer invoices or "
            "spendings."
        ),
    ),
    "key_of_another_account": (
        "other",
        _lt(
            "This API key belongs to another Billingo account (tax number %(theirs)s) "
            "than the stored documents (%(before)s). Create another connection for it."
        ),
    ),
    # Figures of a document that contradict each other (``errors.MismatchError``).
    "amounts_missing": ("amounts", _lt("Billingo provides no amount for: %(part)s.")),
    "amounts_missing_invoice_date": (
        "other",
        _lt("The document has no issue date at Billingo. Nothing was posted."),
    ),
    "amounts_missing_items": (
        "other",
        _lt("The document has no lines at Billingo. Nothing was posted."),
    ),
    "amounts_rate": (
        "amounts",
        _lt(
            "The exchange rate at Billingo cannot be used: %(stated)s. Nothing was "
            "posted."
        ),
    ),
    "amounts_no_vat": (
        "amounts",
        _lt(
            "Line %(part)s has a VAT rate and no VAT at Billingo, although its rate "
            "gives %(computed)s. Nothing was posted."
        ),
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

# Why the VAT of a document is not decided (``regimes.Reason`` and our own).
REASONS = {
    "empty_code": _lt("The line has no VAT code."),
    "unknown_code": _lt("This VAT code is not known."),
    "title_missing": _lt("This VAT code requires an entitlement, which is missing."),
    "zero_without_title": _lt("0% without an entitlement can mean several things."),
    "codes_contradict": _lt("VAT code and entitlement contradict each other."),
    "code_contradicts_country": _lt(
        "This VAT code does not fit the country of the partner."
    ),
    "country_unknown": _lt("The country of the partner is not known."),
    "buyer_not_taxable": _lt(
        "The buyer would owe the VAT, but has no tax number on the document."
    ),
    "foreign_rate": _lt("This is the VAT rate of another country."),
    "rate_of_foreign_seller": _lt(
        "A seller from abroad charges a Hungarian rate without a Hungarian tax number."
    ),
    "goods_or_services": _lt(
        "A seller from abroad charges no VAT: goods and services have different taxes."
    ),
    "supply_abroad": _lt(
        "The place of this supply is not in Hungary, so the buyer owes no Hungarian "
        "VAT."
    ),
    "import": _lt("VAT on imported goods follows from customs, not from this bill."),
    "compensation": _lt("This is the compensation of a farmer."),
    "reverse_charge_advance": _lt(
        "An advance creates no tax under reverse charge before the supply."
    ),
    "goods_advance": _lt(
        "An advance for goods to or from another member state creates no tax before "
        "the supply."
    ),
    "advance_untaxed": _lt(
        "The advance creates no tax, so the line that takes it back has none, either: "
        "check that the advance was booked without VAT."
    ),
    "original_open": _lt("The document that it amends is not posted in Odoo."),
    "number_not_eu": _lt(
        "Without VAT only to a buyer with a tax number of another member state."
    ),
    "before_fulfilment": _lt(
        "The invoice is older than the fulfilment, so its day decides nothing: enter "
        "the accounting date."
    ),
    "undone_closed": _lt("The storno that this one undoes is in a closed period."),
    "receipt_unknown": _lt(
        "The VAT is due when the bill is received, at the latest on the 15th of the "
        "month after fulfilment. Enter the day on which the bill was received."
    ),
    "date_missing": _lt("The issue date is missing."),
    "date_implausible": _lt("The dates are not plausible."),
    "several_tax_points": _lt(
        "The lines belong to different periods of the VAT return, and an entry has "
        "one date."
    ),
    "no_box": _lt("The tax has no box in the tax report."),
    "no_usual_tax": _lt("No tax is usual for it."),
    "settled_cash": _lt(
        "The VAT is due when paid, and there is nothing to pay: enter the settlement."
    ),
    "unconfirmed": _lt(
        "It came as a file, and Billingo has not confirmed it. Read it again from "
        "Billingo."
    ),
    "implausible": _lt("This value is not plausible."),
    "cash_differs": _lt(
        "The invoice and the settings of the company differ about cash accounting."
    ),
}
GROUPS = {
    "domestic": _lt("Hungary"),
    "eu": _lt("other EU member states"),
    "other": _lt("countries outside the EU"),
}
# How a bill is like another one (``same_bill.Likeness``).
LIKENESS = {
    "all": _lt("number, amount and date are the same"),
    "other_day": _lt("the number is the same, the date is different"),
    "other_year": _lt("the number is the same, the year is different"),
    "other_amount": _lt("the number is the same, the amount is different"),
    "other_partner": _lt(
        "number, amount and date are the same, the partner is different"
    ),
    "other_number": _lt(
        "amount, date and partner are the same, the number is different"
    ),
    "number_missing": _lt("amount and date are the same, a number is missing"),
    "partner_unknown": _lt("the number is the same, the partner is not certain"),
    "amount_unknown": _lt("the number is the same, an amount is missing"),
    "day_unknown": _lt("number and amount are the same, a date is missing"),
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

# Values that are codes or ids: the method that shows them in the reader's language.
VALUES = {
    "likeness": "_likeness_text",
    "locks": "_locks_text",
    "method": "_method_text",
    "place": "_group_text",
    "reason": "_reason_text",
    "tax": "_tax_text",
}


@internal
class BillingoMessages(models.AbstractModel):
    _name = "billingo.messages"
    _description = "Texts for errors of Billingo and its documents"

    # === PUBLIC === #

    def _source(self, error):
        """Return the source of the text for an error, as JSON.

        :param error: a ``DocumentProblem``, a ``BillingoError``, a ``UserError``, or
            any other exception
        """
        if isinstance(error, DocumentProblem):
            found = {"problem": error.code, "values": error.values}
        elif isinstance(error, errors.MismatchError):
            found = {
                "mismatch": error.code,
                "part": error.where,
                "stated": error.stated,
                "computed": error.computed,
            }
        elif isinstance(error, UserError):
            found = {"text": str(error)}
        elif isinstance(error, errors.BillingoError):
            family = next((x for x in FAMILIES if isinstance(error, x)), Exception)
            found = {
                "error": error.code,
                "family": family.__name__,
                "message": error.message,
                "trace_id": error.trace_id,
            }
        else:
            found = {"error": type(error).__name__, "family": "Exception"}
        return json.dumps(found, default=str, sort_keys=True)

    def _text(self, source):
        """Return the text of a source in the language of the environment.

        :param source: from ``_source``; any other text is returned as it is
        """
        found = read_object(source)
        try:
            return self._known_text(found) if found else source or ""
        except (AttributeError, KeyError, TypeError, ValueError):
            return source  # of another version of the addon

    def _known_text(self, found):
        if "problem" in found:
            values = {
                name: getattr(self, VALUES[name])(value) if name in VALUES else value
                for name, value in found["values"].items()
            }
            return self.env._(PROBLEMS[found["problem"]][1], **values)
        if "mismatch" in found:
            return self._mismatch_text(found)
        return str(found["text"]) if "text" in found else self._billingo_text(found)

    def _known_source(self, code):
        """Return the source of a text of ``ERRORS`` that no exception brings."""
        return json.dumps({"error": code, "family": errors.TemporaryError.__name__})

    def _error_text(self, error):
        """Return what went wrong and what to do; Billingo's own message is quoted."""
        return self._text(self._source(error))

    def _why_not(self, error):
        """Return the text of a ``DocumentProblem`` or a ``MismatchError``."""
        is_ours = isinstance(error, DocumentProblem)
        return (self._problem(error) if is_ours else self._mismatch(error))[1]

    def _problem(self, problem):
        """Return kind and text of a ``DocumentProblem``.

        :return: a value of ``billingo.document.error_kind``, and the text
        """
        return PROBLEMS[problem.code][0], self._error_text(problem)

    def _mismatch(self, error):
        """Return kind and text for figures that contradict each other."""
        return self._kind(error), self._error_text(error)

    def _kind(self, error):
        """Return the kind of error that a document has, for its list."""
        if isinstance(error, errors.MismatchError):
            return self._mismatch_entry(error.code, error.where)[0]
        return PROBLEMS[error.code][0]

    def _remark_text(self, document):
        """Return what a user should know of an entry, in the reader's language.

        Its source is from ``billingo.move.builder._remark_source``.
        """
        source = document.remark_source
        try:
            return self._known_remark(document, read_object(source))
        except (AttributeError, KeyError, TypeError, ValueError):
            return source  # of another version of the addon

    def _known_remark(self, document, found):
        open_points = [self._doubt_text(*doubt) for doubt in found.get("doubts", ())]
        for code, where, value in found.get("questions", ()):
            open_points.append(self._question_text(code, where, value))
        lines = []
        if open_points:
            is_open = document.has_question
            lines.append(
                self.env._("The entry remains a draft:")
                if is_open
                else self.env._("Confirmed by a user who posted the entry:")
            )
            lines += open_points
        lines += [self._account_text(document, *x) for x in found.get("accounts", ())]
        if moved := found.get("moved"):
            lines.append(self.env["billingo.accounting.date"]._moved_text(*moved))
        return "\n".join(lines)

    def _suspicion_text(self, document):
        """Return which entry a draft may double, and why, or no text."""
        move = document.duplicate_move_id
        if document.duplicate_verdict != "suspected" or not move:
            return ""
        return self.env._(
            "Possible duplicate of %(move)s: %(likeness)s. The entry remains a draft. "
            "Post it if it is another bill; otherwise press Already recorded on the "
            "Billingo document.",
            move=move.display_name,
            likeness=self._likeness_text(document.duplicate_likeness),
        )

    def _alike_text(self, move, likeness):
        """Return that an entry is like an imported one, and how."""
        return self.env._(
            "Possible duplicate of %(move)s, imported from Billingo: %(likeness)s.",
            move=move.display_name,
            likeness=self._likeness_text(likeness.value),
        )

    def _doubt_text(self, where, stated, computed):
        """Return the two sums of a ``Doubt``, as a sentence."""
        return self.env._(
            "%(part)s: Billingo states %(stated)s, but its other figures give "
            "%(computed)s.",
            part=terms.label(self.env, terms.PARTS, where),
            stated=stated,
            computed=computed,
        )

    def _question_text(self, code, where, value):
        """Return why an entry remains a draft (``vat_regime.Question``)."""
        reason = self._reason_text(code)
        about = terms.label(self.env, terms.PARTS, where)
        about = ": ".join(filter(None, (about, value)))
        return f"{about}: {reason}" if about else reason

    def _account_text(self, document, line, account_id, kind, name):
        """Return why a line has its account (``account_rules.Why``)."""
        accounts = self.env["account.account"].sudo()
        account = accounts.with_company(document.company_id).browse(account_id).exists()
        usual = self.env._("usual for %s", name) if kind == "usual" else name
        return self.env._(
            "%(line)s: account %(account)s (%(reason)s)",
            line=line,
            account=f"{account.code} {account.name}" if account else "?",
            reason=usual,
        )

    def _reason_text(self, code):
        """Return the text of a reason, empty without one."""
        return self.env._(REASONS[code]) if code in REASONS else code

    def _group_text(self, group):
        """Return the name of a group of countries within a sentence."""
        return self.env._(GROUPS[group]) if group in GROUPS else group

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

    # === HELPERS === #

    def _likeness_text(self, code):
        return self.env._(LIKENESS[code]) if code in LIKENESS else code

    def _locks_text(self, locks):
        """Return lock dates, given as pairs of an ISO date and a field."""
        pairs = [(fields.Date.to_date(day), name) for day, name in locks]
        return self.env["res.company"]._format_lock_dates(pairs)

    def _tax_text(self, tax_id):
        taxes = self.env["account.tax"].sudo()
        return taxes.browse(tax_id).exists().name or "?"

    def _method_text(self, code):
        return self.env["billingo.payment"]._method_labels().get(code, code) or "?"

    def _mismatch_entry(self, code, where):
        names = (f"amounts_{code}_{where}", f"amounts_{code}", "amounts")
        return next(PROBLEMS[name] for name in names if name in PROBLEMS)

    def _mismatch_text(self, found):
        is_line = found["mismatch"] in ("line", "no_vat")  # the part is the line's name
        part = found["part"]
        return self.env._(
            self._mismatch_entry(found["mismatch"], part)[1],
            part=part if is_line else terms.label(self.env, terms.PARTS, part),
            stated="-" if found["stated"] is None else found["stated"],
            computed="-" if found["computed"] is None else found["computed"],
        )

    def _billingo_text(self, found):
        """Return what Billingo answered; its own message is kept whatever its shape."""
        code = found["error"]
        families = {x.__name__: x for x in FAMILIES}
        family = families.get(found["family"], Exception)
        text = self.env._(ERRORS.get(code) or ERRORS[family])
        quoted = found.get("message")
        is_known = family is errors.SetupError or code in ERRORS
        if not quoted and not is_known:
            quoted = code
        if quoted:
            text += f" ({quoted})"
        trace_id = found.get("trace_id")
        return f"{text} [{trace_id}]" if trace_id else text
