import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..billingo_api import errors
from .billingo_document import document_order
from .problem import DocumentProblem

_logger = logging.getLogger(__name__)

BATCH = 50
UNIQUE_VIOLATION = "23505"  # PostgreSQL's code
WARNING = "mail.mail_activity_data_warning"


class BillingoDocument(models.Model):
    _inherit = "billingo.document"

    @api.model
    def _cron_billingo_process(self, batch_size=BATCH):
        """Book what was fetched, one document at a time."""
        domain = [("state", "=", "fetched"), ("connection_id.state", "=", "active")]
        order = "invoice_date, is_follower, billingo_id"
        documents = self.search(domain, limit=batch_size, order=order)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        for document in documents.sorted(document_order):
            document = document.try_lock_for_update().filtered_domain(domain)
            if not document:
                continue
            document._process()
            if not cron._commit_progress(1):
                break

    def _process(self):
        """Book one document, or write down why not; never half of it."""
        self.ensure_one()
        document = self.with_company(self.company_id)
        known = document._recorded_already()
        if known:
            document._settle_as("skipped", skip_reason="recorded", move_id=known.id)
            return
        if document.kind == "proforma":
            document._settle_as("skipped", skip_reason="proforma")
            return
        try:
            with self.env.cr.savepoint():
                document._book()
        except DocumentProblem as problem:
            document._fail(problem)
        except errors.MismatchError as error:
            document._fail(DocumentProblem("amounts", document._explain_amounts(error)))
        except (UserError, ValidationError) as error:
            # Odoo's own refusal, already in the user's language.
            document._fail(DocumentProblem("other", str(error.args[0])))
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # the database wants the whole transaction again
        except Exception as error:
            # One document must not keep all others out of the books.
            _logger.exception("Billingo document %s", document.billingo_id)
            document._fail(document._unforeseen(error))

    def _unforeseen(self, error):
        if getattr(error, "pgcode", None) == UNIQUE_VIOLATION:
            return DocumentProblem(
                "other",
                self.env._(
                    "The journal has an entry with the number %s already. Give each "
                    "block of Billingo a journal and a connection of its own.",
                    self.display_name,
                ),
            )
        return DocumentProblem(
            "other",
            self.env._(
                "The entry could not be made (%s). The server's log has the details.",
                type(error).__name__,
            ),
        )

    def _settle_as(self, state, **values):
        self.write(
            {
                "state": state,
                "error": False,
                "error_kind": False,
                "error_data": False,
                "skip_reason": False,
                **values,
            }
        )
        self.activity_unlink([WARNING])

    def _fail(self, problem):
        """Show the problem, and tell the responsible user when it is a new one."""
        is_news = self.state != "error" or self.error != problem.text
        self.write(
            {
                "state": "error",
                "error": problem.text,
                "error_kind": problem.kind,
                "error_data": problem.data,
            }
        )
        if not is_news:
            return
        self.connection_id._notify(
            "mt_document_error",
            self.env._("Billingo: validation error in %s", self.display_name),
            problem.text,
            document=self,
        )

    def _is_told_already(self):
        """Tell whether another document waits for the same: one message will do."""
        same = [
            ("connection_id", "=", self.connection_id.id),
            ("state", "=", "error"),
            ("error", "=", self.error),
            ("id", "!=", self.id),
        ]
        return bool(self.search_count(same, limit=1))

    def _book(self):
        """Create the entry, post it where wanted, and link it with its relatives."""
        self._check_connection()
        document = self._parsed()
        relatives = self._relatives()
        booking, original = self._check_amounts(document, relatives)
        move = self.env["account.move"].create(
            self._prepare_move(document, booking, original)
        )
        self._check_move(move, booking)
        remark = self._remark(document, booking, move)
        if self.connection_id.is_auto_post and booking.is_exact:
            self._check_period(move)
            move._post(soft=False)
            self._check_move(move, booking)
        self._settle_as(
            "processed",
            move_id=move.id,
            note=remark,
            is_changed=False,
            # Billingo keeps no PDFs of spendings.
            pdf_state=self.mode != "spending" and "waiting",
            pdf_tries=0,
            pdf_next_try=fields.Datetime.now(),
        )
        move.message_post(body=self.env._("Imported from Billingo."))
        if remark:
            move.message_post(body=remark)
        self._adopt_followers(relatives)
        self.env.ref("account_billingo_import.ir_cron_billingo_pdf")._trigger()

    def _check_connection(self):
        connection = self.connection_id
        if not (
            connection.journal_id
            and connection.account_id
            and connection.advance_account_id
        ):
            raise DocumentProblem(
                "other",
                self.env._("The connection has no journal or lacks an account."),
            )

    def _remark(self, document, booking, move):
        """Say what a person should know of the amounts and the date, or nothing."""
        remarks = []
        if not booking.is_exact:
            remarks.append(
                self.env._(
                    "Billingo's own figures do not add up: net %(net)s, VAT %(vat)s, "
                    "gross %(gross)s. The entry has gross less net as VAT and waits as "
                    "a draft.",
                    net=document.summary.net_amount,
                    vat=document.summary.vat_amount,
                    gross=document.gross_total,
                )
            )
        wanted = self._wanted_date(document)
        if move.date != wanted:
            remarks.append(
                self.env._(
                    "%(wanted)s is in a closed period: booked on %(date)s, the first "
                    "open day.",
                    wanted=wanted,
                    date=move.date,
                )
            )
        return "\n".join(remarks) or False

    def _explain_amounts(self, error):
        """Name both sums that contradict each other."""
        if error.code == "missing":
            return self.env._("Billingo gives no amount for: %s.", error.where)
        if error.code == "rate":
            return self.env._("Billingo gives no exchange rate for this document.")
        what = {
            "line": self.env._("Line %s", error.where),
            "net": self.env._("Sum of the lines' net amounts"),
            "vat": self.env._("Sum of the lines' VAT"),
            "total": self.env._("Gross total"),
            "local": self.env._("Amount in forint (%s)", error.where),
        }.get(error.code, error.where)
        return self.env._(
            "%(what)s: Billingo says %(stated)s, its other figures give "
            "%(computed)s. Nothing was posted.",
            what=what,
            stated=error.stated,
            computed=error.computed,
        )

    def _check_period(self, move):
        """Refuse a closed period instead of letting Odoo move the date."""
        locks = move._get_violated_lock_dates(move.date, True)
        if locks:
            raise DocumentProblem(
                "period",
                self.env._(
                    "The accounting date %(date)s is in a closed period: %(locks)s. "
                    "Open the period, or skip the document.",
                    date=move.date,
                    locks=self.env["res.company"]._format_lock_dates(locks),
                ),
            )
