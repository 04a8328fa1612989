"""Numbers and ATCUDs for documents of the mixin, without gaps and in order of date.

The counter of a series is a column of it: a transaction that gives a number changes
the row, and another one that wants a number at the same time is repeated by Odoo and
sees the new one. A transaction that fails takes its numbers back.
"""

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import SQL, format_date

from ..at_series import lisbon_date
from ..guards import internal
from ..models.res_partner import known_number


@internal
class L10nPtAtcudDocumentNumbering(models.AbstractModel):
    """Commits nothing, and never calls AT."""

    _name = "l10n_pt_atcud.document_numbering"
    _description = "AT: numbers of documents that are no invoices"

    # === PUBLIC === #

    @api.model
    def issue(self, documents):
        """Give all documents numbers of their series, by date, then in this order.

        :return: those that have got one
        :raise UserError: no series is registered, or a date is not allowed
        """
        chosen = {}
        for group in documents.grouped(self._series_key).values():
            chosen |= dict.fromkeys(group, self.series(group[:1]))
        for document, series in chosen.items():
            if not series:
                self._go_without(document)
        issued = documents.filtered(lambda document: chosen[document])
        for series, group in issued.grouped(lambda one: chosen[one]).items():
            by_date = group.sorted(lambda one: one._l10n_pt_atcud_issue_date())
            self._number(series, by_date)
        return issued

    @api.model
    def series(self, document):
        """Return the registered series that numbers a document, or none.

        From its expected start on, a successor is used instead of its predecessor.
        """
        company = document._l10n_pt_atcud_company()
        series = self.env["l10n_pt_atcud.series"].sudo()
        series = series.search(
            [
                ("document_type", "=", document._l10n_pt_atcud_document_type()),
                ("nif", "=", company._l10n_pt_atcud_nif()),
                ("company_id", "parent_of", company.ids),
                ("connection_id", "=", company._l10n_pt_atcud_connection().id),
                ("kind", "=", "normal"),
                ("state", "=", "registered"),
                *document._l10n_pt_atcud_series_domain(),
            ]
        )
        day = document._l10n_pt_atcud_issue_date()
        begun = series.filtered(lambda one: one.start_date <= day) or series
        replaced = begun.predecessor_id
        return document._l10n_pt_atcud_prefer(begun - replaced)[:1]

    # === HELPERS === #

    def _series_key(self, document):
        """Return what the series of a document depends on."""
        return (
            document._l10n_pt_atcud_company(),
            document._l10n_pt_atcud_document_type(),
            document._l10n_pt_atcud_issue_date(),
            document._l10n_pt_atcud_series_key(),
        )

    def _number(self, series, documents):
        series = series.sudo()
        warnings = self._check_dates(series, documents)
        last = self._count(series, documents)
        first = last - len(documents) + 1
        for number, document in enumerate(documents, first):
            document._l10n_pt_atcud_write_protected(
                l10n_pt_atcud_series_id=series.id,
                l10n_pt_atcud_sequence=number,
                l10n_pt_atcud_number=f"{series._number_prefix()}{number}",
                l10n_pt_atcud_value=f"{series.validation_code}-{number}",
                l10n_pt_atcud_date=document._l10n_pt_atcud_issue_date(),
            )
            document._l10n_pt_atcud_write_protected(
                l10n_pt_atcud_content=self._content(document)
            )
        self.env["l10n_pt_atcud.environment_check"].check(documents)
        for document, message in warnings.items():
            self._log(document, message)

    def _count(self, series, documents):
        """Move the counter of the series; return the last number.

        Whoever waits here for another transaction is repeated after it.
        """
        latest = max(one._l10n_pt_atcud_issue_date() for one in documents)
        series.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE l10n_pt_atcud_series
                   SET document_counter = %(count)s + greatest(
                           document_counter, first_number - 1, numbered_until, 0),
                       document_date = greatest(document_date, %(latest)s)
                 WHERE id = %(series)s AND state = 'registered'
             RETURNING document_counter
                """,
                count=len(documents),
                latest=latest,
                series=series.id,
            )
        )
        series.invalidate_recordset(["document_counter", "document_date"])
        ((number,),) = rows
        return number

    def _check_dates(self, series, documents):
        """Raise unless the dates ascend, from the registration on to today.

        :return: document -> message, where the company is warned instead
        """
        warnings, today, last = {}, lisbon_date(), series.document_date
        for document in documents:
            day = document._l10n_pt_atcud_issue_date()
            kind = None
            if day > today:
                kind = "later"
            elif last and day < last:
                kind = "earlier"
            elif series.registered_on and day < series.registered_on:
                kind = "unregistered"
            if kind:
                message = self._date_text(series, kind, day, last)
                if self._date_rule(document, kind) != "warn":
                    raise UserError(message)
                warnings[document] = message
            last = max(filter(None, (last, day)))
        return warnings

    def _date_text(self, series, kind, day, last):
        if kind == "unregistered":
            return self.env["l10n_pt_atcud.issue_dates"].unregistered(series, day)
        values = {
            "day": format_date(self.env, day),
            "first": format_date(self.env, last or day),
            "series": series.display_name,
            "today": format_date(self.env, lisbon_date()),
        }
        if kind == "later":
            return self.env._(
                "The document is dated %(day)s, after today. The last day that is "
                "allowed in the series %(series)s is %(today)s.",
                **values,
            )
        return self.env._(
            "The document is dated %(day)s, and a document of %(first)s is already "
            "issued in the series %(series)s. The first day that is allowed is "
            "%(first)s.",
            **values,
        )

    def _date_rule(self, document, kind):
        """Return “refuse” or “warn”, as the company's settings say it for invoices."""
        company = document._l10n_pt_atcud_company().sudo()
        name = f"l10n_pt_atcud_date_{kind}"
        return company[name] if name in company else "refuse"

    def _content(self, document):
        """Return the printed contents, with those that the model adds."""
        customer = document._l10n_pt_atcud_customer()
        company = document._l10n_pt_atcud_company()
        names = self.env["l10n_pt_atcud.document_names"]
        lang = names.language(customer, company)
        names = names.with_context(lang=lang)
        printed = customer.with_context(lang=lang, show_address=True)
        name, _newline, address = (printed.display_name or "").partition("\n")
        document_type = document._l10n_pt_atcud_document_type()
        return {
            "lang": lang,
            "customer": {
                "name": name,
                "address": address.strip().split("\n") if address.strip() else [],
                "vat": customer.vat if known_number(customer.vat) else "",
                "country": customer.country_id.code or "",
            },
            "document_type": document_type,
            "document_name": names.of_type(document_type, customer),
            "software_number": company._l10n_pt_atcud_certificate_number(),
            "is_certified": bool(company._l10n_pt_atcud_signing()),
            "total": document._l10n_pt_atcud_total(),
            **document._l10n_pt_atcud_snapshot(),
        }

    def _go_without(self, document):
        """Raise for a document without a series, or note it where this is allowed."""
        company = document._l10n_pt_atcud_company()
        text = self.env._(
            "No AT series is registered for documents of type %(type)s. Register one.",
            type=document._l10n_pt_atcud_document_type(),
        )
        if company.sudo().l10n_pt_atcud_without_series == "warn":
            self._log(document, text)
            return
        if not self.env["l10n_pt_atcud.posting_series_check"].can_redirect():
            raise UserError(text)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_pt_atcud.action_l10n_pt_atcud_series"
        )
        raise RedirectWarning(text, action, self.env._("Open the series"))

    def _log(self, document, text):
        if hasattr(document, "_message_log"):
            document._message_log(body=text)
